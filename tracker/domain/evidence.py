"""What of a claim can move a score: the act that it says was done, and the days of that act."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import permutations, product
from typing import NamedTuple
from uuid import UUID

from tracker.domain import codebooks
from tracker.domain.claims import Claim
from tracker.domain.codebooks import Code
from tracker.domain.dates import edtf
from tracker.domain.lenses import View
from tracker.domain.records import Actor, Collection, Document, dated
from tracker.domain.state import ClaimState, SourceState

SPEAKS_FOR_ITSELF = "government"
NOT_IN_VIEW = "its collection is not in this view"


class Period(NamedTuple):
    """The days from `first` to `last`, both counted."""

    first: date
    last: date


EVER = Period(date.min, date.max)


class Voice(NamedTuple):
    """A party that speaks for a country, and from which sector."""

    party: UUID
    country: UUID
    sector: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A claim of which others are parts, and those parts, one for each `same_as` cluster."""

    claim: ClaimState
    parts: tuple[ClaimState, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """The records that a claim refers to, and the claims it is linked with.

    `cluster`: the claim and all that are the same as it, the one asserted first at the head.
    `speakers`: the claims that say it. `wholes`: what it is a part of.
    Only claims that count in the view are in the cluster and in the wholes; `speakers` are all
    that are linked so.
    """

    view: View
    cluster: tuple[ClaimState, ...]
    actors: Mapping[UUID, Actor]
    sources: Mapping[UUID, SourceState]
    documents: Mapping[UUID, Document]
    collections: Mapping[UUID, Collection]
    speakers: tuple[ClaimState, ...] = ()
    wholes: tuple[Whole, ...] = ()
    superseded: bool = False

    def voices(self, parties: tuple[UUID, ...], period: Period) -> tuple[Voice, ...]:
        """The countries that parties speak for in a period, each with the sector they do it from.

        A state speaks for itself, a group for the members it lists, others as affiliated.
        """
        return tuple(
            Voice(party, country, sector)
            for party in parties
            for country, sector in self._heard(party, period, within=())
        )

    def _heard(
        self, actor_id: UUID, period: Period, *, within: tuple[UUID, ...]
    ) -> Iterator[tuple[UUID, str]]:
        """`within`: the groups on the way here, since one may list another that lists it."""
        actor = self.actors[actor_id]
        if actor.kind == "state":
            yield actor_id, SPEAKS_FOR_ITSELF
            return
        for one in actor.speaks_for(*period):
            if self.actors[one.country].kind == "state":
                yield one.country, one.sector
        for member in actor.members:
            if member not in (*within, actor_id):
                yield from self._heard(member, period, within=(*within, actor_id))

    def code(self, country: UUID) -> str:
        """The code by which a country stands in pairs."""
        return self.actors[country].code or ""


def counts(state: ClaimState, *, view: View, collection: Collection) -> str:
    """Say why a claim does not count in a view by itself, or nothing if it does."""
    if not view.admits(state.claim.collection, collection):
        return NOT_IN_VIEW
    if state.status == "retracted":
        return "it is retracted"
    if state.review == "rejected":
        return "it was rejected in review"
    if collection.review and state.review != "accepted":
        return "its collection scores claims only once they are reviewed"
    return ""


WIDEST_BOUNDS_DAYS = 366
OPEN_END_DAYS = 180
# A series has a knot for each day of a situation. No state of the world lasts so long that a
# desk would grade it as one act; a year typed wrong does.
LONGEST_DAYS = 36_525


class Silent(Exception):  # not an error: the reason a claim moves no score
    """Why a claim has no impact, in words for the analyst."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The days on which a claim acts, `first` to `last`; an act has one.

    `since` is the first day on which it can have happened.
    """

    first: date
    last: date
    since: date


def code_of(claim: Claim) -> Code | None:
    return codebooks.find(claim.code) if claim.code else None


def is_speech(claim: Claim) -> bool:
    """Whether the claim's act is itself that somebody says something."""
    try:
        code = code_of(claim)
    except codebooks.UnknownCode:
        return False
    return code is not None and code.speech


def scoring_code(claim: Claim) -> Code:
    """The claim's code, if an act of that kind moves a score as it is told.

    :raises Silent: if not.
    """
    code = code_of(claim)
    if claim.kind not in ("act", "situation"):
        raise Silent(f"a claim of kind {claim.kind} moves no score")
    if claim.polarity == "denied":
        raise Silent("it says that the act did not happen")
    if code is None or code.value is None:
        raise Silent("it has no code with a value")
    if claim.modality != "actual" and not code.speech:
        raise Silent(f"the act is only {claim.modality}, and its code is not itself speech")
    return code


def cited_on(states: Iterable[ClaimState], documents: Mapping[UUID, Document]) -> list[date]:
    """The dates of the documents that support any of the claims, where they have one."""
    found = (
        dated(documents[citation.document])
        for state in states
        for citation in state.claim.citations
        if citation.stance == "supports"
    )
    return [day for day in found if day is not None]


def span(claim: Claim, *, cited: Sequence[date]) -> Span:
    """The days on which the claim acts; `cited` are the days of the documents that support it.

    :raises Silent: if they cannot be told.
    """
    if claim.occurred is None:
        raise Silent("when it happened is unknown")
    bounds = edtf.bounds(claim.occurred.edtf)
    if bounds.earliest is None:
        raise Silent("its dates are open at the start")
    if claim.kind == "situation":
        last = bounds.latest or _open_end(bounds.earliest, cited)
        if (last - bounds.earliest).days >= LONGEST_DAYS:
            raise Silent("it lasts more than 100 years: check the year")
        return Span(first=bounds.earliest, last=last, since=bounds.earliest)
    day = _day(bounds.earliest, bounds.latest, cited)
    return Span(first=day, last=day, since=bounds.earliest)


def period(claim: Claim, *, cited: Sequence[date]) -> Period:
    """When the claim's parties may have acted; all time where that is unknown."""
    try:
        found = span(claim, cited=cited)
    except Silent:
        return EVER
    return Period(found.since, found.last)


def _day(earliest: date, latest: date | None, cited: Sequence[date]) -> date:
    """An act's day: the last of its bounds, cut where its first document already knows of it."""
    if latest is None:
        raise Silent("its dates are open at the end, and it is no situation")
    if (latest - earliest).days >= WIDEST_BOUNDS_DAYS:
        raise Silent(f"its dates span more than {WIDEST_BOUNDS_DAYS} days")
    return max(earliest, min([latest, *cited]))


def _open_end(earliest: date, cited: Sequence[date]) -> date:
    """A situation that goes on counts until 180 days after the last document that says so."""
    known = max([earliest, *cited])
    return known + min(timedelta(days=OPEN_END_DAYS), date.max - known)


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """One country's act towards another: who acted for the one, who bore it for the other, and
    its share of the whole."""

    initiators: tuple[Voice, ...]
    recipients: tuple[Voice, ...]
    share: float

    @property
    def initiator(self) -> UUID:
        return self.initiators[0].country

    @property
    def recipient(self) -> UUID:
        return self.recipients[0].country

    @property
    def countries(self) -> frozenset[UUID]:
        return frozenset((self.initiator, self.recipient))


def meetings(claim: Claim, around: Surroundings, period: Period) -> Iterator[Meeting]:
    """Every ordered pair of distinct initiator and recipient countries.

    No recipient and several initiators means mutual. Where the same k ≥ 3 countries meet, each
    pair gets 1/(k − 1), so that a summit of many is not worth more to each than one of two.
    """
    ours = _by_country(around.voices(claim.actors("initiator"), period))
    theirs = _by_country(around.voices(claim.actors("recipient"), period))
    if not claim.actors("recipient"):
        theirs = ours
    together = ours.keys() == theirs.keys()
    share = 1 / max(1, len(ours) - 1) if together else 1.0
    pairs = permutations(sorted(ours), 2) if together else product(sorted(ours), sorted(theirs))
    for one, other in pairs:
        if one != other:
            yield Meeting(initiators=ours[one], recipients=theirs[other], share=share)


def pairs_of(state: ClaimState, around: Surroundings) -> set[frozenset[UUID]]:
    """The undirected pairs of countries that a claim would move by itself; none if it is silent."""
    cited = cited_on([state], around.documents)
    try:
        scoring_code(state.claim)
        span(state.claim, cited=cited)
    except Silent:
        return set()
    days = period(state.claim, cited=cited)
    return {one.countries for one in meetings(state.claim, around, days)}


def _by_country(voices: Sequence[Voice]) -> dict[UUID, tuple[Voice, ...]]:
    found: dict[UUID, tuple[Voice, ...]] = {}
    for one in voices:
        found[one.country] = (*found.get(one.country, ()), one)
    return found
