"""Measures claims per second of the import of an archive, until all impacts are computed.

A file of generated rows of GDELT is imported as the command does: the format is detected, every row
is read, decoded, checked and looked up, and written with all indexes and guards, standing rows and
words. A follower processes the events at the same time for a lens over the collection; the time
counts until it has finished. Scores are not included.

`copy` is a bare binary COPY of the resulting rows of the event table (claims, documents and
sources) into a logged table with a primary key. `eventsourcing` is the library of that name: it
saves aggregates with the same bodies and words, a thousand per transaction. Each peer writes a
sample of the first events and runs alone. All figures are claims per second; for the peers, the
claims among the events that they wrote. Memory is that of the importer or the follower, whichever
is larger.
"""

import argparse
from typing import NamedTuple

from benchmarks import archive, bulk_peers, scratch
from benchmarks.import_run import ImportResult, run_import

SAMPLE = 100_000
COPIES = 3


class Peers(NamedTuple):
    """The seconds of each peer for a sample, and the events and claims in it."""

    copies: list[float]
    saved: float
    events: int
    claims: int


def main() -> None:
    options = _options()
    with archive.generated_file(options.rows, seed=options.seed) as path, scratch.database() as url:
        result = run_import(path, archive.define_lenses(["standing"]))
        peers = _peers(url, most=options.sample)
    _report(result, peers)


def _peers(url: str, *, most: int) -> Peers:
    events = bulk_peers.sample(most)
    store = bulk_peers.store(url)
    try:
        return Peers(
            copies=[bulk_peers.copy_seconds(url, events) for _ in range(COPIES)],
            saved=bulk_peers.save_seconds(store, events),
            events=len(events),
            claims=sum(one.kind == "ClaimAsserted" for one in events),
        )
    finally:
        store.close()


def _report(result: ImportResult, peers: Peers) -> None:
    importer = result.importer
    counts = " ".join(f"{name}={number}" for name, number in importer.report.counts.items())
    print(f"rows={importer.report.rows} {counts} citations={importer.report.citations}")
    print(f"{'':14}{'seconds':>9}{'cpu s':>9}{'peak MB':>9}")
    print(f"{'importer':14}{importer.seconds:9.1f}{importer.usage.cpu:9.1f}", end="")
    print(f"{importer.usage.peak_mb:9.0f}")
    print(f"{'follower':14}{result.seconds:9.1f}{result.follower.cpu:9.1f}", end="")
    print(f"{result.follower.peak_mb:9.0f}")
    print(f"the peers had {peers.events} events, {peers.claims} of them claims")
    ours = result.claims / result.seconds
    copied = peers.claims / (sum(peers.copies) / len(peers.copies))
    saved = peers.claims / peers.saved
    print(
        f"import claims_per_s={ours:.0f} copy_per_s={copied:.0f} eventsourcing_per_s={saved:.0f}"
        f" ratio_copy={ours / copied:.2f} ratio_eventsourcing={ours / saved:.2f}"
        f" peak_rss_mb={result.peak_mb:.0f}"
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sample", type=int, default=SAMPLE, help="events for the peers")
    return parser.parse_args()


if __name__ == "__main__":
    main()
