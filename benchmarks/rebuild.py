"""Measures events per second of a rebuild, over the log of an imported archive.

`manage.py rebuild` on a log of generated rows of GDELT, with a lens of each model over the
collection: all derived tables are rebuilt and replaced (standing rows, impacts, dependencies, knots
and the table of pairs). `eventsourcing` is the library of that name: it reads a sample of the same
events in order and decodes them. Both run alone, in one process, after all tables are vacuumed and
analysed, as autovacuum would do later.
"""

import argparse
import time
from datetime import UTC, datetime
from typing import NamedTuple

from django.db import connection

from benchmarks import archive, bulk_peers, scratch
from benchmarks.import_run import peak_mb, run_import
from tracker import log
from tracker.domain import scoring
from tracker.projections import scores
from tracker.projections.rebuild import rebuild

SAMPLE = 100_000


class Figures(NamedTuple):
    """Events and seconds of the rebuild; events of the sample and the seconds of the library."""

    events: int
    seconds: float
    sample: int
    replay: float


def main() -> None:
    options = _options()
    with archive.generated_file(options.rows, seed=options.seed) as path, scratch.database() as url:
        run_import(path, archive.define_lenses(list(scoring.MODELS)))
        scores.recompute_all(at=datetime.now(UTC))
        with connection.cursor() as cursor:
            cursor.execute("VACUUM (ANALYZE)")
        figures = _measure(url, most=options.sample)
    _report(figures)


def _measure(url: str, *, most: int) -> Figures:
    start = time.monotonic()
    position = rebuild(today=datetime.now(UTC).date(), report=lambda *_: None)
    seconds = time.monotonic() - start
    assert position == log.head().position
    events = bulk_peers.sample(most)
    store = bulk_peers.store(url)
    try:
        bulk_peers.save_seconds(store, events)
        replay = bulk_peers.replay_seconds(store, len(events))
    finally:
        store.close()
    return Figures(position, seconds, len(events), replay)


def _report(figures: Figures) -> None:
    print(f"{figures.events} events in {figures.seconds:.1f} s, {peak_mb():.0f} MB with the peer's")
    ours, replayed = figures.events / figures.seconds, figures.sample / figures.replay
    print(
        f"rebuild events_per_s={ours:.0f} eventsourcing_replay_per_s={replayed:.0f}"
        f" ratio={ours / replayed:.2f}"
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sample", type=int, default=SAMPLE, help="events for the peer")
    return parser.parse_args()


if __name__ == "__main__":
    main()
