"""Measures events per second of a rebuild, over a log of N claims.

`manage.py rebuild` with a lens of each model: all derived tables are rebuilt and replaced (standing
rows, impacts, dependencies, knots and the table of pairs). `eventsourcing` is the library of that
name. In the same run it does two things with a sample of the same events, in order: `replay` reads
and decodes them, `projection` also writes one short row for each into PostgreSQL, with the position
that it reached, in one transaction, which is how its projections work. `ratio` and
`ratio_projection` are our events per second over those. Each runs alone, in one process.
"""

from datetime import UTC, datetime

from benchmarks import logs, peers, records
from benchmarks.figures import note, print_line, seconds_of
from benchmarks.logs import WrongResult
from benchmarks.options import Options
from benchmarks.server_cpu import server_cpu
from tracker import log
from tracker.domain import scoring
from tracker.projections import disclosure, impacts
from tracker.projections.rebuild import rebuild


def run(options: Options) -> None:
    with logs.large(options.claims) as (url, made):
        for model in scoring.MODELS.keys() - {"standing"}:
            records.define_lens(model, made.records.collection)
        disclosure.follow_all()
        impacts.follow_all()
        with server_cpu() as server:
            seconds = seconds_of(_rebuild)
        number, events = log.head().position, peers.sample()
        with peers.bulk_library(url) as library:
            peers.save_all(library, peers.contents(events))
            replay = len(events) / seconds_of(lambda: peers.replay(library, len(events)))
            projection = len(events) / seconds_of(lambda: peers.project(library, len(events)))
    note(f"{number} events in {seconds:.1f} s; the peers had {len(events)}")
    ours = number / seconds
    print_line(
        "rebuild",
        events_per_s=f"{ours:.0f}",
        eventsourcing_replay_per_s=f"{replay:.0f}",
        ratio=f"{ours / replay:.2f}",
        ratio_projection=f"{ours / projection:.2f}",
        postgres_cpu_us=server.micros(options.claims),
        eventsourcing_projection_per_s=f"{projection:.0f}",
    )


def _rebuild() -> None:
    position = rebuild(today=datetime.now(UTC).date(), report=lambda *_: None)
    if position != log.head().position:
        raise WrongResult(f"the rebuild ended at {position}, not at {log.head().position}")
