"""The map of the first page: the relations of one country, with shapes from Natural Earth."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from tracker.domain import facts
from tracker.pages import relations
from tracker.pages.relations import Swatch
from tracker.queries.scores.table import RankedPair

# The size of the map, in units of its shapes; the width of the narrowest part that is shown, and
# the margin around the countries with a relation.
WIDTH, HEIGHT = 9_600, 4_330
LEAST_WIDTH, MARGIN = 3_200, 800
# Countries that the tab key stops at, those with most claims; a pointer reaches all.
MOST_STOPS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A country or area, or a border of the `kind` "disputed": an SVG path, and for a country its
    middle. A country of the kind "dot" is too small for a path."""

    code: str
    name: str
    kind: str
    x: int
    y: int
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MappedCountry:
    """A country with a relation; `stops`: the tab key stops at it."""

    shape: Shape
    fill: str
    arrow: str
    title: str
    link: str
    stops: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WorldMap:
    """`box` is the part that is shown, `letter` and `dot` the sizes of an arrow and a dot in it.
    `land` is one path of all shapes without a relation to the chosen country (`middle`, None if it
    has no shape). `missing` are the names of countries that have a relation and no shape."""

    box: str
    letter: int
    dot: int
    land: str
    blank: str
    disputed: str
    middle: Shape | None
    countries: Sequence[MappedCountry]
    missing: Sequence[str]
    legend: Sequence[Swatch]


@cache
def shapes() -> Mapping[str, Shape]:
    """The shapes of countries by code."""
    return {shape.code: shape for shape in _all() if shape.code}


@cache
def _all() -> Sequence[Shape]:
    return [
        Shape(
            code=row["iso3"],
            name=row["name"],
            kind=row["kind"],
            x=int(row["x"] or 0),
            y=int(row["y"] or 0),
            path=row["path"],
        )
        for row in facts.rows("shapes", "map")
    ]


def draw(
    code: str,
    rows: Sequence[RankedPair],
    names: Mapping[str, str],
    links: Mapping[str, str],
    *,
    levels: bool,
) -> WorldMap:
    """Draw the relations of a country. `rows` are its pairs, those with most claims first; `names`
    by the code of the other country, and `links` by pair."""
    known = shapes()
    others = {_other(row, code): row for row in rows}
    countries = _mapped(others, names, links)
    middle = known.get(code)
    left, top, width = _part([*filter(None, [middle]), *(one.shape for one in countries)])
    land = (
        shape.path for shape in known.values() if shape.code != code and shape.code not in others
    )
    return WorldMap(
        box=f"{left} {top} {width} {round(width * HEIGHT / WIDTH)}",
        letter=width // 50,
        dot=width // 160,
        land="".join(land),
        blank="".join(shape.path for shape in _all() if shape.kind == "blank"),
        disputed="".join(shape.path for shape in _all() if shape.kind == "disputed"),
        middle=middle,
        countries=countries,
        missing=sorted(names[other] for other in others if other not in known),
        legend=relations.legend(list(rows), levels=levels),
    )


def _mapped(
    others: Mapping[str, RankedPair], names: Mapping[str, str], links: Mapping[str, str]
) -> list[MappedCountry]:
    """The countries with a shape, by the pair of each."""
    known = shapes()
    return [
        MappedCountry(
            shape=known[other],
            fill=relations.fill(row),
            arrow=relations.arrow(row),
            title=relations.described(names[other], row),
            link=links[row.pair],
            stops=place < MOST_STOPS,
        )
        for place, (other, row) in enumerate(others.items())
        if other in known
    ]


def _part(shown: Sequence[Shape]) -> tuple[int, int, int]:
    """The left and upper edge and the width of the part of the map that has the middles of some
    shapes, in the proportions of the whole."""
    if not shown:
        return 0, 0, WIDTH
    xs, ys = [shape.x for shape in shown], [shape.y for shape in shown]
    across = max(xs) - min(xs) + 2 * MARGIN
    down = max(ys) - min(ys) + 2 * MARGIN
    width = min(WIDTH, max(LEAST_WIDTH, across, round(down * WIDTH / HEIGHT)))
    height = width * HEIGHT / WIDTH
    left = (min(xs) + max(xs) - width) / 2
    top = (min(ys) + max(ys) - height) / 2
    return round(max(0, min(WIDTH - width, left))), round(max(0, min(HEIGHT - height, top))), width


def _other(row: RankedPair, code: str) -> str:
    return next(other for other in row.pair.split("-") if other != code)
