"""Child processes that end with this process: start, signal, stop."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Protocol

from config.embedded.places import Account

LAUNCHER = Path(__file__).with_name("launcher.py")


class Pace(Protocol):
    """How a process waits. A supervisor relays output meanwhile; a test only sleeps."""

    @property
    def hurried(self) -> bool:
        """Whether a second stop signal arrived."""

    def pause(self, seconds: float, /) -> None:
        """Wait."""

    def begin_to_stop(self) -> None:
        """From now on, a stop signal means: do not wait."""


class Sleep:
    """A pace that only sleeps."""

    hurried = False

    def pause(self, seconds: float, /) -> None:
        time.sleep(seconds)

    def begin_to_stop(self) -> None:
        pass


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessSpec:
    """What to start, and how to stop it."""

    name: str
    command: Sequence[str]
    module: bool = False
    account: Account | None = None
    folder: Path
    environ: Mapping[str, str] | None = None
    descriptors: tuple[int, ...] = ()
    # Standard input, if it is not the terminal.
    stdin: bytes = b""
    # Each signal, and the seconds to wait after it. The first asks for an orderly end.
    stop_signals: tuple[tuple[int, float], ...] = ((signal.SIGTERM, 10), (signal.SIGKILL, 5))
    # The kernel sends it when this process is killed.
    parent_death_signal: int = signal.SIGKILL


@dataclass(slots=True, kw_only=True)
class Child:
    """A started process."""

    spec: ProcessSpec
    process: subprocess.Popen[bytes]
    started_at: float = field(default_factory=time.monotonic)

    @property
    def alive(self) -> bool:
        """Whether it still runs. A process that ended is reaped."""
        return self.process.poll() is None

    @property
    def uptime(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self.started_at

    def send_signal(self, signum: int) -> None:
        """Send a signal if the process still runs."""
        if self.alive:
            self.process.send_signal(signum)


def start(spec: ProcessSpec, *, output: int | IO[bytes] | None, own_group: bool = True) -> Child:
    """Start a process that ends with this one.

    With `own_group` it does not get the terminal's signals. The kernel ends the process when the
    calling *thread* ends: call this from a thread that stays.
    """
    account = spec.account or Account(uid=-1, gid=-1)
    bound = [os.getpid(), spec.parent_death_signal, account.uid, account.gid]
    process = subprocess.Popen(  # noqa: S603
        # A program needs no site packages, and starts faster without them.
        [sys.executable, *([] if spec.module else ["-I", "-S"]), str(LAUNCHER)]
        + [str(int(part)) for part in bound]
        + ["module" if spec.module else "exec", *spec.command],
        cwd=spec.folder,
        env=spec.environ,
        stdin=_stdin(spec, own_group=own_group),
        stdout=output,
        stderr=subprocess.STDOUT if output is not None else None,
        pass_fds=spec.descriptors,
        process_group=0 if own_group else None,
    )
    if process.stdin:
        with suppress(BrokenPipeError), process.stdin as stdin:
            stdin.write(spec.stdin)
    return Child(spec=spec, process=process)


def _stdin(spec: ProcessSpec, *, own_group: bool) -> int | None:
    if spec.stdin:
        return subprocess.PIPE
    return subprocess.DEVNULL if own_group else None


def stop(children: Sequence[Child], *, pace: Pace) -> None:
    """Signal all in the order given and wait for all; then the next signal to those that remain."""
    for stage in range(max((len(child.spec.stop_signals) for child in children), default=0)):
        remaining = [c for c in children if c.alive and stage < len(c.spec.stop_signals)]
        first = stage == 0
        if first and pace.hurried:
            continue
        for child in remaining:
            child.send_signal(child.spec.stop_signals[stage][0])
        timeout = max((child.spec.stop_signals[stage][1] for child in remaining), default=0)
        _wait(remaining, seconds=timeout, pace=pace, until_hurried=first)
    for child in children:
        _clear_group(child)


def _wait(children: Sequence[Child], *, seconds: float, pace: Pace, until_hurried: bool) -> None:
    end = time.monotonic() + seconds
    while any(child.alive for child in children) and time.monotonic() < end:
        if until_hurried and pace.hurried:
            return
        pace.pause(0.02)


def _clear_group(child: Child) -> None:
    """Kill processes that remain in a child's process group."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.process.pid, signal.SIGKILL)
