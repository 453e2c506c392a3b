"""Verdicts on claims, and the weekly draw."""

from datetime import date, datetime
from uuid import UUID

from tests.kit.builders import AT
from tracker.domain import events as e
from tracker.log import Recorded
from tracker.models.operational import DrawnClaim
from tracker.operations import blind_review, claims


def judge(claim: UUID, verdict: str = "confirmed", *, by: str = "bob", **given) -> Recorded:
    """A verdict, of the desk if no source is named."""
    event = e.VerdictGiven(verdict=verdict, reason="Looked up.", **given)  # type: ignore[arg-type]
    return claims.give_verdict(claim, event, at=AT, by=by)


def drawn(
    claim: UUID,
    *,
    probability: float = 1.0,
    stratum: str = "any",
    week: date = date(2024, 4, 29),
) -> None:
    """Put a claim on the list of drawn ones, as known now."""
    DrawnClaim.objects.create(
        claim=claim, week=week, position=1, stratum=stratum, probability=probability
    )


def judge_drawn(
    claim: UUID, verdict: str = "confirmed", *, version: int = 1, by: str = "bob", at: datetime = AT
) -> Recorded:
    event = e.VerdictGiven(verdict=verdict, reason="Looked up.")  # type: ignore[arg-type]
    return blind_review.judge_drawn(claim, event, expected=version, at=at, by=by)
