"""Evaluates the plain claims of a batch of events by parts, without building their objects.

Nearly all events of an archive are plain claims, the documents that they cite, and further reports
of them. Their impacts follow from the log alone, so that a batch can be prepared before the events
before it are processed. The parts are kept between the batches of a view, as long as no record
changes in between.
"""

from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from tracker import log
from tracker.domain import state as f
from tracker.domain.around import related_actors
from tracker.domain.lenses import View
from tracker.domain.parts import Parts, Records
from tracker.domain.plain import PlainCitation, PlainClaim, plain_citation, plain_claim
from tracker.domain.records import Document
from tracker.domain.scoring.evidence import Impact
from tracker.domain.state import Entry
from tracker.log import Recorded
from tracker.queries.evidence.record import Snapshot
from tracker.queries.sql import select

# The views whose parts a process keeps, and the claims and records after which it begins anew.
MOST_VIEWS = 8
MOST_CLAIMS = 100_000
# Parts that are so many events old are made anew: whether they hold is asked of all events between.
MOST_BETWEEN = 5_000
_RECORDS = frozenset({"ActorDescribed", "SourceDescribed", "DocumentDescribed"})
_REVISIONS = _RECORDS | {"SourceRated", "CollectionDescribed"}
_REVISED = (
    f"SELECT FROM logged e WHERE {log.IN_RANGE.format(after='%(after)s', until='%(until)s')}"
    " AND e.kind = ANY(%(revisions)s) AND NOT (e.version = 1 AND e.kind = ANY(%(records)s)) LIMIT 1"
)


class ReadEvent(NamedTuple):
    """An event of a batch: a plain claim; a report of one; or, with an entry, any other event. The
    first description of a record has none of them: no impact follows from it yet. `document`: the
    document that begins.
    """

    body: Recorded
    plain: PlainClaim | None = None
    report: PlainCitation | None = None
    entry: Entry | None = None
    document: Document | None = None

    @property
    def begins_record(self) -> bool:
        return self.body.version == 1 and self.body.kind in _RECORDS

    @property
    def changes_record(self) -> bool:
        """Whether it is not the first event of a record, and may change what parts follow from."""
        return self.body.kind in _REVISIONS and not self.begins_record


type PlainClaims = dict[UUID, PlainClaim]


class Evaluated(NamedTuple):
    """A plain claim after an event, and its impacts then."""

    claim: PlainClaim
    impacts: list[Impact]


class Prepared(NamedTuple):
    """Consecutive events for a view, the plain claims on record before that they report again, the
    parts as of the last event, and what plain claims are evaluated to, by position, up to the first
    change of a record."""

    view: View
    events: list[ReadEvent]
    known: PlainClaims
    kept: "KeptParts"
    evaluated: dict[int, Evaluated]


def prepare(view: View, *, after: int, until: int, skip_records: bool = True) -> Prepared:
    """Read the events after a position up to another, and evaluate the plain claims. Reads nothing
    but the log, so that the events before need not be processed. `skip_records`: no impact can
    follow from the first description of a record.

    :raises UnknownShape: :raises BadShape: if an event cannot be read.
    """
    # The first is the last event of the batch before.
    bodies = log.bodies(after=after - 1, until=until)
    end = bodies.pop(0).leaf_hash if after and bodies else b""
    events, known = _read_all(bodies, after=after, skip_records=skip_records)
    kept = _take(view, after=after, end=end)
    return Prepared(view, events, known, kept, kept.evaluate(events, known, after=after))


def _read_all(
    bodies: Iterable[Recorded], *, after: int, skip_records: bool
) -> tuple[list[ReadEvent], PlainClaims]:
    """Read the events of a batch after a position. Returns them, and the plain claims on record by
    then that they report again."""
    events = [_read(body, skip_records=skip_records) for body in bodies]
    begun = {event.body.stream for event in events if event.plain}
    reported = {event.body.stream for event in events if event.report} - begun
    known = _on_record(reported, until=after)
    others = reported - known.keys()
    return [_with_entry(event) if event.body.stream in others else event for event in events], known


