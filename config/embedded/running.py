"""`make run`: servers, web and workers in one process tree that ends together; and `make bench`."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import FrameType

from config.embedded import places, processes
from config.embedded.places import CannotRun
from config.embedded.postgres import NAME, ROLES
from config.embedded.processes import Child, ProcessSpec, start, stop
from config.embedded.servers import Servers, needed_servers, running_servers
from config.embedded.state import STATE, save_addresses

HOST = "127.0.0.1"
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run(base: Mapping[str, str]) -> int:
    """Start everything and run until a stop signal.

    :raises CannotRun: if something cannot be started, or has ended.
    """
    with contextlib.suppress(KeyboardInterrupt), _stoppable(), clone_lock(), _listener(base) as web:
        servers = needed_servers(places.permanent_place(), base)
        with running_servers(servers, report=report):
            _save_addresses(servers)
            _serve(servers, {**base, "PORT": str(web.getsockname()[1])}, listener=web)
    report("stopped: no process is left running")
    return 0


def run_benchmark(words: Sequence[str], base: Mapping[str, str]) -> int:
    """Run a command with servers whose databases are kept for the next one; its exit status."""
    with _stoppable(), places.benchmark_place() as place:
        servers = needed_servers(place, base)
        with running_servers(servers, report=report):
            # The key and the last checkpoint of the clone's own log are left alone.
            environ = servers.environ(base) | {"SEAL_FOLDER": str(place.home / "seal")}
            spec = ProcessSpec(name="command", command=words, folder=Path.cwd(), environ=environ)
            # In this process's group, so that the keyboard reaches it.
            child = start(spec, output=None, own_group=False)
            try:
                return child.process.wait()
            except KeyboardInterrupt:
                # So did Ctrl-C: it may end by itself.
                with contextlib.suppress(subprocess.TimeoutExpired):
                    child.process.wait(processes.STOP_SECONDS)
                return 130
            finally:
                stop([child])


def report(line: str) -> None:
    """Print a line. Errors are ignored, since the terminal may be closed."""
    with contextlib.suppress(OSError):
        print(f"entente | {line}", flush=True)  # noqa: T201


@contextlib.contextmanager
def clone_lock() -> Iterator[None]:
    """Lock this clone's record for this process.

    :raises CannotRun: if another process runs it.
    """
    # The folder for collectstatic; the web server warns if it is missing.
    (STATE / "static").mkdir(parents=True, exist_ok=True)
    otherwise = (
        "Entente is already running from this folder, as process {pid}. "
        "Stop it first, with Ctrl-C where it was started or with kill."
    )
    with places.hold(STATE / "lock", otherwise=otherwise):
        yield


@contextlib.contextmanager
def _stoppable() -> Iterator[None]:
    """Let the first of the stop signals raise KeyboardInterrupt; the others are ignored, since one
    may arrive twice: from the terminal, and passed on by make."""

    def interrupt(_signum: int, _frame: FrameType | None) -> None:
        for signum in SIGNALS:
            signal.signal(signum, signal.SIG_IGN)
        raise KeyboardInterrupt

    for signum in SIGNALS:
        # nohup ignores SIGHUP; keep it so. Shells ignore SIGINT for what scripts start with `&`.
        if signum != signal.SIGHUP or signal.getsignal(signum) != signal.SIG_IGN:
            signal.signal(signum, interrupt)
    try:
        yield
    finally:
        if sys.stdout.isatty():
            # A progress bar that was stopped has hidden the cursor.
            with contextlib.suppress(OSError):
                os.write(sys.stdout.fileno(), b"\x1b[?25h")


@contextlib.contextmanager
def _listener(base: Mapping[str, str]) -> Iterator[socket.socket]:
    """Bind the web server's port before anything else starts."""
    port = base.get("PORT") or "8000"
    if not port.isdecimal() or int(port) > 65535:
        raise CannotRun(f"PORT={port} is not a port number.")
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, int(port)))
        except OSError as problem:
            listener.bind((HOST, 0))
            free = listener.getsockname()[1]
            raise CannotRun(
                f"Port {port} cannot be used: {os.strerror(problem.errno or 0)}. "
                f"Choose another one: make run PORT={free}"
            ) from None
        yield listener


def _save_addresses(servers: Servers) -> None:
    """Keep the addresses for commands that are run by hand."""
    urls, owner = {}, {}
    if postgres := servers.postgres:
        urls["database_url"] = postgres.url_of(NAME, role=ROLES.app)
        urls["database_reader_url"] = postgres.url_of(NAME, role=ROLES.reader)
        owner["database_url"] = postgres.url_of(NAME, role=ROLES.owner)
    if servers.valkey:
        urls["redis_url"] = servers.valkey.url
    save_addresses(urls, owner=owner)


def _serve(servers: Servers, base: Mapping[str, str], *, listener: socket.socket) -> None:
    """Migrate, load the first record, and start the processes; until one of them ends."""
    environ, owner = servers.environ(base, role=ROLES.app), servers.owner_environ(base)
    children = [server.child for server in servers.running if server.child]
    product: list[Child] = []
    try:
        _finish("migrating the tables", owner, "migrate", "--verbosity", "0")
        _finish("loading the first record", environ, "loadseed", "--if-empty")
        levels = "loading the levels at which pairs start"
        _finish(levels, environ, "load-structural", "--if-empty")
        report("starting web and workers")
        for spec in (
            processes.web(environ, listener=listener),
            processes.worker(environ, schedule=STATE / "beat-schedule"),
            processes.importer(environ),
        ):
            product.append(start(spec, output=None))
        while not _accepts_connections(listener):
            _check([*children, *product])
        _finish("waiting for the scores", environ, "welcome")
        report(f"everything is up; Ctrl-C or kill {os.getpid()} stops it")
        while True:
            _check([*children, *product])
    finally:
        report("stopping")
        stop(product)


def _finish(title: str, environ: Mapping[str, str], *words: str) -> None:
    """Run a management command to its end, with its output on the terminal."""
    report(title)
    child = start(processes.command(environ, *words), output=None)
    try:
        status = child.process.wait()
    finally:
        stop([child])
    if status:
        raise CannotRun(f"manage.py {words[0]} failed ({status}); its output is above.")


def _check(children: Sequence[Child]) -> None:
    """Wait for a moment.

    :raises CannotRun: if a process has ended.
    """
    time.sleep(0.2)
    for child in children:
        if not child.alive:
            raise CannotRun(
                f"{child.spec.name} has ended ({child.process.returncode}), so everything stops. "
                "make run starts again with the same data."
            )


def _accepts_connections(listener: socket.socket) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(listener.getsockname(), 1):
        return True
    return False
