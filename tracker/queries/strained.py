"""The most strained triangles over a set of countries.

First those that are unbalanced for sure, by their strength; then those of which a sign is not
known, by the most strength that they can have unbalanced with each pair in its 90 % interval.
Those that are balanced, or cannot be unbalanced, are only counted. So are those with a pair of
which nothing is on record by that day: its interval holds nearly every level, so that they would
all stand before those of which something is known. Among equals the name decides.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from tracker.domain.lenses import LensVersion, pair_of
from tracker.domain.problems import BadParameter
from tracker.domain.scoring.moments import Knot
from tracker.domain.triads import Edge, Triad, triad
from tracker.queries import records
from tracker.queries.levels import levels
from tracker.queries.moment import AsOf
from tracker.queries.triads import edge, require_levels

FEWEST, MOST = 3, 30


class BadCountries(BadParameter):
    """Triangles are made of three to thirty countries on record, each named once."""

    parameter = "countries"


@dataclass(frozen=True, slots=True, kw_only=True)
class Strained:
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
    strained: Sequence[Strained]
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
    known = records.countries(code for code in wanted if code.isalnum())
    if strangers := [code for code in wanted if code not in known]:
        raise BadCountries(f"no country on record has the code {', '.join(strangers)}")
    return tuple(wanted)


def ranking(countries: Sequence[str], day: date, *, lens: str, as_of: AsOf) -> Ranking:
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


def _triangle(countries: tuple[str, ...], edges: Mapping[str, Edge]) -> Strained | None:
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
    return Strained(name="-".join(countries), triad=made, strain=strains[made.balance])
