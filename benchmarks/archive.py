"""The import of a machine-coded archive: a generated file, its collection with a lens, and an
import as the command does it, with a follower; each in a separate process."""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks import gdelt, records
from benchmarks.processes import CONTEXT, start_process
from benchmarks.records import BY
from benchmarks.server_cpu import Spent, server_cpu
from tracker import log
from tracker.domain.lenses import View
from tracker.imports import files
from tracker.imports.files import ImportOptions
from tracker.imports.formats.recognise import FORMATS
from tracker.imports.runs import Author, Report
from tracker.operations import ids, sources
from tracker.projections import impacts
from tracker.queries.evidence.impacts import followed_position

FORMAT = "gdelt-2"
IDLE_SECONDS = 0.01
type Callback = Callable[[], object]
# Does a part of the background work. Returns false if there is no more.
type Work = Callable[[], object]


class Usage(NamedTuple):
    """The resources of a process: maximum megabytes, and CPU seconds."""

    peak_mb: float
    cpu: float


class Importer(NamedTuple):
    """`lock_seconds`: for each transaction, the time for which it locked the head of the log."""

    report: Report
    seconds: float
    lock_seconds: list[float]
    usage: Usage


class ImportResult(NamedTuple):
    """The result of an import. `seconds`: until all impacts were computed; `server`: what
    PostgreSQL spent until then."""

    importer: Importer
    follower: Usage
    seconds: float
    server: Spent

    @property
    def claims(self) -> int:
        return self.importer.report.counts["new"]

    @property
    def cpu_us(self) -> str:
        """Microseconds of CPU a claim, of the importer and the follower, as a figure of a line."""
        return f"{1e6 * (self.importer.usage.cpu + self.follower.cpu) / self.claims:.0f}"

    @property
    def peak_mb(self) -> float:
        return max(self.importer.usage.peak_mb, self.follower.peak_mb)


def define_lens() -> View:
    """Record the collection, and a lens over it. Returns its view."""
    at, described = datetime.now(UTC), FORMATS[FORMAT].collection
    assert described is not None
    collection = ids.content_id("collection", described.name)
    sources.describe_collection(described, at=at, by=BY, collection_id=collection)
    return records.define_lens("archive", collection, of_model="standing")


@contextmanager
def generated_file(rows: int) -> Iterator[Path]:
    """A file of generated rows of GDELT, removed at the end."""
    with tempfile.TemporaryDirectory(prefix="entente-") as folder:
        path = Path(folder) / f"gdelt-{rows}.export.CSV"
        with path.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(gdelt.lines(rows, seed=1))
        yield path


def run_import(
    path: Path,
    view: View,
    *,
    began: Callback = lambda: None,
    ended: Callback = lambda: None,
    work: Work = impacts.follow_all,
) -> ImportResult:
    """Import a file and wait until the view has processed all events. `began` is called when the
    import starts, `ended` when it ends. The follower repeats `work`, a function of a module.

    :raises EOFError: if one of the processes has ended.
    """
    done = CONTEXT.Event()
    importer, follower = start_process(_import, path), start_process(_follow, done, work)
    for pipe in (importer, follower):
        pipe.recv()
    with server_cpu() as server:
        start = time.monotonic()
        importer.send("go")
        began()
        imported = Importer(*importer.recv())
        ended()
        while followed_position(view.id) < log.head().position:
            time.sleep(IDLE_SECONDS)
        seconds = time.monotonic() - start
    done.set()
    return ImportResult(imported, Usage(*follower.recv()), seconds, server)


def _import(pipe: Connection, path: Path) -> None:
    lock_seconds = _record_lock_times()
    pipe.send("ready")
    pipe.recv()
    start, before = time.monotonic(), time.process_time()
    with path.open("rb") as file:
        author = Author(now=lambda: datetime.now(UTC), by=BY)
        report = files.import_file(file, name=path.name, author=author, options=ImportOptions())
    pipe.send((report, time.monotonic() - start, lock_seconds, _usage(before)))


def _record_lock_times() -> list[float]:
    """A list to which every bulk append of this process adds its lock time."""
    lock_seconds: list[float] = []
    append = log.append_bulk

    def append_timed(*args: Any, **kwargs: Any) -> log.AppendedSpan:
        span = append(*args, **kwargs)
        lock_seconds.append(span.lock_seconds)
        return span

    log.append_bulk = append_timed
    return lock_seconds


def _follow(pipe: Connection, done: Event, work: Work) -> None:
    pipe.send("ready")
    before = time.process_time()
    while not done.is_set():
        if not work():
            time.sleep(IDLE_SECONDS)
    pipe.send(_usage(before))


def _usage(before: float) -> Usage:
    return Usage(_peak_mb(), time.process_time() - before)


def _peak_mb() -> float:
    """The peak memory of this process in megabytes. `getrusage` would include its parent's."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024
