"""The time by which workers work: the database's, where the clock of this host is wrong.

Workers end leases, delete what has expired and date what they import. With a wrong clock they would
take the jobs of others and delete what is still valid.
"""

import math
import time
from datetime import datetime, timedelta

import structlog
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

# A difference up to this is no fault.
MOST_SKEW = timedelta(seconds=2)
# The clocks are compared again after so long.
CHECK_SECONDS = 10.0
# An answer that took longer, in seconds, says too little about the clock.
MOST_ROUND_TRIP = 1.0
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
        # The time of a clock that does not jump, and the time of this host, at the last check.
        self._checked: tuple[float, datetime] | None = None

    def now(self) -> datetime:
        """The time of this host, or the database's if they differ by more than two seconds."""
        steady, ours = time.monotonic(), timezone.now()
        passed, jumped = self._since(steady, ours)
        if jumped or passed > CHECK_SECONDS:
            if self._check() or not jumped:
                self._checked = steady, ours
            elif self._checked:
                # Until the database answers, time goes on from where it was before the jump.
                return self._checked[1] - self._wrong + timedelta(seconds=passed)
        return timezone.now() - self._wrong

    def _since(self, steady: float, ours: datetime) -> tuple[float, bool]:
        """The seconds since the last check, and whether the clock of this host was set since."""
        if self._checked is None:
            return math.inf, False
        passed = steady - self._checked[0]
        off = ours - self._checked[1] - timedelta(seconds=passed)
        return passed, abs(off) > MOST_SKEW

    def _check(self) -> bool:
        """Compare the clocks; whether it succeeded."""
        started = time.monotonic()
        try:
            found = skew()
        except (OperationalError, InterfaceError):
            # Whatever needs the time meets the same error, and says so.
            return False
        if time.monotonic() - started > MOST_ROUND_TRIP:
            return False
        was_wrong, self._wrong = self._wrong, found if abs(found) > MOST_SKEW else timedelta(0)
        if self._wrong and not was_wrong:
            seconds = round(found.total_seconds(), 1)
            logger.warning("the clock of this host is wrong: set it by NTP", seconds_ahead=seconds)
        elif was_wrong and not self._wrong:
            logger.info("the clock of this host is right again")
        return True


now = WorkerClock().now
