"""Measures claims per second that several processes append to the log, against two peers.

`ours` is all of `assert_claim`: the claim is checked, its five references are looked up, its
standing row, its event and its words are written, with all indexes and guards. `with_wakeups` also
wakes the workers. `raw_ordered` locks and updates a head row, inserts one row of the same size and
commits, in plain psycopg. `eventsourcing` is the library of that name in its default mode: it saves
an aggregate with the same body, under a lock of its table. All take turns in one run.

After profiling, on two idle cores with eight processes, ours ran at .84 to .92 of the library and
at .63 to .68 of the bare insert. Ours is limited by the processor (1.35 ms per append: .62 in
Python, .70 in PostgreSQL, 9 % idle), the bare insert by the flush to disk under the head's lock
(40 % idle), the library by its table's lock (25 % idle). The library's Python costs the same (.58
against .59 ms). The difference is the work that it does not do, about .35 ms in the server: the
look-up of references, the standing row with its three indexes, the separate words, two hashes and
the guards' triggers. A table lock instead of the head's row lock would halve the slowest waits and
gain nothing otherwise; prepared statements would gain about 3 %.
"""

import argparse

from django.db import connections

from benchmarks import fixtures, peers, scratch
from benchmarks.process_pool import Measurement, ProcessPool

MEASURED = ("ours", "raw_ordered", "eventsourcing")
CONTESTANTS = (*MEASURED, "with_wakeups")


def main() -> None:
    options = _options()
    with scratch.database() as url:
        peers.make_tables(url)
        records = fixtures.record_all()
        connections.close_all()
        with ProcessPool(options.processes, setup=peers.writers, tools=(url, records)) as pool:
            _report(_race(pool, rounds=options.rounds, seconds=options.seconds))


def _race(pool: ProcessPool, *, rounds: int, seconds: float) -> dict[str, list[Measurement]]:
    """Run the contestants in turns, each round in another order; the first round is a warm-up."""
    turns: dict[str, list[Measurement]] = {name: [] for name in CONTESTANTS}
    for number in range(rounds + 1):
        first = number % len(CONTESTANTS)
        for name in (*CONTESTANTS[first:], *CONTESTANTS[:first]):
            turn = pool.run_for(name, seconds=seconds)
            if number:
                turns[name].append(turn)
    return turns


def _report(turns: dict[str, list[Measurement]]) -> None:
    print(f"{'':14}{'per s':>8}{'slowest':>9}{'fastest':>9}{'p50 ms':>9}{'p99 ms':>9}{'cpu ms':>9}")
    for name, taken in turns.items():
        rates = [turn.rate for turn in taken]
        waits = sorted(wait for turn in taken for wait in turn.waits)
        cpu = sum(turn.cpu for turn in taken) / len(waits)
        figures = (1e3 * waits[len(waits) // 2], 1e3 * waits[len(waits) * 99 // 100], 1e3 * cpu)
        print(f"{name:14}{_mean(rates):8.0f}{min(rates):9.0f}{max(rates):9.0f}", end="")
        print("".join(f"{figure:9.2f}" for figure in figures))
    ours, raw, library = (_mean([turn.rate for turn in turns[name]]) for name in MEASURED)
    print(
        f"append ours_per_s={ours:.0f} raw_ordered_per_s={raw:.0f}"
        f" eventsourcing_per_s={library:.0f} ratio_raw={ours / raw:.2f}"
        f" ratio_eventsourcing={ours / library:.2f}"
    )


def _mean(rates: list[float]) -> float:
    return sum(rates) / len(rates)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--processes", type=int, default=8, help="that write at once")
    parser.add_argument("--rounds", type=int, default=12, help="in which each has its turn")
    parser.add_argument("--seconds", type=float, default=1.0, help="that a turn takes")
    return parser.parse_args()


if __name__ == "__main__":
    main()
