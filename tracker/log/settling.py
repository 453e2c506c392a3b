"""What was known at a moment, made final by the asking."""

from datetime import datetime

import psycopg
from django.db import OperationalError, connection

from tracker.log.versions import LogBusy


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
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT log_settle(%s)", [moment])
            return bool(cursor.fetchone()[0])
    except OperationalError as problem:
        if isinstance(problem.__cause__, psycopg.errors.LockNotAvailable):
            raise LogBusy("a writer holds the log: try again in a moment") from problem
        raise
