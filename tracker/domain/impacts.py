"""A claim as it stands becomes its impacts on directed pairs of countries."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import permutations, product
from uuid import UUID

from tracker.domain import certainty, codebooks, dates, likelihood
from tracker.domain.claims import Claim
from tracker.domain.codebooks import Code
from tracker.domain.events import VerdictGiven
from tracker.domain.folding import ClaimState
from tracker.domain.scoring.evidence import Impact
from tracker.domain.surroundings import Surroundings, Whole, counts
from tracker.domain.testimony import dated, testimonies

STRENGTH: dict[str, float] = {"weak": 0.3, "partial": 0.6, "full": 1.0}
WIDEST_BOUNDS_DAYS = 366
OPEN_END_DAYS = 180


class Silent(Exception):  # not an error: the reason a claim moves no score
    """Why a claim has no impact, in words for the analyst."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """What a claim does in a view, and why: its p step by step, and its impacts or the reason
    that there are none."""

    p: float
    certainty: certainty.Certainty
    impacts: tuple[Impact, ...]
    silent_because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Act:
    """What a claim says was done, on which days (first to last), by whom to whom."""

    code: Code
    first: date
    last: date
    meetings: tuple["_Meeting", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Meeting:
    """One country's act towards another, from which sectors, and its share of the whole."""

    initiator: UUID
    recipient: UUID
    sectors: tuple[str, ...]
    share: float


def evaluate(state: ClaimState, around: Surroundings) -> Evaluation:
    """Give a claim's p and its impacts, or the reason that it has none."""
    code = _code(state.claim)
    day = _last_day(state.claim, around)
    sure = certainty.weigh(
        testimonies(around, speech=code is not None and code.speech, day=day),
        likelihood=likelihood.midpoint(state.claim.likelihood),
    )
    verdicts = [one for member in around.cluster for one in member.verdicts]
    p = certainty.judge(sure.p, _deciding(verdicts, frozenset()))
    try:
        impacts = _impacts(state, around, sure, verdicts)
        why = "" if impacts else "its p is 0: nothing that counts in this view supports it"
    except Silent as reason:
        impacts, why = (), str(reason)
    return Evaluation(p=p, certainty=sure, impacts=impacts, silent_because=why)


def _impacts(
    state: ClaimState,
    around: Surroundings,
    sure: certainty.Certainty,
    verdicts: Sequence[VerdictGiven],
) -> tuple[Impact, ...]:
    act = _act(state, around)
    roots = {root: around.sources[root].source.state_owned for root in sure.roots}
    strength = STRENGTH[state.claim.strength.grade if state.claim.strength else "full"]
    found = []
    for meeting in act.meetings:
        p = certainty.judge(sure.p, _deciding(verdicts, _involved(state.claim, meeting, around)))
        weight = strength * meeting.share / _parts_on(meeting, around)
        if p > 0:
            impact = Impact(
                claim=state.id,
                initiator=around.code(meeting.initiator),
                recipient=around.code(meeting.recipient),
                first=act.first,
                last=act.last,
                situation=state.claim.kind == "situation",
                fades=not act.code.assault,
                value=act.code.value or 0.0,
                weight=weight,
                sectors=meeting.sectors,
                p=p,
                roots=tuple(roots),
                state_roots=tuple(root for root, owned in roots.items() if owned),
            )
            found.append(impact)
    return tuple(sorted(found, key=lambda impact: (impact.initiator, impact.recipient)))


def _act(state: ClaimState, around: Surroundings) -> _Act:
    """What the claim says was done.

    :raises Silent: where it says nothing that counts.
    """
    claim = state.claim
    if reason := counts(
        state, view=around.view, collection=around.collections[claim.collection]
    ) or _not_the_one(state, around):
        raise Silent(reason)
    code = _scoring_code(claim)
    first, last = _days(claim, around)
    meetings = tuple(_meetings(claim, around, last))
    if not meetings:
        raise Silent("it is not between two countries")
    return _Act(code=code, first=first, last=last, meetings=meetings)


def _not_the_one(state: ClaimState, around: Surroundings) -> str:
    """Why another claim counts in this one's place, if one does."""
    if around.superseded:
        return "a later claim supersedes it"
    if around.cluster[0].id != state.id:
        return f"it is the same as {around.cluster[0].id}, which counts for both"
    if any(whole.claim.claim.kind == "situation" for whole in around.wholes):
        return "it is an instance of a situation, which counts already"
    return ""


def _code(claim: Claim) -> Code | None:
    return codebooks.find(claim.code) if claim.code else None


