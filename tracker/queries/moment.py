"""What `as_of` means: a time or a position becomes the position up to which the log is read."""

from contextlib import suppress
from datetime import UTC, date, datetime

from tracker import log
from tracker.domain.problems import BadParameter

type AsOf = int | datetime | None


class AheadOfLog(BadParameter):
    """The log does not reach that far."""

    parameter = "as_of"
    code = "not_yet"


class TooManyThen(BadParameter):
    """More was known at that moment than one answer can fold."""

    parameter = "as_of"
    code = "too_much"


def resolve(as_of: AsOf) -> int:
    """Give the position up to which the log is read; the head where nothing is asked for.

    :raises AheadOfLog: for a position after the head, or a time in the future.
    """
    head = log.head().position
    match as_of:
        case None:
            return head
        case datetime():
            return _position_at(as_of)
    if not 0 <= as_of <= head:
        raise AheadOfLog(f"the log ends at position {head}; {as_of} is not on record")
    return as_of


def day_of(as_of: AsOf) -> date | None:
    """Give the day on which so much was known; None where nothing is asked for.

    :raises AheadOfLog: as `resolve`.
    """
    if as_of is None or isinstance(as_of, datetime):
        return as_of.date() if as_of else None
    found = log.at(resolve(as_of))
    return found.recorded_at.date() if found else None


def _position_at(moment: datetime) -> int:
    try:
        return log.position_at(_in_utc(moment))
    except log.TooSoon as problem:
        raise AheadOfLog(str(problem)) from problem


def _in_utc(moment: datetime) -> datetime:
    """PostgreSQL takes no offset of 16 hours or more."""
    with suppress(OverflowError):
        return moment.astimezone(UTC)
    # On the first or the last day that there is.
    return moment.replace(tzinfo=UTC)
