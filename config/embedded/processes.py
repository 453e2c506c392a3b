"""Processes that end with this one, and those that make up the product."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from config.embedded.places import Account
from config.embedded.state import CLONE

LAUNCHER = Path(__file__).with_name("launcher.py")
QUEUES = "follow,score,maintain"
# An archive takes hours; other tasks must not wait for it.
SLOW_QUEUES = "ingest"
# How long a process may take to end before it is sent the next signal.
STOP_SECONDS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessSpec:
    """What to start, and how to stop it."""

    name: str
    command: Sequence[str]
    folder: Path
    environ: Mapping[str, str] | None = None
    # Whether the first word is a Python module.
    module: bool = False
    account: Account | None = None
    descriptors: tuple[int, ...] = ()
    # The first asks for an orderly end.
    stop_signals: tuple[int, ...] = (signal.SIGTERM, signal.SIGKILL)
    # The kernel sends it when this process is killed.
    parent_death_signal: int = signal.SIGKILL


@dataclass(slots=True, kw_only=True)
class Child:
    """A started process."""

    spec: ProcessSpec
    process: subprocess.Popen[bytes]

    @property
    def alive(self) -> bool:
        """Whether it still runs. A process that ended is reaped."""
        return self.process.poll() is None

    def send_signal(self, signum: int) -> None:
        """Send a signal if the process still runs."""
        self.process.send_signal(signum)


def start(spec: ProcessSpec, *, output: int | IO[bytes] | None, own_group: bool = True) -> Child:
    """Start a process that ends with this one.

    With `own_group` it does not get the terminal's signals. The kernel ends the process when the
    calling *thread* ends: call this from a thread that stays.
    """
    account = spec.account or Account(uid=-1, gid=-1)
    bound = [os.getpid(), int(spec.parent_death_signal), account.uid, account.gid]
    # A program needs no site packages, and starts faster without them.
    python = [sys.executable, *([] if spec.module else ["-I", "-S"]), str(LAUNCHER)]
    process = subprocess.Popen(  # noqa: S603
        [*python, *map(str, bound), "module" if spec.module else "exec", *spec.command],
        cwd=spec.folder,
        env=spec.environ,
        stdin=subprocess.DEVNULL if own_group else None,
        stdout=output,
        stderr=subprocess.STDOUT if output is not None else None,
        pass_fds=spec.descriptors,
        process_group=0 if own_group else None,
    )
    return Child(spec=spec, process=process)


def stop(children: Sequence[Child]) -> None:
    """Send all their first signal and wait for all; then the next signal to those that remain."""
    for stage in range(max((len(child.spec.stop_signals) for child in children), default=0)):
        remaining = [c for c in children if c.alive and stage < len(c.spec.stop_signals)]
        for child in remaining:
            child.send_signal(child.spec.stop_signals[stage])
        end = time.monotonic() + STOP_SECONDS
        for child in remaining:
            with suppress(subprocess.TimeoutExpired):
                child.process.wait(max(0, end - time.monotonic()))


def web(environ: Mapping[str, str], *, listener: socket.socket) -> ProcessSpec:
    """The web server; it inherits the bound socket."""
    words = ["gunicorn", "config.wsgi", "--log-level", "warning", "--preload"]
    words += ["--bind", f"fd://{listener.fileno()}"]
    return replace(_module("web", words, environ), descriptors=(listener.fileno(),))


def worker(environ: Mapping[str, str], *, schedule: Path | None = None) -> ProcessSpec:
    """The worker for short tasks. If it has a file for the `schedule`, it is the scheduler too."""
    words = ["--queues", QUEUES, "--concurrency", "2"]
    words += ["--beat", "--schedule", str(schedule)] if schedule else []
    return _worker("worker", words, environ)


def importer(environ: Mapping[str, str]) -> ProcessSpec:
    """The worker for imports: one process."""
    words = ["--queues", SLOW_QUEUES, "--pool", "solo"]
    return _worker("importer", words, environ)


def command(environ: Mapping[str, str], *words: str) -> ProcessSpec:
    """A management command."""
    return _module(words[0], ["manage", *words], environ)


def _worker(name: str, words: list[str], environ: Mapping[str, str]) -> ProcessSpec:
    options = [*words, "--loglevel", "WARNING", "--hostname", f"{name}@%h"]
    options += ["--without-gossip", "--without-mingle"]
    # Perhaps only root can read the clone, so root is not advised against running a worker.
    advice = "ignore:You're running the worker with superuser privileges"
    filters = ",".join(filter(None, (environ.get("PYTHONWARNINGS"), advice)))
    environ = {**environ, "PYTHONWARNINGS": filters}
    return _module(name, ["celery", "--quiet", "-A", "config", "worker", *options], environ)


def _module(name: str, words: list[str], environ: Mapping[str, str]) -> ProcessSpec:
    """A Python module of this clone, the first of the words, with its arguments."""
    environ = {**environ, "PYTHONUNBUFFERED": "1"}
    return ProcessSpec(name=name, command=words, module=True, folder=CLONE, environ=environ)
