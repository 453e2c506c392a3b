"""What a log of a million claims costs over one of ten thousand.

`claim`: one more claim for a pair, from the call of the operation until its score is read, with
the follower and the scorer in the same process. `asof`: that pair's ten years by month as known at
a position near the head. Both are measured for one pair, in a copy of the database kept while it
was small and in the one that grew, in turns. `big`: the ten years by month of a pair with a hundred
thousand claims, as known at the head, against a bare read of the same rows of impacts in plain
psycopg, in turns too. The ratios are of medians.

Two thousand claims are entered; the rest are copies of them (see `copies`), and the auditor must
find no difference between what stands beside the copies and what follows from the log: of all the
small one, of a sample of the large one. Before the measuring all tables are vacuumed and analysed,
as autovacuum does after a while. It all takes some five minutes on two cores.

Seen once, beside other work (load 3): a claim 14.4 ms at ten thousand and 14.2 at a million, its
slowest 21 and 25; a read of a pair with some 150 claims 4.3 ms in both; the big pair 574 ms, its
bare rows 289. So the line was `growth claim_ratio=0.98 asof_ratio=1.01 big_pair_ratio=1.99`. The
bare read makes lists of ids, as psycopg does by itself; the product reads them as text and makes
each once. Against the same rows read as text, with which a bare read is faster, the big pair was in
two runs apart at 3.4 (load 3) and 3.9 (load 8) by medians, where it was at 2.1 and 2.4 against the
rows as they are. The rest is Python's: a tuple an impact, a pull each, and the fold.
"""

import argparse
import os
import random
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import NamedTuple

import psycopg

from benchmarks import copies, scratch
from benchmarks import crowds as made
from benchmarks.cast import BY
from benchmarks.crowds import FIRST_DAY, LAST_DAY, Crowds
from tracker import log
from tracker.log import appended
from tracker.operations import claims
from tracker.projections.audit import audit
from tracker.queries import moment
from tracker.queries.scores import pairs
from workers import tasks

# The claims of the pair that is measured, and those that are entered to be copied.
MEASURED = 90
TEMPLATES = 2_000
ROUNDS = 5
BIG_TURNS = 9
WARM_UP = 4
LENS = "standing"
_ROWS = (
    "SELECT claim, initiator, recipient, first, last, situation, fades, value, weight, sectors, p,"
    " roots, state_roots FROM impact WHERE view = %s AND pair = %s AND known_from <= %s"
    " AND (known_until IS NULL OR known_until > %s) ORDER BY claim, initiator"
)


class Untrue(RuntimeError):
    """What was measured is not what it should be."""


class Times(NamedTuple):
    """Seconds that a claim took until it was in the score, and reads as known at the head."""

    claim: list[float]
    asof: list[float]


class Sizes(NamedTuple):
    """Claims in the log at first and in the end, and those of the big pair among them."""

    small: int
    large: int
    big: int


