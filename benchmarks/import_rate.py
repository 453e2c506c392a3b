"""Measures claims per second of the import of an archive, until all impacts are computed.

A file of N generated rows of GDELT is imported as the command does: the format is detected, every
row is read, decoded, checked and looked up, and written with all indexes and guards, standing rows
and words. A follower processes the events at the same time for a lens over the collection; the time
counts until it has finished. Scores are not included.

`copy` is a bare binary COPY of the resulting rows of the event table (claims, documents and
sources) into a logged table with a primary key. `eventsourcing` is the library of that name: it
saves aggregates with the same bodies and words, a thousand per transaction. Each peer writes a
sample of the first events and runs alone. All figures are claims per second; for the peers, the
claims among the events that they wrote. Memory is that of the importer or the follower, whichever
is larger. `cpu_us` and `postgres_cpu_us` are microseconds of CPU a claim: of both processes, and of
PostgreSQL.
"""

import statistics
from typing import NamedTuple

import psycopg

from benchmarks import archive, logs, peers
from benchmarks.archive import ImportResult
from benchmarks.figures import note, print_line, seconds_of
from benchmarks.options import Options

COPIES = 3


class Peers(NamedTuple):
    """Claims per second of each peer."""

    copy: float
    library: float


def run(options: Options) -> None:
    with archive.generated_file(options.claims) as path, logs.empty() as url:
        result = archive.run_import(path, archive.define_lens())
        _report(result, _peers(url))


def _peers(url: str) -> Peers:
    events = peers.sample()
    claims = sum(event.kind == "ClaimAsserted" for event in events)
    with psycopg.connect(url, autocommit=True) as connection:
        copied = statistics.mean(
            seconds_of(lambda: peers.copy_all(connection, events)) for _ in range(COPIES)
        )
    contents = peers.contents(events)
    with peers.bulk_library(url) as library:
        saved = seconds_of(lambda: peers.save_all(library, contents))
    note(f"the peers had {len(events)} events, {claims} of them claims")
    return Peers(claims / copied, claims / saved)


def _report(result: ImportResult, rates: Peers) -> None:
    importer, follower = result.importer, result.follower
    note(f"rows={importer.report.rows} {importer.report.counts}")
    note(f"importer {importer.seconds:.1f} s, {importer.usage.cpu:.1f} s of CPU")
    note(f"follower {result.seconds:.1f} s, {follower.cpu:.1f} s of CPU")
    ours = result.claims / result.seconds
    print_line(
        "import",
        claims_per_s=f"{ours:.0f}",
        copy_per_s=f"{rates.copy:.0f}",
        eventsourcing_per_s=f"{rates.library:.0f}",
        ratio_copy=f"{ours / rates.copy:.2f}",
        ratio_eventsourcing=f"{ours / rates.library:.2f}",
        cpu_us=result.cpu_us,
        postgres_cpu_us=result.server.micros(result.claims),
        peak_rss_mb=f"{result.peak_mb:.0f}",
    )
