"""A running cluster, and what can be done to it."""

import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg

from cluster import cleaner, disks
from cluster.hosts import Host, Network, NotHere
from cluster.measures import Resources
from cluster.members import Member, NotStarted, Program
from cluster.plan import DATABASE_HOSTS, WEB_HOSTS, Options, Plan, network_of
from cluster.postgres import Lag, Node
from config.embedded import places, processes
from config.embedded.children import Child, Pace, ProcessSpec, Sleep, start, stop
from config.embedded.state import CLONE

Report = Callable[[str], None]
SETTLE_SECONDS = 60
COMMAND_SECONDS = 300


class Fenced(RuntimeError):
    """A server was the primary and may not come back as one."""


class Cluster:
    """The hosts, and the processes on them by name.

    Names of processes: `postgres-1`, `postgres-2` (also `primary` and `standby`, whichever it is),
    `pooler`, `broker`, `web-1`, `web-2`, `worker-1`, `worker-2`, `beat-1`, `beat-2`, `importer-1`,
    `importer-2`, `proxy`. Names of hosts: `db-1`, `db-2`, `pool`, `broker`, `web-1`, `web-2`,
    `work-1`, `work-2`, `proxy`.
    """

    def __init__(self, plan: Plan, *, pace: Pace, report: Report) -> None:
        self.plan, self.pace, self.report = plan, pace, report
        self.members, self.hosts = plan.members, plan.hosts
        self.network: Network = plan.network
        self.token_file = plan.place.home / "token"
        self._primary, self._fenced = "db-1", ""
        self._commands: list[Child] = []

    # What is where.

    @property
    def url(self) -> str:
        """The address for browsers and clients, outside of the hosts."""
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

    def address(self, name: str) -> str:
        """The address and port of a process, or only the address if nothing connects to it."""
        member = self.process(name)
        if name == "proxy":
            return self.url
        services = {"PostgreSQL": "postgres", "pgbouncer": "pooler", "Valkey": "broker"}
        service = "web" if name in WEB_HOSTS else services.get(member.kind)
        host = member.host
        return f"{host.address}:{host.port(service)}" if service else host.address

    def web_url(self, name: str) -> str:
        """The address of a web host, for use inside of a host (`host(…).inside()`)."""
        host = self.hosts[name]
        return f"http://{host.address}:{host.port('web')}"

    def resources(self) -> Mapping[str, Resources]:
        """What each process and its children use now."""
        return {name: member.resources() for name, member in self.members.items()}

    # What can be done to a process.

    def kill(self, name: str) -> None:
        """Kill -9 a process and all that it started."""
        self.process(name).kill()

    def freeze(self, name: str) -> None:
        """Stop a process and all that it started (SIGSTOP)."""
        self.process(name).freeze()

    def thaw(self, name: str) -> None:
        """Let it go on (SIGCONT)."""
        self.process(name).thaw()

    def stop(self, name: str) -> None:
        """Stop a process in order, as a service manager does."""
        self.process(name).stop(pace=self.pace)

    def restart(self, name: str) -> None:
        """Stop a process if it runs, and start it again.

        :raises Fenced: for a former primary; see `rejoin`.
        """
        member = self.process(name)
        if member.host.name == self._fenced:
            raise Fenced(f"{member.name} was the primary: it can only come back by `rejoin`.")
        if member.pid:
            member.stop(pace=self.pace)
        member.start(pace=self.pace)

    def restart_ended(self) -> list[str]:
        """Start again what should run and does not; the names."""
        ended = [member for member in self.members.values() if member.wanted and member.pid is None]
        for member in ended:
            member.start(pace=self.pace)
        return [member.name for member in ended]

    # What can be done to links.

    def cut(self, one: str, other: str) -> None:
        """Lose all packets between two hosts.

        :raises NotHere: if the hosts are ports.
        """
        self.network.cut(self.hosts[one], self.hosts[other])

    def heal(self, one: str, other: str) -> None:
        """Let packets between two hosts pass again."""
        self.network.heal(self.hosts[one], self.hosts[other])

    # What can be done to hosts.

    def fill_disk(self, host: str) -> None:
        """Fill the disk of a database host.

        :raises NotHere: if the cluster was started without such disks.
        """
        disks.fill(self._disk(host))

    def free_disk(self, host: str) -> None:
        """Let the disk of a database host have room again."""
        disks.free(self._disk(host))

    def set_clock(self, host: str, offset: str) -> None:
        """Move the clock of a web or worker host, such as by "+1h" or "-20d"; "+0" sets it right.
        Its programs notice it within a second.

        :raises NotHere: if the cluster was started without such clocks.
        """
        file = self.plan.clock_file(host)
        if not file.exists():
            raise NotHere(f"{host} has no clock of its own: Options(clocks=True) gives it one.")
        draft = file.with_suffix(".draft")
        draft.write_text(f"{offset}\n")
        draft.replace(file)

    def _disk(self, host: str) -> Path:
        if not self.plan.options.disk_mb or host not in DATABASE_HOSTS:
            raise NotHere(f"{host} has no disk of its own: Options(disk_mb=…) gives db hosts one.")
        return self.plan.place.home / host

    # What can be done to the databases.

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
        node.release_memory()
        shutil.rmtree(node.data, ignore_errors=True)
        node.follow(self.primary)
        self._fenced = ""
        self.process("standby").start(pace=self.pace)
        self._point_pooler(standby=node)
        self.wait_for_standby()

    def wait_for_standby(self) -> Lag:
        """Wait until the standby follows the primary.

        :raises NotStarted: if it does not.
        """
        lag = self._until(lambda: self.primary.lags().get(self.standby.slot))
        if lag is None:
            raise NotStarted(f"{self.standby.name} does not follow {self.primary.name}.")
        if self.plan.options.synchronous:
            self.primary.require_standby(self.standby.slot)
        return lag

    def _point_pooler(self, *, standby: Node) -> None:
        primary, other = (node.url_of("entente", remote=True) for node in (self.primary, standby))
        self.plan.pooler.point(primary=primary, standby=other)

    # Commands.

    def manage(self, *words: str, owner: bool = False) -> subprocess.CompletedProcess[str]:
        """Run a management command on `work-1` to its end. It connects as web and workers do, or
        with `owner` to the primary itself."""
        environ = self.plan.owner_environ(self.primary) if owner else self.plan.environ_of("work-1")
        with self.hosts["work-1"].inside():
            return subprocess.run(  # noqa: S603
                [sys.executable, "manage.py", *words],
                cwd=CLONE,
                env=environ,
                capture_output=True,
                text=True,
                check=False,
                timeout=COMMAND_SECONDS,
            )

    def _until[T](self, ask: Callable[[], T | None], within: float = SETTLE_SECONDS) -> T | None:
        end = time.monotonic() + within
        while time.monotonic() < end:
            try:
                if (found := ask()) is not None:
                    return found
            except psycopg.OperationalError:
                pass
            self.pace.pause(0.1)
        return None

    # Start and end.

    def start(self) -> None:
        """Start everything, in order.

        :raises NotStarted: if a process or a command fails.
        """
        self.report(f"starting the servers in {self.plan.place.home}")
        for name in ("postgres-1", "broker", "postgres-2", "pooler"):
            self.members[name].start(pace=self.pace)
        self.report("migrating the tables")
        self._run(
            processes.command(self.plan.owner_environ(self.primary), "migrate", "--verbosity", "0")
        )
        self.report("starting the web and worker hosts, and loading the first records")
        prepare = self._launch_prepare()
        programs = [
            (member, member.server)
            for member in self.members.values()
            if isinstance(member.server, Program)
        ]
        for member, program in programs:
            with member.host.inside():
                program.launch()
            member.wanted = True
        self._finish(prepare)
        for member, program in programs:
            with member.host.inside():
                program.wait(pace=self.pace)
        self.members["proxy"].start(pace=self.pace)
        self.wait_for_standby()

    def end(self) -> None:
        """End everything. Nothing is kept, so only the databases have to end in order."""
        stop(self._commands, pace=self.pace)
        databases = [self.process("standby"), self.process("primary")]
        for member in self.members.values():
            if member not in databases:
                member.kill()
        for member in databases:
            member.stop(pace=self.pace)
        for node in self.plan.nodes.values():
            node.release_memory()

    def _launch_prepare(self) -> Child:
        environ = self.plan.owner_environ(self.primary)
        environ.pop("DATABASE_OWNER_URL")
        words = ["cluster.prepare", str(self.token_file)]
        return self._begin(processes.module("prepare", words, environ=environ))

    def _run(self, spec: ProcessSpec) -> None:
        self._finish(self._begin(spec))

    def _begin(self, spec: ProcessSpec) -> Child:
        with self._log_of(spec).open("ab") as log, self.hosts["work-1"].inside():
            child = start(spec, output=log)
        self._commands.append(child)
        return child

    def _finish(self, child: Child) -> None:
        try:
            while child.alive:
                self.pace.pause(0.05)
        finally:
            stop([child], pace=self.pace)
        if child.process.returncode:
            text = self._log_of(child.spec).read_text(errors="replace")[-2000:]
            raise NotStarted(f"{child.spec.name} failed:\n{text}")

    def _log_of(self, spec: ProcessSpec) -> Path:
        return self.plan.logs / f"{spec.name}.log"


