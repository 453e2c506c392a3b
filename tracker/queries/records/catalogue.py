"""Actors, sources, documents and collections in lists and alone, with the names of what they refer
to."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from tracker import log
from tracker.domain import codec
from tracker.domain import events as e
from tracker.domain import state as f
from tracker.domain.dates import edtf
from tracker.domain.records import (
    Actor,
    Affiliation,
    Collection,
    Document,
    Membership,
    Rating,
    Source,
)
from tracker.models.derived import StandingRecord
from tracker.queries import in_force
from tracker.queries.moment import At
from tracker.queries.records import states


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordLabel:
    """A record by its printed name, and its code if it is an actor with one."""

    id: UUID
    name: str
    code: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedAffiliation:
    """A country that an actor speaks for."""

    affiliation: Affiliation
    country: RecordLabel


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedMembership:
    """A country that belongs to an organisation, and the document that says so."""

    membership: Membership
    country: RecordLabel
    document: RecordLabel | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorEntry:
    id: UUID
    version: int
    actor: Actor
    voices: tuple[NamedAffiliation, ...]
    members: tuple[RecordLabel, ...]
    belonging: tuple[NamedMembership, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceEntry:
    """`name` is the printed name, which may be the actor's."""

    id: UUID
    version: int
    name: str
    source: Source
    ratings: tuple[Rating, ...]
    country: RecordLabel | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentEntry:
    id: UUID
    version: int
    document: Document
    publisher: RecordLabel
    bounds: edtf.Bounds | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionEntry:
    id: UUID
    version: int
    collection: Collection


_SEARCHED = (
    "concat_ws(' ', name, state #>> '{actor,names}', state #>> '{actor,aliases}',"
    " state #>> '{document,url}')"
)


type Entry = ActorEntry | SourceEntry | DocumentEntry | CollectionEntry
type Place = tuple[str, UUID]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFilter:
    """Records of a noun, as known at a moment.

    `contains` is searched for in names, aliases, titles and addresses.
    """

    noun: str
    contains: str | None = None
    as_of: At


def listing(
    wanted: RecordFilter, *, after: Sequence[Any] | None, limit: int
) -> list[tuple[Place, Entry]]:
    """Return up to `limit` records after the place `after`, by name, then by id."""
    rows = _rows(wanted, "id", "version", "name", "state", after=after)
    page = list(rows.order_by("name", "id")[:limit])
    entries_by_id = _entries(
        wanted.noun, [(key, n, state) for key, n, _, state in page], at=wanted.as_of.past
    )
    return [((name, key), entries_by_id[key]) for key, _, name, _ in page]


def count(wanted: RecordFilter) -> int:
    """Return the number of records."""
    return _rows(wanted, "id").count()


def entries(noun: str, records: Iterable[UUID], *, as_of: At) -> dict[UUID, Entry]:
    """Return the records that existed at a moment, by id, with a fixed number of queries."""
    ids = set(records)
    rows = in_force.rows(
        StandingRecord,
        *("id", "version", "state"),
        at=as_of.past,
        narrow=lambda rows: rows.filter(noun=noun, id__in=ids),
    )
    return _entries(noun, rows.order_by("id"), at=as_of.past)


def entry(noun: str, record: UUID, *, as_of: At) -> Entry | None:
    """Return a record as known at a moment. None if there was no such record.

    :raises AheadOfLog: for a moment after the head.
    """
    return entries(noun, [record], as_of=as_of).get(record)


def last_grade(source: UUID) -> e.SourceRated | None:
    """Return the grade that a source was given last, with its reason; None if it has none."""
    told = [one.decoded() for one in log.history([source])]
    return next((one for one in told[::-1] if isinstance(one, e.SourceRated)), None)


def _rows(
    wanted: RecordFilter, *columns: str, after: Sequence[Any] | None = None
) -> QuerySet[Any, Any]:
    def narrow(rows: in_force.Rows) -> in_force.Rows:
        rows = rows.filter(noun=wanted.noun)
        if after is not None:
            rows = rows.extra(where=["(name, id) > (%s, %s)"], params=list(after))
        if wanted.contains is None:
            return rows
        pattern = wanted.contains.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
        return rows.extra(  # noqa: S610 # user input is a parameter
            where=[f"{_SEARCHED} ILIKE %s"], params=[f"%{pattern}%"]
        )

    return in_force.rows(StandingRecord, *columns, at=wanted.as_of.past, narrow=narrow)


def _entries(
    noun: str, rows: Iterable[tuple[UUID, int, Any]], *, at: int | None
) -> dict[UUID, Entry]:
    """Look up what records refer to, with a fixed number of queries."""
    states_by_id: dict[UUID, f.State] = {}
    versions: dict[UUID, int] = {}
    for key, version, state in rows:
        states_by_id[key] = codec.build(states.NOUNS[noun], state)
        versions[key] = version
    referred = states.records(
        {reference for state in states_by_id.values() for reference in states.refers(state)}, at=at
    )
    all_states = {**referred, **states_by_id}
    names = states.names(all_states, at=at)
    labels = {
        key: RecordLabel(
            id=key,
            name=names[key] or _title(state),
            code=state.actor.code if isinstance(state, f.ActorState) else None,
        )
        for key, state in all_states.items()
    }
    return {
        key: _ENTRIES[type(state)](state, versions[key], labels)
        for key, state in states_by_id.items()
    }


def _title(state: f.State) -> str:
    """The title or the address of a document."""
    if not isinstance(state, f.DocumentState):
        return ""
    return state.document.title or state.document.url or ""


def _actor(state: Any, version: int, labels: Mapping[UUID, RecordLabel]) -> Entry:
    return ActorEntry(
        id=state.id,
        version=version,
        actor=state.actor,
        voices=tuple(
            NamedAffiliation(affiliation=affiliation, country=labels[affiliation.country])
            for affiliation in state.actor.affiliations
        ),
        members=tuple(labels[member] for member in state.actor.members),
        belonging=tuple(
            NamedMembership(
                membership=membership,
                country=labels[membership.country],
                document=labels[membership.document] if membership.document else None,
            )
            for membership in state.actor.memberships
        ),
    )


def _source(state: Any, version: int, labels: Mapping[UUID, RecordLabel]) -> Entry:
    return SourceEntry(
        id=state.id,
        version=version,
        name=labels[state.id].name,
        source=state.source,
        ratings=state.ratings,
        country=labels[state.source.country] if state.source.country else None,
    )


def _document(state: Any, version: int, labels: Mapping[UUID, RecordLabel]) -> Entry:
    date = state.document.date
    return DocumentEntry(
        id=state.id,
        version=version,
        document=state.document,
        publisher=labels[state.document.source],
        bounds=edtf.bounds(date) if date else None,
    )


def _collection(state: Any, version: int, _labels: Mapping[UUID, RecordLabel]) -> Entry:
    return CollectionEntry(id=state.id, version=version, collection=state.collection)


_ENTRIES: dict[type[f.State], Callable[[Any, int, Mapping[UUID, RecordLabel]], Entry]] = {
    f.ActorState: _actor,
    f.SourceState: _source,
    f.DocumentState: _document,
    f.CollectionState: _collection,
}
