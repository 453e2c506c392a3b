"""Compares a log of a million claims with one of ten thousand.

`claim`: the time for one more claim of a pair, from the call of the operation until its score is
read, with the follower and the scorer in the same process. `asof`: a read of that pair's ten years
by month, as known at a position near the head. Both are measured for one pair, in turns in a copy
of the small database and in the large one. `big`: a read of the ten years by month of a pair with a
hundred thousand claims, as known at the head, in turns with a bare read of the same rows of impacts
in plain psycopg. The ratios are of medians.

Two thousand claims are entered; the rest are copies of them (see `copies`). An audit checks the
copies: all of the small log, a sample of the large one. Before the measurement all tables are
vacuumed and analysed, as autovacuum would do later. All takes about five minutes on two cores.

Measured once, beside other work (load 3): a claim took 14.4 ms at ten thousand and 14.2 at a
million, the slowest 21 and 25; a read of a pair with about 150 claims 4.3 ms in both; the big pair
574 ms, its bare rows 289. The line was `growth claim_ratio=0.98 asof_ratio=1.01
big_pair_ratio=1.99`. The bare read creates lists of ids, as psycopg does by default; the product
reads them as text and creates each id once. Against the same rows read as text, which is faster,
the ratio of the big pair was 3.4 (load 3) and 3.9 (load 8) in two other runs, where it was 2.1 and
2.4 against the rows as lists. The rest is Python: a tuple per impact, a pull each, and the fold.
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

from benchmarks import copies, country_groups, scratch
from benchmarks.country_groups import FIRST_DAY, LAST_DAY, Groups
from benchmarks.fixtures import BY
from tracker import log
from tracker.log import appended
from tracker.operations import claims
from tracker.projections.audit import audit
from tracker.queries import moment
from tracker.queries.scores import pairs
from workers import tasks

# The claims of the measured pair, and those that are copied.
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


class WrongResult(RuntimeError):
    """A measured result is wrong."""


class Times(NamedTuple):
    """Seconds until a claim is in the score, and seconds of a read as known near the head."""

    claim: list[float]
    asof: list[float]


class Sizes(NamedTuple):
    """Claims of the small log, of the large log, and of the big pair in the large log."""

    small: int
    large: int
    big: int


def main() -> None:
    options = _options()
    sizes = Sizes(options.small, options.large, options.big or options.large // 10)
    appended.disconnect(dispatch_uid="workers")
    with scratch.database() as url:
        groups = _small(sizes)
        with scratch.copy(url) as kept:
            _large(groups, sizes)
            small, large = _alternate(groups, (kept, url), times=options.times)
        big, bare = _big(groups, url)
    _report(small, large, big, bare)


def _small(sizes: Sizes) -> Groups:
    """Build and audit the small log."""
    groups = enter_and_copy(sizes.small)
    _score_and_audit(groups, sample=None)
    return groups


def enter_and_copy(size: int) -> Groups:
    """Record countries and claims about them, most of them copies."""
    measured, templates = (min(most, size // 3) for most in (MEASURED, TEMPLATES))
    with stage(f"enter {measured + templates} claims"):
        groups = country_groups.record_all()
        country_groups.enter(groups, groups.measured, times=measured)
        copies.prepare(country_groups.enter(groups, groups.few, times=templates), groups.view)
    with stage(f"copy up to {size} claims"):
        copies.fill(groups.few, groups.view, times=size - measured - templates)
    return groups


def _large(groups: Groups, sizes: Sizes) -> None:
    """Extend it to the large log, with the big pair."""
    with stage(f"copy up to {sizes.large} claims"):
        copies.fill(groups.big, groups.view, times=sizes.big)
        copies.fill(groups.many, groups.view, times=sizes.large - sizes.small - sizes.big)
    _score_and_audit(groups, sample=20)


def _score_and_audit(groups: Groups, *, sample: int | None) -> None:
    with stage("score"):
        copies.score(groups.view)
    with stage("vacuum and analyse"):
        copies.vacuum()
    with stage("audit"):
        if differing := audit(at=datetime.now(UTC), sample=sample):
            raise WrongResult(f"the copies are not what the pipeline writes: {differing[:5]}")


def _alternate(groups: Groups, urls: tuple[str, str], *, times: int) -> tuple[Times, Times]:
    """Measure in both databases in turns."""
    taken = (Times([], []), Times([], []))
    draws = (random.Random(1), random.Random(1))
    with stage("measure"):
        for _ in range(ROUNDS):
            for url, found, draw in zip(urls, taken, draws, strict=True):
                scratch.use(url)
                _measure(groups, found, draw=draw, times=-(-times // ROUNDS))
    return taken


def _measure(groups: Groups, found: Times, *, draw: random.Random, times: int) -> None:
    """Measure after a warm-up: the connection is new, and caches contain the other database."""
    for act, kept in ((_asof, found.asof), (_claim, found.claim)):
        taken = [act(groups, draw) for _ in range(WARM_UP + times)]
        kept.extend(taken[WARM_UP:])


def _claim(groups: Groups, draw: random.Random) -> float:
    """Assert a claim and read the score.

    :raises WrongResult: if the score does not count it.
    """
    pair = country_groups.pair(groups.measured)
    claim = country_groups.claim(groups, groups.measured, draw=draw)
    expected = _series(pair).on(LAST_DAY).claims + 1
    started = time.perf_counter()
    claims.assert_claim(claim, at=datetime.now(UTC), by=BY)
    tasks.WORK["follow"](datetime.now(UTC))
    reading = _series(pair).on(LAST_DAY)
    seconds = time.perf_counter() - started
    if reading.claims != expected:
        raise WrongResult(f"{reading.claims} claims are in the score, not {expected}")
    return seconds


def _asof(groups: Groups, draw: random.Random) -> float:
    """Read ten years as known at a position near the head."""
    position = log.head().position - draw.randrange(3)
    started = time.perf_counter()
    series = _series(country_groups.pair(groups.measured), as_of=position)
    series.over(FIRST_DAY, LAST_DAY, every="month")
    return time.perf_counter() - started


def _series(pair: str, *, as_of: moment.AsOf = None) -> pairs.Series:
    return pairs.series(pair, direction=pair, lens=LENS, as_of=moment.at(as_of))


def _big(groups: Groups, url: str) -> tuple[list[float], list[float]]:
    """Read the big pair as known at the head, and its bare rows, in turns."""
    scratch.use(url)
    pair, position = country_groups.pair(groups.big), log.head().position
    given = (groups.view.id, pair, position, position)

    def scores() -> None:
        _series(pair, as_of=position).over(FIRST_DAY, LAST_DAY, every="month")

    with stage("measure the big pair"), psycopg.connect(url, autocommit=True) as plain:
        turns = [
            (_seconds(scores), _seconds(lambda: plain.execute(_ROWS, given).fetchall()))
            for _ in range(BIG_TURNS + 1)
        ]
    return [ours for ours, _ in turns[1:]], [bare for _, bare in turns[1:]]


def _seconds(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


@contextmanager
def stage(what: str) -> Iterator[None]:
    print(f"{what} …", end=" ", flush=True)
    started = time.monotonic()
    yield
    print(f"{time.monotonic() - started:.1f} s, load {os.getloadavg()[0]:.1f}", flush=True)


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
