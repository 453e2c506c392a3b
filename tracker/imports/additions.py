"""The events that some rows add to the log, in the order of the rows: before each claim the records
that it needs and that are not on record yet.

So the log that a file makes does not depend on how it was cut into transactions.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from tracker import log
from tracker.domain import events as e
from tracker.domain import follow_up_events
from tracker.domain.claims import Citation, Claim
from tracker.domain.fields import limit
from tracker.imports.exported import is_link
from tracker.imports.outcomes import Past, RowOutcome
from tracker.imports.records import Records
from tracker.imports.rows import Row
from tracker.log import Draft
from tracker.operations.ids import statement_id
from tracker.operations.links import leads_back
from tracker.operations.references import ReferenceSet
from tracker.queries.records import states
from tracker.queries.records.states import Reported
from tracker.queries.records.states import reported as standing

_MOST_CITATIONS = limit(Claim, "citations").entries


@dataclass(slots=True)
class _Told:
    """A claim that further rows report: what its stream and its citations are at so far."""

    version: int
    standing: bool
    documents: set[UUID]
    citations: int
    root: UUID


@dataclass(slots=True, kw_only=True)
class Additions:
    """What is to be appended for some rows."""

    records: Records
    # Why a claim is corrected; empty where none is to be.
    correction: str
    drafts: list[Draft] = field(default_factory=list)
    made: dict[UUID, None] = field(default_factory=dict)
    referred: ReferenceSet = field(default_factory=ReferenceSet)
    citations: int = 0
    corrections: int = 0
    links: list[e.ClaimsLinked] = field(default_factory=list)
    _told: dict[UUID, _Told] = field(default_factory=dict)
    # The claims that a link may lead to: on record, or asserted by these rows.
    _ends: set[UUID] = field(default_factory=set)
    # The links that are made already: a line may name one twice.
    _joined: set[UUID] = field(default_factory=set)

    def take(self, fates: Sequence[RowOutcome]) -> None:
        self._look_up([fate.row.id for fate in fates if fate.report and fate.row], fates)
        self._ends = _linked([fate.row for fate in fates if fate.fresh and fate.row])
        for fate in fates:
            if fate.row and fate.fresh:
                self._assert(fate.row)
            elif fate.row and fate.report:
                self._cite(fate.row)
            elif fate.row and fate.past and self.correction:
                self._correct(fate.row, fate.past)

    def _look_up(self, reported: Sequence[UUID], fates: Sequence[RowOutcome]) -> None:
        """Learn where the claims stand that are reported again."""
        if not reported:
            return
        fresh = {fate.row.id: fate.row for fate in fates if fate.fresh and fate.row}
        known = standing(set(reported) - fresh.keys())
        self._told = {
            one: _begun(fresh[one]) if one in fresh else _held(known[one]) for one in set(reported)
        }

    def _assert(self, row: Row) -> None:
        if planned := self.records.needed(row.claim):
            self._make(planned)
        self.referred.add(row.claim)
        event = e.ClaimAsserted(claim=row.claim)
        self.drafts.append(Draft(row.id, event, 0, row.written))
        if row.statement:
            self._state(row, row.statement)
        if row.later:
            self._follow(row)

    def _state(self, row: Row, statement: Claim) -> None:
        """Let a party say the claim of a row."""
        self._make(self.records.needed(statement))
        self.referred.add(statement)
        stream = statement_id(row.id)
        link = e.ClaimsLinked(type="says", from_=stream, to=row.id)
        self.drafts.append(Draft(stream, e.ClaimAsserted(claim=statement), 0))
        self.drafts.append(Draft(e.link_id("says", stream, row.id), link, 0))

    def _follow(self, row: Row) -> None:
        """Let a claim stand as it did where it was exported. Linked it is once the other claim is
        on record too; where that comes later in the file, its row links them."""
        self._ends.add(row.id)
        for version, event in enumerate(_judging(row), start=1):
            named = list(follow_up_events.refers(event))
            self._make(self.records.plans.needed(one for _, one, _ in named))
            self.referred.add_named(named)
            self.drafts.append(Draft(stream=row.id, event=event, expected=version))
        for link in row.later:
            if isinstance(link, e.ClaimsLinked) and {link.from_, link.to} <= self._ends:
                self._link(link)

    def _link(self, link: e.ClaimsLinked) -> None:
        stream = e.link_id(link.type, link.from_, link.to)
        if stream in self._joined or leads_back(link, self.links):
            return
        self._joined.add(stream)
        self.links.append(link)
        self.drafts.append(Draft(stream=stream, event=link, expected=0))

    def _cite(self, row: Row) -> None:
        """Cite another document for a claim that is told already, by the same root: a report that
        a program counts again is no second witness."""
        told = self._told[row.id]
        full = told.citations >= _MOST_CITATIONS
        if not told.standing or full or row.document.id in told.documents:
            return
        citation = _rooted(row.claim.citations[0], told.root, publisher=row.document.source)
        self._make(self.records.needed_to_cite(citation))
        self.referred.add_cited(citation)
        event = e.CitationAdded(citation=citation)
        self.drafts.append(Draft(stream=row.id, event=event, expected=told.version))
        told.version += 1
        told.citations += 1
        told.documents.add(row.document.id)
        self.citations += 1

    def _correct(self, row: Row, past: Past) -> None:
        """Let a claim say what the row says; citations that were added to it stay."""
        held, first = past.state, past.said[0]
        if held.status != "standing" or row.claim.collection != held.claim.collection:
            return
        claim = _with_added(row.claim, first=first, held=held.claim)
        self._make(self.records.needed(claim))
        self.referred.add(claim)
        event = e.ClaimCorrected(claim=claim, reason=self.correction)
        self.drafts.append(Draft(stream=row.id, event=event, expected=past.version))
        if row.statement and not log.firsts([statement_id(row.id)]):
            self._state(row, row.statement)
        self.corrections += 1

    def _make(self, planned: Iterable[UUID]) -> None:
        for one in planned:
            if one not in self.made:
                self.made[one] = None
                self.drafts += self.records.plans.drafts(one)


def _judging(row: Row) -> list[e.Event]:
    return [one for one in row.later if not is_link(one)]


def _linked(fresh: Iterable[Row]) -> set[UUID]:
    """The claims on record at the other ends of links."""
    links = [one for row in fresh for one in row.later if isinstance(one, e.ClaimsLinked)]
    ends = {end for one in links for end in (one.from_, one.to)}
    return states.claims(ends, at=None).keys() & ends if ends else set()


def _begun(row: Row) -> _Told:
    """A claim that these rows themselves put on record."""
    first = row.claim.citations[0]
    return _Told(
        version=1 + len(_judging(row)),
        standing=True,
        documents={one.document for one in row.claim.citations},
        citations=len(row.claim.citations),
        root=first.chain[-1] if first.chain else row.document.source,
    )


def _held(one: Reported) -> _Told:
    """A claim that is on record."""
    return _Told(
        version=one.version,
        standing=one.standing,
        documents=set(one.documents),
        citations=one.citations,
        root=one.root,
    )


def _rooted(citation: Citation, root: UUID, *, publisher: UUID) -> Citation:
    """The citation with its chain led back to a root."""
    if publisher == root:
        return replace(citation, chain=())
    links = citation.chain
    before = links[: links.index(root)] if root in links else links
    return replace(citation, chain=(*before, root))


def _with_added(claim: Claim, *, first: Claim, held: Claim) -> Claim:
    """The claim of a row with the citations that were added since it was first asserted."""
    given = (*first.citations, *claim.citations)
    added = tuple(one for one in held.citations if one not in given)
    return replace(claim, citations=(*claim.citations, *added))
