"""`manage.py audit`: compares the derived tables with the log."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from tracker.management.guarded import GuardedCommand
from tracker.projections import audit


class Command(GuardedCommand):
    help = "recompute hashes and scores from the log and compare them bit for bit"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--all", action="store_true", help="check all pairs and events, not a sample"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        sample = None if options["all"] else audit.SAMPLE
        differences = audit.audit(at=timezone.now(), sample=sample)
        for difference in differences:
            self.stdout.write(f"✗ {difference}")
        if differences:
            raise CommandError(
                f"{len(differences)} differ from the log: run manage.py rebuild, then audit --all"
            )
        self.stdout.write("everything agrees with the log")
