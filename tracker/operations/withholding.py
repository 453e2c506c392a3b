"""Withholding the words of an event, where law or safety asks for it."""

from datetime import datetime

from django.db import transaction

from tracker import log
from tracker.domain import events as e
from tracker.domain import validity
from tracker.domain.validity import Problem
from tracker.log import Draft, Recorded
from tracker.projections import standing


def withhold_text(position: int, *, reason: str, authority: str, at: datetime, by: str) -> Recorded:
    """Delete the words of the event at `position`. Scores, hashes and positions stay.

    :raises Invalid: if there are no words there, or no reason or authority is given.
    """
    target = log.at(position)
    event = e.TextWithheld(position=position, reason=reason, authority=authority)
    problems = list(validity.event_problems(event))
    if target is None or target.words is None:
        detail = f"the event at {position} has no words to withhold"
        problems.append(Problem(pointer="/position", code="invalid", detail=detail))
    validity.refuse(problems)
    assert target is not None  # noqa: S101 # refused above
    draft = Draft(stream=target.stream, event=event)
    with transaction.atomic():
        recorded = log.append([draft], at=at, by=by, project=standing.project)[0]
        log.delete_text(position)
    return recorded
