"""Measures how long a user's append takes during the import of an archive.

A process records a claim twenty times a second, by the operation for users: first on an idle
machine, then while another process imports a file of N/4 generated rows of GDELT, with a follower.
`lock_hold` is the time for which a transaction of the import locked the head of the log; an append
waits for it. `slowdown` is the additional time of the import when a user types. Imports with and
without a user take turns, each in a database without events.
"""

import random
import statistics
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

from benchmarks import archive, logs, records
from benchmarks.archive import run_import
from benchmarks.figures import note, percentile, print_line, print_waits, seconds_of
from benchmarks.options import Options
from benchmarks.processes import start_process
from benchmarks.records import Records

PAUSE_SECONDS = 0.05
# Seconds for which the user types before an import.
IDLE_SECONDS = 20.0


class Figures(NamedTuple):
    """Seconds: of appends on an idle machine and during an import, of locks on the head, and of
    imports without and with a typing user."""

    idle: list[float]
    busy: list[float]
    locked: list[float]
    quiet: list[float]
    courteous: list[float]


def run(options: Options) -> None:
    figures = Figures([], [], [], [], [])
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
    if not seconds:
        figures.quiet.append(run_import(path, view).importer.seconds)
        return
    typist = Typist(made)
    typist.begin()
    time.sleep(seconds)
    figures.idle.extend(typist.end())
    taken = run_import(
        path, view, began=typist.begin, ended=lambda: figures.busy.extend(typist.end())
    )
    figures.courteous.append(taken.importer.seconds)
    figures.locked.extend(taken.importer.lock_seconds)


class Typist:
    """A process that records claims between `begin` and `end`."""

    def __init__(self, records: Records) -> None:
        self._pipe = start_process(_type, records)
        self._pipe.recv()

    def begin(self) -> None:
        self._pipe.send("begin")

    def end(self) -> list[float]:
        """Stop. Returns the seconds of each append."""
        self._pipe.send("end")
        waits: list[float] = self._pipe.recv()
        return waits


def _type(pipe: Connection, made: Records) -> None:
    draw = random.Random(1)

    def append() -> None:
        records.append_claim(made, draw=draw)

    append()
    pipe.send("ready")
    while True:
        try:
            pipe.recv()
        except EOFError:
            return
        waits = []
        while not pipe.poll(PAUSE_SECONDS):
            waits.append(seconds_of(append))
        pipe.recv()
        pipe.send(waits)


def _report(figures: Figures) -> None:
    print_waits({"idle": figures.idle, "busy": figures.busy, "locked": figures.locked})
    quiet, courteous = statistics.mean(figures.quiet), statistics.mean(figures.courteous)
    note(f"an import took {quiet:.1f} s by itself and {courteous:.1f} s beside a person")
    idle, busy, locked = (
        percentile(each, 0.99) for each in (figures.idle, figures.busy, figures.locked)
    )
    print_line(
        "courtesy",
        p99_ms=f"{1e3 * busy:.2f}",
        idle_p99_ms=f"{1e3 * idle:.2f}",
        lock_hold_p99_ms=f"{1e3 * locked:.2f}",
        ratio=f"{busy / idle:.2f}",
        slowdown=f"{courteous / quiet - 1:.3f}",
    )
