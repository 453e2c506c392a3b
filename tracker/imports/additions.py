"""The events that rows add to the log, in the order of the rows.

Records that a claim needs come directly before it, so that the log does not depend on how a file is
split into transactions.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from tracker import log
from tracker.domain import events as e
from tracker.domain import follow_up_events
from tracker.domain.attribution import statement_id
from tracker.domain.claims import Citation, Claim
from tracker.domain.state import MOST_CITATIONS
from tracker.imports.exported import is_link
from tracker.imports.outcomes import ClaimVersions, RowOutcome
from tracker.imports.plain_rows import PlainEvents, PlainRow
from tracker.imports.records import ImportedRecords
from tracker.imports.rows import ImportRow
from tracker.log import Draft, NewStream, Written
from tracker.operations.links import leads_back
from tracker.operations.references import ReferenceSet
from tracker.queries.records import states
from tracker.queries.records.states import ClaimFacts


@dataclass(slots=True)
class _ReportedClaim:
    """The state so far of a claim that further rows report."""

    version: int
    standing: bool
    documents: set[UUID]
    citations: int
    root: UUID


@dataclass(slots=True, kw_only=True)
class Additions:
    """The events to append for some rows."""

    records: ImportedRecords
    # The reason of corrections; empty if claims are not corrected.
    correction: str
    drafts: list[Draft | NewStream] = field(default_factory=list)
    plain: PlainEvents = field(default_factory=PlainEvents)
    planned: dict[UUID, None] = field(default_factory=dict)
    referred: ReferenceSet = field(default_factory=ReferenceSet)
    citations: int = 0
    corrections: int = 0
    links: list[e.ClaimsLinked] = field(default_factory=list)
    _reported: dict[UUID, _ReportedClaim] = field(default_factory=dict)
    # The claims that a link may connect: on record, or asserted by these rows.
    _ends: set[UUID] = field(default_factory=set)
    # The links that are added already: a line may name one twice.
    _linked: set[UUID] = field(default_factory=set)

    def add(self, outcomes: Sequence[RowOutcome]) -> None:
        fresh = {result.row.id: result.row for result in outcomes if result.fresh and result.row}
        self._look_up([result.row.id for result in outcomes if result.report and result.row], fresh)
        self._ends = _link_ends([row for row in fresh.values() if isinstance(row, ImportRow)])
        for outcome in outcomes:
            row = outcome.row
            if row and outcome.fresh:
                self._assert_new(row)
            elif row and outcome.report:
                self._cite(row)
            elif isinstance(row, ImportRow) and outcome.past and self.correction:
                self._correct(row, outcome.past)

    def _look_up(
        self, reported: Sequence[UUID], fresh: Mapping[UUID, ImportRow | PlainRow]
    ) -> None:
        """Read the state of the claims that are reported again."""
        if not reported:
            return
        # Not a difference of sets, which would iterate over all new claims.
        known = states.claim_facts({id_ for id_ in reported if id_ not in fresh})
        self._reported = {
            id_: _new_claim(fresh[id_]) if id_ in fresh else _recorded_claim(known[id_])
            for id_ in set(reported)
        }

    def _assert_new(self, row: ImportRow | PlainRow) -> None:
        if isinstance(row, ImportRow):
            self._assert(row)
            return
        self._add_records(self.records.plans.needed(row.planned))
        self._add_document(row)
        self.drafts.append(self.plain.claim_event(row))

    def _add_document(self, row: PlainRow) -> None:
        if row.is_new and row.document.id not in self.planned:
            self.planned[row.document.id] = None
            self.drafts.append(self.plain.document_event(row))

    def _assert(self, row: ImportRow) -> None:
        if planned := self.records.needed(row.claim):
            self._add_records(planned)
        self.referred.add(row.claim)
        event = e.ClaimAsserted(claim=row.claim)
        self.drafts.append(Draft(row.id, event, 0, row.written))
        if row.statement:
            self._state(row, row.statement)
        if row.later:
            self._follow(row)

    def _state(self, row: ImportRow, statement: Claim) -> None:
        """Add the statement of the party that says the claim of a row."""
        self._add_records(self.records.needed(statement))
        self.referred.add(statement)
        stream = statement_id(row.id)
        link = e.ClaimsLinked(type="says", from_=stream, to=row.id)
        self.drafts.append(Draft(stream, e.ClaimAsserted(claim=statement), 0))
        self.drafts.append(Draft(e.link_id("says", stream, row.id), link, 0))

    def _follow(self, row: ImportRow) -> None:
        """Add the events that followed a claim where it was exported. A link is added by the row of
        its later claim, when both are on record."""
        self._ends.add(row.id)
        for version, event in enumerate(_events_on_claim(row), start=1):
            named = list(follow_up_events.refers(event))
            self._add_records(self.records.plans.needed(id_ for _, id_, _ in named))
            self.referred.add_named(named)
            self.drafts.append(Draft(stream=row.id, event=event, expected=version))
        for link in row.later:
            if isinstance(link, e.ClaimsLinked) and {link.from_, link.to} <= self._ends:
                self._link(link)

    def _link(self, link: e.ClaimsLinked) -> None:
        stream = e.link_id(link.type, link.from_, link.to)
        if stream in self._linked or leads_back(link, self.links):
            return
        self._linked.add(stream)
        self.links.append(link)
        self.drafts.append(Draft(stream=stream, event=link, expected=0))

    def _cite(self, row: ImportRow | PlainRow) -> None:
        """Cite another document for a claim that was reported before. It gets the same root,
        because a repeated count by a program is not a second witness."""
        claim = self._reported[row.id]
        full = claim.citations >= MOST_CITATIONS
        if not claim.standing or full or row.document.id in claim.documents:
            return
        citation = _with_root(row.citation, claim.root, publisher=row.document.source)
        if isinstance(row, PlainRow):
            # Its own document, which another row of the chunk may plan to describe in its way.
            self._add_records(self.records.plans.needed([*citation.chain, row.document.source]))
            self._add_document(row)
        else:
            self._add_records(self.records.needed_to_cite(citation))
        self.referred.add_cited(citation)
        event = e.CitationAdded(citation=citation)
        written = Written.of(event)
        self.plain.add_report(row.id, event, written)
        self.drafts.append(Draft(row.id, event, claim.version, written))
        claim.version += 1
        claim.citations += 1
        claim.documents.add(row.document.id)
        self.citations += 1

    def _correct(self, row: ImportRow, past: ClaimVersions) -> None:
        """Correct a claim to the row; citations that were added to the claim stay."""
        state, first = past.state, past.claims[0]
        if state.status != "standing" or row.claim.collection != state.claim.collection:
            return
        claim = _with_added_citations(row.claim, first=first, current=state.claim)
        self._add_records(self.records.needed(claim))
        self.referred.add(claim)
        event = e.ClaimCorrected(claim=claim, reason=self.correction)
        self.drafts.append(Draft(stream=row.id, event=event, expected=past.version))
        if row.statement and not log.firsts([statement_id(row.id)]):
            self._state(row, row.statement)
        self.corrections += 1

    def _add_records(self, planned: Iterable[UUID]) -> None:
        for record in planned:
            if record not in self.planned:
                self.planned[record] = None
                self.drafts += self.records.plans.drafts(record)


def _events_on_claim(row: ImportRow) -> list[e.Event]:
    return [event for event in row.later if not is_link(event)]


def _link_ends(new_rows: Iterable[ImportRow]) -> set[UUID]:
    """The claims on record at the other ends of the links of new rows."""
    links = [event for row in new_rows for event in row.later if isinstance(event, e.ClaimsLinked)]
    ends = {end for link in links for end in (link.from_, link.to)}
    return states.claims(ends, at=None).keys() & ends if ends else set()


def _new_claim(row: ImportRow | PlainRow) -> _ReportedClaim:
    """The state of a claim that these rows assert."""
    if isinstance(row, PlainRow):
        document = row.document
        return _ReportedClaim(
            version=1,
            standing=True,
            documents={document.id},
            citations=1,
            root=document.source,
        )
    first = row.claim.citations[0]
    return _ReportedClaim(
        version=1 + len(_events_on_claim(row)),
        standing=True,
        documents={citation.document for citation in row.claim.citations},
        citations=len(row.claim.citations),
        root=first.chain[-1] if first.chain else row.document.source,
    )


def _recorded_claim(claim: ClaimFacts) -> _ReportedClaim:
    """The state of a claim on record."""
    return _ReportedClaim(
        version=claim.version,
        standing=claim.standing,
        documents=set(claim.documents),
        citations=claim.citations,
        root=claim.root,
    )


def _with_root(citation: Citation, root: UUID, *, publisher: UUID) -> Citation:
    """The citation with a chain that ends at a root."""
    if publisher == root:
        return replace(citation, chain=())
    links = citation.chain
    kept_links = links[: links.index(root)] if root in links else links
    return replace(citation, chain=(*kept_links, root))


def _with_added_citations(claim: Claim, *, first: Claim, current: Claim) -> Claim:
    """The claim of a row with the citations that were added after its first version."""
    own = (*first.citations, *claim.citations)
    added = tuple(citation for citation in current.citations if citation not in own)
    return replace(claim, citations=(*claim.citations, *added))
