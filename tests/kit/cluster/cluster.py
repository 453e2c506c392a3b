"""A running cluster, and what can be done to it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from config.embedded import places
from config.embedded.state import CLONE
from tests.kit.cluster.hosts import Namespaces
from tests.kit.cluster.members import Member, NotStarted
from tests.kit.cluster.plan import DATABASE_HOSTS, Plan
from tests.kit.cluster.postgres import Node
from tests.kit.debian import missing
from tests.kit.debian_programs import NoProgram
from tests.kit.private_servers import temporary_place
from tests.kit.processes import eventually

COMMAND_SECONDS = 300


class Cluster:
    """The hosts, and the processes on them by name.

    Names of processes: `postgres-1`, `postgres-2` (also `primary` and `standby`, whichever it is),
    `pooler`, `broker`, `web-1`, `web-2`, `worker-1`, `worker-2`, `proxy`. Names of hosts: `db-1`,
    `db-2`, `pool`, `broker`, `web-1`, `web-2`, `work-1`, `work-2`, `proxy`.
    """

    def __init__(self, plan: Plan, *, synchronous: bool) -> None:
        self.plan, self.synchronous = plan, synchronous
        self.members, self.hosts = plan.members, plan.hosts
        self.token_file = plan.place.home / "token"
        self._primary = "db-1"

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
        """The other server: it follows the primary, or was one and is dead."""
        return self.plan.nodes[next(name for name in DATABASE_HOSTS if name != self._primary)]

    def process(self, name: str) -> Member:
        """A process by its name."""
        if name in ("primary", "standby"):
            node = self.primary if name == "primary" else self.standby
            return next(member for member in self.members.values() if member.server is node)
        return self.members[name]

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
        """Start a process again."""
        self.process(name).start()

    def cut(self, one: str, other: str) -> None:
        """Lose all packets between two hosts."""
        self.plan.network.cut(self.hosts[one], self.hosts[other])

    def promote(self) -> None:
        """Kill the primary for good and make the standby the primary."""
        self.process("primary").kill()
        chosen = self.standby
        chosen.promote()
        self._primary = chosen.name
        self._point_pooler(standby=chosen)

    def rejoin(self) -> None:
        """Let the other server come back as the standby of the primary, with new data."""
        node = self.standby
        shutil.rmtree(node.data, ignore_errors=True)
        node.upstream = self.primary
        self.process("standby").start()
        self._point_pooler(standby=node)
        self.wait_for_standby()

    def wait_for_standby(self) -> None:
        """Wait until the standby follows the primary."""
        name = self.standby.slot
        eventually(lambda: self.primary.is_followed_by(name), what="the standby follows")
        if self.synchronous:
            self.primary.require_standby(name)

    def _point_pooler(self, *, standby: Node) -> None:
        primary, other = (node.remote_url() for node in (self.primary, standby))
        self.plan.pooler.point(primary=primary, standby=other)

    def manage(self, *words: str) -> str:
        """What a management command says on `work-1`, connected as web and workers are."""
        return self._python("manage.py", *words, environ=self.plan.environ_of("work-1")).stdout

    def _python(self, *words: str, environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
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
            done = self._python(*words, environ=self.plan.owner_environ(self.primary))
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
def a_cluster(*, synchronous: bool = False) -> Iterator[Cluster]:
    """Start a cluster, and leave nothing of it at the end. `synchronous`: each commit waits until
    the standby shows it. Where that cannot be the test is skipped, and on CI it fails."""
    if sys.platform != "linux" or os.geteuid() != 0:
        missing(RuntimeError("network namespaces need Linux and root"))
    with ExitStack() as stack:
        place = stack.enter_context(temporary_place())
        try:
            network = stack.enter_context(Namespaces())
            plan = Plan(place, network=network)
        except (NoProgram, FileNotFoundError) as problem:  # haproxy, pgbouncer; ip
            missing(problem)
        for inner in plan.places:
            stack.callback(places.remove, inner)
        stack.callback(plan.proxy.listener.close)
        cluster = Cluster(plan, synchronous=synchronous)
        stack.callback(cluster.end)
        cluster.start()
        yield cluster
