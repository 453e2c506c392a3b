"""Impacts on many pairs, read at once for scoring."""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple
from uuid import UUID

from tracker.domain.scoring.evidence import Impact
from tracker.queries.sql import select_binary

_ORDINAL = "{} - DATE '0001-01-01' + 1"
_FACTS = (
    'pair, initiator < recipient COLLATE "C", uuid_send(claim),'
    f" {_ORDINAL.format('first')}, {_ORDINAL.format('last')}, situation, fades, value, weight,"
    " array_to_string(sectors, ','), p, array_to_string(roots, ','),"
    " array_to_string(state_roots, ','), code, sd"
)


class ImpactRow(NamedTuple):
    """An impact as it is read. `forward`: from the first country of the pair's name to the second;
    days are ordinals, lists are joined by commas."""

    pair: str
    forward: bool
    claim: bytes
    first: int
    last: int
    situation: bool
    fades: bool
    value: float
    weight: float
    sectors: str
    p: float
    roots: str
    state_roots: str
    code: str
    sd: float | None


def on_pairs(view: str, pairs: Sequence[str], *, position: int) -> dict[str, list[ImpactRow]]:
    """Return the impacts on each pair as known at a position, by claim and initiator."""
    rows = select_binary(
        f"SELECT {_FACTS} FROM impact WHERE view = %s AND pair = ANY(%s) AND known_from <= %s"  # noqa: S608
        " AND (known_until IS NULL OR known_until > %s) ORDER BY pair, claim, initiator",
        [view, list(pairs), position, position],
    )
    by_pair: dict[str, list[ImpactRow]] = {pair: [] for pair in pairs}
    for pair, some in groupby(map(ImpactRow._make, rows), key=attrgetter("pair")):
        by_pair[pair] = [*some]
    return by_pair


def impacts(rows: Iterable[ImpactRow]) -> list[Impact]:
    """Return the impacts of rows."""
    ids, sectors = cache(_ids), cache(_elements)
    return [
        Impact(
            UUID(bytes=row.claim),
            *_ends(row),
            date.fromordinal(row.first),
            date.fromordinal(row.last),
            row.situation,
            row.fades,
            row.value,
            row.weight,
            sectors(row.sectors),
            row.p,
            ids(row.roots),
            ids(row.state_roots),
            row.code,
            row.sd,
        )
        for row in rows
    ]


def _ends(row: ImpactRow) -> tuple[str, str]:
    """The initiator and the recipient."""
    first, second = row.pair.split("-")
    return (first, second) if row.forward else (second, first)


def _elements(joined: str) -> tuple[str, ...]:
    return tuple(joined.split(",")) if joined else ()


def _ids(joined: str) -> tuple[UUID, ...]:
    return tuple(map(UUID, _elements(joined)))
