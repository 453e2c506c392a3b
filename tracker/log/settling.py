"""What was known at a moment, made final by the asking."""

from datetime import datetime

from django.db import connection

from tracker.log.versions import conflicts_named


class TooSoon(ValueError):
    """A moment that has not come yet: more may still be recorded by then."""


def position_at(moment: datetime) -> int:
    """Give the last position recorded at or before a moment; 0 before the first.

    From here on the answer is the same for ever: later events get later times, also from a writer
    whose clock is late, or who was waiting for the head meanwhile.

    :raises TooSoon: for a moment that is in the future by the database's clock.
    :raises LogBusy: when a writer keeps the head for two seconds.
    """
    if not _settled(moment):
        raise TooSoon(f"{moment.isoformat()} has not come yet; leave it out to ask for now")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT position FROM event WHERE recorded_at <= %s ORDER BY recorded_at DESC LIMIT 1",
            [moment],
        )
        row = cursor.fetchone()
        return int(row[0]) if row else 0


def _settled(moment: datetime) -> bool:
    """:raises LogBusy: where a writer holds the head."""
    with conflicts_named([]), connection.cursor() as cursor:
        cursor.execute("SELECT log_settle(%s)", [moment])
        return bool(cursor.fetchone()[0])
