"""Evaluates the plain claims of a batch of events by parts, without building their objects.

Nearly all events of an archive are plain claims and the documents that they cite. The parts are
kept between the batches of a view, as long as the log continues where the last batch ended.
"""

import json
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import NamedTuple
from uuid import UUID

from tracker.domain import events as e
from tracker.domain import state as f
from tracker.domain.lenses import View
from tracker.domain.parts import Parts, Records
from tracker.domain.plain import PlainClaim, plain_claim
from tracker.domain.records import Document
from tracker.domain.state import Entry
from tracker.log import Body
from tracker.queries.evidence.neighbourhood import related_actors
from tracker.queries.evidence.snapshot import Snapshot

# The views whose parts a process keeps, and the claims after which it begins anew.
MOST_VIEWS = 8
MOST_CLAIMS = 100_000
_RECORDS = frozenset({"ActorDescribed", "SourceDescribed", "DocumentDescribed"})


class ReadEvent(NamedTuple):
    """An event of a batch: a plain claim; or, with an entry, any other event. The first description
    of a record has neither: no impact follows from it yet. `document`: the document that begins.
    """

    body: Body
    plain: PlainClaim | None = None
    entry: Entry | None = None
    document: Document | None = None

    @property
    def begins_record(self) -> bool:
        return self.body.version == 1 and self.body.kind in _RECORDS


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
            return ReadEvent(body, document=_document(body))
    return ReadEvent(body, entry=body.entry(), document=_document(body))


def _document(body: Body) -> Document | None:
    """The document that an event begins, as far as scores depend on it."""
    if body.kind != "DocumentDescribed" or body.version != 1:
        return None
    described = json.loads(body.body)["document"]
    return Document(source=UUID(described["source"]), date=described.get("date"))


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
        self._claims = 0
        self.records = Records()
        self.parts = Parts(self._view, self.records)
        # The ids that were looked up, and the actors that others speak for or list as members.
        self._sought: set[str] = set()
        self._represented: set[UUID] = set()

    def load(self, events: Sequence[ReadEvent], snapshot: Snapshot) -> None:
        """Read at once the records that plain claims refer to, also those that begin in these
        events."""
        plain = [event.plain for event in events if event.plain]
        if self._claims > MOST_CLAIMS:
            self.clear()
        self._claims += len(plain)
        documents = self.records.documents
        new_documents = {str(event.body.stream): event.document for event in events}
        cited = {one.citation.document for one in plain}
        new = (cited - documents.keys() - new_documents.keys()) | (_named(plain) - self._sought)
        self._sought |= new
        self._add(snapshot, set(map(UUID, new)))
        sources = {documents[one].source for one in cited if one in documents}
        sources |= {document.source for document in new_documents.values() if document}
        self._load(sources - self.records.sources.keys(), snapshot)

    def begin(self, event: ReadEvent, snapshot: Snapshot) -> None:
        """Add a record that begins."""
        if event.document:
            self.records.documents[str(event.body.stream)] = event.document
        elif state := f.fold([event.entry or event.body.entry()], None):
            self._put(state)
            self._load(set(), snapshot)

    def _load(self, wanted: set[UUID], snapshot: Snapshot) -> None:
        """Read records, and the actors that they lead to."""
        known = self.records.actors
        while wanted := wanted | {one for one in self._represented if one not in known}:
            self._represented.clear()
            self._add(snapshot, wanted)
            wanted = set()

    def _add(self, snapshot: Snapshot, wanted: set[UUID]) -> None:
        """Add the records that can be read."""
        for state in snapshot.readable(wanted, object).values():
            self._put(state)

    def _put(self, state: object) -> None:
        records = self.records
        match state:
            case f.ActorState():
                records.actors[state.id] = state.actor
                self._represented |= related_actors(state.actor)
            case f.SourceState():
                records.sources[state.id] = state
            case f.DocumentState():
                records.documents[str(state.id)] = state.document
            case f.CollectionState():
                records.collections[state.id] = state.collection


def _named(plain: Iterable[PlainClaim]) -> set[str]:
    """What claims refer to, except their documents."""
    named: set[str] = set()
    for one in plain:
        named.add(one.collection)
        named.update(one.initiators)
        named.update(one.recipients)
        named.update(one.citation.chain)
    return named


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
