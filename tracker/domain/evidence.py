"""Which act of a claim can move a score, on which days, and between which countries."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import permutations, product
from typing import NamedTuple
from uuid import UUID

from tracker.domain import codebooks, memberships
from tracker.domain.claims import Claim
from tracker.domain.codebooks import Code
from tracker.domain.dates import edtf
from tracker.domain.lenses import View
from tracker.domain.memberships import Period
from tracker.domain.records import Actor, Collection, Document, Membership, dated
from tracker.domain.state import ClaimState, SourceState

SPEAKS_FOR_ITSELF = "government"
NOT_IN_VIEW = "its collection is not in this view"


EVER = Period(date.min, date.max)


class Representative(NamedTuple):
    """A party that acts for a country, and its sector. For an organisation also the membership of
    the country, and the days on which it was a member within those in question."""

    party: UUID
    country: UUID
    sector: str
    membership: Membership | None = None
    days: Period | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A claim that others are parts of, and those parts, one for each `same_as` cluster."""

    claim: ClaimState
    parts: tuple[ClaimState, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """The records that a claim refers to, and the claims that it is linked with.

    `cluster`: the claim and all that are the same as it, the earliest first. `speakers`: the claims
    that say it. `wholes`: the claims that it is a part of. `cluster` and `wholes` contain only
    claims that count in the view; `speakers` contains all of that link.
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

    def representatives(
        self, parties: tuple[UUID, ...], period: Period
    ) -> tuple[Representative, ...]:
        """Return the countries that parties represent in a period, each with the sector of the
        party.

        A state represents itself, a group its members, others the countries of their affiliations.
        """
        return tuple(
            Representative(party, country, sector)
            for party in parties
            for country, sector in self._represented(party, period, within=())
        )

    def _represented(
        self, actor_id: UUID, period: Period, *, within: tuple[UUID, ...]
    ) -> Iterator[tuple[UUID, str]]:
        """`within`: the groups on the path here, which prevents endless recursion in mutual
        membership.
        """
        actor = self.actors[actor_id]
        if actor.kind == "state":
            yield actor_id, SPEAKS_FOR_ITSELF
            return
        for link in actor.speaks_for(*period):
            if self.actors[link.country].kind == "state":
                yield link.country, link.sector
        for member in actor.members:
            if member not in (*within, actor_id):
                yield from self._represented(member, period, within=(*within, actor_id))

    def members(self, parties: tuple[UUID, ...], period: Period) -> tuple[Representative, ...]:
        """Return the members in a period of organisations, and of those that a group lists."""
        return tuple(
            Representative(organisation, country, SPEAKS_FOR_ITSELF, membership, days)
            for party in parties
            for organisation in self._organisations(party, within=())
            for country, (membership, days) in memberships.in_period(
                self.actors[organisation], period
            ).items()
            if self.actors[country].kind == "state"
        )

    def _organisations(self, actor_id: UUID, *, within: tuple[UUID, ...]) -> Iterator[UUID]:
        actor = self.actors[actor_id]
        if actor.represented:
            yield actor_id
        for member in actor.members:
            if member not in (*within, actor_id):
                yield from self._organisations(member, within=(*within, actor_id))

    def code(self, country: UUID) -> str:
        """Return the code of a country, as in pairs."""
        return self.actors[country].code or ""


def why_not_counted(state: ClaimState, *, view: View, collection: Collection) -> str:
    """Return why a claim alone does not count in a view; empty if it does."""
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
# A series has a knot for each day of a situation; a longer one is a typing error in the year.
LONGEST_DAYS = 36_525


class NoImpact(Exception):  # not an error: the reason why a claim moves no score
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
    """Return whether the claim's act is itself speech."""
    try:
        code = code_of(claim)
    except codebooks.UnknownCode:
        return False
    return code is not None and code.speech


def scoring_code(claim: Claim) -> Code:
    """Return the claim's code, if such a claim moves scores.

    :raises NoImpact: if not.
    """
    code = code_of(claim)
    if claim.kind not in ("act", "situation"):
        raise NoImpact(f"a claim of kind {claim.kind} moves no score")
    if claim.polarity == "denied":
        raise NoImpact("it says that the act did not happen")
    if code is None or code.value is None:
        raise NoImpact("it has no code with a value")
    if claim.modality != "actual" and not code.speech:
        raise NoImpact(f"the act is only {claim.modality}, and its code is not itself speech")
    return code


def cited_on(states: Iterable[ClaimState], documents: Mapping[UUID, Document]) -> list[date]:
    """Return the known dates of the documents that support any of the claims."""
    days_ = (
        dated(documents[citation.document])
        for state in states
        for citation in state.claim.citations
        if citation.stance == "supports"
    )
    return [day for day in days_ if day is not None]


def span(claim: Claim, *, cited: Sequence[date]) -> Span:
    """Return the days on which the claim acts; `cited` are the dates of its supporting documents.

    :raises NoImpact: if they are unknown.
    """
    if claim.occurred is None:
        raise NoImpact("when it happened is unknown")
    bounds = edtf.bounds(claim.occurred.edtf)
    if bounds.earliest is None:
        raise NoImpact("its dates are open at the start")
    if claim.kind == "situation":
        last = bounds.latest or _open_end(bounds.earliest, cited)
        if (last - bounds.earliest).days >= LONGEST_DAYS:
            raise NoImpact("it lasts more than 100 years: check the year")
        return Span(first=bounds.earliest, last=last, since=bounds.earliest)
    day = _day(bounds.earliest, bounds.latest, cited)
    return Span(first=day, last=day, since=bounds.earliest)


def level_day(claim: Claim, *, cited: Sequence[date]) -> date:
    """Return the day at whose close an assessed level applies; `cited` as in `span`.

    :raises NoImpact: if it is open or more than a year wide.
    """
    bounds = edtf.bounds(claim.occurred.edtf) if claim.occurred else None
    if bounds is None or bounds.earliest is None or bounds.latest is None:
        raise NoImpact("the day of its level is unknown")
    return _day(bounds.earliest, bounds.latest, cited)


def period(claim: Claim, *, cited: Sequence[date]) -> Period:
    """Return when the claim's parties can have acted; all time if that is unknown."""
    try:
        days = span(claim, cited=cited)
    except NoImpact:
        return EVER
    return Period(days.since, days.last)


def _day(earliest: date, latest: date | None, cited: Sequence[date]) -> date:
    """An act or a level counts on the last day of its bounds, or on the date of its first document
    if that is earlier.
    """
    if latest is None:
        raise NoImpact("its dates are open at the end, and it is no situation")
    if (latest - earliest).days >= WIDEST_BOUNDS_DAYS:
        raise NoImpact(f"its dates span more than {WIDEST_BOUNDS_DAYS} days")
    return max(earliest, min([latest, *cited]))


def _open_end(earliest: date, cited: Sequence[date]) -> date:
    """An ongoing situation ends 180 days after the last document that supports it."""
    confirmed = max([earliest, *cited])
    return confirmed + min(timedelta(days=OPEN_END_DAYS), date.max - confirmed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Interaction:
    """The act of one country towards another: the parties on either side, and the share of this
    pair in the whole act.
    """

    initiators: tuple[Representative, ...]
    recipients: tuple[Representative, ...]
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

    @property
    def days(self) -> Period:
        """When the initiator can have acted: through organisations only while it was a member."""
        known = [one.days or EVER for one in self.initiators]
        return Period(min(days.first for days in known), max(days.last for days in known))


def interactions(claim: Claim, around: Surroundings, period: Period) -> Iterator[Interaction]:
    """Yield every ordered pair of distinct initiator and recipient countries."""
    initiators, recipients = claim.actors("initiator"), claim.actors("recipient")
    return acts(
        around.representatives(initiators, period),
        around.representatives(recipients, period) if recipients else None,
        around.members(initiators, period) if recipients else (),
    )


def acts(
    initiating: Sequence[Representative],
    receiving: Sequence[Representative] | None,
    members: Sequence[Representative],
) -> Iterator[Interaction]:
    """Yield every ordered pair of distinct countries: of representatives (`between`), then of the
    `members` of initiating organisations with the recipients.

    A member that is a recipient, or an initiator itself, does not act through an organisation.
    """
    yield from between(initiating, receiving)
    recipients = receiving or ()
    others = {one.country for one in (*initiating, *recipients)}
    acting = [one for one in members if one.country not in others]
    if acting and recipients:
        yield from between(acting, recipients)


def between(
    initiating: Sequence[Representative], receiving: Sequence[Representative] | None
) -> Iterator[Interaction]:
    """Yield every ordered pair of distinct countries of representatives.

    Several initiators without a recipient (None) act on each other. Where the same k ≥ 3 countries
    are on both sides, each pair gets 1/(k − 1), so that a large summit does not count more per
    country than one of two.
    """
    initiators = _by_country(initiating)
    recipients = initiators if receiving is None else _by_country(receiving)
    mutual = initiators.keys() == recipients.keys()
    share = 1 / max(1, len(initiators) - 1) if mutual else 1.0
    pairs = (
        permutations(sorted(initiators), 2)
        if mutual
        else product(sorted(initiators), sorted(recipients))
    )
    for first, second in pairs:
        if first != second:
            yield Interaction(
                initiators=initiators[first], recipients=recipients[second], share=share
            )


def pairs_of(state: ClaimState, around: Surroundings) -> set[frozenset[UUID]]:
    """Return the undirected pairs of countries that a claim alone would move; none if it has no
    impact.
    """
    cited = cited_on([state], around.documents)
    try:
        scoring_code(state.claim)
        span(state.claim, cited=cited)
    except NoImpact:
        return set()
    days = period(state.claim, cited=cited)
    return {interaction.countries for interaction in interactions(state.claim, around, days)}


def _by_country(
    parties: Sequence[Representative],
) -> dict[UUID, tuple[Representative, ...]]:
    grouped: dict[UUID, tuple[Representative, ...]] = {}
    for party in parties:
        grouped[party.country] = (*grouped.get(party.country, ()), party)
    return grouped
