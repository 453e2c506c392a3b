"""Evaluates the plain claims of a batch of events by parts, without building their objects.

Nearly all events of an archive are plain claims, the documents that they cite, and further reports
of them. The parts are kept between the batches of a view, as long as the log continues where the
last batch ended.
"""

import json
from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from tracker import log
from tracker.domain import events as e
from tracker.domain import state as f
from tracker.domain.lenses import View
from tracker.domain.neighbourhood import related_actors
from tracker.domain.parts import Parts, Records
from tracker.domain.plain import PlainCitation, PlainClaim, plain_citation, plain_claim
from tracker.domain.records import Document
from tracker.domain.state import Entry
from tracker.log import Body, Recorded
from tracker.queries.evidence.snapshot import Snapshot

# The views whose parts a process keeps, and the claims and records after which it begins anew.
MOST_VIEWS = 8
MOST_CLAIMS = 100_000
_RECORDS = frozenset({"ActorDescribed", "SourceDescribed", "DocumentDescribed"})


class ReadEvent(NamedTuple):
    """An event of a batch: a plain claim; a report of one; or, with an entry, any other event. The
    first description of a record has none of them: no impact follows from it yet. `document`: the
    document that begins.
    """

    body: Body
    plain: PlainClaim | None = None
    report: PlainCitation | None = None
    entry: Entry | None = None
    document: Document | None = None

    @property
    def begins_record(self) -> bool:
        return self.body.version == 1 and self.body.kind in _RECORDS


type PlainClaims = dict[UUID, PlainClaim]


def read(
    bodies: Iterable[Body], *, after: int, skip_records: bool
) -> tuple[list[ReadEvent], PlainClaims]:
    """Read the events of a batch after a position. Returns them, and the plain claims on record by
    then that they report again. `skip_records`: no impact can follow from the first description of
    a record.

    :raises UnknownShape: :raises BadShape: if an event cannot be read.
    """
    events = [_read(body, skip_records=skip_records) for body in bodies]
    begun = {event.body.stream for event in events if event.plain}
    reported = {event.body.stream for event in events if event.report} - begun
    known = _on_record(reported, until=after)
    others = reported - known.keys()
    return [_with_entry(event) if event.body.stream in others else event for event in events], known


def _read(body: Body, *, skip_records: bool) -> ReadEvent:
    if body.schema == 1 and not body.erased:
        if body.version == 1:
            if body.kind == "ClaimAsserted" and (
                plain := plain_claim(json.loads(body.body)["claim"])
            ):
                return ReadEvent(body, plain=plain)
            if skip_records and body.kind in _RECORDS:
                return ReadEvent(body, document=_document(body))
        elif body.kind == "CitationAdded" and (
            report := plain_citation(json.loads(body.body)["citation"])
        ):
            return ReadEvent(body, report=report)
    return _with_entry(ReadEvent(body))


def _with_entry(event: ReadEvent) -> ReadEvent:
    """The event for the long way."""
    return ReadEvent(event.body, entry=event.body.entry(), document=_document(event.body))


def _on_record(streams: Collection[UUID], *, until: int) -> PlainClaims:
    """Those of some streams that are plain claims at a position: with no other events than reports
    after the first."""
    claims: dict[UUID, PlainClaim | None] = {}
    for recorded in log.history(streams, until=until, words=False):
        claims[recorded.stream] = _next(claims.get(recorded.stream), recorded)
    return {stream: claim for stream, claim in claims.items() if claim}


def _next(claim: PlainClaim | None, recorded: Recorded) -> PlainClaim | None:
    """A plain claim after an event; None if it is not plain."""
    if recorded.erased:
        return None
    match recorded.kind, recorded.schema:
        case "ClaimAsserted", 1:
            return plain_claim(recorded.body["claim"])
        case "CitationAdded", 1 if claim:
            report = plain_citation(recorded.body["citation"])
            return report and claim.with_report(report)
    return None


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

    def load(
        self, events: Sequence[ReadEvent], known: Mapping[UUID, PlainClaim], snapshot: Snapshot
    ) -> None:
        """Read at once the records that plain claims refer to, also those that begin in these
        events. `known`: the claims before these events that they report."""
        reports = [event for event in events if event.report]
        claims = [event.plain for event in events if event.plain]
        claims += [known[one.body.stream] for one in reports if one.body.stream in known]
        citations = [citation for claim in claims for citation in claim.citations]
        citations += [event.report for event in reports if event.report]
        records = self.records
        described = len(records.documents) + len(records.sources) + len(records.actors)
        if self._claims + described > MOST_CLAIMS:
            self.clear()
        self._claims += len(claims)
        documents = self.records.documents
        new_documents = {str(event.body.stream): event.document for event in events}
        cited = {citation.document for citation in citations}
        named = _named(claims, citations)
        new = (cited - documents.keys() - new_documents.keys()) | (named - self._sought)
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


def _named(claims: Iterable[PlainClaim], citations: Iterable[PlainCitation]) -> set[str]:
    """What claims refer to, except their documents."""
    named: set[str] = set()
    for claim in claims:
        named.add(claim.collection)
        named.update(claim.initiators)
        named.update(claim.recipients)
    for citation in citations:
        named.update(citation.chain)
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
