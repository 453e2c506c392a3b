"""The time by which workers work: the database's, where the clock of this host is wrong.

Workers end leases, delete what has expired and date what they import. With a wrong clock they would
take the jobs of others and delete what is still valid.
"""

import time
from datetime import datetime, timedelta

import structlog
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

# A difference up to this is no fault.
MOST_SKEW = timedelta(seconds=2)
# The clocks are compared again after so long.
CHECK_SECONDS = 10.0
logger = structlog.get_logger()


def skew() -> timedelta:
    """How far the clock of this host is ahead of the database's; negative if it is behind."""
    before = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        theirs: datetime = cursor.fetchone()[0]
    return before + (timezone.now() - before) / 2 - theirs


class WorkerClock:
    """Gives the time, and logs once when the clock of this host begins to be wrong, and once when
    it is right again."""

    def __init__(self) -> None:
        self._wrong = timedelta(0)
        self._checked_at: float | None = None

    def now(self) -> datetime:
        """The time of this host, or the database's if they differ by more than two seconds."""
        if self._checked_at is None or time.monotonic() - self._checked_at > CHECK_SECONDS:
            self._check()
            self._checked_at = time.monotonic()
        return timezone.now() - self._wrong

    def _check(self) -> None:
        try:
            found = skew()
        except (OperationalError, InterfaceError):
            # Whatever needs the time meets the same error, and says so.
            return
        was_wrong, self._wrong = self._wrong, found if abs(found) > MOST_SKEW else timedelta(0)
        if self._wrong and not was_wrong:
            seconds = round(found.total_seconds(), 1)
            logger.warning("the clock of this host is wrong: set it by NTP", seconds_ahead=seconds)
        elif was_wrong and not self._wrong:
            logger.info("the clock of this host is right again")


now = WorkerClock().now
