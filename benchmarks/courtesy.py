"""Measures how long a user's append takes during the import of an archive, and how long it takes
until the claim counts.

A process records a claim twenty times a second, by the operation for users: first on an idle
machine, then while another process imports a file of N/4 generated rows of GDELT. Two processes do
the work of the queues `follow` and `score`, for a lens on the archive and one on the user's claims.
`score_wait` is the time from the end of an append until the pair's score counts the claim, looked
for every ten milliseconds. `lock_hold` is the time for which a transaction of the import locked the
head of the log; an append waits for it. `slowdown` is the additional time of the import when a user
types. Imports with and without a user take turns, each in a database without events.
"""

import random
import statistics
import time
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import NamedTuple

from benchmarks import archive, logs, records
from benchmarks.archive import run_import
from benchmarks.figures import note, percentile, print_line, print_waits, seconds_of
from benchmarks.options import Options
from benchmarks.processes import CONTEXT, start_process
from benchmarks.records import BY, Records
from tracker.domain.lenses import pair_of
from tracker.operations import claims
from tracker.projections import scores
from tracker.queries.sql import select
from workers import tasks
from workers.schedule import BY_TASK

PAUSE_SECONDS, LOOK_SECONDS = 0.05, 0.01
# The longest wait for scores after an import.
PATIENCE_SECONDS = 60.0
LENS = "standing"
_SCORED = (
    "SELECT s.pair, s.position FROM scored s JOIN standing_record r ON r.id = s.lens"
    " WHERE r.noun = 'lens' AND r.name = %s"
)
# Seconds for which the user types before an import.
IDLE_SECONDS = 20.0


class Figures(NamedTuple):
    """Seconds: of appends on an idle machine and during an import, until claims of these counted,
    of locks on the head, and of imports without and with a typing user; the last is what PostgreSQL
    spent, in microseconds a claim of the archive."""

    idle: list[float]
    busy: list[float]
    scored: list[float]
    locked: list[float]
    quiet: list[float]
    courteous: list[float]
    server: list[str]


def run(options: Options) -> None:
    figures = Figures([], [], [], [], [], [], [])
    with archive.generated_file(options.claims // 4) as path:
        for typing in (False, True, True, False):
            with logs.empty():
                seconds = options.seconds(IDLE_SECONDS) if typing else 0.0
                _import_once(path, figures, seconds=seconds)
    _report(figures)


def _import_once(path: Path, figures: Figures, *, seconds: float) -> None:
    """Import the file. With `seconds`, a user types for so long before the import, and during
    it."""
    made, view = records.record_all(), archive.define_lens()
    records.define_lens(LENS, made.collection)
    if not seconds:
        figures.quiet.append(run_import(path, view, work=_follow).importer.seconds)
        return
    typist = Typist(made)
    typist.begin()
    time.sleep(seconds)
    figures.idle.extend(typist.end().appends)
    over = CONTEXT.Event()
    scorer = start_process(_score, over)

    def ended() -> None:
        waits = typist.end(until_scored=True)
        figures.busy.extend(waits.appends)
        figures.scored.extend(waits.scores)

    taken = run_import(path, view, began=typist.begin, ended=ended, work=_follow)
    over.set()
    scorer.recv()
    figures.courteous.append(taken.importer.seconds)
    figures.locked.extend(taken.importer.lock_seconds)
    figures.server.append(taken.server.micros(taken.claims))


def _follow() -> object:
    """Do what the task of that name does."""
    return tasks.WORK["follow"](datetime.now(UTC))


def _score(pipe: Connection, over: Event) -> None:
    """Do what the task of that name does, as often as it is scheduled or sends itself again."""
    while not over.is_set():
        if scores.recompute_all(at=datetime.now(UTC), limit=tasks.PAIRS) < tasks.PAIRS:
            over.wait(BY_TASK["score"].every.total_seconds())
    pipe.send("over")


class Waits(NamedTuple):
    """Seconds of appends, and from their ends until the claims counted."""

    appends: list[float]
    scores: list[float]


class Typist:
    """A process that records claims between `begin` and `end`."""

    def __init__(self, records: Records) -> None:
        self._pipe = start_process(_type, records)
        self._pipe.recv()

    def begin(self) -> None:
        self._pipe.send("begin")

    def end(self, *, until_scored: bool = False) -> Waits:
        """Stop, and wait until all claims count if that is wanted."""
        self._pipe.send(until_scored)
        waits: Waits = self._pipe.recv()
        return waits


def _type(pipe: Connection, made: Records) -> None:
    draw = random.Random(1)
    watch = Watch(made)
    watch.append(draw)
    pipe.send("ready")
    while True:
        try:
            pipe.recv()
        except EOFError:
            return
        watch.reset()
        waits = []
        while not pipe.poll():
            waits.append(seconds_of(lambda: watch.append(draw)))
            watch.look(seconds=PAUSE_SECONDS)
        if pipe.recv():
            watch.finish()
        pipe.send(Waits(waits, watch.waits))


class Watch:
    """Appends claims, and looks when the scores of their pairs count them."""

    def __init__(self, made: Records) -> None:
        self._made = made
        self._codes = dict(zip(made.states, records.STATES, strict=True))
        self.reset()

    def reset(self) -> None:
        self.waits: list[float] = []
        # Pair, position and the time of the append.
        self._pending: list[tuple[str, int, float]] = []

    def append(self, draw: random.Random) -> None:
        claim = records.new_claim(self._made, draw=draw)
        recorded = claims.assert_claim(claim, at=datetime.now(UTC), by=BY)
        pair = pair_of(*(self._codes[party.actor] for party in claim.parties))
        self._pending.append((pair, recorded.position, time.perf_counter()))

    def look(self, *, seconds: float) -> None:
        """Look for scores for so long."""
        end = time.perf_counter() + seconds
        while (now := time.perf_counter()) < end:
            reached = dict(select(_SCORED, [LENS]))
            done = [one for one in self._pending if reached.get(one[0], 0) >= one[1]]
            self.waits += [now - since for _, _, since in done]
            self._pending = [one for one in self._pending if one not in done]
            time.sleep(LOOK_SECONDS)

    def finish(self) -> None:
        """Wait until all claims count; count those that do not by the time that they waited."""
        end = time.perf_counter() + PATIENCE_SECONDS
        while self._pending and (now := time.perf_counter()) < end:
            self.look(seconds=LOOK_SECONDS)
        self.waits += [now - since for _, _, since in self._pending]


def _report(figures: Figures) -> None:
    waits = {"idle": figures.idle, "busy": figures.busy, "scored": figures.scored}
    print_waits({**waits, "locked": figures.locked})
    quiet, courteous = statistics.mean(figures.quiet), statistics.mean(figures.courteous)
    note(f"an import took {quiet:.1f} s by itself and {courteous:.1f} s beside a person")
    idle, busy, scored, locked = (
        percentile(each, 0.99)
        for each in (figures.idle, figures.busy, figures.scored, figures.locked)
    )
    print_line(
        "courtesy",
        p99_ms=f"{1e3 * busy:.2f}",
        idle_p99_ms=f"{1e3 * idle:.2f}",
        score_wait_p99_ms=f"{1e3 * scored:.0f}",
        lock_hold_p99_ms=f"{1e3 * locked:.2f}",
        ratio=f"{busy / idle:.2f}",
        slowdown=f"{courteous / quiet - 1:.3f}",
        postgres_cpu_us=figures.server[-1],
    )
