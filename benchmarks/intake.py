"""Takes a file in as the command does, with a follower beside it, each in a process of its own."""

import multiprocessing
import time
from collections.abc import Callable
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.cast import BY
from tracker import log
from tracker.domain.lenses import View
from tracker.imports import files
from tracker.imports.files import ImportOptions
from tracker.imports.runs import Author, Report
from tracker.projections import impacts
from tracker.queries.evidence.impacts import followed

IDLE_SECONDS = 0.01
type Moment = Callable[[], object]
_CONTEXT = multiprocessing.get_context("spawn")


class Own(NamedTuple):
    """What a process took: megabytes at the most, and seconds of processor since it began."""

    peak_mb: float
    cpu: float


class Importer(NamedTuple):
    """`held`: seconds for which each transaction held the head of the log."""

    report: Report
    seconds: float
    held: list[float]
    own: Own


class Intake(NamedTuple):
    """What taking a file in came to. `seconds`: until all impacts were through too."""

    importer: Importer
    follower: Own
    seconds: float

    @property
    def claims(self) -> int:
        return self.importer.report.counts["new"]

    @property
    def peak_mb(self) -> float:
        return max(self.importer.own.peak_mb, self.follower.peak_mb)


def take_in(
    path: Path, view: View, *, began: Moment = lambda: None, ended: Moment = lambda: None
) -> Intake:
    """Import a file and wait until the view has taken all of it in. `began` is called when the
    import begins, `ended` when it ends.

    :raises EOFError: if one of the processes has died.
    """
    done = _CONTEXT.Event()
    importer, follower = started(_import, path), started(_follow, done)
    for pipe in (importer, follower):
        pipe.recv()
    start = time.monotonic()
    importer.send("go")
    began()
    imported = Importer(*importer.recv())
    ended()
    while followed(view.id) < log.head().position:
        time.sleep(IDLE_SECONDS)
    seconds = time.monotonic() - start
    done.set()
    return Intake(imported, Own(*follower.recv()), seconds)


def started(target: Callable[..., None], *given: Any) -> Connection:
    """Start a process that is handed one end of a pipe, and give the other.

    Its death is the end of the pipe.
    """
    near, far = _CONTEXT.Pipe()
    _CONTEXT.Process(target=target, args=(far, *given), daemon=True).start()
    far.close()
    return near


def _import(pipe: Connection, path: Path) -> None:
    held = _timed()
    pipe.send("ready")
    pipe.recv()
    start, before = time.monotonic(), time.process_time()
    with path.open("rb") as file:
        signed = Author(now=lambda: datetime.now(UTC), by=BY)
        report = files.import_file(file, name=path.name, author=signed, options=ImportOptions())
    pipe.send((report, time.monotonic() - start, held, _own(before)))


def _timed() -> list[float]:
    """Have every bulk append of this process say for how long it held the head."""
    held: list[float] = []
    append = log.append_bulk

    def append_timed(*given: Any, **named: Any) -> log.Span:
        span = append(*given, **named)
        held.append(span.held)
        return span

    log.append_bulk = append_timed
    return held


def _follow(pipe: Connection, done: Event) -> None:
    pipe.send("ready")
    before = time.process_time()
    while not done.is_set():
        if not impacts.follow_all():
            time.sleep(IDLE_SECONDS)
    pipe.send(_own(before))


def _own(before: float) -> Own:
    return Own(peak_mb(), time.process_time() - before)


def peak_mb() -> float:
    """The most memory that this process had so far, in megabytes. `getrusage` would say its
    parent's too."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024
