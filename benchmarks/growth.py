"""Compares a log of N claims with one of ten thousand.

`claim`: the time for one more claim of a pair, from the call of the operation until its score is
read, with the follower and the scorer in the same process. `asof`: a read of that pair's ten years
by month, as known at a position near the head. Both are measured for one pair, in turns in the
small log and in the large one. `big`: a read of the ten years by month of a pair with a tenth of
all claims, as known at the head, in turns with a bare read of the same rows of impacts in plain
psycopg. The ratios are of medians.

Measured once with a million claims, beside other work (load 3): a claim took 14.4 ms at ten
thousand and 14.2 at a million, the slowest 21 and 25; a read of a pair with about 150 claims 4.3 ms
in both; the big pair 574 ms, its bare rows 289. The line was `growth claim_ratio=0.98
asof_ratio=1.01 big_pair_ratio=1.99`. The bare read creates lists of ids, as psycopg does by
default; the product reads them as text and creates each id once. Against the same rows read as
text, which is faster, the ratio of the big pair was 3.4 (load 3) and 3.9 (load 8) in two other
runs, where it was 2.1 and 2.4 against the rows as lists. The rest is Python: a tuple per impact, a
pull each, and the fold.
"""

import random
import statistics
import time
from datetime import UTC, datetime
from typing import NamedTuple

import psycopg

from benchmarks import logs, records, templates
from benchmarks.figures import print_line, print_waits, seconds_of
from benchmarks.logs import Log, WrongResult
from benchmarks.options import Options
from benchmarks.records import BY, FIRST_DAY, LAST_DAY
from tracker import log
from tracker.operations import claims
from tracker.queries import moment
from tracker.queries.scores import pairs
from workers import tasks

ROUNDS = 5
TIMES = 8
BIG_TURNS = 9
WARM_UP = 4
LENS = "standing"
_ROWS = (
    "SELECT claim, initiator, recipient, first, last, situation, fades, value, weight, sectors, p,"
    " roots, state_roots FROM impact WHERE view = %s AND pair = %s AND known_from <= %s"
    " AND (known_until IS NULL OR known_until > %s) ORDER BY claim, initiator"
)


class Times(NamedTuple):
    """Seconds until a claim is in the score, and seconds of a read as known near the head."""

    claim: list[float]
    asof: list[float]


def run(options: Options) -> None:
    with logs.small(options.claims) as (before, made), logs.large(options.claims) as (url, grown):
        small, large = Times([], []), Times([], [])
        draws = (random.Random(1), random.Random(1))
        for _ in range(options.times(ROUNDS)):
            for at, times, draw in zip((before, url), (small, large), draws, strict=True):
                templates.use(at)
                _measure(made, times, draw=draw, times=options.times(TIMES))
        templates.use(url)
        big, bare = _big(grown, url, turns=options.times(BIG_TURNS))
    print_waits(
        {
            "claim, small": small.claim,
            "claim, large": large.claim,
            "as of, small": small.asof,
            "as of, large": large.asof,
            "big pair": big,
            "big, bare rows": bare,
        }
    )
    print_line(
        "growth",
        claim_ratio=_ratio(large.claim, small.claim),
        asof_ratio=_ratio(large.asof, small.asof),
        big_pair_ratio=_ratio(big, bare),
    )


def _measure(made: Log, found: Times, *, draw: random.Random, times: int) -> None:
    """Measure after a warm-up: the connection is new, and caches contain the other database."""
    for act, kept in ((_asof, found.asof), (_claim, found.claim)):
        taken = [act(made, draw) for _ in range(WARM_UP + times)]
        kept.extend(taken[WARM_UP:])


def _claim(made: Log, draw: random.Random) -> float:
    """Assert a claim and read the score.

    :raises WrongResult: if the score does not count it.
    """
    pair = records.pair(made.measured)
    claim = records.claim_about(made.records, made.measured, draw=draw)
    expected = _series(pair).on(LAST_DAY).claims + 1
    started = time.perf_counter()
    claims.assert_claim(claim, at=datetime.now(UTC), by=BY)
    tasks.WORK["follow"](datetime.now(UTC))
    reading = _series(pair).on(LAST_DAY)
    seconds = time.perf_counter() - started
    if reading.claims != expected:
        raise WrongResult(f"{reading.claims} claims are in the score, not {expected}")
    return seconds


def _asof(made: Log, draw: random.Random) -> float:
    """Read ten years as known at a position near the head."""
    position = log.head().position - draw.randrange(3)
    return seconds_of(lambda: _read_months(records.pair(made.measured), position))


def _read_months(pair: str, position: int) -> None:
    _series(pair, as_of=position).over(FIRST_DAY, LAST_DAY, every="month")


def _series(pair: str, *, as_of: moment.AsOf = None) -> pairs.Series:
    return pairs.series(pair, direction=pair, lens=LENS, as_of=moment.at(as_of))


def _big(made: Log, url: str, *, turns: int) -> tuple[list[float], list[float]]:
    """Read the big pair as known at the head, and its bare rows, in turns."""
    pair, position = records.pair(made.big), log.head().position
    given = (made.view.id, pair, position, position)
    with psycopg.connect(url, autocommit=True) as plain:
        taken = [
            (
                seconds_of(lambda: _read_months(pair, position)),
                seconds_of(lambda: plain.execute(_ROWS, given).fetchall()),
            )
            for _ in range(turns + 1)
        ]
    return [ours for ours, _ in taken[1:]], [bare for _, bare in taken[1:]]


def _ratio(ours: list[float], theirs: list[float]) -> str:
    return f"{statistics.median(ours) / statistics.median(theirs):.2f}"
