"""A claim with the names of everything that it refers to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from tracker.domain import certainty, codebooks
from tracker.domain import events as e
from tracker.domain import state as f
from tracker.domain.claims import Citation, Claim, Occurred
from tracker.domain.codes import Code
from tracker.domain.dates import edtf, words
from tracker.domain.disclosure import Reader
from tracker.domain.forecasts import brier
from tracker.domain.records import Party, dated
from tracker.queries.claims import listing as claim_listing
from tracker.queries.claims.listing import ClaimEntry, Filters
from tracker.queries.moment import At
from tracker.queries.records import states
from tracker.queries.scores.forecasts import forecast

type Records = Mapping[UUID, f.State]
type Names = Mapping[UUID, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyDetail:
    party: Party
    actor: f.ActorState


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """A source in a chain, with its grade in force on the document's date."""

    source: f.SourceState
    name: str
    grade: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedCitation:
    """`provenance` goes from the document's publisher to the root."""

    citation: Citation
    document: f.DocumentState
    provenance: tuple[Witness, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedVerdict:
    verdict: e.VerdictGiven
    judge: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedLink:
    """`title` is the title of the claim at the other end."""

    link: f.LinkState
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimDate:
    """When it happened: the first and last possible day, and the date in words."""

    occurred: Occurred
    bounds: edtf.Bounds
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolvedForecast:
    """How a forecast turned out, and its Brier score: None if it is void or has no likelihood."""

    resolution: e.ForecastResolved
    brier: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A claim with everything that it refers to by name, without its effects."""

    filed: ClaimEntry
    collection: f.CollectionState
    parties: tuple[PartyDetail, ...]
    citations: tuple[NamedCitation, ...]
    verdicts: tuple[NamedVerdict, ...]
    links: tuple[NamedLink, ...]

    @property
    def claim(self) -> Claim:
        return self.filed.state.claim

    @property
    def dated(self) -> ClaimDate | None:
        """None if the date is unknown."""
        occurred = self.claim.occurred
        if occurred is None:
            return None
        return ClaimDate(
            occurred=occurred, bounds=edtf.bounds(occurred.edtf), says=words.describe(occurred.edtf)
        )

    @property
    def resolved(self) -> ResolvedForecast | None:
        """None unless it is a resolved forecast."""
        resolution = self.filed.state.resolution
        if resolution is None:
            return None
        return ResolvedForecast(resolution=resolution, brier=brier(forecast(self.filed.state)))

    @property
    def coded(self) -> Code | None:
        return codebooks.find(self.claim.code) if self.claim.code else None


def sheet(claim_id: UUID, *, reader: Reader, as_of: At) -> Sheet | None:
    """Return a claim's sheet, as known at a moment. None if there was no such claim.

    :raises AheadOfLog: for a moment after the head.
    """
    filed = claim_listing.claim_entry(claim_id, as_of=as_of, reader=reader)
    at = as_of.past
    return _sheets([filed], at=at, reader=reader)[0] if filed else None


def sheets_at(claim_ids: Iterable[UUID], position: int, *, reader: Reader) -> dict[UUID, Sheet]:
    """Return the sheets of claims as known at a position, by id."""
    filed = claim_listing.claim_entries(claim_ids, position, reader=reader)
    sheets = _sheets(filed, at=position, reader=reader)
    return {sheet.filed.state.id: sheet for sheet in sheets}


def page(
    filters: Filters, *, after: UUID | None, limit: int, reader: Reader, as_of: At
) -> list[Sheet]:
    """Return the sheets of up to `limit` claims after the id `after`, in id order, as known at a
    moment."""
    filed = claim_listing.listing(filters, after=after, limit=limit, reader=reader, at=as_of.past)
    return _sheets(filed, at=as_of.past, reader=reader)


def _sheets(filed: Sequence[ClaimEntry], *, at: int | None, reader: Reader) -> list[Sheet]:
    """Look up the names of everything that the claims refer to, with a fixed number of queries."""
    records = states.records({record for entry in filed for record in _referred(entry)}, at=at)
    documents = (state for state in records.values() if isinstance(state, f.DocumentState))
    publishers = {document.document.source for document in documents} - records.keys()
    records |= states.records(publishers, at=at)
    ends = {end for entry in filed for link in entry.links for end in (link.from_, link.to)}
    names = states.names(records, at=at)
    titles = claim_listing.titles(ends, at=at, reader=reader)
    return [_sheet(entry, records, names, titles) for entry in filed]


def _referred(filed: ClaimEntry) -> Iterable[UUID]:
    claim = filed.state.claim
    yield claim.collection
    yield from (party.actor for party in claim.parties)
    for citation in claim.citations:
        yield citation.document
        yield from citation.chain
    yield from (verdict.source for verdict in filed.state.verdicts if verdict.source)


def _sheet(filed: ClaimEntry, records: Records, names: Names, titles: Names) -> Sheet:
    state = filed.state
    return Sheet(
        filed=filed,
        collection=records[state.claim.collection],  # type: ignore[arg-type] # checked when written
        parties=tuple(
            PartyDetail(party=party, actor=records[party.actor])  # type: ignore[arg-type] # as above
            for party in state.claim.parties
        ),
        citations=tuple(_citation(citation, records, names) for citation in state.claim.citations),
        verdicts=tuple(
            NamedVerdict(
                verdict=verdict, judge=names[verdict.source] if verdict.source else "the desk"
            )
            for verdict in state.verdicts
        ),
        links=tuple(
            NamedLink(link=link, title=titles[link.to if link.from_ == state.id else link.from_])
            for link in filed.links
        ),
    )


def _citation(citation: Citation, records: Records, names: Names) -> NamedCitation:
    document = records[citation.document]
    assert isinstance(document, f.DocumentState)  # noqa: S101 # checked when it was written
    day = dated(document.document)
    chain = (document.document.source, *citation.chain)
    return NamedCitation(
        citation=citation,
        document=document,
        provenance=tuple(_witness(source, records, names, day) for source in chain),
    )


def _witness(source: UUID, records: Records, names: Names, day: date | None) -> Witness:
    state = records[source]
    assert isinstance(state, f.SourceState)  # noqa: S101 # checked when it was written
    grade = certainty.grade_in_force(state.ratings, on=day)
    return Witness(source=state, name=names[source], grade=grade)
