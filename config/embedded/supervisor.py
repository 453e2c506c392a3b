"""`make run`: servers, web, workers and beat in one process tree that ends together."""

import contextlib
import errno
import os
import signal
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from config.embedded import places, processes
from config.embedded.children import Child, ProcessSpec, start, stop
from config.embedded.lockfile import AlreadyLocked, hold
from config.embedded.loop import Loop, StopRequested, show_cursor
from config.embedded.servers import Servers, running_servers
from config.embedded.state import STATE, save_addresses

HOST = "127.0.0.1"
# A process that ends within so many seconds, so many times in a row, is not started again.
EARLY_SECONDS = 10
MOST_EARLY_EXITS = 3


class CannotRun(RuntimeError):
    """`make run` cannot start or continue. The text is the reason and, if there is one, a fix."""


def run(base: Mapping[str, str]) -> None:
    """Start everything and run until a stop signal.

    :raises CannotRun: if a process cannot be started.
    """
    loop = Loop(descriptor=sys.stdout.fileno())
    try:
        with (
            clone_lock(),
            _listening_socket(base) as listener,
            running_servers(
                places.permanent_place(), base=base, fast=False, pace=loop, report=loop.print_line
            ) as servers,
        ):
            save_addresses(servers.urls, owner=servers.owner)
            port = {"PORT": str(listener.getsockname()[1])}
            Supervisor(
                loop=loop,
                servers=servers,
                listener=listener,
                environ=servers.app_environ(base) | port,
                owner_environ=servers.owner_environ(base) | port,
            ).run()
    except StopRequested:
        loop.print_line("stopped: no process is left running")
    finally:
        show_cursor()


@dataclass(slots=True, kw_only=True)
class Supervisor:
    """The processes that make up the product."""

    loop: Loop
    servers: Servers
    listener: socket.socket
    environ: Mapping[str, str]
    owner_environ: Mapping[str, str]
    children: list[Child] = field(default_factory=list)
    early_exits: Counter[str] = field(default_factory=Counter)

    def run(self) -> None:
        """Migrate, load the first record, start the processes, and restart those that end."""
        try:
            migrate = processes.command(self.owner_environ, "migrate", "--verbosity", "0")
            self._run_command("migrating the tables", migrate)
            seed = processes.command(self.environ, "loadseed", "--if-empty")
            self._run_command("loading the first record", seed)
            levels = processes.command(self.environ, "load-structural", "--if-empty")
            self._run_command("loading the levels at which pairs start", levels)
            self._start_processes()
            self._run_command("waiting for the scores", processes.command(self.environ, "welcome"))
            self.loop.print_line("everything is up; Ctrl-C stops it")
            while True:
                self.loop.wait(60)
                self._restart_ended()
        finally:
            self.loop.begin_to_stop()
            self.loop.print_line("stopping")
            stop(self.children, pace=self.loop)

    def _run_command(self, title: str, command: ProcessSpec) -> None:
        """Run a management command to its end, with its output on the terminal."""
        self.loop.print_line(title)
        child = start(command, output=None)
        try:
            while child.alive:
                self.loop.wait(60)
                self._restart_ended()
        finally:
            stop([child], pace=self.loop)
        if child.process.returncode:
            raise CannotRun(
                f"manage.py {command.name} failed ({_exit_reason(child)}); its output is above."
            )

    def _start_processes(self) -> None:
        self.loop.print_line("starting web, worker and beat")
        self._start(processes.web(self.environ, listener=self.listener))
        self._start(processes.beat(self.environ))
        self._start(processes.worker(self.environ))
        self._start(processes.importer(self.environ))
        while not self._accepts_connections():
            self.loop.pause(0.1)
            self._restart_ended()

    def _accepts_connections(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection(self.listener.getsockname(), 1):
            return True
        return False

    def _start(self, spec: ProcessSpec) -> None:
        child = start(spec, output=subprocess.PIPE)
        self.children.append(child)
        if child.process.stdout:
            self.loop.relay(child.process.stdout, label=spec.name)

    def _restart_ended(self) -> None:
        """Restart servers and processes that have ended."""
        for server in self.servers.running:
            if server.child and not server.child.alive:
                self._record_exit(server.child)
                server.start(pace=self.loop)
        for child in [child for child in self.children if not child.alive]:
            self.children.remove(child)
            self._record_exit(child)
            self._start(child.spec)

    def _record_exit(self, child: Child) -> None:
        self.loop.pause(0.1)  # relays the rest of its output
        name = child.spec.name
        self.early_exits[name] = self.early_exits[name] + 1 if child.uptime < EARLY_SECONDS else 0
        if self.early_exits[name] == MOST_EARLY_EXITS:
            raise CannotRun(
                f"{name} ended right after its start {MOST_EARLY_EXITS} times "
                f"({_exit_reason(child)})."
            )
        self.loop.print_line(f"{name} has ended ({_exit_reason(child)}): restarting it")


@contextlib.contextmanager
def clone_lock() -> Iterator[None]:
    """Lock this clone's record for this process.

    :raises CannotRun: if another process runs it.
    """
    # The folder for collectstatic; the web server warns if it is missing.
    (STATE / "static").mkdir(parents=True, exist_ok=True)
    try:
        with hold(STATE / "lock", note=str(os.getpid())):
            yield
    except AlreadyLocked as locked:
        raise CannotRun(
            f"Entente is already running from this folder, as process {locked.note or 'unknown'}. "
            "Stop it first, with Ctrl-C where it was started or with kill."
        ) from None


@contextlib.contextmanager
def _listening_socket(base: Mapping[str, str]) -> Iterator[socket.socket]:
    """Bind the web server's port before anything else starts."""
    port = base.get("PORT") or "8000"
    if not port.isdecimal() or int(port) > 65535:
        raise CannotRun(f"PORT={port} is not a port number.")
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, int(port)))
        except OSError as problem:
            reasons = {errno.EADDRINUSE: "is in use", errno.EACCES: "needs root"}
            raise CannotRun(
                f"Port {port} {reasons.get(problem.errno or 0, str(problem))}. "
                f"Choose another one: make run PORT={_free_port_near(int(port))}"
            ) from None
        yield listener


def _free_port_near(port: int) -> int:
    """A free port just above `port`, else any free port."""
    for candidate in (*range(max(port, 8000) + 1, min(max(port, 8000) + 50, 65535)), 0):
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((HOST, candidate))
            return int(probe.getsockname()[1])
    return 0


def _exit_reason(child: Child) -> str:
    code = child.process.returncode
    return f"by {signal.Signals(-code).name}" if code < 0 else f"with status {code}"
