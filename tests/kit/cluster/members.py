"""The processes of a cluster by name: each has a host and a log, and can be killed and frozen."""

import os
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

import psutil

from config.embedded.places import Place
from config.embedded.processes import Child, ProcessSpec, start, stop
from tests.kit.cluster.hosts import Host

START_SECONDS = 180


class NotStarted(RuntimeError):
    """A process ended at once, or never answered. The text ends with the end of its log."""


def begin(spec: ProcessSpec, log: Path, answers: Callable[[], bool] = lambda: True) -> Child:
    """Start a process that writes into `log`, and wait until it answers.

    :raises NotStarted: if it does not.
    """
    with log.open("ab") as output:
        child = start(spec, output=output)
    end = time.monotonic() + START_SECONDS
    while child.alive and time.monotonic() < end:
        with suppress(OSError):
            if answers():
                return child
        time.sleep(0.05)
    stop([child])
    last = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
    raise NotStarted(f"{spec.name} does not start:\n{last}")


def accepts(address: tuple[str, int]) -> bool:
    """Whether somebody accepts connections there; an OSError is a no."""
    socket.create_connection(address, 1).close()
    return True


def write_private(place: Place, name: str, text: str) -> Path:
    """Write a file that only the account of the servers can read."""
    file = place.home / name
    draft = file.with_name(f"{name}.draft")
    draft.touch(mode=0o600)
    draft.write_text(text)
    if place.account:
        os.chown(draft, place.account.uid, place.account.gid)
    return draft.replace(file)


class Server(Protocol):
    """What a host runs: it starts, stops, and writes a log."""

    log: Path
    child: Child | None

    def start(self) -> None:
        """Start it, and wait until it answers."""

    def stop(self) -> None:
        """Stop it in order."""


@dataclass(kw_only=True)
class Program:
    """A process of the product: web, worker or beat. `make` gives its command for each start."""

    make: Callable[[], ProcessSpec]
    log: Path
    # Where it accepts connections, if it does.
    address: tuple[str, int] | None = None
    child: Child | None = None

    def start(self) -> None:
        """Start it; a web server is waited for."""
        address = self.address
        answers = partial(accepts, address) if address else lambda: True
        self.child = begin(self.make(), self.log, answers)

    def stop(self) -> None:
        if self.child:
            stop([self.child])


@dataclass(kw_only=True)
class Member:
    """A named process on a host, with all that it starts."""

    name: str
    host: Host
    server: Server

    @property
    def pid(self) -> int | None:
        """Its main process, while it runs."""
        child = self.server.child
        return child.process.pid if child and child.alive else None

    def start(self) -> None:
        """Start it on its host and wait until it answers."""
        with self.host.inside():
            self.server.start()

    def stop(self) -> None:
        """Stop it in order, also if it is frozen."""
        self.thaw()
        self.server.stop()

    def kill(self) -> None:
        """Kill -9 it and all that it started, at once."""
        self.freeze()
        self._send(signal.SIGKILL)
        if self.server.child:
            self.server.child.process.wait()

    def freeze(self) -> None:
        """Stop it and all that it started (SIGSTOP), also what is forked meanwhile."""
        before: set[int] = set()
        while (now := {*self._pids()}) - before:
            self._send(signal.SIGSTOP)
            before = now

    def thaw(self) -> None:
        """Let it go on (SIGCONT)."""
        self._send(signal.SIGCONT)

    def _send(self, signum: signal.Signals) -> None:
        for pid in self._pids():
            with suppress(ProcessLookupError):
                os.kill(pid, signum)

    def _pids(self) -> list[int]:
        if not self.pid:
            return []
        with suppress(psutil.NoSuchProcess):
            children = psutil.Process(self.pid).children(recursive=True)
            return [self.pid, *(one.pid for one in children)]
        return []
