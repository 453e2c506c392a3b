"""The processes that this one starts, each bound to it, and how they are asked to go."""

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

LAUNCHER = Path(__file__).with_name("mortal.py")


class Pace(Protocol):
    """How waiting is done: a supervisor serves its children meanwhile, a test just sleeps."""

    @property
    def hurried(self) -> bool:
        """Whether someone asked again for the end."""

    def pause(self, seconds: float, /) -> None:
        """Let that much time pass."""

    def begin_to_stop(self) -> None:
        """Take note that the end has begun."""


class Sleep:
    """The pace of a process that has nothing else to do."""

    hurried = False

    def pause(self, seconds: float, /) -> None:
        """Sleep."""
        time.sleep(seconds)

    def begin_to_stop(self) -> None:
        """Sleep on as before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to start, and how."""

    name: str
    command: Sequence[str]
    module: bool = False
    account: Account | None = None
    folder: Path
    environ: Mapping[str, str] | None = None
    descriptors: tuple[int, ...] = ()
    # What it reads from its standard input, where that is not the terminal.
    told: bytes = b""
    # Each is a signal and the seconds it is given; the first is the polite one.
    farewell: tuple[tuple[int, float], ...] = ((signal.SIGTERM, 10), (signal.SIGKILL, 5))
    # What the kernel sends it when this process is killed.
    dies_by: int = signal.SIGKILL


@dataclass(slots=True, kw_only=True)
class Child:
    """A started process."""

    order: Order
    process: subprocess.Popen[bytes]
    born: float = field(default_factory=time.monotonic)

    @property
    def alive(self) -> bool:
        """Whether it still runs; one that ended is reaped."""
        return self.process.poll() is None

    @property
    def age(self) -> float:
        """Seconds since its start."""
        return time.monotonic() - self.born

    def tell(self, signum: int) -> None:
        """Send it a signal, if it still runs."""
        if self.alive:
            self.process.send_signal(signum)


def start(order: Order, *, output: int | IO[bytes] | None, own_group: bool = True) -> Child:
    """Start a process that ends with this one, out of reach of the terminal's own signals.

    The kernel binds it to the calling *thread*: call this from one that stays.
    """
    account = order.account or Account(uid=-1, gid=-1)
    bound = [os.getpid(), order.dies_by, account.uid, account.gid]
    process = subprocess.Popen(  # noqa: S603
        # A program needs no site packages, and starts faster without.
        [sys.executable, *([] if order.module else ["-I", "-S"]), str(LAUNCHER)]
        + [str(int(part)) for part in bound]
        + ["module" if order.module else "exec", *order.command],
        cwd=order.folder,
        env=order.environ,
        stdin=_input(order, own_group=own_group),
        stdout=output,
        stderr=subprocess.STDOUT if output is not None else None,
        pass_fds=order.descriptors,
        process_group=0 if own_group else None,
    )
    if process.stdin:
        with suppress(BrokenPipeError), process.stdin as told:
            told.write(order.told)
    return Child(order=order, process=process)


def _input(order: Order, *, own_group: bool) -> int | None:
    if order.told:
        return subprocess.PIPE
    return subprocess.DEVNULL if own_group else None


def stop(children: Sequence[Child], *, pace: Pace) -> None:
    """Ask all to go, in this order, wait for all, and insist with those that stay."""
    for stage in range(max((len(child.order.farewell) for child in children), default=0)):
        asked = [c for c in children if c.alive and stage < len(c.order.farewell)]
        polite = stage == 0
        if polite and pace.hurried:
            continue
        for child in asked:
            child.tell(child.order.farewell[stage][0])
        patience = max((child.order.farewell[stage][1] for child in asked), default=0)
        _wait(asked, seconds=patience, pace=pace, polite=polite)
    for child in children:
        _clear_group(child)


def _wait(children: Sequence[Child], *, seconds: float, pace: Pace, polite: bool) -> None:
    end = time.monotonic() + seconds
    while any(child.alive for child in children) and time.monotonic() < end:
        if polite and pace.hurried:
            return
        pace.pause(0.02)


def _clear_group(child: Child) -> None:
    """Kill what a child may have left in its process group."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.process.pid, signal.SIGKILL)
