"""Whom a country has to do with, and the triangles that a pair is part of."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from tracker.domain.lenses import LensVersion
from tracker.pages.ground import Ground
from tracker.queries.records import names
from tracker.queries.scores import table
from tracker.queries.scores.table import Order
from tracker.queries.scores.triads import LEVEL

MOST_TRIANGLES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Triangle:
    """A third country that both of a pair have to do with, and the page of the three."""

    called: str
    link: str


def triangles(on: Ground) -> Sequence[Triangle]:
    """The triangles of a pair that are known best, by the claims on their other two sides."""
    lens = on.series.lens
    if lens.lens.model != LEVEL:
        return []
    ends = on.series.pair.split("-")
    claims = [_claims(lens, end) for end in ends]
    third = (claims[0].keys() & claims[1].keys()) - {*ends}
    best = sorted(third, key=lambda one: (-min(each[one] for each in claims), one))
    called = names.countries(best[:MOST_TRIANGLES])
    return [
        Triangle(
            called=called.get(one, one),
            link=reverse("pages:triad", args=sorted((*ends, one))),
        )
        for one in best[:MOST_TRIANGLES]
    ]


def _claims(lens: LensVersion, country: str) -> dict[str, int]:
    """With whom a country shares claims, and how many."""
    rows = table.page(lens, Order(column="pair", country=country), limit=None)
    return {next(one for one in row.pair.split("-") if one != country): row.claims for row in rows}
