"""The triangles that a pair is a side of."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from tracker.domain.lenses import LensVersion
from tracker.pages.pair_context import PairContext
from tracker.queries.records import names
from tracker.queries.scores import table
from tracker.queries.scores.table import Order
from tracker.queries.scores.triads import LEVEL
from tracker.wording import Names

MOST_TRIANGLES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Triangle:
    """A third country that shares claims with both of a pair, and the page of the three."""

    name: str
    link: str


def triangles(pair: PairContext) -> Sequence[Triangle]:
    """The triangles of a pair with the most claims on their other two sides."""
    lens = pair.series.lens
    if lens.lens.model != LEVEL:
        return []
    ends = pair.series.pair.split("-")
    claims = [_claims_by_country(lens, end) for end in ends]
    third = (claims[0].keys() & claims[1].keys()) - {*ends}
    best = sorted(third, key=lambda code: (-min(counts[code] for counts in claims), code))
    named = Names(by_code=names.countries(best[:MOST_TRIANGLES]))
    return [
        Triangle(
            name=named.country(country),
            link=reverse("pages:triad", args=sorted((*ends, country))),
        )
        for country in best[:MOST_TRIANGLES]
    ]


def _claims_by_country(lens: LensVersion, country: str) -> dict[str, int]:
    """The number of claims that a country shares with each other country."""
    rows = table.page(lens, Order(column="pair", country=country), limit=None)
    return {
        next(code for code in row.pair.split("-") if code != country): row.claims for row in rows
    }