def _scoring_code(claim: Claim) -> Code:
    code = _code(claim)
    if claim.kind not in ("act", "situation"):
        raise Silent(f"a claim of kind {claim.kind} moves no score")
    if claim.polarity == "denied":
        raise Silent("it says that the act did not happen")
    if code is None or code.value is None:
        raise Silent("it has no code with a value")
    if claim.modality != "actual" and not code.speech:
        raise Silent(f"the act is only {claim.modality}, and its code is not itself speech")
    return code


def _days(claim: Claim, around: Surroundings) -> tuple[date, date]:
    """The first and the last day on which the claim acts; the same day for an act."""
    if claim.occurred is None:
        raise Silent("when it happened is unknown")
    bounds = dates.bounds(claim.occurred.edtf)
    if bounds.earliest is None:
        raise Silent("its dates are open at the start")
    if claim.kind == "situation":
        return bounds.earliest, bounds.latest or _open_end(bounds.earliest, around)
    if bounds.latest is None or (bounds.latest - bounds.earliest).days >= WIDEST_BOUNDS_DAYS:
        raise Silent(f"its dates span more than {WIDEST_BOUNDS_DAYS} days")
    day = max(bounds.earliest, min(bounds.latest, _first_cited(around) or bounds.latest))
    return day, day


def _last_day(claim: Claim, around: Surroundings) -> date:
    """The day on which the parties' affiliations are looked up; an unknown one is the last."""
    try:
        return _days(claim, around)[1]
    except Silent:
        return date.max


def _cited(around: Surroundings) -> list[date]:
    """The dates of the documents that support the claim or another of its cluster."""
    found = [
        dated(around.documents[citation.document])
        for member in around.cluster
        for citation in member.claim.citations
        if citation.stance == "supports"
    ]
    return [day for day in found if day is not None]


def _first_cited(around: Surroundings) -> date | None:
    return min(_cited(around), default=None)


def _open_end(earliest: date, around: Surroundings) -> date:
    """A situation that goes on counts until 180 days after the last document that says so."""
    last = max(_cited(around), default=earliest)
    return max(earliest, last) + timedelta(days=OPEN_END_DAYS)


def _meetings(claim: Claim, around: Surroundings, day: date) -> Iterator[_Meeting]:
    """Every ordered pair of distinct initiator and recipient countries.

    No recipient and several initiators means mutual. Where the same k ≥ 3 countries meet, each
    pair gets 1/(k − 1), so that a summit of many is not worth more to each than one of two.
    """
    initiators = around.countries(claim.actors("initiator"), day)
    recipients = around.countries(claim.actors("recipient"), day)
    if not claim.actors("recipient") or initiators.keys() == recipients.keys():
        share = 1 / max(1, len(initiators) - 1)
        pairs = list(permutations(sorted(initiators), 2))
    else:
        share = 1.0
        pairs = [
            pair for pair in product(sorted(initiators), sorted(recipients)) if len({*pair}) > 1
        ]
    for initiator, recipient in pairs:
        yield _Meeting(
            initiator=initiator,
            recipient=recipient,
            sectors=tuple(sorted(initiators[initiator])),
            share=share,
        )


def _deciding(verdicts: Sequence[VerdictGiven], involved: frozenset[UUID]) -> VerdictGiven | None:
    """The last verdict that applies: one for some parties applies only where one is involved."""
    applying = [one for one in verdicts if not one.parties or involved & set(one.parties)]
    return applying[-1] if applying else None


def _involved(claim: Claim, meeting: _Meeting, around: Surroundings) -> frozenset[UUID]:
    """The parties through which two countries meet, and the countries themselves."""
    ends = {meeting.initiator, meeting.recipient}
    parties = claim.actors("initiator", "recipient")
    return frozenset(ends).union(
        party for party in parties if ends & around.countries((party,), date.max).keys()
    )


def _parts_on(meeting: _Meeting, around: Surroundings) -> int:
    """How many parts of the same whole share this pair, this claim among them."""
    pair = {meeting.initiator, meeting.recipient}
    return max([1, *(_sharing(pair, whole, around) for whole in around.wholes)])


def _sharing(pair: set[UUID], whole: Whole, around: Surroundings) -> int:
    return sum(pair in _pairs_of(part, around) for part in whole.parts)


def _pairs_of(part: ClaimState, around: Surroundings) -> list[set[UUID]]:
    try:
        _scoring_code(part.claim)
        day = _days(part.claim, around)[1]
    except Silent:
        return []
    return [{one.initiator, one.recipient} for one in _meetings(part.claim, around, day)]
