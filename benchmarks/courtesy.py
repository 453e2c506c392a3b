"""How long an append of a person's takes while an archive comes in.

A process puts a claim on record every twentieth of a second, by the operation that people use:
first with nothing else going on, then while another process imports a file of made-up rows of
GDELT, with a follower beside it. `lock_hold` is for how long a transaction of the import held the
head of the log, which is what an append waits for. `slowdown` is by how much longer the import
took than without anybody typing; with and without take turns, each in a database of its own.
"""

import argparse
import random
import time
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

from benchmarks import archive, cast, scratch
from benchmarks.cast import BY, Cast
from benchmarks.intake import started, take_in
from tracker.operations import claims

PAUSE_SECONDS = 0.05


class Figures(NamedTuple):
    """Seconds: of appends with nothing else going on and during an import, for which the head was
    held, and of imports without and with somebody typing."""

    idle: list[float]
    busy: list[float]
    held: list[float]
    quiet: list[float]
    courteous: list[float]


def main() -> None:
    options = _options()
    figures = Figures([], [], [], [], [])
    with archive.made_up(options.rows, seed=options.seed) as path:
        for number in range(options.rounds):
            for typing in (number % 2 == 1, number % 2 == 0):
                with scratch.database():
                    _round(path, figures, seconds=options.seconds if typing else 0.0)
    _report(figures)


def _round(path: Path, figures: Figures, *, seconds: float) -> None:
    """Import the file once; with `seconds`, for which nothing else goes on before, a person types
    all the while."""
    on_record, view = cast.on_record(), archive.defined(["standing"])
    if not seconds:
        figures.quiet.append(take_in(path, view).importer.seconds)
        return
    typist = Typist(on_record)
    typist.begin()
    time.sleep(seconds)
    figures.idle.extend(typist.end())
    taken = take_in(path, view, began=typist.begin, ended=lambda: figures.busy.extend(typist.end()))
    figures.courteous.append(taken.importer.seconds)
    figures.held.extend(taken.importer.held)


class Typist:
    """A process that puts claims on record while it is told to."""

    def __init__(self, on_record: Cast) -> None:
        self._pipe = started(_type, on_record)
        self._pipe.recv()

    def begin(self) -> None:
        self._pipe.send("begin")

    def end(self) -> list[float]:
        """Have it stop, and give how many seconds each append took."""
        self._pipe.send("end")
        waits: list[float] = self._pipe.recv()
        return waits


def _type(pipe: Connection, on_record: Cast) -> None:
    draw = random.Random(1)
    _append(on_record, draw)
    pipe.send("ready")
    while True:
        try:
            pipe.recv()
        except EOFError:
            return
        waits = []
        while not pipe.poll(PAUSE_SECONDS):
            start = time.monotonic()
            _append(on_record, draw)
            waits.append(time.monotonic() - start)
        pipe.recv()
        pipe.send(waits)


def _append(on_record: Cast, draw: random.Random) -> None:
    claims.assert_claim(cast.claim(on_record, draw=draw), at=datetime.now(UTC), by=BY)


def _report(figures: Figures) -> None:
    print(f"{'':10}{'number':>8}{'p50 ms':>9}{'p99 ms':>9}{'max ms':>9}")
    for name, waits in (("idle", figures.idle), ("busy", figures.busy), ("held", figures.held)):
        line = (1e3 * percentile(waits, share) for share in (0.5, 0.99, 1.0))
        print(f"{name:10}{len(waits):8}{''.join(f'{one:9.2f}' for one in line)}")
    quiet, courteous = (sum(each) / len(each) for each in (figures.quiet, figures.courteous))
    print(f"an import took {quiet:.1f} s by itself and {courteous:.1f} s beside a person")
    idle, busy, held = (
        percentile(each, 0.99) for each in (figures.idle, figures.busy, figures.held)
    )
    print(
        f"courtesy p99_ms={1e3 * busy:.2f} idle_p99_ms={1e3 * idle:.2f}"
        f" lock_hold_p99_ms={1e3 * held:.2f} ratio={busy / idle:.2f}"
        f" slowdown={courteous / quiet - 1:.3f}"
    )


def percentile(values: list[float], share: float) -> float:
    """The value that so large a share of them does not exceed."""
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
