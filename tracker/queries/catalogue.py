"""Actors, sources, documents and collections in lists and alone, with what they refer to named."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from tracker import log
from tracker.domain import codec, dates
from tracker.domain import folding as f
from tracker.domain.parties import Actor, Affiliation
from tracker.domain.publications import Collection, Document, Rating, Source
from tracker.models.derived import StandingRecord
from tracker.queries import states
from tracker.queries.moment import AsOf, resolve


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A record by the name that is printed, and by its code if it is an actor that has one."""

    id: UUID
    name: str
    code: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """Whom an actor speaks for."""

    affiliation: Affiliation
    country: Label


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorEntry:
    id: UUID
    version: int
    actor: Actor
    voices: tuple[Voice, ...]
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
    bounds: dates.Bounds | None


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


def listing(
    noun: str, *, contains: str | None, after: Sequence[Any] | None, limit: int
) -> list[tuple[Place, Entry]]:
    """Give up to `limit` records of a noun that follow the place `after`, by name, then by id.

    `contains` is looked for in names, aliases, titles and addresses.
    """
    rows = _narrowed(noun, contains).order_by("name", "id")
    if after is not None:
        rows = rows.extra(where=["(name, id) > (%s, %s)"], params=list(after))
    page = list(rows[:limit])
    found = {row.id: codec.build(states.NOUNS[noun], row.state) for row in page}
    entries = _entries(found, {row.id: row.version for row in page}, at=None)
    return [((row.name, row.id), entries[row.id]) for row in page]


def count(noun: str, *, contains: str | None) -> int:
    """How many records of a noun there are."""
    return _narrowed(noun, contains).count()


def entry(noun: str, record: UUID, *, as_of: AsOf = None) -> Entry | None:
    """Give a record as it stands, or as it stood at a moment; None if there was none.

    :raises NotYet: for a moment after the head.
    """
    at = resolve(as_of)
    history = log.history([record], until=at)
    state = f.fold(one.entry() for one in history)
    if not isinstance(state, states.NOUNS[noun]):
        return None
    return _entries({record: state}, {record: history[-1].version}, at=at)[record]


def _narrowed(noun: str, contains: str | None) -> QuerySet[StandingRecord]:
    rows = StandingRecord.objects.filter(noun=noun)
    if contains is None:
        return rows
    pattern = contains.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    return rows.extra(  # noqa: S610 # the words are a parameter
        where=[f"{_SEARCHED} ILIKE %s"],
        params=[f"%{pattern}%"],
    )


def _entries(
    found: Mapping[UUID, f.State], versions: Mapping[UUID, int], *, at: int | None
) -> dict[UUID, Entry]:
    """Look up what records refer to, with as many questions for many as for one."""
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
            Voice(affiliation=one, country=labels[one.country]) for one in state.actor.affiliations
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
        bounds=dates.bounds(dated) if dated else None,
    )


def _collection(state: Any, version: int, _labels: Mapping[UUID, Label]) -> Entry:
    return CollectionEntry(id=state.id, version=version, collection=state.collection)


_ENTRIES: dict[type[f.State], Callable[[Any, int, Mapping[UUID, Label]], Entry]] = {
    f.ActorState: _actor,
    f.SourceState: _source,
    f.DocumentState: _document,
    f.CollectionState: _collection,
}
