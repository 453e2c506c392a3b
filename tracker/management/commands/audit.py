"""`manage.py audit`: compares the derived tables with the log."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from tracker.management.guarded import GuardedCommand
from tracker.operations import sealing
from tracker.projections import audit
from tracker.queries import progress

REPORT_SECONDS = 5.0


class Command(GuardedCommand):
    help = "recompute hashes and scores from the log and compare them bit for bit"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--all", action="store_true", help="check all pairs and events, not a sample"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        differences = audit.audit(
            at=timezone.now(),
            sample=None if options["all"] else audit.SAMPLE,
            of_seal=sealing.problem(),
            report=self._report,
        )
        for difference in differences:
            self.stdout.write(f"✗ {difference}")
        if differences:
            raise CommandError(f"{len(differences)} differences: {progress.audited().advice}")
        self.stdout.write("everything agrees with the log")

    # When the last line on progress was written.
    _last = 0.0

    def _report(self, text: str) -> None:
        """Show every few seconds how far the audit is."""
        if time.monotonic() >= self._last + REPORT_SECONDS:
            self._last = time.monotonic()
            self.stderr.write(text)