def _read(body: Recorded, *, skip_records: bool) -> ReadEvent:
    if body.schema == 1 and not body.erased:
        if body.version == 1:
            if body.kind == "ClaimAsserted" and (plain := plain_claim(body.content["claim"])):
                return ReadEvent(body, plain=plain)
            if skip_records and body.kind in _RECORDS:
                return ReadEvent(body, document=_document(body))
        elif body.kind == "CitationAdded" and (report := plain_citation(body.content["citation"])):
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
            return plain_claim(recorded.content["claim"])
        case "CitationAdded", 1 if claim:
            report = plain_citation(recorded.content["citation"])
            return report and claim.with_report(report)
    return None


def _document(body: Recorded) -> Document | None:
    """The document that an event begins, as far as scores depend on it."""
    if body.kind != "DocumentDescribed" or body.version != 1:
        return None
    described = body.content["document"]
    return Document(source=UUID(described["source"]), date=described.get("date"))


class KeptParts:
    """The parts of a view, and the records behind them, as of the event at `position`, which has
    the hash `end`."""

    def __init__(self, view: View) -> None:
        self.position = 0
        self.end = b""
        self._view = view
        self.clear()

    def clear(self) -> None:
        """Forget everything, after a change of a record that may be in use."""
        self._claims = 0
        self.records = Records()
        self.parts = Parts(self._view, self.records)
        # The ids that were looked up, those of them that were not on record, and the actors that
        # others speak for or list as members.
        self._sought: set[str] = set()
        self._missing: set[str] = set()
        self._represented: set[UUID] = set()

    def go_on(self, after: int) -> bool:
        """Whether the parts are also those as of a later position: no record has changed since."""
        if not 0 < self.position <= after or after - self.position > MOST_BETWEEN:
            return False
        [last] = log.bodies(after=self.position - 1, until=self.position)
        if last.leaf_hash != self.end:
            return False
        between = {"after": self.position, "until": after}
        kinds = {"revisions": [*_REVISIONS], "records": [*_RECORDS]}
        if select(_REVISED, between | kinds):
            return False
        # They may have begun since.
        self._sought -= self._missing
        self._missing.clear()
        return True

    def evaluate(
        self, events: Sequence[ReadEvent], known: PlainClaims, *, after: int
    ) -> dict[int, Evaluated]:
        """Evaluate the plain claims that events after a position assert or report, up to the first
        event that changes a record. Those whose parts cannot be worked out are left out. `known`:
        the plain claims before that they report."""
        snapshot = Snapshot(after)
        self.load(events, known, snapshot)
        plain, evaluated = dict(known), dict[int, Evaluated]()
        for event in events:
            body = event.body
            if event.changes_record:
                break
            if found := self._evaluate(event, plain.pop(body.stream, None)):
                plain[body.stream] = found.claim
                evaluated[body.position] = found
            if snapshot.holds(body.stream):
                snapshot.advance(event.entry or body.entry(), begins=body.version == 1)
            snapshot.position = body.position
            if event.begins_record:
                self.begin(event, snapshot)
        return evaluated

    def _evaluate(self, event: ReadEvent, before: PlainClaim | None) -> Evaluated | None:
        """The plain claim that an event asserts or reports, if its parts can be worked out."""
        claim = event.plain
        if event.report and before:
            claim = before.with_report(event.report)
        if claim is None:
            return None
        try:
            return Evaluated(claim, self.parts.impacts(event.body.stream, claim))
        except (LookupError, ValueError):
            return None

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
        self._missing |= new - self._add(snapshot, set(map(UUID, new)))
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

    def _add(self, snapshot: Snapshot, wanted: set[UUID]) -> set[str]:
        """Add the records that can be read. Returns their ids."""
        found = snapshot.readable(wanted, object)
        for state in found.values():
            self._put(state)
        return set(map(str, found))

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


def _take(view: View, *, after: int, end: bytes) -> KeptParts:
    """Take the parts of a view, if they are those as of a position, whose event has the hash `end`;
    otherwise new ones."""
    kept = _kept.pop(view.id, None)
    return kept if kept and end and (kept.end == end or kept.go_on(after)) else KeptParts(view)


def keep(prepared: Prepared) -> None:
    """Keep the parts for the next batch, if there were any events."""
    if prepared.events:
        last = prepared.events[-1].body
        prepared.kept.position, prepared.kept.end = last.position, last.leaf_hash
        _kept[prepared.view.id] = prepared.kept
    while len(_kept) > MOST_VIEWS:
        _kept.popitem(last=False)
