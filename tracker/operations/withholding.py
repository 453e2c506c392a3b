"""Permanent deletion of the words of events, if law or safety requires it."""

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
from tracker.queries.claims.copies import TextEntries


class NoSuchEntry(NotFound):
    """There is no entry at that position of the log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Withholding:
    """The entries of a record whose words are to be deleted, and the number that the user typed."""

    record: TextEntries
    entries: Sequence[Recorded]
    number: int | None
    reason: str
    authority: str


def select(position: int, *, every: bool) -> tuple[TextEntries, tuple[Recorded, ...]]:
    """The record of the entry at a position, and its entries with words: with `every` all of the
    claim, otherwise only this one.

    :raises NoSuchEntry: :raises OutOfOrder: if no words are left.
    """
    record = copies.text_at(position)
    if record is None:
        raise NoSuchEntry(f"there is no entry at position {position}")
    entries = record.entries if every else record.only(position)
    if not entries:
        raise OutOfOrder(
            "all words of this claim are already withheld"
            if every and record.claim
            else f"the entry at position {position} has no words, or they are already withheld"
        )
    return record, entries


def withhold(
    request: Withholding, *, at: datetime, by: str, expected: int | None = None
) -> list[Recorded]:
    """Delete the words of entries in one transaction.

    :raises Invalid: if the number is not that of the record, or there are no words, no reason or no
        authority.
    :raises VersionConflict: if the claim is not at the `expected` version.
    """
    validity.refuse(list(_problems(request)))
    versions = {request.record.claim: expected}
    drafts = [
        Draft(
            stream=entry.stream,
            event=_event(request, entry),
            expected=versions.pop(entry.stream, None),
        )
        for entry in request.entries
    ]
    with transaction.atomic():
        recorded = log.append(drafts, at=at, by=by, project=standing.project)
        for entry in request.entries:
            log.delete_text(entry.position)
    return recorded


def number_problems(record: TextEntries, number: int | None) -> Iterator[Problem]:
    """The problem of the number that a user typed for a record. The message does not contain the
    right number, so that the user has to look it up."""
    what = "number of the claim" if record.claim else "position of the entry"
    if number is None:
        detail = f"give the {what}: nothing was withheld"
        yield Problem(pointer="/number", code="required", detail=detail)
    elif number != record.number:
        detail = f"this is not the {what}: nothing was withheld"
        yield Problem(pointer="/number", code="wrong_number", detail=detail)


def _problems(request: Withholding) -> Iterator[Problem]:
    yield from number_problems(request.record, request.number)
    if not request.entries:
        detail = "there are no words to withhold"
        yield Problem(pointer="/position", code="invalid", detail=detail)
    for entry in request.entries[:1]:
        yield from validity.event_problems(_event(request, entry))


def _event(request: Withholding, entry: Recorded) -> e.TextWithheld:
    return e.TextWithheld(
        position=entry.position, reason=request.reason, authority=request.authority
    )
