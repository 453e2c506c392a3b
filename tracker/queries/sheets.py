"""A claim with everything that it refers to by name, as people read it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from tracker.domain import certainty, codebooks, dates, datewords
from tracker.domain import events as e
from tracker.domain import folding as f
from tracker.domain.claims import Citation, Claim, Occurred
from tracker.domain.codes import Code
from tracker.domain.forecasts import brier
from tracker.domain.parties import Party
from tracker.domain.publications import dated
from tracker.queries import claims, guilt, pastclaims, states
from tracker.queries.claims import Filed, Filters
from tracker.queries.forecasts import forecast
from tracker.queries.moment import AsOf, resolve

type Records = Mapping[UUID, f.State]
type Names = Mapping[UUID, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedParty:
    party: Party
    actor: f.ActorState


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """A source in a chain, with the grade that was in force on the document's date."""

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
    """`title` is that of the claim at the other end."""

    link: f.LinkState
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """When it happened, with the first and the last day that this can mean, and in words."""

    occurred: Occurred
    bounds: dates.Bounds
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """How a forecast turned out, and its Brier score: none where it is void or came without a
    likelihood."""

    resolution: e.ForecastResolved
    brier: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """All that can be said of a claim, without what it moves."""

    filed: Filed
    collection: f.CollectionState
    parties: tuple[NamedParty, ...]
    citations: tuple[NamedCitation, ...]
    verdicts: tuple[NamedVerdict, ...]
    links: tuple[NamedLink, ...]

    @property
    def claim(self) -> Claim:
        return self.filed.state.claim

    @property
    def dated(self) -> Dated | None:
        """None where the date is unknown."""
        occurred = self.claim.occurred
        if occurred is None:
            return None
        return Dated(
            occurred=occurred,
            bounds=dates.bounds(occurred.edtf),
            says=datewords.describe(occurred.edtf),
        )

    @property
    def resolved(self) -> Resolved | None:
        """None for what is no forecast, or not resolved yet."""
        resolution = self.filed.state.resolution
        if resolution is None:
            return None
        return Resolved(resolution=resolution, brier=brier(forecast(self.filed.state)))

    @property
    def coded(self) -> Code | None:
        return codebooks.find(self.claim.code) if self.claim.code else None


def sheet(claim_id: UUID, *, as_of: AsOf = None) -> Sheet | None:
    """Give a claim's sheet as it stands, or as it stood at a moment; None if there was none.

    :raises AheadOfLog: for a moment after the head.
    """
    filed = claims.filed(claim_id, as_of=as_of)
    at = None if as_of is None else resolve(as_of)
    return _sheets([filed], at=at)[0] if filed else None


def as_of(claim_ids: Iterable[UUID], position: int) -> dict[UUID, Sheet]:
    """Give the sheets of claims as they stood at a position, by id."""
    found = _sheets(claims.filed_as_of(claim_ids, position), at=position)
    return {one.filed.state.id: one for one in found}


def listing(
    filters: Filters, *, after: UUID | None, limit: int, as_of: int | None = None
) -> list[Sheet]:
    """Give the sheets of up to `limit` claims that follow the id `after`, in id order; with a
    position those that fitted then, as they stood then.

    :raises TooManyThen: where too much was changed since.
    """
    if as_of is None:
        return _sheets(claims.listing(filters, after=after, limit=limit), at=None)
    then = pastclaims.identifiers(filters, after=after, limit=limit, position=as_of)
    return _sheets(claims.filed_as_of(then, as_of), at=as_of)


def count(filters: Filters, *, as_of: int | None = None) -> int:
    """How many claims there are, or were at a position.

    :raises TooManyThen: where they are more than can be counted of the past.
    """
    return claims.count(filters) if as_of is None else pastclaims.count(filters, position=as_of)


def _sheets(filed: Sequence[Filed], *, at: int | None) -> list[Sheet]:
    """Look up by name what the claims refer to, with as many questions for many as for one."""
    found = states.records({one for each in filed for one in _referred(each)}, at=at)
    documents = (one for one in found.values() if isinstance(one, f.DocumentState))
    publishers = {one.document.source for one in documents} - found.keys()
    found |= states.records(publishers, at=at)
    ends = {end for each in filed for link in each.links for end in (link.from_, link.to)}
    names = states.names(found, at=at)
    # A withheld claim is told of none that it is linked with.
    titles = claims.titles(ends - guilt.withheld(ends, at=at), at=at)
    return [_sheet(each, found, names, titles) for each in filed]


def _referred(filed: Filed) -> Iterable[UUID]:
    claim = filed.state.claim
    yield claim.collection
    yield from (party.actor for party in claim.parties)
    for citation in claim.citations:
        yield citation.document
        yield from citation.chain
    yield from (one.source for one in filed.state.verdicts if one.source)


def _sheet(filed: Filed, found: Records, names: Names, titles: Names) -> Sheet:
    state = filed.state
    return Sheet(
        filed=filed,
        collection=found[state.claim.collection],  # type: ignore[arg-type] # checked when written
        parties=tuple(
            NamedParty(party=one, actor=found[one.actor])  # type: ignore[arg-type] # as above
            for one in state.claim.parties
        ),
        citations=tuple(_citation(one, found, names) for one in state.claim.citations),
        verdicts=tuple(
            NamedVerdict(verdict=one, judge=names[one.source] if one.source else "the desk")
            for one in state.verdicts
        ),
        links=tuple(
            NamedLink(link=link, title=titles[other])
            for link in filed.links
            if (other := link.to if link.from_ == state.id else link.from_) in titles
        ),
    )


def _citation(citation: Citation, found: Records, names: Names) -> NamedCitation:
    document = found[citation.document]
    assert isinstance(document, f.DocumentState)  # noqa: S101 # checked when it was written
    day = dated(document.document)
    chain = (document.document.source, *citation.chain)
    return NamedCitation(
        citation=citation,
        document=document,
        provenance=tuple(_witness(one, found, names, day) for one in chain),
    )


def _witness(source: UUID, found: Records, names: Names, day: date | None) -> Witness:
    state = found[source]
    assert isinstance(state, f.SourceState)  # noqa: S101 # checked when it was written
    grade = certainty.grade_in_force(state.ratings, on=day)
    return Witness(source=state, name=names[source], grade=grade)
