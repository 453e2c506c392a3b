"""A claim with the names of everything that it refers to."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import cast
from uuid import UUID

from tracker import country_names, level_wording
from tracker.domain import codebooks, testimonies
from tracker.domain import events as e
from tracker.domain import state as f
from tracker.domain.claims import Citation, Claim, Occurred
from tracker.domain.codes import Code
from tracker.domain.dates import description, edtf
from tracker.domain.disclosure import Reader
from tracker.domain.forecasts import brier
from tracker.domain.records import Document, Party, dated
from tracker.domain.selectors import source_link
from tracker.queries.claims import listing as claim_listing
from tracker.queries.claims.listing import ClaimEntry, Filters
from tracker.queries.moment import At
from tracker.queries.records import states
from tracker.queries.scores.forecasts import forecast

# By the text of their ids.
type Records = Mapping[str, f.State]
type Names = Mapping[str, str]


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

    @property
    def original(self) -> str:
        """The address of the document, at the quote if there is one; empty without an address."""
        url = self.document.document.url
        return source_link(url, self.citation.quote, self.citation.selector) if url else ""


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


class Referred:
    """What some claims refer to: records by the text of their ids, with their names, and the titles
    of linked claims."""

    def __init__(self, records: Records, names: Names, titles: Mapping[UUID, str]) -> None:
        self._records, self._names = records, names
        self.titles = titles
        self._witnesses: dict[tuple[str, date | None], Witness] = {}

    def collection(self, key: str) -> f.CollectionState:
        return cast("f.CollectionState", self._records[key])

    def actor(self, key: str) -> f.ActorState:
        return cast("f.ActorState", self._records[key])

    def document(self, key: str) -> f.DocumentState:
        return cast("f.DocumentState", self._records[key])

    def provenance(self, document: Document, chain: Iterable[str]) -> tuple[Witness, ...]:
        """The sources from the publisher of a document to the root, graded on its date."""
        day = dated(document)
        return tuple(self._witness(source, day) for source in (str(document.source), *chain))

    def judge(self, source: str | None) -> str:
        return self._names[source] if source else "the desk"

    def _witness(self, source: str, day: date | None) -> Witness:
        if (source, day) not in self._witnesses:
            state = cast("f.SourceState", self._records[source])
            grade = testimonies.grade_in_force(state.ratings, on=day)
            named = Witness(source=state, name=self._names[source], grade=grade)
            self._witnesses[source, day] = named
        return self._witnesses[source, day]


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A claim with everything that it refers to by name, without its effects."""

    filed: ClaimEntry
    referred: Referred

    @cached_property
    def collection(self) -> f.CollectionState:
        return self.referred.collection(str(self.claim.collection))

    @cached_property
    def parties(self) -> tuple[PartyDetail, ...]:
        return tuple(
            PartyDetail(party=party, actor=self.referred.actor(str(party.actor)))
            for party in self.claim.parties
        )

    @cached_property
    def citations(self) -> tuple[NamedCitation, ...]:
        return tuple(self._citation(citation) for citation in self.claim.citations)

    @cached_property
    def verdicts(self) -> tuple[NamedVerdict, ...]:
        return tuple(
            NamedVerdict(
                verdict=verdict,
                judge=self.referred.judge(str(verdict.source) if verdict.source else None),
            )
            for verdict in self.filed.state.verdicts
        )

    @cached_property
    def links(self) -> tuple[NamedLink, ...]:
        own, titles = self.filed.stored.id, self.referred.titles
        return tuple(
            NamedLink(link=link, title=titles[link.to if link.from_ == own else link.from_])
            for link in self.filed.links
        )

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
            occurred=occurred,
            bounds=edtf.bounds(occurred.edtf),
            says=description.describe(occurred.edtf),
        )

    @property
    def level(self) -> str:
        """The level that it assesses, as a sentence; empty for other kinds."""
        return level_wording.level_claim(
            self.claim, [_called(named.actor) for named in self.parties]
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

    def _citation(self, citation: Citation) -> NamedCitation:
        document = self.referred.document(str(citation.document))
        return NamedCitation(
            citation=citation,
            document=document,
            provenance=self.referred.provenance(document.document, map(str, citation.chain)),
        )


def _called(state: f.ActorState) -> str:
    """The name of an actor; the name of a country is in the language of the page."""
    return country_names.in_language(state.actor.code or "") or state.actor.name


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
    return {sheet.filed.stored.id: sheet for sheet in sheets}


def page(
    filters: Filters, *, after: UUID | None, limit: int, reader: Reader, as_of: At
) -> list[Sheet]:
    """Return the sheets of up to `limit` claims after the id `after`, in id order, as known at a
    moment."""
    filed = claim_listing.listing(filters, after=after, limit=limit, reader=reader, at=as_of.past)
    return _sheets(filed, at=as_of.past, reader=reader)


def _sheets(filed: Sequence[ClaimEntry], *, at: int | None, reader: Reader) -> list[Sheet]:
    """Look up the names of everything that the claims refer to, with a fixed number of queries."""
    records = states.records_by_text((key for entry in filed for key in _cited(entry)), at=at)
    documents = (state for state in records.values() if isinstance(state, f.DocumentState))
    publishers = {str(source) for source in {document.document.source for document in documents}}
    records |= states.records_by_text(publishers - records.keys(), at=at)
    ends = {end for entry in filed for link in entry.links for end in (link.from_, link.to)}
    names = states.names(records, at=at)
    titles = claim_listing.titles(ends, at=at, reader=reader)
    referred = Referred(records, names, titles)
    return [Sheet(filed=entry, referred=referred) for entry in filed]


def _cited(filed: ClaimEntry) -> Iterator[str]:
    """The ids in a claim and its verdicts, as text."""
    claim = filed.stored.state["claim"]
    yield claim["collection"]
    yield from (party["actor"] for party in claim["parties"])
    for citation in claim["citations"]:
        yield citation["document"]
        yield from citation.get("chain", ())
    verdicts = filed.stored.state.get("verdicts", ())
    yield from (verdict["source"] for verdict in verdicts if "source" in verdict)
