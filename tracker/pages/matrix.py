"""The matrix of the first page, as a table beside its map: all pairs of the countries with most
evidence. Above the diagonal it shows where they are and which way they moved, below it the number
of claims."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tracker.pages import relations
from tracker.pages.relations import Swatch
from tracker.queries.scores.table import RankedPair

MOST_COUNTRIES = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A cell: above the diagonal with a fill, its sign, an arrow, words and a link; below it with
    the number of claims. Empty where the pair has none, and on the diagonal (`own`)."""

    own: bool = False
    fill: str = ""
    sign: str = ""
    arrow: str = ""
    title: str = ""
    link: str = ""
    claims: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixRow:
    code: str
    name: str
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedCell:
    """A pair of the matrix by its name, with its arrow and link."""

    name: str
    arrow: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The pairs of the matrix with one fill, and what the fill means."""

    swatch: Swatch
    pairs: Sequence[NamedCell]


EMPTY = Cell()


def draw(
    codes: Sequence[str],
    rows: Sequence[RankedPair],
    names: Mapping[str, str],
    titles: Mapping[str, str],
    links: Mapping[str, str],
) -> list[MatrixRow]:
    """Draw the pairs of some countries, in their order. `titles` and `links` are by pair."""
    by_pair, every = {row.pair: row for row in rows}, range(len(codes))

    def cell(at: int, across: int) -> Cell:
        if at == across:
            return Cell(own=True)
        row = by_pair.get("-".join(sorted((codes[at], codes[across]))))
        if row is None or not row.claims:
            return EMPTY
        if at > across:
            return Cell(claims=row.claims)
        return Cell(
            fill=relations.fill(row),
            sign=relations.sign(row),
            arrow=relations.arrow(row),
            title=relations.described(titles[row.pair], row),
            link=links[row.pair],
        )

    return [
        MatrixRow(code=code, name=names[code], cells=[cell(at, across) for across in every])
        for at, code in enumerate(codes)
    ]


def in_words(
    rows: Sequence[RankedPair],
    titles: Mapping[str, str],
    links: Mapping[str, str],
    *,
    levels: bool,
) -> list[Group]:
    """The pairs of the matrix by their fills, for those who cannot point at a cell."""
    drawn = [row for row in rows if row.claims]
    groups = [
        Group(
            swatch=swatch,
            pairs=[
                NamedCell(name=titles[row.pair], arrow=relations.arrow(row), link=links[row.pair])
                for row in sorted(drawn, key=lambda row: titles[row.pair])
                if relations.fill(row) == swatch.fill
            ],
        )
        for swatch in relations.legend(drawn, levels=levels)
    ]
    return [group for group in groups if group.pairs]
