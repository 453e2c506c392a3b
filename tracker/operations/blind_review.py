"""Blind review of claims by people who did not enter them: second codings, the weekly draw, and the
verdicts that come of it."""

from datetime import UTC, datetime
from uuid import UUID

from django.db import transaction

from tracker.domain import blind_review
from tracker.domain import events as e
from tracker.domain.blind_review import Coding
from tracker.domain.problems import NotFound, Problem, refuse
from tracker.log import Recorded, VersionConflict
from tracker.models.operational import DrawnClaim, SecondCoding
from tracker.operations import claims
from tracker.operations.name_locks import lock_name
from tracker.queries import moment
from tracker.queries.claims.blind_review import (
    OpenDraw,
    candidates,
    open_draws,
    to_code,
    waits_for_coding,
)
from tracker.queries.evidence import impacts
from tracker.queries.records import states
from tracker.queries.scores import lenses

# The lens by whose p claims are drawn.
LENS = "standing"
# The authors of so many claims are read at once.
_BATCH = 100


class NotWaiting(NotFound):
    """The claim waits for no blind review: it was not chosen, somebody reviewed it meanwhile, or it
    is retracted or withheld."""


def code_again(claim_id: UUID, coding: Coding, *, expected: int, at: datetime, by: str) -> None:
    """Keep the second coding of a sampled claim beside the first one, in the version that the user
    saw.

    :raises NotWaiting: :raises Invalid: also for one who entered, corrected or cited the claim.
    :raises VersionConflict: if the claim was changed meanwhile.
    """
    with transaction.atomic():
        lock_name(f"blind review of {claim_id}")
        _check(claim_id, waits=waits_for_coding(claim_id), by=by)
        refuse(blind_review.problems(coding))
        [stored] = states.stored_claims([claim_id], at=None)
        if stored.version != expected:
            raise VersionConflict(claim_id, expected=expected, actual=stored.version)
        claim = stored.built.claim
        SecondCoding.objects.create(
            claim=claim_id,
            version=stored.version,
            collection=claim.collection,
            coder=by,
            coded_at=at,
            first=blind_review.coding_of(claim)._asdict(),
            second=coding._asdict(),
        )


def judge_drawn(
    claim_id: UUID, verdict: e.VerdictGiven, *, expected: int, at: datetime, by: str
) -> Recorded:
    """Judge a drawn claim, which the user did not enter.

    :raises NotWaiting: :raises Invalid: also for one who entered, corrected or cited the claim.
    :raises VersionConflict: if the claim was changed meanwhile.
    """
    with transaction.atomic():
        lock_name(f"blind review of {claim_id}")
        _check(claim_id, waits=bool(open_draws(claim_id)), by=by)
        recorded = claims.give_verdict(claim_id, verdict, at=at, by=by, expected=expected)
        DrawnClaim.objects.filter(claim=claim_id).update(verdict=recorded.position)
    return recorded


def _check(claim_id: UUID, *, waits: bool, by: str) -> None:
    if not waits:
        raise NotWaiting(f"claim {claim_id} waits for no blind review")
    if by in claims.authors(claim_id):
        detail = "you entered or corrected the claim: another user must review it"
        refuse([Problem(pointer="", code="four_eyes", detail=detail)])


def to_code_for(user: str, *, limit: int) -> list[UUID]:
    """Return up to `limit` claims that wait for a second coding and that others entered."""
    found: list[UUID] = []
    some = to_code(limit=_BATCH)
    while some and len(found) < limit:
        authors = claims.authors_of(some)
        found += [claim for claim in some if user not in authors[claim]]
        some = to_code(after=some[-1], limit=_BATCH)
    return found[:limit]


def open_draws_for(user: str) -> list[OpenDraw]:
    """Return the open draws that a user may judge: claims that others entered."""
    waiting = open_draws()
    authors = claims.authors_of({one.claim for one in waiting})
    return [one for one in waiting if user not in authors[one.claim]]


def draw_due(*, at: datetime) -> int:
    """Draw the claims of the current week, unless that is done. Returns their number.

    It waits while there is no lens, or its view is catching up.
    """
    week = blind_review.week_of(at.astimezone(UTC).date())
    with transaction.atomic():
        lock_name(f"draw of {week}")
        if DrawnClaim.objects.filter(week=week).exists():
            return 0
        try:
            view = lenses.find(LENS, position=moment.now().position).lens.view.id
            position = impacts.served_position(view)
        except (lenses.NoSuchLens, impacts.CatchingUp):
            return 0
        drawn = blind_review.draw(candidates(view, position=position), week=week, position=position)
        rows = [DrawnClaim(**one._asdict(), week=week, position=position) for one in drawn]
        return len(DrawnClaim.objects.bulk_create(rows))
