"""The picture of the network: countries on a ring, tied by the relations whose direction is
known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil, sqrt

from django.urls import reverse

from tracker.charts.ring import ring_order, ring_places
from tracker.pages import request_params
from tracker.pages.request_params import PageParams
from tracker.queries.scores.table import RankedPair
from tracker.wording import Names

# With more names than this, they are turned to point away from the middle.
MOST_UPRIGHT = 14
# In points: a letter of a name.
LETTER = 7.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """A relation whose direction is known: better or worse, or friendly or hostile (`good`), with
    its points and their 90 % interval. `one_source`: one source alone reports it."""

    pair: str
    name: str
    link: str
    good: bool
    value: float
    low: float
    high: float
    says: str
    interval: str
    claims: int
    width: float
    one_source: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnTie:
    """A tie with its path through a picture."""

    tie: Tie
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnCountry:
    """A country with its place, and the place, anchor side and rotation of its name."""

    name: str
    link: str
    place: tuple[float, float]
    label: tuple[float, float]
    anchor: str
    turn: str
    tied: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """A picture in a box of `width` × `height` points."""

    width: int
    height: int
    size: int
    ties: Sequence[DrawnTie]
    countries: Sequence[DrawnCountry]


def ring_of(rows: Sequence[RankedPair], codes: Sequence[str]) -> list[str]:
    """The order of the countries. It depends on all their reports and not on the day, so that they
    stay in their places while the day changes."""
    return ring_order(codes, {_ends(row.pair): sqrt(row.claims) for row in rows})


def draw_ring(
    ties: Sequence[Tie],
    order: Sequence[str],
    named: Names,
    params: PageParams,
    *,
    wide: bool,
) -> Ring:
    """The picture of countries in an order around the ring."""
    width, height, radius = (760, 640, 250.0) if wide else (340, 340, 112.0)
    if wide and len(order) > MOST_UPRIGHT:
        # Names above and below the ring stand on end.
        letters = max(len(named.country(code)) for code in order)
        height = max(height, ceil(2 * (radius + 12 + LETTER * letters)))
    middle = (width / 2, height / 2)
    places = ring_places(order, radius=radius, middle=middle)
    labels = ring_places(order, radius=radius + (12 if wide else 9), middle=middle)
    tied = {code for tie in ties for code in tie.pair.split("-")}
    return Ring(
        width=width,
        height=height,
        size=13 if wide else 11,
        ties=[DrawnTie(tie=tie, path=_path(tie.pair, places, middle)) for tie in reversed(ties)],
        countries=[
            DrawnCountry(
                name=named.country(code) if wide else code,
                link=_country_link(code, params),
                place=places[code],
                label=labels[code],
                tied=code in tied,
                **_direction(360 * place / len(order), upright=len(order) <= MOST_UPRIGHT),
            )
            for place, code in enumerate(order)
        ],
    )


def _country_link(code: str, params: PageParams) -> str:
    path = reverse("pages:actor", args=[code])
    return request_params.address(path, replace(params, show="chart"))


def _direction(angle: float, *, upright: bool) -> dict[str, str]:
    """Where the name of a country begins, and how it is turned."""
    return {"anchor": _anchor(angle, upright=upright), "turn": _turn(angle, upright=upright)}


def _ends(pair: str) -> tuple[str, str]:
    one, other = pair.split("-")
    return one, other


def _path(pair: str, places: Mapping[str, tuple[float, float]], middle: tuple[float, float]) -> str:
    """A curve that bends towards the middle, so that ties of neighbours can be told apart."""
    (x1, y1), (x2, y2) = (places[code] for code in pair.split("-"))
    bend = 0.6
    x = (x1 + x2) / 2 + bend * (middle[0] - (x1 + x2) / 2)
    y = (y1 + y2) / 2 + bend * (middle[1] - (y1 + y2) / 2)
    return f"M{x1:g} {y1:g}Q{x:.1f} {y:.1f} {x2:g} {y2:g}"


def _anchor(angle: float, *, upright: bool) -> str:
    if upright and min(angle, abs(angle - 180), 360 - angle) < 1:
        return "middle"
    return "start" if angle <= 180 else "end"


def _turn(angle: float, *, upright: bool) -> str:
    """How a name is turned, in degrees: it points away from the middle, and is never upside
    down."""
    if upright:
        return ""
    return f"{angle - 90:.1f}" if angle <= 180 else f"{angle + 90:.1f}"
