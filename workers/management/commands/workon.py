"""`manage.py workon JOB LEASE`: the process that a worker starts for an import."""

import signal
from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from tracker.imports import isolation, queries
from tracker.imports.jobs import leases, runner
from workers import shutdown


class Command(BaseCommand):
    help = "run a job of a worker within limits (called by workers)"
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("job", type=UUID)
        parser.add_argument("lease", type=UUID)

    def handle(self, *_args: Any, job: UUID, lease: UUID, **_options: Any) -> None:
        signal.signal(signal.SIGTERM, shutdown.on_signal)
        current = leases.held_lease(job, lease)
        if current is None:
            raise CommandError("another worker has taken over the job")
        details = queries.job(job)
        with isolation.confined(size=details.file_size if details else None) as step:
            runner.run(current, now=timezone.now, shutting_down=shutdown.is_requested, step=step)
