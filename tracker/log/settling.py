"""The position of the log at a time, which stays the same for ever."""

from datetime import datetime
from typing import NamedTuple

from django.db import connection

from tracker.domain.problems import Unavailable
from tracker.log.heads import head
from tracker.log.standby import Behind, ReadOnly
from tracker.log.versions import translate_errors

# Each event of a run is recorded a microsecond after the one before it.
_LAST_AT = (
    "SELECT coalesce(max(position), 0) FROM"
    " ((SELECT position FROM event WHERE recorded_at <= %s ORDER BY recorded_at DESC LIMIT 1)"
    " UNION ALL (SELECT least(last, first"
    " + (extract(epoch FROM %s::timestamptz - recorded_at) * 1000000)::bigint)"
    " FROM event_run WHERE recorded_at <= %s ORDER BY recorded_at DESC LIMIT 1)) latest"
)


# What the clock of the database says, how far the log is ahead of it, and the head's time.
_CLOCK = (
    "SELECT now, extract(epoch FROM last_recorded_at - now)::float8, last_recorded_at"
    " FROM log_head, clock_timestamp() AS now"
)
# The log may be so far ahead after many events within a moment or a small correction of the clock.
MOST_AHEAD_SECONDS = 2.0


class TooSoon(ValueError):
    """A time in the future: more events may be recorded until then."""


class TimesAhead(Unavailable):
    """The last events are dated ahead of the database's clock. When they were recorded is not
    known, so a time after the last other event has no position yet."""

    wait = 60


class LogClock(NamedTuple):
    """The database's time, and how many seconds the last time of the log, `until`, is ahead of it;
    at or below zero it is not."""

    now: datetime
    ahead: float
    until: datetime


def log_clock() -> LogClock:
    """Compare the log with the clock of the database."""
    with connection.cursor() as cursor:
        cursor.execute(_CLOCK)
        return LogClock(*cursor.fetchone())


def position_at(moment: datetime) -> int:
    """The last position recorded at or before a moment; 0 before the first.

    After this call the answer never changes: all later events get later times, also those of a
    writer whose clock is late or who already waits for the head.

    :raises TooSoon: if the moment is in the future by the database's clock.
    :raises LogBusy: if a writer holds the head for two seconds.
    :raises Behind: on a standby, for a time after the last event there.
    :raises TimesAhead: if events follow that may have been recorded before the moment.
    """
    try:
        settled = _settle(moment)
    except ReadOnly as problem:
        raise _behind(moment) from problem
    if not settled:
        raise TooSoon(f"{moment.isoformat()} has not come yet; leave it out to ask for now")
    clock, position = log_clock(), _last_at(moment)
    if clock.ahead > MOST_AHEAD_SECONDS and position == _last_at(clock.now):
        raise TimesAhead(
            f"the events after position {position} are dated up to {clock.until.isoformat()}, ahead"
            " of the database's clock: ask for a position instead of a time"
        )
    return position


def _behind(moment: datetime) -> Behind:
    """Only the primary can promise that no event of a later position gets an earlier time."""
    end = head()
    return Behind(
        f"this server reads from a standby of the database, which has come to position"
        f" {end.position} of {end.recorded_at.isoformat()}, and {moment.isoformat()} is later: ask"
        " for a position, for a time up to then, or for now",
        position=end.position,
    )


def _last_at(moment: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_LAST_AT, [moment, moment, moment])
        return int(cursor.fetchone()[0])


def _settle(moment: datetime) -> bool:
    with translate_errors([]), connection.cursor() as cursor:
        cursor.execute("SELECT log_settle(%s)", [moment])
        return bool(cursor.fetchone()[0])
