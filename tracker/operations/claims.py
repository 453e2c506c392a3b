"""Changes of claims. A claim is never edited: each function appends an event."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.conf import settings

from tracker import log
from tracker.domain import codec, follow_up_events, validity
from tracker.domain import events as e
from tracker.domain.claims import Citation, Claim
from tracker.domain.json_values import canonical
from tracker.domain.problems import NotFound
from tracker.domain.proposed import Proposed
from tracker.domain.state import ClaimState
from tracker.domain.validity import Problem
from tracker.log import ClaimInColumns, Draft, Pending, Recorded, Statement
from tracker.operations import ids, references
from tracker.operations.references import Reference
from tracker.projections import standing
from tracker.queries import accounts
from tracker.queries.records import states


class NoSuchClaim(NotFound):
    """There is no claim with this id."""

    def __init__(self, claim_id: UUID) -> None:
        super().__init__(f"there is no claim {claim_id}")


def assert_claim(
    claim: Claim,
    *,
    at: datetime,
    by: str,
    claim_id: UUID | None = None,
    proposed: Proposed | None = None,
) -> Recorded:
    """Record a new claim, with a new id by default. `proposed`: what a reader proposed for it.

    :raises Invalid: with all problems.
    :raises log.VersionConflict: if a claim with this id is on record.
    """
    event = e.ClaimAsserted(claim=claim, proposed=proposed)
    referred = references.of_claim(claim)
    stream = claim_id or ids.new_id(at)
    return _append(stream, event, referred, at=at, by=by, expected=0)


def change_claim(
    claim_id: UUID, claim: Claim, *, reason: str, expected: int, at: datetime, by: str
) -> Recorded:
    """As `correct_claim`, but a claim that says all this already is refused, also in another order
    or with other blanks around texts.

    :raises Invalid: also if nothing differs. Further: as `correct_claim`.
    """
    if _said(_standing(claim_id).claim) == _said(claim):
        same = "the claim says all this already: change something, or record no correction"
        validity.refuse([Problem(pointer="", code="unchanged", detail=same)])
    return correct_claim(claim_id, claim, reason=reason, expected=expected, at=at, by=by)


def _said(claim: Claim) -> object:
    """What a claim says, to be compared."""

    def said(value: Any) -> Any:
        match value:
            case str():
                return value.strip()
            case list():
                return sorted((said(item) for item in value), key=canonical)
            case dict():
                return {key: said(item) for key, item in value.items()}
        return value

    return said(codec.plain(claim))


def correct_claim(
    claim_id: UUID, claim: Claim, *, reason: str, expected: int, at: datetime, by: str
) -> Recorded:
    """Replace the whole claim. The old wording stays in the history.

    `expected` is the version that the user saw.

    :raises NoSuchClaim: :raises Invalid: :raises OutOfOrder: if it is retracted.
    :raises log.VersionConflict: if the claim was changed meanwhile.
    """
    _standing(claim_id)
    event = e.ClaimCorrected(claim=claim, reason=reason)
    referred = references.of_claim(claim)
    return _append(claim_id, event, referred, at=at, by=by, expected=expected)


def retract_claim(
    claim_id: UUID, *, reason: str, at: datetime, by: str, expected: int | None = None
) -> Recorded:
    """Retract a claim: it no longer counts for scores.

    :raises NoSuchClaim: :raises Invalid: without a reason.
    :raises OutOfOrder: if it is already retracted.
    """
    _standing(claim_id)
    event = e.ClaimRetracted(reason=reason)
    return _append(claim_id, event, at=at, by=by, expected=expected)


def reinstate_claim(
    claim_id: UUID, *, reason: str, at: datetime, by: str, expected: int | None = None
) -> Recorded:
    """Undo the retraction of a claim.

    :raises NoSuchClaim: :raises Invalid: without a reason.
    :raises OutOfOrder: if it is not retracted.
    """
    _standing(claim_id)
    event = e.ClaimReinstated(reason=reason)
    return _append(claim_id, event, at=at, by=by, expected=expected)


def cite(
    claim_id: UUID, citation: Citation, *, at: datetime, by: str, expected: int | None = None
) -> Recorded:
    """Add a citation that supports or denies a claim.

    :raises NoSuchClaim: :raises Invalid: :raises OutOfOrder: if the claim is retracted.
    """
    state = _standing(claim_id)
    event = e.CitationAdded(citation=citation)
    if citation in state.claim.citations:
        raise validity.Invalid(
            [Problem(pointer="", code="repeated", detail="the claim already has this citation")]
        )
    referred = list(references.of_citation(citation))
    late = references.citation_date_warning(state.claim, citation)
    _refuse([*validity.event_problems(event), *late], referred)
    return _append(claim_id, event, referred, at=at, by=by, expected=expected)


def give_verdict(
    claim_id: UUID, verdict: e.VerdictGiven, *, at: datetime, by: str, expected: int | None = None
) -> Recorded:
    """Judge a claim. The last applicable verdict counts.

    :raises NoSuchClaim: :raises Invalid: also for an actor that is not a party to the claim.
    :raises OutOfOrder: if the claim is retracted.
    """
    state = _standing(claim_id)
    referred = list(follow_up_events.refers(verdict))
    problems = [*validity.event_problems(verdict), *_party_problems(state.claim, verdict)]
    _refuse(problems, referred)
    return _append(claim_id, verdict, referred, at=at, by=by, expected=expected)


def _party_problems(claim: Claim, verdict: e.VerdictGiven) -> Iterator[Problem]:
    """A verdict for an actor that is not a party would have no effect."""
    parties = {party.actor for party in claim.parties}
    for place, actor in enumerate(verdict.parties):
        if actor not in parties:
            detail = f"{actor} is not a party to this claim: list parties of it, or none for all"
            yield Problem(pointer=f"/parties/{place}", code="no_party", detail=detail)


def review_claim(
    claim_id: UUID, review: e.ClaimReviewed, *, at: datetime, by: str, expected: int | None = None
) -> Recorded:
    """Accept or reject a claim that waits for review.

    :raises NoSuchClaim: :raises Invalid: also if a user accepts their own claim and `FOUR_EYES` is
        set. :raises OutOfOrder: if the claim is retracted.
    """
    _standing(claim_id)
    if settings.FOUR_EYES and review.outcome == "accepted":
        validity.refuse(_own_problems(claim_id, by))
    return _append(claim_id, review, at=at, by=by, expected=expected)


def _own_problems(claim_id: UUID, by: str) -> Iterator[Problem]:
    if by in authors(claim_id):
        detail = f"{by} entered or corrected the claim: another user must accept it"
        yield Problem(pointer="/outcome", code="four_eyes", detail=detail)


def authors(claim_id: UUID) -> set[str]:
    """The users who entered or corrected a claim, or added a citation, by all names that their
    accounts have or had."""
    return authors_of([claim_id])[claim_id]


def authors_of(claim_ids: Iterable[UUID]) -> dict[UUID, set[str]]:
    """The authors of each claim, as `authors` gives them."""
    kinds = ("ClaimAsserted", "ClaimCorrected", "CitationAdded")
    by_claim: dict[UUID, set[str]] = {claim: set() for claim in claim_ids}
    for event in log.history(by_claim, words=False):
        if event.kind in kinds:
            by_claim[event.stream].add(event.recorded_by)
    same = accounts.names_of_same_account(set[str]().union(*by_claim.values()))
    return {
        claim: set[str]().union(*(same[name] for name in names))
        for claim, names in by_claim.items()
    }


def resolve_forecast(
    claim_id: UUID,
    resolution: e.ForecastResolved,
    *,
    at: datetime,
    by: str,
    expected: int | None = None,
) -> Recorded:
    """Record the outcome of a forecast.

    :raises NoSuchClaim: :raises Invalid: also for a future day.
    :raises OutOfOrder: if the claim is not a forecast, or is retracted.
    """
    _standing(claim_id)
    referred = list(follow_up_events.refers(resolution))
    early = _early_problems(resolution, at.date())
    _refuse([*validity.event_problems(resolution), *early], referred)
    return _append(claim_id, resolution, referred, at=at, by=by, expected=expected)


def _early_problems(resolution: e.ForecastResolved, today: date) -> Iterator[Problem]:
    if resolution.resolved_on > today:
        detail = f"{resolution.resolved_on} is in the future: resolve it once the outcome is known"
        yield Problem(pointer="/resolved_on", code="not_yet", detail=detail)


def _append(
    stream: UUID,
    event: e.Event,
    referred: Iterable[Reference] = (),
    *,
    at: datetime,
    by: str,
    expected: int | None,
) -> Recorded:
    """Append an event.

    :raises Invalid: with all problems, for example a missing reference, or a claim dated after its
        document.
    """
    required = list(referred)
    claim = event.claim if isinstance(event, e.ClaimAsserted | e.ClaimCorrected) else None
    problems = list(validity.event_problems(event))
    if claim:
        problems += validity.future_problems(claim, at=at)
        problems += references.level_party_problems([claim])[0]
    if problems:
        _refuse([*problems, *(references.date_warning(claim) if claim else ())], required)
    draft = Draft(stream=stream, event=event, expected=expected)
    if claim is None:
        return _write(draft, required, at=at, by=by)
    try:
        # The database compares plain dates within the write.
        return _write(draft, required, at=at, by=by, since=validity.dated_since(claim))
    except references.NoneMissing:
        _refuse(references.date_warning(claim), required)
        return _write(draft, required, at=at, by=by)


def _write(
    draft: Draft,
    required: Sequence[Reference],
    *,
    at: datetime,
    by: str,
    since: Mapping[UUID, date] = MappingProxyType({}),
) -> Recorded:
    def project(pending: Sequence[Pending]) -> list[Statement]:
        return [*references.require(required, since=since), *standing.project(pending)]

    def new_claim(pending: Pending) -> ClaimInColumns:
        arrays = references.required_arrays(required, since=since)
        return standing.new_claim(pending)._replace(required=arrays)

    begins = new_claim if draft.expected == 0 else None
    with references.name_missing(required):
        return log.append([draft], at=at, by=by, project=project, new_claim=begins)[0]


def _refuse(problems: Iterable[Problem], referred: Iterable[Reference]) -> None:
    """If there are problems, refuse with all of them. For a missing reference, only that."""
    if others := list(problems):
        missing = list(references.missing(referred))
        pointers = {problem.pointer for problem in missing}
        validity.refuse([*(p for p in others if p.pointer not in pointers), *missing])


def _standing(claim_id: UUID) -> ClaimState:
    state = states.claim(claim_id)
    if state is None:
        raise NoSuchClaim(claim_id)
    return state
