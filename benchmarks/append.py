"""Measures claims per second that processes append to the log, against two peers: eight processes
at the same time, and one.

`ours` is all of `assert_claim`: the claim is checked, its five references are looked up, its
standing row, its event and its words are written, with all indexes and guards. `with_wakeups` also
wakes the workers. `raw_ordered` locks and updates a head row, inserts one row of the same size and
commits, in plain psycopg. `eventsourcing` is the library of that name in its default mode: it saves
an aggregate with the same body, under a lock of its table. All take turns in one run, in a log of N
claims.

By profile, one append of ours takes .10 ms in Python, .05 in the driver and .23 in PostgreSQL: .06
for the guards' triggers, .03 for the indexes by which claims are searched, .01 for the check of
references, .13 for the rows of the claim, the event and the words with their keys and hashes. The
flush to disk comes to that, as for the peers. The bare insert does none of this, and the library no
look-up of references, no second row, no separate words, no hashes and no guards. With eight writers
a flush serves several appends, since those that waited for their turn flush after their commit.
"""

import random
import statistics

from benchmarks import logs, peers, records
from benchmarks.figures import note, print_line, print_waits
from benchmarks.options import Options
from benchmarks.peers import Append
from benchmarks.processes import Measurement, ProcessPool, process_pool
from benchmarks.records import Records
from benchmarks.server_cpu import Spent, server_cpu
from config import web_process
from tracker.log import appended
from workers import wakeups

# The numbers of writers; of each there is a line.
WRITERS = (1, 8)
ROUNDS = 12
SECONDS = 1.0
type Turns = dict[str, list[Measurement]]
CONTESTANTS = ("ours", "raw_ordered", "eventsourcing", "with_wakeups")


def run(options: Options) -> None:
    with logs.large(options.claims) as (url, log):
        peers.make_tables(url)
        for writers in WRITERS:
            with process_pool(writers, _actions, url, log.records) as pool:
                rounds, seconds = options.times(ROUNDS), options.seconds(SECONDS)
                turns, spent = _race(pool, rounds=rounds, seconds=seconds)
            _report(turns, Spent(spent["ours"]), writers=writers)


def _actions(url: str, made: Records, number: int) -> dict[str, Append]:
    """The function of each contestant that writes one claim, in a process like a web server's."""
    web_process.prepare()
    draw = random.Random(number)
    claim = records.new_claim(made, draw=draw)
    appended.disconnect(dispatch_uid="workers")

    def append() -> None:
        records.append_claim(made, draw=draw)

    def append_and_wake() -> None:
        append()
        wakeups.follow_log.send_soon()

    return {
        "ours": append,
        "with_wakeups": append_and_wake,
        "raw_ordered": peers.insert_by(url, claim),
        "eventsourcing": peers.save_by(url, claim),
    }


def _race(pool: ProcessPool, *, rounds: int, seconds: float) -> tuple[Turns, dict[str, float]]:
    """Run the contestants in turns, each round in another order; the first round is a warm-up.
    Returns the turns of each, and the CPU seconds of PostgreSQL in them."""
    spent = dict.fromkeys(CONTESTANTS, 0.0)
    turns: dict[str, list[Measurement]] = {name: [] for name in CONTESTANTS}
    for number in range(rounds + 1):
        first = number % len(CONTESTANTS)
        for name in (*CONTESTANTS[first:], *CONTESTANTS[:first]):
            with server_cpu() as server:
                turn = pool.run_for(name, seconds=seconds)
            if number:
                turns[name].append(turn)
                spent[name] += server.seconds
    return turns, spent


def _report(turns: Turns, server: Spent, *, writers: int) -> None:
    note(f"{writers} at the same time")
    waits = {name: [wait for turn in taken for wait in turn.waits] for name, taken in turns.items()}
    print_waits(waits)
    for name, taken in turns.items():
        note(f"{name:16}{1e3 * sum(turn.cpu for turn in taken) / len(waits[name]):8.2f} ms of CPU")
    rates = {name: statistics.mean(turn.rate for turn in taken) for name, taken in turns.items()}
    ours, raw, library = rates["ours"], rates["raw_ordered"], rates["eventsourcing"]
    print_line(
        "append",
        writers=writers,
        ours_per_s=f"{ours:.0f}",
        raw_ordered_per_s=f"{raw:.0f}",
        eventsourcing_per_s=f"{library:.0f}",
        ratio_raw=f"{ours / raw:.2f}",
        ratio_eventsourcing=f"{ours / library:.2f}",
        postgres_cpu_us=server.micros(len(waits["ours"])),
    )
