"""The processes of a cluster by name: each has a host, a log, and can be killed and frozen."""

import os
import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from cluster.hosts import Host
from cluster.measures import Resources, family, measure
from cluster.pooler import accepts, log_end
from config.embedded.children import Child, Pace, ProcessSpec, start, stop


class NotStarted(RuntimeError):
    """A process ended at once. The text ends with the end of its log."""


class Server(Protocol):
    """What a host runs: it starts, stops, and writes a log."""

    log: Path
    child: Child | None

    def start(self, *, pace: Pace) -> None:
        """Start it, and wait until it answers."""

    def stop(self, *, pace: Pace) -> None:
        """Stop it in order."""


@dataclass(kw_only=True)
class Program:
    """A process of the product: web, worker, importer or beat. `make` gives its command for each
    start."""

    make: Callable[[], ProcessSpec]
    log: Path
    # Where it accepts connections, if it does.
    address: tuple[str, int] | None = None
    child: Child | None = None

    def start(self, *, pace: Pace) -> None:
        """Start it; a web server is waited for.

        :raises NotStarted: if it ends at once.
        """
        self.launch()
        self.wait(pace=pace)

    def launch(self) -> None:
        """Start it without waiting."""
        with self.log.open("ab") as log:
            self.child = start(self.make(), output=log)

    def wait(self, *, pace: Pace) -> None:
        """Wait until it accepts connections."""
        if (
            self.child
            and self.address
            and not accepts(self.child, self.address, pace=pace, within=180)
        ):
            stop([self.child], pace=pace)
            raise NotStarted(f"{self.child.spec.name} does not start:\n{log_end(self.log)}")

    def stop(self, *, pace: Pace) -> None:
        if self.child:
            stop([self.child], pace=pace)


@dataclass(kw_only=True)
class Member:
    """A named process on a host, with all that it starts."""

    name: str
    host: Host
    server: Server
    kind: str
    # Those that stopped because somebody wanted them to are not started again.
    wanted: bool = field(default=False)
    frozen: bool = field(default=False)

    @property
    def pid(self) -> int | None:
        """Its main process, while it runs."""
        child = self.server.child
        return child.process.pid if child and child.alive else None

    @property
    def log(self) -> Path:
        """The file with its output."""
        return self.server.log

    def start(self, *, pace: Pace) -> None:
        """Start it on its host and wait until it answers."""
        with self.host.inside():
            self.server.start(pace=pace)
        self.wanted, self.frozen = True, False

    def stop(self, *, pace: Pace) -> None:
        """Stop it in order, also if it is frozen."""
        self.thaw()
        self.wanted = False
        self.server.stop(pace=pace)

    def kill(self) -> None:
        """Kill -9 it and all that it started, at once."""
        self.wanted = self.frozen = False
        for pid in self.freeze():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if self.server.child:
            self.server.child.process.wait()

    def freeze(self) -> list[int]:
        """Stop it (SIGSTOP) and all that it started; the pids."""
        stopped: list[int] = []
        # Until no new ones appear.
        while new := [one for one in self.pids() if one not in stopped]:
            for pid in new:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGSTOP)
            stopped += new
        self.frozen = bool(stopped)
        return stopped

    def thaw(self) -> None:
        """Let it go on."""
        for pid in self.pids():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)
        self.frozen = False

    def pids(self) -> list[int]:
        """Its process and all that it started."""
        return family(self.pid) if self.pid else []

    def resources(self) -> Resources:
        """What it uses now."""
        return measure(self.pid) if self.pid else Resources(0, 0, 0, 0, 0)

    def read_log(self, *, after: int = 0) -> str:
        """Its output from a byte on."""
        with suppress(FileNotFoundError), self.log.open("rb") as file:
            file.seek(after)
            return file.read().decode(errors="replace")
        return ""

    def log_size(self) -> int:
        """How many bytes its output has."""
        return self.log.stat().st_size if self.log.exists() else 0
