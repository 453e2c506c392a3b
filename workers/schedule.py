"""The timetable: every scheduled job, its purpose, interval and queue.

Celery's beat and the sweeper both read it. It does not import the tasks, so that the settings can
import it.
"""

from dataclasses import dataclass
from datetime import timedelta

from celery.schedules import crontab

NIGHTLY_EXPIRES = 3600
HOURLY_EXPIRES = 1800


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduledTask:
    """A task that runs at an interval, or with `clock` at fixed times of the day (UTC).

    `task` names a function of `workers.tasks`. `limit` ends a run after so many seconds; without
    it the general limit of the settings applies.
    """

    task: str
    why: str
    every: timedelta
    queue: str = "maintain"
    clock: crontab | None = None
    limit: int | None = None

    @property
    def expires(self) -> int:
        """Seconds until a message that no worker took is dropped: before the next one is due."""
        if self.clock is None:
            return int(self.every.total_seconds())
        return NIGHTLY_EXPIRES if self.every > timedelta(hours=1) else HOURLY_EXPIRES


JOBS = (
    ScheduledTask(
        task="follow",
        why="Process new events, also if a wakeup was lost",
        every=timedelta(seconds=5),
        queue="follow",
    ),
    ScheduledTask(
        task="score",
        why="Score waiting pairs, also if a wakeup was lost",
        every=timedelta(seconds=5),
        queue="score",
    ),
    ScheduledTask(
        task="seal",
        why="Add new events to the tree of the log and sign a checkpoint",
        every=timedelta(seconds=5),
        # Never behind an audit, which takes hours.
        queue="score",
    ),
    ScheduledTask(
        task="witness",
        why="Let witnesses sign the last checkpoint",
        every=timedelta(seconds=15),
        queue="score",
    ),
    ScheduledTask(
        task="timestamp",
        why="Ask an authority once a day for a timestamp of the last checkpoint",
        every=timedelta(hours=1),
        queue="score",
        clock=crontab(minute=41),
    ),
    ScheduledTask(
        task="ingest",
        why="Run import jobs, also those whose worker died",
        every=timedelta(seconds=15),
        queue="ingest",
        # An archive takes hours. A stuck job is found by its lease.
        limit=7 * 86_400,
    ),
    ScheduledTask(
        task="watch",
        why="Find shifts after scores changed or a day began",
        every=timedelta(minutes=1),
        limit=600,
    ),
    ScheduledTask(task="deliver", why="Send messages to webhooks", every=timedelta(seconds=5)),
    ScheduledTask(
        task="mail",
        why="Send confirmations, alerts and digests by mail",
        every=timedelta(minutes=1),
    ),
    ScheduledTask(
        task="age",
        why="Continue every score to the new day, also if it began while no worker ran",
        every=timedelta(minutes=30),
        clock=crontab(minute="1,31"),
    ),
    ScheduledTask(
        task="count",
        why="Count claims by month, language and root",
        every=timedelta(minutes=10),
    ),
    ScheduledTask(
        task="edition",
        why="Publish the editions of days that ended",
        every=timedelta(hours=1),
        clock=crontab(minute=11),
        limit=3_500,
    ),
    ScheduledTask(
        task="draw",
        why="Draw ten claims a week for a second person to judge",
        every=timedelta(hours=1),
        clock=crontab(minute=23),
    ),
    ScheduledTask(
        task="inspect",
        why="Compare the next events with the seal, and the next rows of the table of pairs",
        every=timedelta(seconds=10),
        # Never behind an audit.
        queue="score",
    ),
    ScheduledTask(
        task="audit_sample", why="Audit a sample of the log", every=timedelta(minutes=10)
    ),
    ScheduledTask(
        task="audit_all",
        why="Audit the whole log",
        every=timedelta(days=1),
        clock=crontab(hour=2, minute=7),
        limit=14_400,
    ),
    ScheduledTask(
        task="tidy",
        why="Delete what has expired",
        every=timedelta(hours=1),
        clock=crontab(minute=17),
    ),
)
BY_TASK = {job.task: job for job in JOBS}
# For Celery's settings. The last two routes are for the health check.
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
