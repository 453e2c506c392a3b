"""Deletes the files that nobody needs any more; the rows of jobs stay."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from tracker.operations.jobs import spool
from tracker.queries import jobs

# A file without a job is one that is about to have one, for so long.
STRAY = timedelta(days=1)


def tidy(*, at: datetime) -> int:
    """Delete the files of jobs that ended some time ago, and of none; give how many jobs'."""
    spool.sweep(before=at - STRAY)
    old = [one for one in spool.kept() if _old(one, at)]
    for one in old:
        spool.forget(one)
    return len(old)


def _old(job_id: UUID, at: datetime) -> bool:
    found = jobs.job(job_id)
    if found is None:
        return spool.touched_at(job_id) < (at - STRAY).timestamp()
    kept = timedelta(days=settings.SPOOL_DAYS)
    return found.ended_at is not None and found.ended_at < at - kept
