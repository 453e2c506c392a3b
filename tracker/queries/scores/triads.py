"""Triangles of countries under a lens that measures levels, on a day and over a span of days."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from tracker.domain.lenses import LensVersion, pair_of
from tracker.domain.problems import BadParameter
from tracker.domain.scoring.moments import Knot, Score
from tracker.domain.triads import Edge, Flip, Triad, flips, triad
from tracker.queries.moment import At
from tracker.queries.records import pair_names, states
from tracker.queries.scores import pairs
from tracker.queries.scores.knots import levels
from tracker.queries.scores.pairs import Every, Reading, Series

LEVEL = "standing"
# A day of a triangle is nine numbers and some words.
MOST_POINTS = 4_000
DAYS: dict[Every, int] = {"day": 1, "week": 7, "month": 28}


class NoLevel(BadParameter):
    """A triangle is made of levels; the lens measures something else."""

    parameter = "lens"
    code = "no_level"


@dataclass(frozen=True, slots=True, kw_only=True)
class TriadReading:
    """A triangle at the end of a day. `position` is how far the scores of its pairs all reach;
    nothing on record moves the pairs that are `silent`."""

    name: str
    lens: LensVersion
    as_of: int
    position: int
    day: date
    triad: Triad
    silent: Sequence[str]

    @property
    def undetermined(self) -> list[str]:
        """The pairs of which the sign is not known."""
        return [edge.pair for edge in self.triad.undetermined]


def ordered_codes(one: str, two: str, three: str) -> tuple[str, str, str]:
    """Give the codes of three countries on record, in any order and case, as a triangle has them.

    :raises pair_names.NoSuchPair: if one is on record under no code, or two are the same.
    """
    for ends in combinations((one, two, three), 2):
        pair_names.ends(*ends)
    first, second, third = sorted(code.upper() for code in (one, two, three))
    return first, second, third


def triad_on(countries: tuple[str, str, str], day: date, *, lens: str = LEVEL, as_of: At) -> Triad:
    """Give the triangle of three countries at the end of a day.

    :raises NoTriangle: if they are not three. :raises lenses.NoSuchLens: :raises AheadOfLog:
    :raises NoLevel:
    """
    return triad_reading(countries, day, lens=lens, as_of=as_of).triad


def triad_reading(
    countries: tuple[str, str, str], day: date, *, lens: str, as_of: At
) -> TriadReading:
    """Give the triangle of three countries, and as of which position it is.

    :raises NoTriangle: if they are not three. :raises lenses.NoSuchLens: :raises AheadOfLog:
    :raises NoLevel: :raises impacts.CatchingUp:
    """
    sides = _sides(countries, lens=lens, as_of=as_of)
    return TriadReading(
        name="-".join(sorted(countries)),
        lens=sides[0].lens,
        as_of=min(one.as_of for one in sides),
        position=min(one.position for one in sides),
        day=day,
        triad=_triad(sides, [one.on(day) for one in sides]),
        silent=[one.pair for one in sides if not one.knots],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A triangle at the end of a day of its history."""

    day: date
    triad: Triad

    @property
    def undetermined(self) -> list[str]:
        """The pairs of which the sign is not known."""
        return [edge.pair for edge in self.triad.undetermined]


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """A triangle over a span, and the days (of those listed) on which its balance changed."""

    name: str
    lens: LensVersion
    as_of: int
    position: int
    points: Sequence[Point]
    flips: Sequence[Flip]


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The days from `start` to `end`, of weeks and months the last."""

    start: date
    end: date
    every: Every


def history(countries: tuple[str, str, str], span: Span, *, lens: str, as_of: At) -> History:
    """Give the triangle of three countries on the days of a span.

    :raises pairs.TooLong: for more than 4,000 points, or an end before the start.
    :raises lenses.NoSuchLens: :raises AheadOfLog: :raises NoLevel: :raises impacts.CatchingUp:
    """
    if (span.end - span.start).days >= MOST_POINTS * DAYS[span.every]:
        raise pairs.TooLong(
            f"from {span.start} to {span.end} are more than {MOST_POINTS} points, by {span.every}"
        )
    sides = _sides(countries, lens=lens, as_of=as_of)
    read = [one.over(span.start, span.end, every=span.every) for one in sides]
    points = [
        Point(day=scores[0].day, triad=_triad(sides, scores)) for scores in zip(*read, strict=True)
    ]
    return History(
        name="-".join(sorted(countries)),
        lens=sides[0].lens,
        as_of=min(one.as_of for one in sides),
        position=min(one.position for one in sides),
        points=points,
        flips=list(flips((one.day, one.triad) for one in points)),
    )


def require_levels(lens: LensVersion) -> None:
    """Let a lens through that measures levels.

    :raises NoLevel: any other.
    """
    if lens.lens.model != LEVEL:
        raise NoLevel(
            f"the lens {lens.label} measures {lens.lens.model}; a triangle is made of levels"
            f" ({LEVEL})"
        )


def _sides(countries: tuple[str, str, str], *, lens: str, as_of: At) -> list[Series]:
    names = [pair_of(*two) for two in combinations(sorted(countries), 2)]
    sides = [pairs.series(pair, direction=pair, lens=lens, as_of=as_of) for pair in names]
    require_levels(sides[0].lens)
    return sides


def _triad(sides: Sequence[Series], readings: Sequence[Reading]) -> Triad:
    return triad(
        edge(one.lens, one.pair, reading.score)
        for one, reading in zip(sides, readings, strict=True)
    )


def edge(lens: LensVersion, pair: str, score: Score) -> Edge:
    """A pair as a side of a triangle; the lens says how far its levels go."""
    top = float(lens.lens.parameters["top"])
    return Edge(pair=pair, value=score.value, low=score.low, high=score.high, top=top)


FEWEST, MOST = 3, 30


class BadCountries(BadParameter):
    """Triangles are made of three to thirty countries on record, each named once."""

    parameter = "countries"


@dataclass(frozen=True, slots=True, kw_only=True)
class StrainedTriad:
    """A triangle under strain, or one that may be. `strain` is what it is ordered by."""

    name: str
    triad: Triad
    strain: float

    @property
    def place(self) -> tuple[int, float, str]:
        """Where it stands among the others: the smallest first, and none twice."""
        return int(self.triad.balance == "undetermined"), -self.strain, self.name

    @property
    def undetermined(self) -> list[str]:
        return [edge.pair for edge in self.triad.undetermined]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """The strained triangles among some countries on a day, and how many others there are.

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
    """Give codes of countries on record, in any order and case, in alphabetical order.

    :raises BadCountries: naming those that are not on record, or how many there should be.
    """
    wanted = sorted({code.strip().upper() for code in codes})
    if len(wanted) != len(codes):
        raise BadCountries("contains a country twice")
    if not FEWEST <= len(wanted) <= MOST:
        raise BadCountries(f"contains {len(wanted)} countries; {FEWEST} to {MOST} are allowed")
    known = states.countries(code for code in wanted if code.isalnum())
    if strangers := [code for code in wanted if code not in known]:
        raise BadCountries(f"no country on record has the code {', '.join(strangers)}")
    return tuple(wanted)


