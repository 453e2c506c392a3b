"""`manage.py doctor`: health checks, with a fix for each problem."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from workers import doctor


class Command(BaseCommand):
    help = "check database, broker, worker, migrations, guards, rights, clock, followers and jobs"
    requires_system_checks = ()

    def handle(self, *_args: Any, **_options: Any) -> None:
        findings = doctor.examine(now=timezone.now)
        for one in findings:
            sign = "ok" if one.well else "! " if one.warning else "✗ "
            self.stdout.write(f"{sign} {one.what:11}{one.says}")
            if not one.well:
                self.stdout.write(f"   {'':11}→ {one.fix}")
        if not all(one.well or one.warning for one in findings):
            raise CommandError("some checks failed")
