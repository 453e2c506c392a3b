"""Withholding the words of events, where law or safety asks for it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tracker import log
from tracker.domain import events as e
from tracker.domain import validity
from tracker.domain.validity import Problem
from tracker.log import Draft, Recorded
from tracker.projections import standing
from tracker.queries.copies import Worded


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
    return _withhold([Draft(stream=target.stream, event=event)], at=at, by=by)[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Withholding:
    """The entries of a record whose words are to go, and the number that somebody typed for it."""

    record: Worded
    going: Sequence[Recorded]
    number: int | None
    reason: str
    authority: str


def withhold(
    asked: Withholding, *, at: datetime, by: str, expected: int | None = None
) -> list[Recorded]:
    """Delete the words of some entries in one transaction, if the number is that of the record.

    :raises Invalid: if it is not, if there are no such words, or no reason or authority is given.
    :raises VersionConflict: if the claim is not at the `expected` version.
    """
    validity.refuse(list(_problems(asked)))
    left = {asked.record.claim: expected}
    drafts = [
        Draft(stream=one.stream, event=_event(asked, one), expected=left.pop(one.stream, None))
        for one in asked.going
    ]
    return _withhold(drafts, at=at, by=by)


def _problems(asked: Withholding) -> Iterator[Problem]:
    if asked.number != asked.record.number:
        detail = f"this is not the number, {asked.record.number}: nothing is withheld"
        yield Problem(pointer="/number", code="wrong_number", detail=detail)
    if not asked.going:
        detail = "there are no words to withhold"
        yield Problem(pointer="/position", code="invalid", detail=detail)
    for one in asked.going[:1]:
        yield from validity.event_problems(_event(asked, one))


def _event(asked: Withholding, one: Recorded) -> e.TextWithheld:
    return e.TextWithheld(position=one.position, reason=asked.reason, authority=asked.authority)


def _withhold(drafts: Sequence[Draft], *, at: datetime, by: str) -> list[Recorded]:
    with transaction.atomic():
        recorded = log.append(drafts, at=at, by=by, project=standing.project)
        for draft in drafts:
            assert isinstance(draft.event, e.TextWithheld)  # noqa: S101 # made above
            log.delete_text(draft.event.position)
    return recorded
