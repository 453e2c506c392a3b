"""Actors, sources, documents and collections in lists and alone, with what they refer to named."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from tracker.domain import codec
from tracker.domain import state as f
from tracker.domain.dates import edtf
from tracker.domain.records import Actor, Affiliation, Collection, Document, Rating, Source
from tracker.models.derived import StandingRecord
from tracker.queries import in_force
from tracker.queries.moment import At
from tracker.queries.records import states


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A record by the name that is printed, and by its code if it is an actor that has one."""

    id: UUID
    name: str
    code: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedAffiliation:
    """Whom an actor speaks for."""

    affiliation: Affiliation
    country: Label


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorEntry:
    id: UUID
    version: int
    actor: Actor
    voices: tuple[NamedAffiliation, ...]
    members: tuple[Label, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceEntry:
    """`name` is the printed one, which may be the actor's."""

    id: UUID
    version: int
    name: str
    source: Source
    ratings: tuple[Rating, ...]
    country: Label | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentEntry:
    id: UUID
    version: int
    document: Document
    publisher: Label
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
    """Records of a noun that are listed, as they stand or, with a position, as they stood.

    `contains` is looked for in names, aliases, titles and addresses.
    """

    noun: str
    contains: str | None = None
    as_of: At


def listing(
    sought: RecordFilter, *, after: Sequence[Any] | None, limit: int
) -> list[tuple[Place, Entry]]:
    """Give up to `limit` records that follow the place `after`, by name, then by id."""
    rows = _rows(sought, "id", "version", "name", "state", after=after)
    page = list(rows.order_by("name", "id")[:limit])
    found = _entries(
        sought.noun, [(key, n, state) for key, n, _, state in page], at=sought.as_of.past
    )
    return [((name, key), found[key]) for key, _, name, _ in page]


def count(sought: RecordFilter) -> int:
    """How many there are, or were."""
    return _rows(sought, "id").count()


def entries(noun: str, records: Iterable[UUID], *, as_of: At) -> dict[UUID, Entry]:
    """Give those of some records that there are, or were at a position, by id, with as many
    questions for many as for one."""
    ids = set(records)
    rows = in_force.rows(
        StandingRecord,
        *("id", "version", "state"),
        at=as_of.past,
        narrow=lambda rows: rows.filter(noun=noun, id__in=ids),
    )
    return _entries(noun, rows.order_by("id"), at=as_of.past)


def entry(noun: str, record: UUID, *, as_of: At) -> Entry | None:
    """Give a record as it stands, or as it stood at a moment; None if there was none.

    :raises AheadOfLog: for a moment after the head.
    """
    return entries(noun, [record], as_of=as_of).get(record)


def _rows(
    sought: RecordFilter, *columns: str, after: Sequence[Any] | None = None
) -> QuerySet[Any, Any]:
    def narrow(rows: in_force.Rows) -> in_force.Rows:
        rows = rows.filter(noun=sought.noun)
        if after is not None:
            rows = rows.extra(where=["(name, id) > (%s, %s)"], params=list(after))
        if sought.contains is None:
            return rows
        pattern = sought.contains.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
        return rows.extra(  # noqa: S610 # the words are a parameter
            where=[f"{_SEARCHED} ILIKE %s"],
            params=[f"%{pattern}%"],
        )

    return in_force.rows(StandingRecord, *columns, at=sought.as_of.past, narrow=narrow)


def _entries(
    noun: str, rows: Iterable[tuple[UUID, int, Any]], *, at: int | None
) -> dict[UUID, Entry]:
    """Look up what records refer to, with as many questions for many as for one."""
    found: dict[UUID, f.State] = {}
    versions: dict[UUID, int] = {}
    for key, version, state in rows:
        found[key] = codec.build(states.NOUNS[noun], state)
        versions[key] = version
    referred = states.records(
        {one for state in found.values() for one in states.refers(state)}, at=at
    )
    known = {**referred, **found}
    names = states.names(known, at=at)
    labels = {
        key: Label(
            id=key,
            name=names[key],
            code=one.actor.code if isinstance(one, f.ActorState) else None,
        )
        for key, one in known.items()
    }
    return {
        key: _ENTRIES[type(state)](state, versions[key], labels) for key, state in found.items()
    }


def _actor(state: Any, version: int, labels: Mapping[UUID, Label]) -> Entry:
    return ActorEntry(
        id=state.id,
        version=version,
        actor=state.actor,
        voices=tuple(
            NamedAffiliation(affiliation=one, country=labels[one.country])
            for one in state.actor.affiliations
        ),
        members=tuple(labels[one] for one in state.actor.members),
    )


def _source(state: Any, version: int, labels: Mapping[UUID, Label]) -> Entry:
    return SourceEntry(
        id=state.id,
        version=version,
        name=labels[state.id].name,
        source=state.source,
        ratings=state.ratings,
        country=labels[state.source.country] if state.source.country else None,
    )


def _document(state: Any, version: int, labels: Mapping[UUID, Label]) -> Entry:
    dated = state.document.date
    return DocumentEntry(
        id=state.id,
        version=version,
        document=state.document,
        publisher=labels[state.document.source],
        bounds=edtf.bounds(dated) if dated else None,
    )


def _collection(state: Any, version: int, _labels: Mapping[UUID, Label]) -> Entry:
    return CollectionEntry(id=state.id, version=version, collection=state.collection)


_ENTRIES: dict[type[f.State], Callable[[Any, int, Mapping[UUID, Label]], Entry]] = {
    f.ActorState: _actor,
    f.SourceState: _source,
    f.DocumentState: _document,
    f.CollectionState: _collection,
}
