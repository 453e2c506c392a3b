"""`make run`: servers, web, workers and beat in one process tree that ends as a whole."""

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

from config.embedded import crew, places
from config.embedded.children import Child, Order, start, stop
from config.embedded.held import Held, hold
from config.embedded.loop import Loop, Stopped, show_cursor
from config.embedded.servers import Servers, started
from config.embedded.state import STATE, remember

HOST = "127.0.0.1"
# What ends younger than that, in seconds, as many times in a row, would only end again.
YOUNG = 10
TRIES = 3


class CannotRun(RuntimeError):
    """Something that `make run` needs is not to be had; says what and the way out."""


def run(given: Mapping[str, str]) -> None:
    """Start everything and stay until asked to stop.

    :raises CannotRun: if something cannot be started.
    """
    loop = Loop(descriptor=sys.stdout.fileno())
    try:
        with alone(), _door(given) as door, contextlib.ExitStack() as stack:
            servers = stack.enter_context(
                started(places.lasting(), given=given, fast=False, pace=loop, say=loop.say)
            )
            remember(servers.urls, owner=servers.owner)
            port = {"PORT": str(door.getsockname()[1])}
            House(
                loop=loop,
                servers=servers,
                door=door,
                environ=servers.of_app(given) | port,
                of_owner=servers.of_owner(given) | port,
            ).live()
    except Stopped:
        loop.say("stopped: nothing is left running")
    finally:
        show_cursor()


@dataclass(slots=True, kw_only=True)
class House:
    """The processes that make up the product."""

    loop: Loop
    servers: Servers
    door: socket.socket
    environ: Mapping[str, str]
    of_owner: Mapping[str, str]
    children: list[Child] = field(default_factory=list)
    young: Counter[str] = field(default_factory=Counter)

    def live(self) -> None:
        """Go through all that it takes to be up, and stay."""
        try:
            migrate = crew.command(self.of_owner, "migrate", "--verbosity", "0")
            self._manage("bringing the tables up to date", migrate)
            seed = crew.command(self.environ, "loadseed", "--if-empty")
            self._manage("looking for the first record", seed)
            self._open_up()
            self._manage("waiting for the scores", crew.command(self.environ, "welcome"))
            self.loop.say("everything is up; Ctrl-C stops it")
            while True:
                self.loop.wait(60)
                self._tend()
        finally:
            self.loop.begin_to_stop()
            self.loop.say("stopping")
            stop(self.children, pace=self.loop)

    def _manage(self, title: str, command: Order) -> None:
        """Run a management command to its end, on the terminal itself."""
        self.loop.say(title)
        child = start(command, output=None)
        try:
            while child.alive:
                self.loop.wait(60)
                self._tend()
        finally:
            stop([child], pace=self.loop)
        if child.process.returncode:
            raise CannotRun(
                f"manage.py {command.name} failed ({_how(child)}); its words are above."
            )

    def _open_up(self) -> None:
        self.loop.say("starting web, worker and beat")
        self._start(crew.web(self.environ, door=self.door))
        self._start(crew.beat(self.environ))
        self._start(crew.worker(self.environ))
        self._start(crew.importer(self.environ))
        while not self._takes_calls():
            self.loop.pause(0.1)
            self._tend()

    def _takes_calls(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection(self.door.getsockname(), 1):
            return True
        return False

    def _start(self, order: Order) -> None:
        child = start(order, output=subprocess.PIPE)
        self.children.append(child)
        if child.process.stdout:
            self.loop.relay(child.process.stdout, label=order.name)

    def _tend(self) -> None:
        """Start again what has ended."""
        for server in self.servers.running:
            if server.child and not server.child.alive:
                self._mourn(server.child)
                server.start(pace=self.loop)
        for child in [child for child in self.children if not child.alive]:
            self.children.remove(child)
            self._mourn(child)
            self._start(child.order)

    def _mourn(self, child: Child) -> None:
        self.loop.pause(0.1)  # for its last words
        name = child.order.name
        self.young[name] = self.young[name] + 1 if child.age < YOUNG else 0
        if self.young[name] == TRIES:
            raise CannotRun(f"{name} ended right after its start {TRIES} times ({_how(child)}).")
        self.loop.say(f"{name} has ended ({_how(child)}): starting it again")


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Be the only one who runs this clone's record."""
    # Where collectstatic would put its files; the web server warns if it is not there.
    (STATE / "static").mkdir(parents=True, exist_ok=True)
    try:
        with hold(STATE / "lock", note=str(os.getpid())):
            yield
    except Held as held:
        raise CannotRun(
            f"Entente is already running from this folder, as process {held.note or 'unknown'}. "
            "Stop that one first, with Ctrl-C where it was started or with kill."
        ) from None


@contextlib.contextmanager
def _door(given: Mapping[str, str]) -> Iterator[socket.socket]:
    """Take the web server's port before anything else is started."""
    port = given.get("PORT") or "8000"
    if not port.isdecimal() or int(port) > 65535:
        raise CannotRun(f"PORT={port} is not the number of a port.")
    with socket.socket() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((HOST, int(port)))
        except OSError as problem:
            reason = {errno.EADDRINUSE: "is taken by another program", errno.EACCES: "is not yours"}
            raise CannotRun(
                f"Port {port} {reason.get(problem.errno or 0, str(problem))}. "
                f"Choose another one: make run PORT={_another(int(port))}"
            ) from None
        yield door


def _another(port: int) -> int:
    """Give a free port near that one, else any."""
    for candidate in (*range(max(port, 8000) + 1, min(max(port, 8000) + 50, 65535)), 0):
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((HOST, candidate))
            return int(probe.getsockname()[1])
    return 0


def _how(child: Child) -> str:
    code = child.process.returncode
    return f"by {signal.Signals(-code).name}" if code < 0 else f"with status {code}"
