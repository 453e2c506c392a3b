"""Withholding the words of events, where law or safety asks for it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tracker import log
from tracker.domain import events as e
from tracker.domain import validity
from tracker.domain.problems import NotFound
from tracker.domain.state import OutOfOrder
from tracker.domain.validity import Problem
from tracker.log import Draft, Recorded
from tracker.projections import standing
from tracker.queries.claims import copies
from tracker.queries.claims.copies import Worded


class NoSuchEntry(NotFound):
    """There is no entry at that position of the log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Withholding:
    """The entries of a record whose words are to go, and the number that somebody typed for it."""

    record: Worded
    going: Sequence[Recorded]
    number: int | None
    reason: str
    authority: str


def select(position: int, *, every: bool) -> tuple[Worded, tuple[Recorded, ...]]:
    """Give what belongs to the entry at a position, and the entries whose words are to go: with
    `every` those of the whole claim, otherwise this one.

    :raises NoSuchEntry: :raises OutOfOrder: if no words are left there.
    """
    record = copies.at(position)
    if record is None:
        raise NoSuchEntry(f"there is no entry at position {position}")
    going = record.entries if every else record.only(position)
    if not going:
        raise OutOfOrder(
            "all words of this claim are already withheld"
            if every and record.claim
            else f"the entry at position {position} has no words, or they are already withheld"
        )
    return record, going


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
    with transaction.atomic():
        recorded = log.append(drafts, at=at, by=by, project=standing.project)
        for one in asked.going:
            log.delete_text(one.position)
    return recorded


def number_problems(record: Worded, number: int | None) -> Iterator[Problem]:
    """What is wrong with the number that somebody gives for a record. The right one is not told:
    it has to be looked up, so that nobody types it by habit."""
    what = "number of the claim" if record.claim else "position of the entry"
    if number is None:
        detail = f"give the {what}: nothing was withheld"
        yield Problem(pointer="/number", code="required", detail=detail)
    elif number != record.number:
        detail = f"this is not the {what}: nothing was withheld"
        yield Problem(pointer="/number", code="wrong_number", detail=detail)


def _problems(asked: Withholding) -> Iterator[Problem]:
    yield from number_problems(asked.record, asked.number)
    if not asked.going:
        detail = "there are no words to withhold"
        yield Problem(pointer="/position", code="invalid", detail=detail)
    for one in asked.going[:1]:
        yield from validity.event_problems(_event(asked, one))


def _event(asked: Withholding, one: Recorded) -> e.TextWithheld:
    return e.TextWithheld(position=one.position, reason=asked.reason, authority=asked.authority)
