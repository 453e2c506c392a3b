"""`manage.py workon JOB LEASE`: started by a worker for a file, as a separate process."""

import signal
from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from tracker.imports import isolation, queries
from tracker.imports.jobs import leases, runner
from workers import leaving


class Command(BaseCommand):
    help = "run a job of a worker within limits (called by workers)"
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("job", type=UUID)
        parser.add_argument("lease", type=UUID)

    def handle(self, *_args: Any, job: UUID, lease: UUID, **_options: Any) -> None:
        # The worker gets the signal and passes it on.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, leaving.on_signal)
        taken = leases.held_lease(job, lease)
        if taken is None:
            raise CommandError("another worker has taken over the job")
        asked = queries.job(job)
        with isolation.confined(size=asked.file_size if asked else None) as step:
            runner.run(taken, now=timezone.now, leaving=leaving.leaving, step=step)
