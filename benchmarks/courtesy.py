"""Measures how long a user's append takes during the import of an archive.

A process records a claim twenty times a second, by the operation for users: first on an idle
machine, then while another process imports a file of generated rows of GDELT, with a follower.
`lock_hold` is the time for which a transaction of the import locked the head of the log; an append
waits for it. `slowdown` is the additional time of the import when a user types. Imports with and
without a user take turns, each in a new database.
"""

import argparse
import random
import time
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

from benchmarks import archive, fixtures, scratch
from benchmarks.fixtures import BY, Records
from benchmarks.import_run import run_import, start_process
from tracker.operations import claims

PAUSE_SECONDS = 0.05


class Figures(NamedTuple):
    """Seconds: of appends on an idle machine and during an import, of locks on the head, and of
    imports without and with a typing user."""

    idle: list[float]
    busy: list[float]
    locked: list[float]
    quiet: list[float]
    courteous: list[float]


def main() -> None:
    options = _options()
    figures = Figures([], [], [], [], [])
    with archive.generated_file(options.rows, seed=options.seed) as path:
        for number in range(options.rounds):
            for typing in (number % 2 == 1, number % 2 == 0):
                with scratch.database():
                    _round(path, figures, seconds=options.seconds if typing else 0.0)
    _report(figures)


def _round(path: Path, figures: Figures, *, seconds: float) -> None:
    """Import the file once. With `seconds`, a user types for so long before the import, and during
    it."""
    records, view = fixtures.record_all(), archive.define_lenses(["standing"])
    if not seconds:
        figures.quiet.append(run_import(path, view).importer.seconds)
        return
    typist = Typist(records)
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


def _type(pipe: Connection, records: Records) -> None:
    draw = random.Random(1)
    _append(records, draw)
    pipe.send("ready")
    while True:
        try:
            pipe.recv()
        except EOFError:
            return
        waits = []
        while not pipe.poll(PAUSE_SECONDS):
            start = time.monotonic()
            _append(records, draw)
            waits.append(time.monotonic() - start)
        pipe.recv()
        pipe.send(waits)


def _append(records: Records, draw: random.Random) -> None:
    claims.assert_claim(fixtures.claim(records, draw=draw), at=datetime.now(UTC), by=BY)


def _report(figures: Figures) -> None:
    print(f"{'':10}{'number':>8}{'p50 ms':>9}{'p99 ms':>9}{'max ms':>9}")
    for name, waits in (("idle", figures.idle), ("busy", figures.busy), ("locked", figures.locked)):
        line = (1e3 * percentile(waits, share) for share in (0.5, 0.99, 1.0))
        print(f"{name:10}{len(waits):8}{''.join(f'{one:9.2f}' for one in line)}")
    quiet, courteous = (sum(each) / len(each) for each in (figures.quiet, figures.courteous))
    print(f"an import took {quiet:.1f} s by itself and {courteous:.1f} s beside a person")
    idle, busy, locked = (
        percentile(each, 0.99) for each in (figures.idle, figures.busy, figures.locked)
    )
    print(
        f"courtesy p99_ms={1e3 * busy:.2f} idle_p99_ms={1e3 * idle:.2f}"
        f" lock_hold_p99_ms={1e3 * locked:.2f} ratio={busy / idle:.2f}"
        f" slowdown={courteous / quiet - 1:.3f}"
    )


def percentile(values: list[float], share: float) -> float:
    """The value that a share of them does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=20.0, help="of typing by oneself")
    return parser.parse_args()


if __name__ == "__main__":
    main()
