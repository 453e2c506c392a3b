"""Editions: the values of a lens on a day as one text, and the digest by which it is cited.

The text is CSV in UTF-8: the line `HEADER`, then a line for each series with a knot by that day.
Pairs are in alphabetical order, and in a pair the undirected series before "KAZ>RUS" before
"RUS>KAZ". Each line ends in a newline. Numbers are the shortest decimals that parse to the same
float64 (Python's `repr`); a missing day is empty. The digest is the SHA-256 of these bytes, in hex
digits, as `sha256sum` prints it for the download.
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
    for direction in directions(pair):
        knots = lens.scorer(direction).knots(lens.pulls(impacts, direction), until=day)
        if knots:
            last[direction] = knots[-1]
    return last


def lines(lens: LensVersion, pair: str, knots: LastKnots, day: date) -> list[str]:
    """Return the lines of a pair, in the order of its directions."""
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
    """Return the whole text of an edition."""
    return "".join(f"{row}\n" for row in (HEADER, *rows))


def summary(rows: Sequence[str]) -> Summary:
    """Return the digest of the lines, and the number of pairs."""
    pairs = {row.partition(",")[0] for row in rows}
    return Summary(digest=hashlib.sha256(text(rows).encode()).hexdigest(), pairs=len(pairs))


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
