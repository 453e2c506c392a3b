"""Evaluates the plain claims of a batch of events by parts, without building their objects.

Nearly all events of an archive are plain claims and the documents that they cite. The parts are
kept between the batches of a view, as long as the log continues where the last batch ended.
"""

import json
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple
from uuid import UUID

from tracker.domain import events as e
from tracker.domain import state as f
from tracker.domain.lenses import View
from tracker.domain.parts import Parts, Records
from tracker.domain.plain import PlainClaim, plain_claim
from tracker.domain.records import Actor, Document
from tracker.domain.state import Entry
from tracker.log import Body
from tracker.queries.evidence.neighbourhood import related_actors
from tracker.queries.evidence.snapshot import Snapshot

# The views whose parts a process keeps, and the documents that it keeps for each.
MOST_VIEWS = 8
MOST_DOCUMENTS = 100_000
_RECORDS = frozenset({"ActorDescribed", "SourceDescribed", "DocumentDescribed"})


class ReadEvent(NamedTuple):
    """An event of a batch: a plain claim; or, with an entry, any other event. The first description
    of a record has neither: no impact follows from it yet."""

    body: Body
    plain: PlainClaim | None = None
    entry: Entry | None = None

    @property
    def begins_record(self) -> bool:
        return self.plain is None and self.entry is None


def read(bodies: Iterable[Body], *, skip_records: bool) -> list[ReadEvent]:
    """Read the events of a batch. `skip_records`: no impact can follow from the first description
    of a record.

    :raises UnknownShape: :raises BadShape: if an event cannot be read.
    """
    return [_read(body, skip_records=skip_records) for body in bodies]


def _read(body: Body, *, skip_records: bool) -> ReadEvent:
    if body.version == 1 and body.schema == 1:
        if body.kind == "ClaimAsserted" and (plain := plain_claim(json.loads(body.body)["claim"])):
            return ReadEvent(body, plain=plain)
        if skip_records and body.kind in _RECORDS:
            return ReadEvent(body)
    return ReadEvent(body, entry=body.entry())


_REVISIONS = (
    e.ActorDescribed
    | e.SourceDescribed
    | e.SourceRated
    | e.DocumentDescribed
    | e.CollectionDescribed
)


def changes_record(entry: Entry) -> bool:
    """Whether an event that is not the first of a record may change what parts follow from."""
    return isinstance(entry.event, _REVISIONS)


class KeptParts:
    """The parts of a view, and the records behind them, as of the event with the hash `end`."""

    def __init__(self, view: View) -> None:
        self.end = b""
        self._view = view
        self.clear()

    def clear(self) -> None:
        """Forget everything, after a change of a record that may be in use."""
        self.records = Records()
        self.parts = Parts(self._view, self.records)

    def load(self, events: Sequence[ReadEvent], snapshot: Snapshot) -> None:
        """Read at once the records that plain claims refer to, also those that begin in these
        events."""
        if len(self.records.documents) > MOST_DOCUMENTS:
            self.records.documents.clear()
        sources = {
            source for event in events if event.begins_record for source in self._begin(event)
        }
        plain = [event.plain for event in events if event.plain]
        self._add(snapshot, {UUID(one) for one in self._unknown(plain)})
        documents = self.records.documents
        citations = {one.citation for one in plain}
        sources |= {documents[one[0]].source for one in citations if one[0] in documents}
        sources |= {UUID(source) for one in citations for source in one.chain}
        self.load_records(sources, snapshot)
        self.load_records(_related(self.records.actors.values()), snapshot)

    def _begin(self, event: ReadEvent) -> Iterator[UUID]:
        """Add a record that begins. Returns the source of a document."""
        body = event.body
        if body.kind == "DocumentDescribed":
            described = json.loads(body.body)["document"]
            source = UUID(described["source"])
            document = Document(source=source, date=described.get("date"))
            self.records.documents[str(body.stream)] = document
            yield source
            return
        if state := f.fold([body.entry()], None):
            self._put(state)

    def load_records(self, wanted: set[UUID], snapshot: Snapshot) -> None:
        """Read actors, with those that they represent, and sources."""
        records = self.records
        while new := wanted - records.actors.keys() - records.sources.keys():
            self._add(snapshot, new)
            wanted = _related(records.actors[key] for key in new if key in records.actors)
            wanted -= new

    def _unknown(self, plain: Iterable[PlainClaim]) -> Iterator[str]:
        records = self.records
        collections = {one.collection for one in plain}
        actors = {actor for one in plain for actor in (*one.initiators, *one.recipients)}
        yield from (one for one in collections if UUID(one) not in records.collections)
        yield from (one for one in actors if UUID(one) not in records.actors)
        yield from {one.citation.document for one in plain} - records.documents.keys()

    def _add(self, snapshot: Snapshot, wanted: set[UUID]) -> None:
        """Add the records that can be read."""
        for state in snapshot.readable(wanted, object).values():
            self._put(state)

    def _put(self, state: object) -> None:
        records = self.records
        match state:
            case f.ActorState():
                records.actors[state.id] = state.actor
            case f.SourceState():
                records.sources[state.id] = state
            case f.DocumentState():
                records.documents[str(state.id)] = state.document
            case f.CollectionState():
                records.collections[state.id] = state.collection


def _related(actors: Iterable[Actor]) -> set[UUID]:
    return set[UUID]().union(*map(related_actors, actors))


_kept: OrderedDict[str, KeptParts] = OrderedDict()


def take(view: View, *, end: bytes) -> KeptParts:
    """Take the parts of a view, if they are those as of the event with the hash `end`; otherwise
    new ones."""
    kept = _kept.pop(view.id, None)
    return kept if kept and end and kept.end == end else KeptParts(view)


def keep(view: View, kept: KeptParts, *, end: bytes) -> None:
    """Keep the parts for the next batch, which begins after the event with the hash `end`."""
    kept.end = end
    _kept[view.id] = kept
    while len(_kept) > MOST_VIEWS:
        _kept.popitem(last=False)