def ranking(countries: Sequence[str], day: date, *, lens: str, as_of: At) -> Ranking:
    """Rank the triangles among countries (codes in alphabetical order).

    :raises lenses.NoSuchLens: :raises AheadOfLog: :raises NoLevel: :raises impacts.CatchingUp:
    """
    edges = [pair_of(*two) for two in combinations(countries, 2)]
    found = levels(edges, day, lens=lens, as_of=as_of)
    require_levels(found.lens)
    known = _edges(found.lens, found.knots, day)
    made = [_triangle(three, known) for three in combinations(countries, 3)]
    drawn = [one for one in made if one is not None]
    strained = sorted((one for one in drawn if one.strain > 0), key=lambda one: one.place)
    return Ranking(
        lens=found.lens,
        as_of=found.as_of,
        position=found.position,
        day=day,
        countries=tuple(countries),
        strained=strained,
        calm=len(drawn) - len(strained),
        unknown=len(made) - len(drawn),
    )


def _edges(lens: LensVersion, knots: Mapping[str, Knot | None], day: date) -> dict[str, Edge]:
    """The pairs of which something is on record."""
    return {
        pair: edge(lens, pair, lens.scorer(pair).at(held, day))
        for pair, held in knots.items()
        if held is not None
    }


def _triangle(countries: tuple[str, ...], edges: Mapping[str, Edge]) -> StrainedTriad | None:
    """The triangle of three countries; None without a pair."""
    sides = [edges.get(pair_of(*two)) for two in combinations(countries, 2)]
    known = [one for one in sides if one is not None]
    if len(known) < 3:
        return None
    made = triad(known)
    strains = {
        "balanced": 0.0,
        "unbalanced": made.strength,
        "undetermined": made.possible_strain,
    }
    return StrainedTriad(name="-".join(countries), triad=made, strain=strains[made.balance])