def main() -> None:
    options = _options()
    sizes = Sizes(options.small, options.large, options.big or options.large // 10)
    appended.disconnect(dispatch_uid="workers")
    with scratch.database() as url:
        crowds = _small(sizes)
        with scratch.copied(url) as kept:
            _large(crowds, sizes)
            small, large = _in_turns(crowds, (kept, url), times=options.times)
        big, bare = _big(crowds, url)
    _report(small, large, big, bare)


def _small(sizes: Sizes) -> Crowds:
    """A log of the first size, found to be whole."""
    measured, templates = (min(most, sizes.small // 3) for most in (MEASURED, TEMPLATES))
    with stage(f"enter {measured + templates} claims"):
        crowds = made.on_record()
        made.enter(crowds, crowds.measured, times=measured)
        copies.prepare(made.enter(crowds, crowds.few, times=templates), crowds.view)
    with stage(f"copy up to {sizes.small} claims"):
        copies.fill(crowds.few, crowds.view, times=sizes.small - measured - templates)
    _make_whole(crowds, sample=None)
    return crowds


def _large(crowds: Crowds, sizes: Sizes) -> None:
    """The log of the second size, the big pair in it."""
    with stage(f"copy up to {sizes.large} claims"):
        copies.fill(crowds.big, crowds.view, times=sizes.big)
        copies.fill(crowds.many, crowds.view, times=sizes.large - sizes.small - sizes.big)
    _make_whole(crowds, sample=20)


def _make_whole(crowds: Crowds, *, sample: int | None) -> None:
    with stage("score"):
        copies.score(crowds.view)
    with stage("vacuum and analyse"):
        copies.settle()
    with stage("audit"):
        if differing := audit(at=datetime.now(UTC), sample=sample):
            raise Untrue(f"the copies are not what the pipeline writes: {differing[:5]}")


def _in_turns(crowds: Crowds, urls: tuple[str, str], *, times: int) -> tuple[Times, Times]:
    """Measure in both databases, first in one, then in the other."""
    taken = (Times([], []), Times([], []))
    draws = (random.Random(1), random.Random(1))
    with stage("measure"):
        for _ in range(ROUNDS):
            for url, found, draw in zip(urls, taken, draws, strict=True):
                scratch.use(url)
                _measure(crowds, found, draw=draw, times=-(-times // ROUNDS))
    return taken


def _measure(crowds: Crowds, found: Times, *, draw: random.Random, times: int) -> None:
    """Take the times after a warm-up: connections are new, and the other database was read."""
    for act, kept in ((_asof, found.asof), (_claim, found.claim)):
        taken = [act(crowds, draw) for _ in range(WARM_UP + times)]
        kept.extend(taken[WARM_UP:])


def _claim(crowds: Crowds, draw: random.Random) -> float:
    """Assert a claim and read the score that counts it.

    :raises Untrue: if it does not.
    """
    pair = made.pair(crowds.measured)
    claim = made.claim(crowds, crowds.measured, draw=draw)
    expected = _series(pair).on(LAST_DAY).claims + 1
    began = time.perf_counter()
    claims.assert_claim(claim, at=datetime.now(UTC), by=BY)
    tasks.WORK["follow"](datetime.now(UTC))
    reading = _series(pair).on(LAST_DAY)
    seconds = time.perf_counter() - began
    if reading.claims != expected:
        raise Untrue(f"{reading.claims} claims are in the score, not {expected}")
    return seconds


def _asof(crowds: Crowds, draw: random.Random) -> float:
    """Read ten years as known at a position near the head."""
    position = log.head().position - draw.randrange(3)
    began = time.perf_counter()
    _series(made.pair(crowds.measured), as_of=position).over(FIRST_DAY, LAST_DAY, every="month")
    return time.perf_counter() - began


def _series(pair: str, *, as_of: moment.AsOf = None) -> pairs.Series:
    return pairs.series(pair, direction=pair, lens=LENS, as_of=as_of)


def _big(crowds: Crowds, url: str) -> tuple[list[float], list[float]]:
    """Read the big pair as known at the head, and its bare rows, in turns."""
    scratch.use(url)
    pair, position = made.pair(crowds.big), log.head().position
    given = (crowds.view.id, pair, position, position)

    def scores() -> None:
        _series(pair, as_of=position).over(FIRST_DAY, LAST_DAY, every="month")

    with stage("measure the big pair"), psycopg.connect(url, autocommit=True) as plain:
        turns = [
            (_timed(scores), _timed(lambda: plain.execute(_ROWS, given).fetchall()))
            for _ in range(BIG_TURNS + 1)
        ]
    return [ours for ours, _ in turns[1:]], [bare for _, bare in turns[1:]]


def _timed(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


@contextmanager
def stage(what: str) -> Iterator[None]:
    print(f"{what} …", end=" ", flush=True)
    began = time.monotonic()
    yield
    print(f"{time.monotonic() - began:.1f} s, load {os.getloadavg()[0]:.1f}", flush=True)


def _report(small: Times, large: Times, big: list[float], bare: list[float]) -> None:
    rows = {
        "claim, small": small.claim,
        "claim, large": large.claim,
        "as of, small": small.asof,
        "as of, large": large.asof,
        "big pair": big,
        "big, bare rows": bare,
    }
    for name, seconds in rows.items():
        middle, least, most = statistics.median(seconds), min(seconds), max(seconds)
        print(f"{name:16}{1e3 * middle:9.2f} ms  {1e3 * least:9.2f} to {1e3 * most:.2f}")
    print(
        f"growth claim_ratio={_ratio(large.claim, small.claim):.2f}"
        f" asof_ratio={_ratio(large.asof, small.asof):.2f}"
        f" big_pair_ratio={_ratio(big, bare):.2f}"
    )


def _ratio(ours: list[float], theirs: list[float]) -> float:
    return statistics.median(ours) / statistics.median(theirs)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", type=int, default=10_000, help="claims in the log at first")
    parser.add_argument("--large", type=int, default=1_000_000, help="claims in the end")
    parser.add_argument("--big", type=int, help="claims of the big pair in it; else a tenth")
    parser.add_argument("--times", type=int, default=40, help="that each is measured")
    return parser.parse_args()


if __name__ == "__main__":
    main()
