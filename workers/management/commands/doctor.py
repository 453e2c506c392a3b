"""Asks whether everything is well, and names the mend where it is not."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from workers import doctor


class Command(BaseCommand):
    help = "look at database, guards, rights, broker, worker, clock and followers"
    requires_system_checks = ()

    def handle(self, *_args: Any, **_options: Any) -> None:
        findings = doctor.examine(now=timezone.now)
        for one in findings:
            sign = "ok" if one.well else "! " if one.warning else "✗ "
            self.stdout.write(f"{sign} {one.what:11}{one.says}")
            if not one.well:
                self.stdout.write(f"   {'':11}→ {one.mend}")
        if not all(one.well or one.warning for one in findings):
            raise CommandError("not everything is well")
