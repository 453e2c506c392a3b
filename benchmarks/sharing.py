"""Several processes share background work: events per second of followers of one view, and pairs
per second of scorers, of two processes against one.

A backlog is the generated archive, imported and not followed. Runs with one and with two processes
take turns, each in a copy of the backlog: they follow it as the tasks of the workers do, and then
score all pairs. The time counts until the last event or pair is done.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from typing import NamedTuple

from django.db import connections

from benchmarks import archive, logs, records, templates
from benchmarks.figures import note
from benchmarks.processes import CONTEXT, end_processes, start_process
from benchmarks.records import Records
from benchmarks.templates import Template
from tracker import log
from tracker.domain.lenses import View
from tracker.imports import files
from tracker.imports.files import ImportOptions
from tracker.imports.runs import Author
from tracker.models.derived import DirtyPair
from tracker.projections import impacts, scores
from tracker.queries.evidence.impacts import followed_position
from workers import tasks

# The numbers of processes in the order of the runs, so that a slow drift of the machine is shared.
TURNS = (1, 2, 2, 1)
IDLE_SECONDS = 0.005
PATIENCE_SECONDS = 600.0
# Does a part of the work. Returns false if there is nothing to do.
type Work = Callable[[], object]


class NotDone(RuntimeError):
    """Background work did not end."""


class Backlog(NamedTuple):
    """A database with an imported archive that nobody has followed, the view of its lens, and
    records for claims of users."""

    source: Template
    view: View
    records: Records


class Run(NamedTuple):
    """Events and pairs per second of so many processes, and the seconds of CPU of all of them."""

    processes: int
    events: float
    pairs: float
    following: float
    scoring: float


class Ratios(NamedTuple):
    """The rate of two processes as a multiple of the rate of one."""

    follow: float
    score: float


def measure(backlog: Backlog) -> Ratios:
    """Measure the ratios with copies of a backlog."""
    runs = [_run(backlog, processes) for processes in TURNS]
    for run in runs:
        note(
            f"{run.processes} processes: {run.events:.0f} events/s, {run.pairs:.0f} pairs/s,"
            f" CPU {run.following:.1f} and {run.scoring:.1f} s"
        )
    return Ratios(
        follow=_ratio([(run.processes, run.events) for run in runs]),
        score=_ratio([(run.processes, run.pairs) for run in runs]),
    )


def _ratio(rates: list[tuple[int, float]]) -> float:
    of_one, of_two = (
        statistics.mean(rate for processes, rate in rates if processes == number)
        for number in (1, 2)
    )
    return of_two / of_one


@contextmanager
def imported(rows: int) -> Iterator[Backlog]:
    """A backlog of an archive of so many rows."""
    with archive.generated_file(rows) as path, logs.empty() as url:
        made, view = records.record_all(), archive.define_lens()
        with path.open("rb") as file:
            author = Author(now=lambda: datetime.now(UTC), by="benchmark")
            files.import_file(file, name=path.name, author=author, options=ImportOptions())
        connections.close_all()
        yield Backlog(Template(name=url.rpartition("/")[2]), view, made)


def _run(backlog: Backlog, processes: int) -> Run:
    view = backlog.view
    with templates.clone(backlog.source):
        events = log.head().position
        followed = _seconds(processes, follow_some, lambda: followed_position(view.id) == events)
        pairs = DirtyPair.objects.count()
        scored = _seconds(processes, score_some, lambda: not DirtyPair.objects.exists())
    return Run(
        processes=processes,
        events=events / followed[0],
        pairs=pairs / scored[0],
        following=followed[1],
        scoring=scored[1],
    )


def follow_some() -> int:
    """Follow as a task of a worker does."""
    return impacts.follow_all(most=tasks.EVENTS)


def score_some() -> int:
    """Score as a task of a worker does."""
    return scores.recompute_all(at=datetime.now(UTC), limit=tasks.PAIRS)


def _seconds(processes: int, work: Work, is_done: Callable[[], bool]) -> tuple[float, float]:
    """Let so many processes repeat some work until it is done. Returns the seconds that it took,
    and the seconds of CPU of all of them."""
    begin, done = CONTEXT.Event(), CONTEXT.Event()
    pipes = [start_process(_repeat, begin, done, work) for _ in range(processes)]
    for pipe in pipes:
        pipe.recv()
    started = time.monotonic()
    begin.set()
    while not is_done():
        if time.monotonic() > started + PATIENCE_SECONDS:
            raise NotDone(f"{work.__name__} with {processes} processes")
        time.sleep(IDLE_SECONDS)
    seconds = time.monotonic() - started
    done.set()
    cpu = sum(pipe.recv() for pipe in pipes)
    end_processes()
    return seconds, cpu


def _repeat(pipe: Connection, begin: Event, done: Event, work: Work) -> None:
    connections["default"].ensure_connection()
    pipe.send("ready")
    begin.wait()
    before = time.process_time()
    while not done.is_set():
        if not work():
            time.sleep(IDLE_SECONDS)
    pipe.send(time.process_time() - before)
