"""Triangles of countries under a lens that measures levels, on a day and over a span of days."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from itertools import combinations

from tracker.domain.lenses import LensVersion, pair_of
from tracker.domain.movements import WindowMovement
from tracker.domain.problems import BadParameter
from tracker.domain.scoring.moments import Knot, Score
from tracker.domain.triads import Edge, Flip, Triad, flips, triad
from tracker.queries.moment import At
from tracker.queries.records import pair_names, states
from tracker.queries.scores import knots, movements, pairs
from tracker.queries.scores.knots import levels
from tracker.queries.scores.pair_overview import DirectionReading
from tracker.queries.scores.pairs import Every, Reading, Series
from tracker.queries.scores.table import TABLE
from tracker.queries.sql import select

LEVEL = "standing"
# Limits the size of an answer.
MOST_POINTS = 4_000
DAYS: dict[Every, int] = {"day": 1, "week": 7, "month": 28}


class NoLevel(BadParameter):
    """A triangle needs levels; the lens measures something else."""

    parameter = "lens"
    code = "no_level"


@dataclass(frozen=True, slots=True, kw_only=True)
class TriadPoint:
    """A triangle at the end of a day."""

    day: date
    triad: Triad

    @property
    def undetermined(self) -> list[str]:
        """The pairs whose intervals contain 0."""
        return [edge.pair for edge in self.triad.undetermined]


@dataclass(frozen=True, slots=True, kw_only=True)
class TriadReading(TriadPoint):
    """A triangle at the end of a day. `position` is how far the scores of all its pairs reach;
    `silent` pairs have no impact on record."""

    name: str
    lens: LensVersion
    as_of: int
    position: int
    silent: Sequence[str]


def ordered_codes(one: str, two: str, three: str) -> tuple[str, str, str]:
    """Return the codes of three countries on record, given in any order and case, in alphabetical
    order.

    :raises pair_names.NoSuchPair: if one is not the code of a country, or two are the same.
    """
    for ends in combinations((one, two, three), 2):
        pair_names.ends(*ends)
    first, second, third = sorted(code.upper() for code in (one, two, three))
    return first, second, third


def reading_of(sides: Sequence[Series], day: date) -> TriadReading:
    """Return the triangle of its sides, with the position that it is known at."""
    return TriadReading(
        name=_name(sides),
        lens=sides[0].lens,
        as_of=min(side.as_of for side in sides),
        position=min(side.position for side in sides),
        day=day,
        triad=_triad(sides, [side.on(day) for side in sides]),
        silent=[side.pair for side in sides if not side.knots],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DetailedTriad(TriadReading):
    """A triangle with the reading and the movement of each side, in the order of its edges."""

    sides: Sequence[DirectionReading]


def detailed(
    countries: tuple[str, str, str],
    day: date,
    *,
    lens: str,
    as_of: At,
    since: date | None = None,
) -> DetailedTriad:
    """Return the triangle of three countries, with movements since a day.

    :raises NoTriangle: if they are not three. :raises lenses.NoSuchLens: :raises AheadOfLog:
    :raises NoLevel: :raises impacts.CatchingUp: :raises movements.NoWindow:
    :raises movements.TooMuchToFold:
    """
    return detailed_of(read_sides(countries, lens=lens, as_of=as_of), day, since=since)


def detailed_of(
    sides: Sequence[Series],
    day: date,
    *,
    since: date | None = None,
    moved: Mapping[str, WindowMovement | None] | None = None,
) -> DetailedTriad:
    """Return the triangle of its sides, as `detailed`; their movements are read unless they are
    known, by pair.

    :raises movements.NoWindow:
    """
    reading = reading_of(sides, day)
    if moved is None:
        moved = movements.of_several(sides, day, since=since)
    by_pair = {
        side.pair: DirectionReading(
            direction=side.pair,
            score=side.on(day),
            movement=moved[side.pair],
        )
        for side in sides
    }
    known = {field.name: getattr(reading, field.name) for field in fields(reading)}
    return DetailedTriad(**known, sides=[by_pair[edge.pair] for edge in reading.triad.edges])


@dataclass(frozen=True, slots=True, kw_only=True)
class TriadHistory:
    """A triangle over a span, and the listed days on which its balance changed."""

    name: str
    lens: LensVersion
    as_of: int
    position: int
    points: Sequence[TriadPoint]
    flips: Sequence[Flip]


@dataclass(frozen=True, slots=True, kw_only=True)
class TriadSpan:
    """The days from `start` to `end`; by week and month the last of each."""

    start: date
    end: date
    every: Every


def history(
    countries: tuple[str, str, str], span: TriadSpan, *, lens: str, as_of: At
) -> TriadHistory:
    """Return the triangle of three countries on the days of a span.

    :raises pairs.TooLong: for more than 4,000 points, or an end before the start.
    :raises lenses.NoSuchLens: :raises AheadOfLog: :raises NoLevel: :raises impacts.CatchingUp:
    """
    return history_of(read_sides(countries, lens=lens, as_of=as_of), span)


def history_of(sides: Sequence[Series], span: TriadSpan) -> TriadHistory:
    """Return the triangle of its sides over a span, as `history`.

    :raises pairs.TooLong:
    """
    if (span.end - span.start).days >= MOST_POINTS * DAYS[span.every]:
        raise pairs.TooLong(
            f"from {span.start} to {span.end} are more than {MOST_POINTS} points, by {span.every}"
        )
    readings = [side.over(span.start, span.end, every=span.every) for side in sides]
    points = [
        TriadPoint(day=scores[0].day, triad=_triad(sides, scores))
        for scores in zip(*readings, strict=True)
    ]
    return TriadHistory(
        name=_name(sides),
        lens=sides[0].lens,
        as_of=min(side.as_of for side in sides),
        position=min(side.position for side in sides),
        points=points,
        flips=list(flips((point.day, point.triad) for point in points)),
    )


def _name(sides: Sequence[Series]) -> str:
    return "-".join(sorted({code for side in sides for code in side.pair.split("-")}))


def require_levels(lens: LensVersion) -> None:
    """Check that a lens measures levels.

    :raises NoLevel: if it does not.
    """
    if lens.lens.model != LEVEL:
        raise NoLevel(
            f"the lens {lens.label} measures {lens.lens.model}; a triangle needs levels ({LEVEL})"
        )


def read_sides(countries: tuple[str, str, str], *, lens: str, as_of: At) -> list[Series]:
    """Return the series of the three pairs of a triangle.

    :raises lenses.NoSuchLens: :raises AheadOfLog: :raises NoLevel: :raises impacts.CatchingUp:
    """
    names = [pair_of(*two) for two in combinations(sorted(countries), 2)]
    sides = [pairs.series(pair, direction=pair, lens=lens, as_of=as_of) for pair in names]
    require_levels(sides[0].lens)
    return sides


def _triad(sides: Sequence[Series], readings: Sequence[Reading]) -> Triad:
    return triad(
        edge(side.lens, side.pair, reading.score)
        for side, reading in zip(sides, readings, strict=True)
    )


def edge(lens: LensVersion, pair: str, score: Score) -> Edge:
    """Return a pair as a side of a triangle."""
    low, high = score.ends
    return Edge(
        pair=pair,
        value=score.value,
        low=low,
        high=high,
        positive=0.5 if score.positive is None else score.positive,
        top=lens.model.top,
    )


FEWEST, MOST = 3, 30


class BadCountries(BadParameter):
    """Triangles need three to thirty countries on record, each named once."""

    parameter = "countries"


@dataclass(frozen=True, slots=True, kw_only=True)
class StrainedTriad:
    """A triangle under strain, or one that may be. Sorted by `strain`."""

    name: str
    triad: Triad
    strain: float

    @property
    def place(self) -> tuple[int, float, str]:
        """The key to sort by: first the triangles that are more probably unbalanced, the most
        strained first. Unique."""
        return int(self.triad.balance != "unbalanced"), -self.strain, self.name

    @property
    def undetermined(self) -> list[str]:
        return [edge.pair for edge in self.triad.undetermined]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """The strained triangles among some countries on a day, and the numbers of the others.

    `position` is how far the scores of all their pairs reach.
    """

    lens: LensVersion
    as_of: int
    position: int
    day: date
    countries: tuple[str, ...]
    strained: Sequence[StrainedTriad]
    calm: int
    unknown: int


def read_countries(codes: Sequence[str]) -> tuple[str, ...]:
    """Return codes of countries on record, given in any order and case, in alphabetical order.

    :raises BadCountries: with the unknown codes, or the allowed number.
    """
    wanted = sorted({code.strip().upper() for code in codes})
    if len(wanted) != len(codes):
        raise BadCountries("contains a country twice")
    if not FEWEST <= len(wanted) <= MOST:
        raise BadCountries(f"contains {len(wanted)} countries; {FEWEST} to {MOST} are allowed")
    known = states.countries(code for code in wanted if code.isalnum())
    if unknown := [code for code in wanted if code not in known]:
        raise BadCountries(f"no country on record has the code {', '.join(unknown)}")
    return tuple(wanted)


def ranking(countries: Sequence[str], day: date, *, lens: str, as_of: At) -> Ranking:
    """Return the strained triangles among countries (codes in alphabetical order).

    :raises lenses.NoSuchLens: :raises AheadOfLog: :raises NoLevel: :raises impacts.CatchingUp:
    """
    edges = [pair_of(*two) for two in combinations(countries, 2)]
    levels_found = levels(edges, day, lens=lens, as_of=as_of)
    require_levels(levels_found.lens)
    known_edges = _edges(levels_found.lens, levels_found.knots, day)
    triads_found = [_triangle(three, known_edges) for three in combinations(countries, 3)]
    complete = [triad_found for triad_found in triads_found if triad_found is not None]
    strained = sorted(
        (triad_found for triad_found in complete if triad_found.strain > 0),
        key=lambda triad_found: triad_found.place,
    )
    return Ranking(
        lens=levels_found.lens,
        as_of=levels_found.as_of,
        position=levels_found.position,
        day=day,
        countries=tuple(countries),
        strained=strained,
        calm=len(complete) - len(strained),
        unknown=len(triads_found) - len(complete),
    )


def _edges(lens: LensVersion, knots: Mapping[str, Knot | None], day: date) -> dict[str, Edge]:
    """The pairs with a knot by that day, as sides."""
    return {
        pair: edge(lens, pair, lens.scorer.at(knot, day))
        for pair, knot in knots.items()
        if knot is not None
    }


def _triangle(countries: tuple[str, ...], edges: Mapping[str, Edge]) -> StrainedTriad | None:
    """The triangle of three countries; None if one of its pairs has no scores."""
    sides = [edges.get(pair_of(*two)) for two in combinations(countries, 2)]
    known = [side for side in sides if side is not None]
    if len(known) < 3:
        return None
    triangle = triad(known)
    unbalanced = triangle.balance == "unbalanced"
    strain = triangle.strength if unbalanced else triangle.possible_strain
    return StrainedTriad(name="-".join(countries), triad=triangle, strain=strain)


# Only the pairs with most claims are searched for triangles.
TRIANGLE_PAIRS = 2_000
_KNOWN = f"SELECT pair, claims {TABLE} ORDER BY claims DESC, direction DESC LIMIT %(pairs)s"
_TRIANGLES = (
    f"WITH best AS ({_KNOWN}), known AS (SELECT split_part(pair, '-', 1) AS one,"  # noqa: S608 # ours
    " split_part(pair, '-', 2) AS other, claims FROM best)"
    " SELECT a.one, a.other, b.other, least(a.claims, b.claims, c.claims)"
    " FROM known a JOIN known b ON b.one = a.other"
    " JOIN known c ON c.one = a.one AND c.other = b.other"
    " ORDER BY 4 DESC, 1, 2, 3 LIMIT %(limit)s"
)


def triangles(lens: LensVersion, *, limit: int) -> list[tuple[str, str, str]]:
    """Return up to `limit` triangles, by code, whose three pairs are in the table. Triangles whose
    least known pair has most claims come first."""
    parameters = knots.key(lens) | {"pairs": TRIANGLE_PAIRS, "limit": limit}
    return [row[:3] for row in select(_TRIANGLES, parameters)]
