"""`manage.py doctor`: health checks, with a fix for each problem."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from workers import doctor


class Command(BaseCommand):
    help = "check database, broker, worker, migrations, guards, rights, clock, followers and jobs"
    requires_system_checks = ()

    def handle(self, *_args: Any, **_options: Any) -> None:
        findings = doctor.run_checks(now=timezone.now)
        for finding in findings:
            sign = "ok" if finding.ok else "! " if finding.warning else "✗ "
            self.stdout.write(f"{sign} {finding.check:11}{finding.detail}")
            if not finding.ok:
                self.stdout.write(f"   {'':11}→ {finding.fix}")
        if not all(finding.ok or finding.warning for finding in findings):
            raise CommandError("some checks failed")
