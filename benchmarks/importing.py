"""How many claims a second come in from an archive, until their impacts are through.

A file of made-up rows of GDELT is taken in as the command does it: recognised, read through, every
row decoded, checked and looked for, written with all indexes and guards, standing rows and words;
beside it a follower takes the events in for a lens over the collection, and the time counts until
it is through. Scores are not waited for.

`copy` is a bare binary COPY of the rows of the event table that came of it, claims, documents and
sources alike, into one logged table with a primary key. `eventsourcing` is the library of that
name: it saves aggregates with the same bodies and words, a thousand in one transaction. Both have a
sample of the first events, and the machine for themselves. All figures are claims a second: for
the peers, the claims among the events that they wrote. Memory is that of the importer or the
follower, whichever had more.
"""

import argparse
from typing import NamedTuple

from benchmarks import archive, bulkpeers, scratch
from benchmarks.intake import Intake, take_in

SAMPLE = 100_000
COPIES = 3


class Peers(NamedTuple):
    """Seconds of each peer for a sample, and the events and the claims in it."""

    copies: list[float]
    saved: float
    events: int
    claims: int


def main() -> None:
    options = _options()
    with archive.made_up(options.rows, seed=options.seed) as path, scratch.database() as url:
        taken = take_in(path, archive.defined(["standing"]))
        peers = _peers(url, most=options.sample)
    _report(taken, peers)


def _peers(url: str, *, most: int) -> Peers:
    events = bulkpeers.sample(most)
    store = bulkpeers.store(url)
    try:
        return Peers(
            copies=[bulkpeers.copy_seconds(url, events) for _ in range(COPIES)],
            saved=bulkpeers.save_seconds(store, events),
            events=len(events),
            claims=sum(one.kind == "ClaimAsserted" for one in events),
        )
    finally:
        store.close()


def _report(taken: Intake, peers: Peers) -> None:
    importer = taken.importer
    counts = " ".join(f"{name}={number}" for name, number in importer.report.counts.items())
    print(f"rows={importer.report.rows} {counts} citations={importer.report.citations}")
    print(f"{'':14}{'seconds':>9}{'cpu s':>9}{'peak MB':>9}")
    print(f"{'importer':14}{importer.seconds:9.1f}{importer.own.cpu:9.1f}", end="")
    print(f"{importer.own.peak_mb:9.0f}")
    print(f"{'follower':14}{taken.seconds:9.1f}{taken.follower.cpu:9.1f}", end="")
    print(f"{taken.follower.peak_mb:9.0f}")
    print(f"the peers had {peers.events} events, {peers.claims} of them claims")
    ours = taken.claims / taken.seconds
    copied = peers.claims / (sum(peers.copies) / len(peers.copies))
    saved = peers.claims / peers.saved
    print(
        f"import claims_per_s={ours:.0f} copy_per_s={copied:.0f} eventsourcing_per_s={saved:.0f}"
        f" ratio_copy={ours / copied:.2f} ratio_eventsourcing={ours / saved:.2f}"
        f" peak_rss_mb={taken.peak_mb:.0f}"
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sample", type=int, default=SAMPLE, help="events for the peers")
    return parser.parse_args()


if __name__ == "__main__":
    main()
