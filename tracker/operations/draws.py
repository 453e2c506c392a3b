"""The weekly draw of claims for a second person, and the verdicts that come of it."""

from datetime import UTC, datetime
from uuid import UUID

from django.db import transaction

from tracker.domain import events as e
from tracker.domain import validity
from tracker.domain.draws import draw, week_of
from tracker.domain.problems import NotFound, Problem
from tracker.log import Recorded
from tracker.models.operational import DrawnClaim
from tracker.operations import claims
from tracker.operations.name_locks import lock_name
from tracker.queries import moment
from tracker.queries.claims import draws
from tracker.queries.evidence import impacts
from tracker.queries.scores import lenses

# The lens by whose p claims are drawn.
LENS = "standing"


class NotDrawn(NotFound):
    """The claim waits for no judgement: it was not drawn, somebody judged it meanwhile, or it is
    retracted or withheld."""


def draw_due(*, at: datetime) -> int:
    """Draw the claims of the current week, unless that is done. Returns their number.

    It waits while there is no lens, or its view is catching up.
    """
    week = week_of(at.astimezone(UTC).date())
    with transaction.atomic():
        lock_name(f"draw of {week}")
        if DrawnClaim.objects.filter(week=week).exists():
            return 0
        try:
            view = lenses.find(LENS, position=moment.now().position).lens.view.id
            position = impacts.served_position(view)
        except (lenses.NoSuchLens, impacts.CatchingUp):
            return 0
        drawn = draw(draws.candidates(view, position=position), week=week, position=position)
        rows = [DrawnClaim(**one._asdict(), week=week, position=position) for one in drawn]
        return len(DrawnClaim.objects.bulk_create(rows))


def judge_drawn(
    claim_id: UUID, verdict: e.VerdictGiven, *, expected: int, at: datetime, by: str
) -> Recorded:
    """Judge a drawn claim, which the user did not enter.

    :raises NotDrawn: :raises Invalid: also for one who entered, corrected or cited the claim.
    :raises log.VersionConflict: if the claim was changed meanwhile.
    """
    with transaction.atomic():
        row = DrawnClaim.objects.select_for_update().filter(claim=claim_id, verdict=None).first()
        if row is None or not draws.is_open(claim_id):
            raise NotDrawn(f"claim {claim_id} waits for no judgement")
        if by in claims.authors(claim_id):
            detail = f"{by} entered or corrected the claim: another user must judge it"
            validity.refuse([Problem(pointer="", code="four_eyes", detail=detail)])
        recorded = claims.give_verdict(claim_id, verdict, at=at, by=by, expected=expected)
        row.verdict = recorded.position
        row.save()
    return recorded


def open_draws_for(user: str) -> list[draws.OpenDraw]:
    """Return the open draws that a user may judge: claims that others entered."""
    waiting = draws.open_draws()
    authors = claims.authors_of({one.claim for one in waiting})
    return [one for one in waiting if user not in authors[one.claim]]