@contextmanager
def running_cluster(
    options: Options | None = None, *, pace: Pace | None = None, report: Report = lambda _: None
) -> Iterator[Cluster]:
    """Start a cluster, and leave nothing of it at the end.

    :raises NotHere: if this machine cannot run it. :raises NotStarted: if a part does not start.
    """
    options, pace = options or Options(), pace or Sleep()
    with ExitStack() as stack:
        place = stack.enter_context(places.temporary_place())
        stack.enter_context(_cleaning(place))
        network = network_of(options)
        stack.callback(network.close)
        if options.disk_mb:
            stack.enter_context(disks.hidden_mounts())
            for name in DATABASE_HOSTS:
                stack.callback(disks.unmount, place.home / name)
        plan = Plan(place, network=network, options=options)
        for inner in plan.places:
            stack.callback(places.remove, inner.home)
        stack.callback(plan.proxy.listener.close)
        cluster = Cluster(plan, pace=pace, report=report)
        try:
            cluster.start()
            yield cluster
        finally:
            pace.begin_to_stop()
            cluster.end()


@contextmanager
def _cleaning(place: places.Place) -> Iterator[None]:
    """Let another process clean up if this one is killed."""
    names = [*DATABASE_HOSTS, "pool", "broker", "proxy"]
    folders = {places.socket_folder(place.home / name) for name in names}
    folders |= {place.sockets, place.home}
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-I", "-S", cleaner.__file__, *sorted(map(str, folders))],
        stdin=subprocess.PIPE,
        start_new_session=True,
        cwd="/",
    )
    try:
        yield
    finally:
        if process.stdin:
            process.stdin.close()
        process.wait()


__all__ = ["Cluster", "Fenced", "NotHere", "NotStarted", "Options", "running_cluster"]
