"""Editions: the values of a lens on a day as one text, and the digest by which it is cited.

The text is CSV in UTF-8: the line `HEADER`, then a line for each series that has a knot by that
day, pairs in the order of their names, the undirected one before "KAZ>RUS" before "RUS>KAZ". Each
line ends in a newline. Numbers stand as the shortest decimals that read back as the same float64
(Python's `repr`), a missing day is empty. The digest is the SHA-256 of these bytes, in hex digits:
`sha256sum` of the download gives it.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.domain.lenses import LensVersion, directions
from tracker.domain.scoring.evidence import Impact
from tracker.domain.scoring.moments import Knot

HEADER = "pair,direction,value,sd,low,high,claims,roots,state_roots,last_claim_day"

# The last knot of each direction of a pair that has one.
type Held = Mapping[str, Knot]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """What an edition comes to: its digest, and over how many pairs of countries."""

    digest: str
    pairs: int


def held(lens: LensVersion, pair: str, impacts: Sequence[Impact], day: date) -> dict[str, Knot]:
    """Fold the impacts on a pair and give the knots that hold on `day`, by direction."""
    found: dict[str, Knot] = {}
    for direction in directions(pair):
        made = lens.scorer(direction).knots(lens.pulls(impacts, direction), until=day)
        if made:
            found[direction] = made[-1]
    return found


def lines(lens: LensVersion, pair: str, knots: Held, day: date) -> list[str]:
    """The lines of a pair, in the order of its directions."""
    return [
        _line(lens, pair, direction, knots[direction], day)
        for direction in directions(pair)
        if direction in knots
    ]


def _line(lens: LensVersion, pair: str, direction: str, knot: Knot, day: date) -> str:
    score = lens.scorer(direction).at(knot, day)
    numbers = (score.value, score.sd, score.low, score.high)
    counts = (knot.claims, knot.roots, knot.state_roots)
    newest = knot.newest.isoformat() if knot.newest else ""
    return ",".join([pair, direction, *map(repr, numbers), *map(str, counts), newest])


def text(rows: Iterable[str]) -> str:
    """The whole text of an edition, from its lines."""
    return "".join(f"{row}\n" for row in (HEADER, *rows))


def summed(rows: Sequence[str]) -> Sum:
    """The digest over an edition's lines, and how many pairs there are."""
    pairs = {row.partition(",")[0] for row in rows}
    return Sum(digest=hashlib.sha256(text(rows).encode()).hexdigest(), pairs=len(pairs))


def unlike(rows: Sequence[str], expected: Sequence[str]) -> list[str]:
    """Name the series whose lines differ, in the order of their names."""
    one, other = _by_series(rows), _by_series(expected)
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


def _by_series(rows: Sequence[str]) -> dict[str, str]:
    return {row.split(",")[1]: row for row in rows}
