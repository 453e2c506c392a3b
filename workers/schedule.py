"""The one timetable: every scheduled job, why it runs, how often, and on which queue.

Celery's beat and the sweeper both read it. It imports none of the work, so that settings can.
"""

from dataclasses import dataclass
from datetime import timedelta

from celery.schedules import crontab

NIGHTLY_EXPIRES = 3600
HOURLY_EXPIRES = 1800


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A task that runs every so often, or with `clock` at set times of the day (UTC).

    `task` names a function of `workers.tasks`. `limit` ends a run of it after so many seconds; the
    general limit of settings is used without. A message that no worker takes goes stale before the
    next one is due.
    """

    task: str
    why: str
    every: timedelta
    queue: str = "maintain"
    clock: crontab | None = None
    limit: int | None = None

    @property
    def expires(self) -> int:
        """Seconds after which a message that no worker took is dropped."""
        if self.clock is None:
            return int(self.every.total_seconds())
        return NIGHTLY_EXPIRES if self.every > timedelta(hours=1) else HOURLY_EXPIRES


JOBS = (
    Job(
        task="follow",
        why="Take new events in, also where a wakeup was lost",
        every=timedelta(seconds=5),
        queue="follow",
    ),
    Job(
        task="score",
        why="Score pairs that wait, also where a wakeup was lost",
        every=timedelta(seconds=5),
        queue="score",
    ),
    Job(
        task="ingest",
        why="Work on import jobs, also those whose worker died",
        every=timedelta(seconds=15),
        queue="ingest",
        # An archive takes hours. The lease of a job shows that it is stuck.
        limit=7 * 86_400,
    ),
    Job(
        task="watch",
        why="Look for shifts where scores changed or a day began",
        every=timedelta(minutes=1),
        limit=600,
    ),
    Job(task="deliver", why="Send messages to webhooks", every=timedelta(seconds=5)),
    Job(
        task="age",
        why="Carry every score on to the new day, also if it began while nothing ran",
        every=timedelta(minutes=30),
        clock=crontab(minute="1,31"),
    ),
    Job(
        task="edition",
        why="Publish the editions of days that ended",
        every=timedelta(hours=1),
        clock=crontab(minute=11),
        limit=3_500,
    ),
    Job(task="audit_sample", why="Audit a sample of the log", every=timedelta(minutes=10)),
    Job(
        task="audit_all",
        why="Audit the whole log",
        every=timedelta(days=1),
        clock=crontab(hour=2, minute=7),
        limit=14_400,
    ),
    Job(
        task="tidy",
        why="Delete what has expired",
        every=timedelta(hours=1),
        clock=crontab(minute=17),
    ),
)
BY_TASK = {job.task: job for job in JOBS}
# For Celery's settings. The last two are asked by the health check.
BEAT = {
    job.why: {
        "task": job.task,
        "schedule": job.clock or job.every.total_seconds(),
        "options": {"expires": job.expires},
    }
    for job in JOBS
}
ROUTES = {job.task: {"queue": job.queue} for job in JOBS} | {
    "nothing": {"queue": "follow"},
    "answer": {"queue": "follow"},
}
