"""Requests for tables: as of a position, of a collection, under lenses."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tracker import log
from tracker.domain.disclosure import Reader
from tracker.domain.lenses import LensVersion
from tracker.domain.problems import BadParameter
from tracker.exports import claims, events, scores
from tracker.exports.tables import Table, TableFacts
from tracker.queries.evidence import impacts
from tracker.queries.moment import At
from tracker.queries.records.names import directory
from tracker.queries.scores import lenses

TABLES = ("claims", "events", "scores")


class FilterNotSupported(BadParameter):
    """The table has no such filter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRequest:
    """A table and its filters."""

    table: str
    as_of: At
    collection: str | None = None
    lens: str | None = None


def table(request: TableRequest, *, reader: Reader) -> Table[Any]:
    """The requested table. Its rows are read later.

    Without `as_of` it is as of the head of the log, for scores as of the last scored position.

    :raises FilterNotSupported: :raises AheadOfLog: :raises names.NoSuchName: for a collection.
    :raises lenses.NoSuchLens: :raises impacts.CatchingUp:
    """
    if request.collection and request.table != "claims":
        raise FilterNotSupported(f"{request.table} have no filter by collection, only claims have")
    if request.lens and request.table != "scores":
        raise FilterNotSupported(f"{request.table} have no filter by lens, only scores have")
    position = request.as_of.position
    match request.table:
        case "claims":
            return _claims(request, position, reader)
        case "events":
            return events.table(facts(position), reader=reader)
        case _:
            return _scores(request, position)


def _claims(request: TableRequest, position: int, reader: Reader) -> Table[Any]:
    id_: UUID | None = None
    name: str | None = None
    if request.collection:
        collection = directory("collection").find(request.collection)
        id_, name = collection.id, collection.name
    return claims.table(facts(position, collection=name), id_, reader=reader)


def _scores(request: TableRequest, position: int) -> Table[Any]:
    chosen = _lenses(request.lens, position)
    if request.as_of.is_now:
        position = min([position, *(impacts.served_position(lens.lens.view.id) for lens in chosen)])
    labels = tuple(lens.label for lens in chosen)
    return scores.table(facts(position, lenses=labels), chosen)


def _lenses(label: str | None, position: int) -> Sequence[LensVersion]:
    """The lens of a name, or all lenses of a position in their version at that time."""
    if label:
        return [lenses.find(label, position=position)]
    versions = []
    for latest in lenses.latest():
        with suppress(lenses.NoSuchLens):
            versions.append(lenses.find_existing(latest.lens.name, position=position))
    return versions


def facts(position: int, **filters: Any) -> TableFacts:
    last = log.at(position)
    return TableFacts(
        log_id=log.head().log_id,
        incarnation=log.incarnation(),
        position=position,
        recorded_at=last.recorded_at if last else None,
        **filters,
    )
