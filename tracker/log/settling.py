"""The position of the log at a time, which stays the same for ever."""

from datetime import datetime

from django.db import connection

from tracker.log.versions import translate_errors

# Each event of a run is recorded a microsecond after the one before it.
_LAST_AT = (
    "SELECT coalesce(max(position), 0) FROM"
    " ((SELECT position FROM event WHERE recorded_at <= %s ORDER BY recorded_at DESC LIMIT 1)"
    " UNION ALL (SELECT least(last, first"
    " + (extract(epoch FROM %s::timestamptz - recorded_at) * 1000000)::bigint)"
    " FROM event_run WHERE recorded_at <= %s ORDER BY recorded_at DESC LIMIT 1)) latest"
)


class TooSoon(ValueError):
    """A time in the future: more events may be recorded until then."""


def position_at(moment: datetime) -> int:
    """The last position recorded at or before a moment; 0 before the first.

    After this call the answer never changes: all later events get later times, also those of a
    writer whose clock is late or who already waits for the head.

    :raises TooSoon: if the moment is in the future by the database's clock.
    :raises LogBusy: if a writer holds the head for two seconds.
    """
    if not _settle(moment):
        raise TooSoon(f"{moment.isoformat()} has not come yet; leave it out to ask for now")
    with connection.cursor() as cursor:
        cursor.execute(_LAST_AT, [moment, moment, moment])
        return int(cursor.fetchone()[0])


def _settle(moment: datetime) -> bool:
    with translate_errors([]), connection.cursor() as cursor:
        cursor.execute("SELECT log_settle(%s)", [moment])
        return bool(cursor.fetchone()[0])
