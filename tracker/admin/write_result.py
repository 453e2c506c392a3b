"""Runs an operation for a form, and turns its errors into problems; previews what it would do."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from tracker import log
from tracker.domain.attribution import Submission
from tracker.domain.disclosure import Reader
from tracker.domain.state import OutOfOrder
from tracker.domain.validity import Invalid, Problem
from tracker.log import Recorded
from tracker.operations import entries
from tracker.operations.proposed_records import AlreadySettled
from tracker.queries import moment
from tracker.queries.claims import history
from tracker.queries.claims.history import DescribedEvent
from tracker.queries.evidence.preview import Preview, preview
from tracker.queries.evidence.what_if import TooManyClaims

BUSY = "another change is being recorded: nothing is saved, send it again"


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteResult:
    """The recorded event, or the problems. `conflict`: the record was changed meanwhile."""

    recorded: Recorded | None = None
    problems: list[Problem] = field(default_factory=list)
    conflict: bool = False


def attempt(write: Callable[[], Recorded]) -> WriteResult:
    try:
        return WriteResult(recorded=write())
    except Invalid as problem:
        return WriteResult(problems=problem.problems)
    except log.VersionConflict:
        return WriteResult(conflict=True)
    except (OutOfOrder, AlreadySettled, log.LogBusy) as problem:
        detail = str(problem) or BUSY
        return WriteResult(problems=[Problem(pointer="", code="not_now", detail=detail)])


def preview_entry(
    submission: Submission | None, *, at: datetime, claim_id: UUID | None = None
) -> Preview | None:
    """The effect of a new claim, or of a correction of one on record; None where the claim is
    incomplete: the form then shows what to fix."""
    if submission is None:
        return None
    try:
        entries.check(submission.claim, submission.said_by, at=at)
        if claim_id:
            return preview(submission.claim, claim_id=claim_id, today=at.date(), reader=Reader.DESK)
        return entries.preview_claim(submission, at=at, reader=Reader.DESK)
    except (Invalid, TooManyClaims):
        return None


def changes_since(claim_id: UUID, *, since: int) -> list[DescribedEvent]:
    """The changes of a claim after a version."""
    return [
        change
        for change in history.described_events(claim_id, as_of=moment.now(), reader=Reader.DESK)
        if change.recorded.stream == claim_id and change.recorded.version > since
    ]
