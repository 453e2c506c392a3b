"""Celery's scheduler, which goes on after the clock of its host was set back."""

from datetime import timedelta
from typing import Any

from celery.beat import PersistentScheduler

# A difference up to this is no fault.
MOST_AHEAD = timedelta(seconds=2)


class Scheduler(PersistentScheduler):
    """A task that ran in the future, by a clock that was wrong then, counts as run now. Otherwise
    it would not be sent before that time, also by a scheduler that is started anew."""

    def tick(self, *given: Any, **more: Any) -> float:
        """Send what is due; the seconds until the next look."""
        ahead = [
            entry
            for entry in self.schedule.values()
            if entry.last_run_at and entry.last_run_at > entry.default_now() + MOST_AHEAD
        ]
        for entry in ahead:
            entry.last_run_at = entry.default_now()
        if ahead:
            # All are put in order again.
            self._heap = None
        return float(super().tick(*given, **more))
