"""A running cluster, and what can be done to it."""

import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import psycopg

from config.embedded import places
from config.embedded.state import CLONE
from tests.kit.cluster.hosts import Host, Namespaces, NotHere
from tests.kit.cluster.members import Member, NotStarted
from tests.kit.cluster.plan import DATABASE_HOSTS, Options, Plan
from tests.kit.cluster.postgres import Node
from tests.kit.private_servers import temporary_place

SETTLE_SECONDS = 60
COMMAND_SECONDS = 300


class Fenced(RuntimeError):
    """A server was the primary and may not come back as one."""


class Cluster:
    """The hosts, and the processes on them by name.

    Names of processes: `postgres-1`, `postgres-2` (also `primary` and `standby`, whichever it is),
    `pooler`, `broker`, `web-1`, `web-2`, `worker-1`, `worker-2`, `proxy`. Names of hosts: `db-1`,
    `db-2`, `pool`, `broker`, `web-1`, `web-2`, `work-1`, `work-2`, `proxy`.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.members, self.hosts = plan.members, plan.hosts
        self.token_file = plan.place.home / "token"
        self._primary, self._fenced = "db-1", ""

    @property
    def url(self) -> str:
        """The address for clients, outside of the hosts."""
        return self.plan.proxy.url

    @property
    def token(self) -> str:
        """A token of the API with all scopes."""
        return self.token_file.read_text()

    @property
    def primary(self) -> Node:
        """The server that takes writes."""
        return self.plan.nodes[self._primary]

    @property
    def standby(self) -> Node:
        """The other server: it follows the primary, or is fenced."""
        return self.plan.nodes[next(name for name in DATABASE_HOSTS if name != self._primary)]

    def process(self, name: str) -> Member:
        """A process by its name."""
        if name in ("primary", "standby"):
            node = self.primary if name == "primary" else self.standby
            return next(member for member in self.members.values() if member.server is node)
        return self.members[name]

    def host(self, name: str) -> Host:
        """A host by its name."""
        return self.hosts[name]

    def kill(self, name: str) -> None:
        """Kill -9 a process and all that it started."""
        self.process(name).kill()

    def freeze(self, name: str) -> None:
        """Stop a process and all that it started (SIGSTOP)."""
        self.process(name).freeze()

    def thaw(self, name: str) -> None:
        """Let it go on (SIGCONT)."""
        self.process(name).thaw()

    def restart(self, name: str) -> None:
        """Stop a process if it runs, and start it again.

        :raises Fenced: for a former primary; see `rejoin`.
        """
        member = self.process(name)
        if member.host.name == self._fenced:
            raise Fenced(f"{member.name} was the primary: it can only come back by `rejoin`.")
        if member.pid:
            member.stop()
        member.start()

    def cut(self, one: str, other: str) -> None:
        """Lose all packets between two hosts."""
        self.plan.network.cut(self.hosts[one], self.hosts[other])

    def heal(self, one: str, other: str) -> None:
        """Let packets between two hosts pass again."""
        self.plan.network.heal(self.hosts[one], self.hosts[other])

    def promote(self) -> float:
        """Fence the primary and make the standby the primary; the seconds that it took.

        The former primary is killed and does not come back as one.
        """
        started = time.monotonic()
        self.process("primary").kill()
        former, chosen = self._primary, self.standby
        chosen.promote()
        self._primary, self._fenced = chosen.name, former
        self._point_pooler(standby=chosen)
        return time.monotonic() - started

    def rejoin(self) -> None:
        """Let the fenced server come back as the standby of the primary, with new data."""
        node = self.standby
        shutil.rmtree(node.data, ignore_errors=True)
        node.follow(self.primary)
        self._fenced = ""
        self.process("standby").start()
        self._point_pooler(standby=node)
        self.wait_for_standby()

    def wait_for_standby(self) -> None:
        """Wait until the standby follows the primary.

        :raises NotStarted: if it does not.
        """
        if not self._until(lambda: self.primary.is_followed_by(self.standby.slot)):
            raise NotStarted(f"{self.standby.name} does not follow {self.primary.name}.")
        if self.plan.options.synchronous:
            self.primary.require_standby(self.standby.slot)

    def _point_pooler(self, *, standby: Node) -> None:
        primary, other = (node.remote_url() for node in (self.primary, standby))
        self.plan.pooler.point(primary=primary, standby=other)

    def manage(self, *words: str, owner: bool = False) -> subprocess.CompletedProcess[str]:
        """Run a management command on `work-1` to its end. It connects as web and workers do, or
        with `owner` to the primary itself."""
        return self._python("manage.py", *words, owner=owner)

    def _python(self, *words: str, owner: bool) -> subprocess.CompletedProcess[str]:
        environ = self.plan.owner_environ(self.primary) if owner else self.plan.environ_of("work-1")
        with self.hosts["work-1"].inside():
            return subprocess.run(
                [sys.executable, *words],
                cwd=CLONE,
                env=environ,
                capture_output=True,
                text=True,
                check=False,
                timeout=COMMAND_SECONDS,
            )

    def _until(self, ask: Callable[[], bool]) -> bool:
        end = time.monotonic() + SETTLE_SECONDS
        while time.monotonic() < end:
            try:
                if ask():
                    return True
            except psycopg.OperationalError:
                pass
            time.sleep(0.1)
        return False

    def start(self) -> None:
        """Start everything, in order.

        :raises NotStarted: if a process or a command fails.
        """
        for name in ("postgres-1", "broker", "postgres-2", "pooler"):
            self.members[name].start()
        for words in (
            ("manage.py", "migrate", "--verbosity", "0"),
            ("-m", "tests.kit.cluster.prepare", str(self.token_file)),
        ):
            done = self._python(*words, owner=True)
            if done.returncode:
                raise NotStarted(f"{words[1]} failed:\n{done.stderr[-2000:]}")
        for name, member in self.members.items():
            if name.startswith(("web", "worker", "proxy")):
                member.start()
        self.wait_for_standby()

    def end(self) -> None:
        """End everything. Nothing is kept, so only the databases have to end in order."""
        databases = [self.process("standby"), self.process("primary")]
        for member in self.members.values():
            if member not in databases:
                member.kill()
        for member in databases:
            member.stop()


@contextmanager
def running_cluster(options: Options) -> Iterator[Cluster]:
    """Start a cluster, and leave nothing of it at the end.

    :raises NotHere: if this machine cannot run it. :raises NotStarted: if a part does not start.
    """
    with ExitStack() as stack:
        place = stack.enter_context(temporary_place())
        network = stack.enter_context(Namespaces())
        plan = Plan(place, network=network, options=options)
        for inner in plan.places:
            stack.callback(places.remove, inner)
        stack.callback(plan.proxy.listener.close)
        cluster = Cluster(plan)
        try:
            cluster.start()
            yield cluster
        finally:
            cluster.end()


__all__ = ["Cluster", "Fenced", "NotHere", "NotStarted", "Options", "running_cluster"]
