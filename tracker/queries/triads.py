"""Triangles of countries under a lens that measures levels."""

from dataclasses import dataclass
from datetime import date
from itertools import combinations

from tracker.domain import scoring
from tracker.domain.lenses import LensVersion, pair_of
from tracker.domain.triads import Edge, Triad, triad
from tracker.queries import pairs
from tracker.queries.moment import AsOf

LEVEL = "standing"


class NoLevel(ValueError):
    """A triangle is made of levels; the lens measures something else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A triangle at the end of a day. `position` is how far the scores of its pairs all reach."""

    name: str
    lens: LensVersion
    as_of: int
    position: int
    day: date
    triad: Triad

    @property
    def undetermined(self) -> list[str]:
        """The pairs of which the sign is not known."""
        return [edge.pair for edge in self.triad.undetermined]


def named(one: str, two: str, three: str) -> tuple[str, str, str]:
    """Give the codes of three countries on record, in any order and case, as a triangle has them.

    :raises pairs.NoSuchPair: if one is on record under no code, or two are the same.
    """
    for ends in combinations((one, two, three), 2):
        pairs.ends(*ends)
    first, second, third = sorted(code.upper() for code in (one, two, three))
    return first, second, third


def on(
    countries: tuple[str, str, str], day: date, *, lens: str = LEVEL, as_of: AsOf = None
) -> Triad:
    """Give the triangle of three countries at the end of a day.

    :raises NoTriangle: if they are not three. :raises lenses.NoSuchLens: :raises NotYet:
    :raises NoLevel:
    """
    return found(countries, day, lens=lens, as_of=as_of).triad


def found(countries: tuple[str, str, str], day: date, *, lens: str, as_of: AsOf) -> Found:
    """Give the triangle of three countries, and as of which position it is.

    :raises NoTriangle: if they are not three. :raises lenses.NoSuchLens: :raises NotYet:
    :raises NoLevel:
    """
    names = [pair_of(*two) for two in combinations(sorted(countries), 2)]
    series = [pairs.series(pair, direction=pair, lens=lens, as_of=as_of) for pair in names]
    model = series[0].lens.lens.model
    if model != LEVEL:
        raise NoLevel(f"the lens {lens} measures {model}; a triangle is made of levels ({LEVEL})")
    scores = [one.on(day).score for one in series]
    edges = [
        Edge(pair=pair, value=one.value, low=one.low, high=one.high, top=scoring.MODELS[LEVEL].top)
        for pair, one in zip(names, scores, strict=True)
    ]
    return Found(
        name="-".join(sorted(countries)),
        lens=series[0].lens,
        as_of=min(one.as_of for one in series),
        position=min(one.position for one in series),
        day=day,
        triad=triad(edges),
    )
