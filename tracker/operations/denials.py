"""Somebody denies a claim: one citation that denies it, at the end of whose chain they stand."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from tracker import log
from tracker.domain import events as e
from tracker.domain import folding as f
from tracker.domain import sayings, validity
from tracker.domain.claims import Citation, Claim, Interest
from tracker.domain.problems import Problem
from tracker.log import Draft, Pending, Recorded, Statement
from tracker.operations import references, statements
from tracker.operations.claims import NoSuchClaim
from tracker.operations.statements import Speaker
from tracker.operations.turns import take_turn
from tracker.projections import standing
from tracker.queries.records import states


@dataclass(frozen=True, slots=True, kw_only=True)
class Denial:
    """Who denies a claim, and where that stands. Without `interest` it follows from whether the
    denier is a party to the claim or speaks for the state of one."""

    actor: UUID
    citation: Citation
    interest: Interest | None = None


def deny(
    claim_id: UUID, denial: Denial, *, at: datetime, by: str, expected: int | None = None
) -> Recorded:
    """Record that somebody denies a claim.

    :raises NoSuchClaim: :raises Invalid: :raises OutOfOrder: if the claim is retracted.
    """
    state = states.claim(claim_id)
    if state is None:
        raise NoSuchClaim(claim_id)
    with transaction.atomic():
        take_turn(f"speaker:{denial.actor}")
        speaker = _denier(denial)
        citation = _citation(denial, state.claim, speaker)
        if citation in state.claim.citations:
            validity.refuse([_problem("", "repeated", "the claim has this denial already")])
        return _append(claim_id, citation, speaker, Stamp(at=at, by=by, expected=expected))


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """When, by whom, and the version that the person saw."""

    at: datetime
    by: str
    expected: int | None


def _append(claim_id: UUID, citation: Citation, speaker: Speaker, stamp: Stamp) -> Recorded:
    event = e.CitationAdded(citation=citation)
    # The denier's own source may be new.
    own = {speaker.source} if speaker.new else set()
    referred = [one for one in references.of_citation(citation) if one[1] not in own]
    validity.refuse([*validity.event_problems(event), *references.missing(referred)])

    def project(pending: Sequence[Pending]) -> list[Statement]:
        return [*references.required(referred), *standing.project(pending)]

    drafts = [
        *statements.new_sources([speaker]),
        Draft(stream=claim_id, event=event, expected=stamp.expected),
    ]
    return log.append(drafts, at=stamp.at, by=stamp.by, project=project)[-1]


def _denier(denial: Denial) -> Speaker:
    speaker = statements.speakers([denial.actor]).get(denial.actor)
    if speaker is None:
        detail = f"{denial.actor} is not an actor on record: record the denier first"
        raise validity.Invalid([_problem("/denied_by", "unknown_reference", detail)])
    return speaker


def _citation(denial: Denial, claim: Claim, speaker: Speaker) -> Citation:
    cited = states.documents(ids=[denial.citation.document], urls=())
    own = speaker.all | {one.id for one in cited if one.source in speaker.all}
    citation = sayings.heard(denial.citation, speaker.source, own)
    interest = denial.interest or _interest(denial.actor, claim)
    return replace(citation, stance="denies", interest=interest)


def _interest(denier: UUID, claim: Claim) -> Interest:
    """Whether the denier is a party to a claim, or speaks for a state that one speaks for."""
    parties = {party.actor for party in claim.parties}
    held = states.records({denier, *parties}, at=None)
    own = _stands_for(denier, held.get(denier))
    theirs = {one for party in parties for one in _stands_for(party, held.get(party))}
    return "self-serving" if own & theirs else "none"


def _stands_for(actor: UUID, state: f.State | None) -> set[UUID]:
    if not isinstance(state, f.ActorState):
        return {actor}
    countries = {one.country for one in state.actor.affiliations}
    return {actor, *countries, *state.actor.members}


def _problem(pointer: str, code: str, detail: str) -> Problem:
    return Problem(pointer=pointer, code=code, detail=detail)
