"""`manage.py workon JOB LEASE`: what a worker starts for a file, in a process of its own."""

import signal
from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from tracker.operations import apart, jobs
from tracker.queries import jobs as queries
from workers import leaving


class Command(BaseCommand):
    help = "work on a job that a worker has taken, within limits (workers call this)"
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("job", type=UUID)
        parser.add_argument("lease", type=UUID)

    def handle(self, *_args: Any, job: UUID, lease: UUID, **_options: Any) -> None:
        # The worker hears of the end, and passes it on.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, leaving.on_signal)
        taken = jobs.taken(job, lease)
        if taken is None:
            raise CommandError("the job is in other hands")
        asked = queries.job(job)
        with apart.confined(size=asked.file_size if asked else None) as step:
            jobs.work_on(taken, now=timezone.now, leaving=leaving.leaving, step=step)
