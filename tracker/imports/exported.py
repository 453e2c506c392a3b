"""Records and later events that come with the claims of an export.

Records that are not on record here are added as they were. A record with the same code or name here
counts as the same, whatever its id.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any
from uuid import UUID

from django.conf import settings

from tracker.domain import codec, follow_up_events, validity
from tracker.domain import events as e
from tracker.domain import state as f
from tracker.domain.claims import Claim
from tracker.imports.formats.base import BadCell
from tracker.imports.formats.drafts import DraftClaim
from tracker.imports.plan import Plans
from tracker.queries.records import states
from tracker.queries.records.names import AmbiguousName

RECORDS_COLUMN = "records"
# Finds the id of the record with a name, if there is one.
type Find = Callable[[str], UUID | None]
type LocalIdMap = Mapping[UUID, UUID]


class ExportedRecords:
    """Plans the records of an export. `finders` find records by name; each is for the class of the
    event that describes them."""

    def __init__(self, plans: Plans, finders: Mapping[type[e.Event], Find]) -> None:
        self._plans = plans
        self._finders = finders
        self._on_record: Mapping[UUID, str] = {}
        self._done: set[UUID] = set()

    def look_up(self, drafts: Iterable[DraftClaim]) -> None:
        """Find out which records are on record here, for many rows at once."""
        rows = list(drafts)
        ids = {id_ for draft in rows for id_ in draft.records}
        events = (event for draft in rows for event in draft.follow_ups)
        ids |= {id_ for event in events for _, id_, _ in follow_up_events.refers(event)}
        self._on_record = states.nouns(ids) if ids else {}

    @property
    def on_record(self) -> Mapping[UUID, str]:
        """The nouns of the records of the last `look_up` that are on record, by id."""
        return self._on_record

    def plan(self, draft: DraftClaim) -> dict[UUID, UUID]:
        """Plan the records of a row. Returns the ids here of the records with the same name.

        :raises BadCell: if one of the records is invalid.
        """
        local_ids: dict[UUID, UUID] = {}
        for stream, events in draft.records.items():
            if stream in self._on_record or stream in self._done:
                continue
            same_name = self._same_name(events[0])
            if same_name:
                local_ids[stream] = same_name
                continue
            for event in events:
                for problem in validity.event_problems(event):
                    raise BadCell(
                        RECORDS_COLUMN, str(stream), f"{problem.pointer}: {problem.detail}"
                    )
            local = [_with_local_ids(event, local_ids) for event in events]
            self._plans.add(stream, *local, needs=[*_ids(local[0])])
            self._done.add(stream)
        return local_ids

    def settle(self) -> None:
        """Forget the plans: the records are on record now, or will be planned again."""
        self._done.clear()

    def _same_name(self, event: e.Event) -> UUID | None:
        find = self._finders.get(type(event))
        if find is None:
            return None
        record = codec.record_of(event)
        name = getattr(record, "code", None) or record.name
        try:
            return find(name)
        except AmbiguousName as problem:
            raise BadCell(RECORDS_COLUMN, name, str(problem)) from problem


def _with_local_ids(value: Any, local_ids: LocalIdMap) -> Any:
    """An event, or a part of one, with the ids of records replaced by those here."""
    if isinstance(value, UUID):
        return local_ids.get(value, value)
    if type(value) is tuple:
        return tuple(_with_local_ids(item, local_ids) for item in value)
    if not codec.is_record(value):
        return value
    parts = {part.name: getattr(value, part.name) for part in fields(value)}
    return replace(
        value, **{name: _with_local_ids(part, local_ids) for name, part in parts.items()}
    )


def _ids(value: Any) -> Iterator[UUID]:
    """The ids in an event, or in a part of one."""
    if isinstance(value, UUID):
        yield value
    elif type(value) is tuple:
        yield from (id_ for item in value for id_ in _ids(item))
    elif codec.is_record(value):
        yield from (id_ for part in fields(value) for id_ in _ids(getattr(value, part.name)))


EVENTS_COLUMN = "later"
_NOUNS: Mapping[type[e.Event], str] = {
    e.ActorDescribed: "actor",
    e.SourceDescribed: "source",
    e.DocumentDescribed: "document",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalIds:
    """The ids here of a draft's records, by their ids in the export: its actors, its cited
    documents, and records with the same name here (`same_names`). `on_record` has the nouns of
    those that are on record with the same id.
    """

    draft: DraftClaim
    actors: Mapping[UUID, UUID]
    documents: Mapping[UUID, UUID]
    same_names: Mapping[UUID, UUID]
    on_record: Mapping[UUID, str]

    def find(self, id_: UUID, noun: str) -> UUID | None:
        """The id of a record here; None if it does not exist, or has another noun."""
        local = {"actor": self.actors, "document": self.documents}.get(noun, {})
        if id_ in local:
            return local[id_]
        if self.on_record.get(id_) == noun:
            return id_
        events = self.draft.records.get(id_)
        if not events or _NOUNS.get(type(events[0])) != noun:
            return None
        return self.same_names.get(id_) or _document_at_url(events[0]) or id_


def local_follow_up_events(
    draft: DraftClaim, claim: Claim, local_ids: LocalIds
) -> Sequence[e.Event]:
    """The events of a draft that follow its claim, with the ids here.

    :raises BadCell: if an event is invalid, or names a record that does not exist.
    """
    events = [
        _local_event(event, local_ids)
        for event in draft.follow_ups
        if not _is_own_acceptance(event)
    ]
    for event in events:
        for problem in validity.event_problems(event):
            raise _bad_cell(event, problem.pointer, problem.detail)
    history = [e.ClaimAsserted(claim=claim), *(event_ for event_ in events if not is_link(event_))]
    try:
        f.fold(f.Entry(e.NAMESPACE, 0, item) for item in history)
    except f.OutOfOrder as problem:
        raise BadCell(EVENTS_COLUMN, "", str(problem)) from problem
    return events


def is_link(event: e.Event) -> bool:
    return isinstance(event, e.ClaimsLinked)


def _is_own_acceptance(event: e.Event) -> bool:
    """Whether the event accepts the claim although FOUR_EYES requires a second person: an importer
    must not accept their own claims."""
    accepts = isinstance(event, e.ClaimReviewed) and event.outcome == "accepted"
    return accepts and bool(settings.FOUR_EYES)


def _local_event(event: e.Event, local_ids: LocalIds) -> e.Event:
    """The event with the ids of the records that it names replaced by those here.

    :raises BadCell: if one of the records does not exist.
    """
    ids: dict[UUID, UUID] = {}
    for pointer, id_, noun in follow_up_events.refers(event):
        local_id = local_ids.find(id_, noun)
        if local_id is None:
            raise _bad_cell(event, pointer, f"there is no {noun} {id_}")
        ids[id_] = local_id
    local: e.Event = _with_local_ids(event, ids)
    return local


def _document_at_url(event: e.Event) -> UUID | None:
    """The oldest document on record with the same address."""
    url = event.document.url if isinstance(event, e.DocumentDescribed) else None
    documents = states.documents(ids=(), urls=[url]) if url else []
    return documents[-1].id if documents else None


def _bad_cell(event: e.Event, pointer: str, detail: str) -> BadCell:
    return BadCell(EVENTS_COLUMN, type(event).__name__, f"{pointer.strip('/')}: {detail}")
