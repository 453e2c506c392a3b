"""Goes on with a log that lost events, or whose key is no longer trusted, and says so on record."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from django.db import transaction

from tracker import log
from tracker.domain import events as e
from tracker.domain import validity
from tracker.domain.validity import Problem
from tracker.log import Draft, Recorded, seal
from tracker.models.seals import SealHead
from tracker.operations import log_memory, seal_keys, sealing
from tracker.projections import standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Why the log is reopened. `lost_from`: the first position whose event was lost or replaced;
    None if none was."""

    lost_from: int | None
    reason: str
    authority: str


def reopen(request: Request, *, at: datetime, by: str) -> Recorded:
    """Record that the log goes on as another incarnation. If this host signs, it gets another key:
    the checkpoints to come have another origin.

    :raises Invalid: the position is after the end of the log, or the reason or the authority is
        missing.
    """
    event = e.LogReopened(
        incarnation=uuid4(),
        lost_from=request.lost_from,
        checkpoint=_last_checkpoint(),
        reason=request.reason,
        authority=request.authority,
    )
    validity.refuse([*validity.event_problems(event), *_problems(request)])
    draft = Draft(e.LOG_STREAM, event)
    with transaction.atomic():
        [recorded] = log.append([draft], at=at, by=by, project=standing.project)
        log.renew(event.incarnation)
        SealHead.objects.update(**sealing.NO_ALARM)
    seal_keys.renew()
    return recorded


def _problems(request: Request) -> Iterator[Problem]:
    following, seen = log.head().position + 1, log_memory.seen_position()
    if request.lost_from is not None and request.lost_from > following:
        yield _out_of_range(
            f"the log goes up to {following - 1}: what was lost begins at {following} or before"
        )
    elif seen >= following and (request.lost_from or seen + 1) > seal.size() + 1:
        yield _out_of_range(
            f"this host has seen event {seen}, but {seal.size()} events are sealed: what was lost"
            f" begins at {seal.size() + 1} or before"
        )


def _out_of_range(detail: str) -> Problem:
    return Problem(pointer="/lost_from", code="out_of_range", detail=detail)


def _last_checkpoint() -> str:
    """The last checkpoint that was signed, as far as this host and the database know."""
    kept = sealing.kept_checkpoint()
    if kept:
        return kept
    last = seal_keys.signed().order_by("-size").first()
    return last.note if last else ""
