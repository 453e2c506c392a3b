"""Actors, sources, documents and collections in lists and alone, with what they refer to named."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from tracker import log
from tracker.domain import codec
from tracker.domain import state as f
from tracker.domain.dates import edtf
from tracker.domain.records import Actor, Affiliation, Collection, Document, Rating, Source
from tracker.models.derived import StandingRecord
from tracker.queries.moment import AsOf, TooManyThen, resolve
from tracker.queries.records import states

# Records of a noun that one answer folds.
MOST = 20_000
_BEGUN = log.BEGUN_BY.format(column="standing_record.id")


def filed(
    noun: str, *, contains: str | None, position: int
) -> list[tuple[tuple[str, UUID], f.State]]:
    """Give the records of a noun that there were at a position, by the name of that time and id.

    `contains` is looked for where lists of now look for it.

    :raises TooManyThen: where there are more than one answer can fold.
    """
    known = StandingRecord.objects.filter(noun=noun).extra(  # noqa: S610 # no words of others
        where=[_BEGUN], params=[position]
    )
    ids = list(known.values_list("id", flat=True)[: MOST + 1])
    if len(ids) > MOST:
        raise TooManyThen(f"more than {MOST} {noun}s were on record: only now can they be listed")
    then = states.records(ids, at=position)
    sought = contains.casefold() if contains is not None else ""
    rows = [((states.filed_under(one), key), one) for key, one in then.items()]
    return sorted(
        (row for row in rows if sought in _searched(row[0][0], row[1]).casefold()),
        key=lambda row: row[0],
    )


def beyond(rows: Sequence[Any], *, after: Sequence[Any] | None) -> list[Any]:
    """Those that follow a place."""
    return [row for row in rows if after is None or row[0] > tuple(after)]


def _searched(name: str, state: f.State) -> str:
    """The words that are looked through: names, aliases, titles, addresses."""
    plain = codec.plain(state)
    actor, document = plain.get("actor") or {}, plain.get("document") or {}
    parts = (actor.get("names"), actor.get("aliases"), document.get("url"))
    written = (json.dumps(one, ensure_ascii=False) for one in parts if one)
    return " ".join((name, *written))


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
class Sought:
    """Records of a noun that are listed, as they stand or, with a position, as they stood.

    `contains` is looked for in names, aliases, titles and addresses.
    """

    noun: str
    contains: str | None = None
    as_of: int | None = None


def listing(
    sought: Sought, *, after: Sequence[Any] | None, limit: int
) -> list[tuple[Place, Entry]]:
    """Give up to `limit` records that follow the place `after`, by name, then by id.

    :raises TooManyThen: where there were more at the position than one answer can fold.
    """
    if sought.as_of is not None:
        return _listed_then(sought, sought.as_of, after=after, limit=limit)
    rows = _narrowed(sought).order_by("name", "id")
    if after is not None:
        rows = rows.extra(where=["(name, id) > (%s, %s)"], params=list(after))
    page = list(rows[:limit])
    found = {row.id: codec.build(states.NOUNS[sought.noun], row.state) for row in page}
    entries = _entries(found, {row.id: row.version for row in page}, at=None)
    return [((row.name, row.id), entries[row.id]) for row in page]


def count(sought: Sought) -> int:
    """How many there are, or were.

    :raises TooManyThen:
    """
    if sought.as_of is None:
        return _narrowed(sought).count()
    return len(filed(sought.noun, contains=sought.contains, position=sought.as_of))


def _listed_then(
    sought: Sought, position: int, *, after: Sequence[Any] | None, limit: int
) -> list[tuple[Place, Entry]]:
    every = filed(sought.noun, contains=sought.contains, position=position)
    page = beyond(every, after=after)[:limit]
    found = _entries_then({key: state for (_, key), state in page}, position)
    return [(place, found[place[1]]) for place, _ in page]


def entries(noun: str, records: Iterable[UUID], *, as_of: int | None) -> dict[UUID, Entry]:
    """Give those of some records that there are, or were at a position, by id, with as many
    questions for many as for one."""
    if as_of is None:
        rows = list(StandingRecord.objects.filter(noun=noun, id__in=set(records)).order_by("id"))
        found = {row.id: codec.build(states.NOUNS[noun], row.state) for row in rows}
        return _entries(found, {row.id: row.version for row in rows}, at=None)
    return _entries_then(states.folded(records, until=as_of), as_of)


def _entries_then(found: Mapping[UUID, f.State], position: int) -> dict[UUID, Entry]:
    events = log.history(found, until=position, words=False)
    return _entries(found, {one.stream: one.version for one in events}, at=position)


def entry(noun: str, record: UUID, *, as_of: AsOf = None) -> Entry | None:
    """Give a record as it stands, or as it stood at a moment; None if there was none.

    :raises AheadOfLog: for a moment after the head.
    """
    at = resolve(as_of)
    history = log.history([record], until=at)
    state = f.fold(one.entry() for one in history)
    if not isinstance(state, states.NOUNS[noun]):
        return None
    return _entries({record: state}, {record: history[-1].version}, at=at)[record]


def _narrowed(sought: Sought) -> QuerySet[StandingRecord]:
    rows = StandingRecord.objects.filter(noun=sought.noun)
    if sought.contains is None:
        return rows
    pattern = sought.contains.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
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
