"""Moments and days in queries, and the position of the log that a query is about."""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from tracker import log
from tracker.domain.problems import BadParameter
from tracker.log.standby import Behind, is_standby

type AsOf = int | datetime | None

# The years that the scoring models support.
FIRST_YEAR, LAST_YEAR = 1000, 2999


class AheadOfLog(BadParameter):
    """The log does not reach that position or time."""

    parameter = "as_of"
    code = "not_yet"


class TooManyImpacts(BadParameter):
    """More impacts were known at that moment than one request may fold."""

    parameter = "as_of"
    code = "too_much"


class NoMoment(BadParameter):
    """A text is neither a position of the log nor a time with its UTC offset nor a day."""

    parameter = "as_of"
    code = "invalid"


class NoDay(BadParameter):
    """A text is not a day, or a day outside the years that the models support."""

    parameter = "day"
    code = "invalid"


class DayOutOfRange(NoDay):
    """A day outside the years that the models support."""

    code = "out_of_range"


def read_moment(text: str) -> int | datetime:
    """Read a position ("118"), a time with its UTC offset ("2022-05-24T12:00:00Z") or a day
    ("2022-05-24"), which is its end; for today it is now.

    :raises NoMoment:
    """
    if re.fullmatch(r"[0-9]{1,18}", text, re.ASCII):
        return int(text)
    with suppress(ValueError):
        # An unescaped plus sign in a query arrives as a space.
        moment = parse_datetime(text.replace(" ", "+") if "T" in text else text)
        if moment is not None and moment.tzinfo is not None:
            return moment
    with suppress(ValueError):
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text, re.ASCII):
            end = datetime.combine(date.fromisoformat(text), time.max, UTC)
            now = timezone.now()
            return now if end.date() == now.date() else end
    raise NoMoment(
        f"{text[:40]!r} is neither a position of the log (118) nor a time with UTC offset"
        " (2022-05-24T12:00:00Z) nor a day (2022-05-24)"
    )


def read_day(text: str) -> date:
    """Read a day ("2022-05-24") in a year that the models support.

    :raises NoDay:
    """
    day = None
    with suppress(ValueError):
        day = parse_date(text)
    if day is None:
        raise NoDay(f"{text[:40]!r} is not a day (2022-05-24)")
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise DayOutOfRange(f"{day} is not between {FIRST_YEAR}-01-01 and {LAST_YEAR}-12-31")
    return day


@dataclass(frozen=True, slots=True)
class At:
    """Up to which position of the log an answer goes. Made once per request.

    `requested` is the requested position or time. Without one the answer is the current state, and
    `position` was the head when the request arrived.
    """

    position: int
    requested: AsOf = None

    @property
    def is_now(self) -> bool:
        return self.requested is None

    @property
    def past(self) -> int | None:
        """The position; None for now, when current rows are read."""
        return None if self.is_now else self.position

    def day(self) -> date | None:
        """The day on which the position was reached; None for now."""
        if isinstance(self.requested, datetime):
            return self.requested.date()
        event = None if self.is_now else log.at(self.position)
        return event.recorded_at.date() if event else None


def now() -> At:
    """The current state."""
    return At(log.head().position)


def known_at(position: int) -> At:
    """As known at a position on record."""
    return At(position, position)


def at(as_of: AsOf) -> At:
    """As known at a position or a time; None for now.

    :raises AheadOfLog: for a position after the head, or a time in the future.
    :raises Behind: if a standby has not come as far.
    """
    if isinstance(as_of, datetime):
        return At(_position_at(as_of), as_of)
    head = log.head().position
    if as_of is None:
        return At(head)
    if as_of > head and is_standby():
        raise Behind(
            f"this server has come to position {head}, and not to {as_of} yet", position=head
        )
    if not 0 <= as_of <= head:
        raise AheadOfLog(f"the log ends at position {head}; {as_of} is not on record")
    return known_at(as_of)


def reached_by(moment: datetime) -> int:
    """The position at a time, as far as the database that answers knows: a standby may miss events
    that are earlier."""
    try:
        return _position_at(moment)
    except Behind as problem:
        return problem.position


def _position_at(moment: datetime) -> int:
    try:
        return log.position_at(_in_utc(moment))
    except log.TooSoon as problem:
        raise AheadOfLog(str(problem)) from problem


def _in_utc(moment: datetime) -> datetime:
    """The moment in UTC. PostgreSQL accepts no offset of 16 hours or more."""
    with suppress(OverflowError):
        return moment.astimezone(UTC)
    # On the first or last possible day.
    return moment.replace(tzinfo=UTC)
