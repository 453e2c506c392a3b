"""Tries an operation and turns what may go wrong into words for the form it came from; or looks
ahead at what it would do."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from tracker import log
from tracker.domain.attribution import Entered
from tracker.domain.disclosure import Reader
from tracker.domain.state import OutOfOrder
from tracker.domain.validity import Invalid, Problem
from tracker.log import Recorded
from tracker.operations import entries
from tracker.queries.claims import history
from tracker.queries.claims.history import Told
from tracker.queries.evidence.preview import Preview, preview
from tracker.queries.evidence.what_if import TooMuch


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What was recorded, or the problems; `overtaken`: somebody else was faster."""

    recorded: Recorded | None = None
    problems: list[Problem] = field(default_factory=list)
    overtaken: bool = False


def attempt(write: Callable[[], Recorded]) -> Outcome:
    try:
        return Outcome(recorded=write())
    except Invalid as problem:
        return Outcome(problems=problem.problems)
    except log.VersionConflict:
        return Outcome(overtaken=True)
    except (OutOfOrder, log.LogBusy) as problem:
        detail = str(problem) or "another change is being recorded: nothing is saved, send it again"
        return Outcome(problems=[Problem(pointer="", code="not_now", detail=detail)])


def foreseen(
    entered: Entered | None, *, at: datetime, claim_id: UUID | None = None
) -> Preview | None:
    """What a claim that was typed would do, or the correction of one on record; None where it
    cannot be told: then the form says what to mend."""
    if entered is None:
        return None
    try:
        entries.check(entered.claim, entered.said_by)
        if claim_id:
            return preview(entered.claim, claim_id=claim_id, today=at.date(), reader=Reader.DESK)
        return entries.preview_claim(entered, at=at, reader=Reader.DESK)
    except (Invalid, TooMuch):
        return None


def meanwhile(claim_id: UUID, *, since: int) -> list[Told]:
    """What others did to a claim after the version that somebody saw."""
    return [
        one
        for one in history.told(claim_id, reader=Reader.DESK)
        if one.recorded.stream == claim_id and one.recorded.version > since
    ]
