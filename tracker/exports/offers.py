"""What is asked for becomes a table: as of which position, of which collection, which lenses."""

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
from tracker.exports.tables import Facts, Table
from tracker.queries.evidence import impacts
from tracker.queries.moment import At
from tracker.queries.records.names import directory
from tracker.queries.scores import lenses

TABLES = ("claims", "events", "scores")


class NotNarrowed(BadParameter):
    """The table cannot be narrowed to that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A table, and what it is narrowed to; each absent one narrows nothing."""

    table: str
    as_of: At
    collection: str | None = None
    lens: str | None = None


def table(asked: Asked, *, reader: Reader) -> Table[Any]:
    """Give the table that is asked for; nothing of it is read yet.

    Without `as_of` it holds as of the last position there is, scores as of the last that is scored.

    :raises NotNarrowed: :raises AheadOfLog: :raises names.NoSuchName: for a collection.
    :raises lenses.NoSuchLens: :raises impacts.CatchingUp:
    """
    if asked.collection and asked.table != "claims":
        raise NotNarrowed(f"{asked.table} are not narrowed to a collection, claims are")
    if asked.lens and asked.table != "scores":
        raise NotNarrowed(f"{asked.table} are seen through no lens, scores are")
    position = asked.as_of.position
    match asked.table:
        case "claims":
            return _claims(asked, position, reader)
        case "events":
            return events.table(facts(position), reader=reader)
        case _:
            return _scores(asked, position)


def _claims(asked: Asked, position: int, reader: Reader) -> Table[Any]:
    found: UUID | None = None
    name: str | None = None
    if asked.collection:
        known = directory("collection").find(asked.collection)
        found, name = known.id, known.name
    return claims.table(facts(position, collection=name), found, reader=reader)


def _scores(asked: Asked, position: int) -> Table[Any]:
    chosen = _lenses(asked.lens, position)
    if asked.as_of.is_now:
        position = min([position, *(impacts.served_position(one.lens.view.id) for one in chosen)])
    labels = tuple(one.label for one in chosen)
    return scores.table(facts(position, lenses=labels), chosen)


def _lenses(label: str | None, position: int) -> Sequence[LensVersion]:
    """The lens of a name, or all that there were at a position in the version of that time."""
    if label:
        return [lenses.find(label, position=position)]
    found = []
    for one in lenses.latest():
        with suppress(lenses.NoSuchLens):
            found.append(lenses.find_existing(one.lens.name, position=position))
    return found


def facts(position: int, **narrowed: Any) -> Facts:
    last = log.at(position)
    return Facts(
        log_id=log.head().log_id,
        position=position,
        recorded_at=last.recorded_at if last else None,
        **narrowed,
    )
