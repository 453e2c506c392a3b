"""Editions: the values of a lens on a day as one text, and the digest by which it is cited.

The text is CSV in UTF-8: the line `HEADER`, then a line for each stored series with a knot by that
day. Pairs are in alphabetical order, and in a pair the undirected series before "KAZ>RUS" before
"RUS>KAZ" (of a level the undirected one alone). Each line ends in a newline. Numbers are the
shortest decimals that parse to the same float64 (Python's `repr`); a missing day is empty. The
digest is the SHA-256 of these bytes, in hex digits, as `sha256sum` prints it for the download. A
flow has no sd and interval: they are empty.

Beside them an edition keeps how far the level of each pair depends on the settings of its model
(`robustness`), where that is not too much work. The digest does not cover it.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from tracker.domain.lenses import LensVersion
from tracker.domain.robustness import MOST_WORK, VERSION, has_settings, level_spread, work
from tracker.domain.scoring.evidence import Impact, Pull, moves_level
from tracker.domain.scoring.moments import Knot

HEADER = "pair,direction,value,sd,low,high,claims,roots,state_roots,last_claim_day"

SPREADS_HEADER = "pair,low,high,same_sign"
# The most impacts, and the most work, for which an edition keeps spreads: about two minutes.
MOST_IMPACTS = 25_000
MOST_WORK_OF_EDITION = 500_000
# Why an edition has no spreads, by what is kept instead of a version of the settings.
NO_SPREADS = {
    "model": "the model has no settings that could as well be others",
    "too many": "too many claims count in it",
}

# The last knot of each direction of a pair that has one.
type LastKnots = Mapping[str, Knot]


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The digest of an edition, and its number of pairs."""

    digest: str
    pairs: int


def last_knots(
    lens: LensVersion, pair: str, impacts: Sequence[Impact], day: date
) -> dict[str, Knot]:
    """Fold the impacts on a pair and return the last knots on `day`, by direction."""
    last: dict[str, Knot] = {}
    for direction in lens.stored_directions(pair):
        knots = lens.scorer.knots(lens.pulls(impacts, direction), until=day)
        if knots:
            last[direction] = knots[-1]
    return last


def lines(lens: LensVersion, pair: str, knots: LastKnots, day: date) -> list[str]:
    """Return the lines of a pair, in the order of its stored directions."""
    return [
        _line(lens, pair, direction, knots[direction], day)
        for direction in lens.stored_directions(pair)
        if direction in knots
    ]


def _line(lens: LensVersion, pair: str, direction: str, knot: Knot, day: date) -> str:
    score = lens.scorer.at(knot, day)
    numbers = (score.value, score.sd, score.low, score.high)
    counts = (knot.claims, knot.roots, knot.state_roots)
    newest = knot.newest.isoformat() if knot.newest else ""
    shown = ("" if one is None else repr(one) for one in numbers)
    return ",".join([pair, direction, *shown, *map(str, counts), newest])


def text(rows: Iterable[str]) -> str:
    """Return the whole text of an edition."""
    return "".join(f"{row}\n" for row in (HEADER, *rows))


def summary(rows: Sequence[str]) -> Summary:
    """Return the digest of the lines, and the number of pairs."""
    pairs = {row.partition(",")[0] for row in rows}
    return Summary(digest=hashlib.sha256(text(rows).encode()).hexdigest(), pairs=len(pairs))


class KeptSpread(NamedTuple):
    """The lowest and the highest level of a pair under all settings, and the share of the settings
    under which it has the same sign; None if it has none."""

    low: float
    high: float
    same_sign: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spreads:
    """The spreads of the undirected pairs with an act, by name. `kept` is the version of the
    settings, or the key of the reason in `NO_SPREADS`."""

    kept: str
    by_pair: Mapping[str, KeptSpread]


def missing_spreads(lens: LensVersion) -> str:
    """Return why editions of a lens keep no spreads, as a key of `NO_SPREADS`; empty if they do."""
    return "" if has_settings(lens.scorer) else "model"


def spreads(lens: LensVersion, impacts: Mapping[str, Sequence[Impact]], day: date) -> Spreads:
    """Work out the spreads of a day from the impacts by pair. A pair with too many acts has
    none."""
    if reason := missing_spreads(lens):
        return Spreads(kept=reason, by_pair={})
    if sum(map(len, impacts.values())) > MOST_IMPACTS:
        return Spreads(kept="too many", by_pair={})
    series = {pair: lens.pulls(impacts[pair], pair) for pair in sorted(impacts)}
    works = {
        pair: work(lens.scorer, pulls, day)
        for pair, pulls in series.items()
        if _has_act(pulls, day)
    }
    if sum(own for own in works.values() if own <= MOST_WORK) > MOST_WORK_OF_EDITION:
        return Spreads(kept="too many", by_pair={})
    found = {pair: level_spread(lens.scorer, series[pair], day) for pair in works}
    by_pair = {pair: KeptSpread(*spread[1:]) for pair, spread in found.items() if spread}
    return Spreads(kept=VERSION, by_pair=by_pair)


def _has_act(pulls: Iterable[Pull], day: date) -> bool:
    end = day.toordinal()
    return any(moves_level(pull) and pull.first <= end for pull in pulls)


def spreads_text(by_pair: Mapping[str, KeptSpread]) -> str:
    """Return the spreads as CSV, with the numbers as in an edition."""
    rows = (
        f"{pair},{spread.low!r},{spread.high!r},"
        f"{'' if spread.same_sign is None else repr(spread.same_sign)}"
        for pair, spread in sorted(by_pair.items())
    )
    return "".join(f"{row}\n" for row in (SPREADS_HEADER, *rows))


def different_series(rows: Sequence[str], expected: Sequence[str]) -> list[str]:
    """Return the series whose lines differ, sorted by name."""
    lines_, expected_lines = _by_series(rows), _by_series(expected)
    return sorted(
        name
        for name in lines_.keys() | expected_lines.keys()
        if lines_.get(name) != expected_lines.get(name)
    )


def _by_series(rows: Sequence[str]) -> dict[str, str]:
    return {row.split(",")[1]: row for row in rows}
