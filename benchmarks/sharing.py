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
from typing import Any, NamedTuple

from django.db import connections

from benchmarks import archive, logs, records, templates
from benchmarks.figures import note
from benchmarks.processes import CONTEXT, end_processes, start_process
from benchmarks.records import Records
from benchmarks.server_cpu import server_cpu
from benchmarks.templates import Template
from tracker import log
from tracker.domain.lenses import View
from tracker.imports import files
from tracker.imports.files import ImportOptions
from tracker.imports.runs import Author
from tracker.models.derived import DirtyPair
from tracker.projections import impacts, plain_claims, scores
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
    """A database with an imported archive that no view has followed yet, the view of its lens, and
    records for claims of users."""

    source: Template
    view: View
    records: Records


class Phase(NamedTuple):
    """What so many processes did: events or pairs per second; seconds of CPU of all processes and
    of PostgreSQL; and the share of their time in which they prepared events, which they can do at
    the same time."""

    processes: int
    rate: float
    cpu: float
    server: float
    prepared: float

    def __str__(self) -> str:
        return (
            f"{self.rate:.0f}/s, CPU {self.cpu:.1f} s and PostgreSQL {self.server:.1f} s,"
            f" {self.prepared:.0%} prepared"
        )


class Ratios(NamedTuple):
    """The rate of two processes as a multiple of the rate of one. `prepared`: the share of a lone
    follower's time that two can spend at the same time."""

    follow: float
    score: float
    prepared: float


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


def measure(backlog: Backlog) -> Ratios:
    """Measure the ratios with copies of a backlog."""
    following, scoring = [], []
    for processes in TURNS:
        with templates.clone(backlog.source):
            following.append(_follow(backlog.view, processes))
            scoring.append(_score(processes))
        note(f"{processes} following: {following[-1]}; scoring: {scoring[-1]}")
    alone = [phase.prepared for phase in following if phase.processes == 1]
    return Ratios(ratio(following), ratio(scoring), statistics.mean(alone))


def ratio(phases: list[Phase]) -> float:
    """The mean rate of two processes as a multiple of that of one."""
    of_one, of_two = (
        statistics.mean(phase.rate for phase in phases if phase.processes == number)
        for number in (1, 2)
    )
    return of_two / of_one


def _follow(view: View, processes: int) -> Phase:
    events = log.head().position
    return _run(processes, events, follow_some, lambda: followed_position(view.id) == events)


def _score(processes: int) -> Phase:
    pairs = DirtyPair.objects.count()
    return _run(processes, pairs, score_some, lambda: not DirtyPair.objects.exists())


def follow_some() -> int:
    """Follow as a task of a worker does."""
    return impacts.follow_all(most=tasks.EVENTS)


def score_some() -> int:
    """Score as a task of a worker does."""
    return scores.recompute_all(at=datetime.now(UTC), limit=tasks.PAIRS)


def _run(processes: int, number: int, work: Work, is_done: Callable[[], bool]) -> Phase:
    """Let so many processes repeat some work until it is done."""
    begin, done = CONTEXT.Event(), CONTEXT.Event()
    pipes = [start_process(_repeat, begin, done, work) for _ in range(processes)]
    for pipe in pipes:
        pipe.recv()
    with server_cpu() as server:
        started = time.monotonic()
        begin.set()
        while not is_done():
            if time.monotonic() > started + PATIENCE_SECONDS:
                raise NotDone(f"{work.__name__} with {processes} processes")
            time.sleep(IDLE_SECONDS)
        seconds = time.monotonic() - started
    done.set()
    cpu, prepared = map(sum, zip(*(pipe.recv() for pipe in pipes), strict=True))
    end_processes()
    share = prepared / seconds / processes
    return Phase(processes, number / seconds, cpu, server.seconds, share)


def _repeat(pipe: Connection, begin: Event, done: Event, work: Work) -> None:
    prepared = _time_preparing()
    connections["default"].ensure_connection()
    pipe.send("ready")
    begin.wait()
    before = time.process_time()
    while not done.is_set():
        if not work():
            time.sleep(IDLE_SECONDS)
    pipe.send((time.process_time() - before, sum(prepared)))


def _time_preparing() -> list[float]:
    """A list to which every batch of events of this process adds the seconds of its preparing."""
    seconds: list[float] = []
    prepare = plain_claims.prepare

    def prepare_timed(*args: Any, **kwargs: Any) -> plain_claims.Prepared:
        started = time.monotonic()
        prepared = prepare(*args, **kwargs)
        seconds.append(time.monotonic() - started)
        return prepared

    plain_claims.prepare = prepare_timed
    return seconds
