"""Holds the record and the scores against the log."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from tracker.projections import audit


class Command(BaseCommand):
    help = "recompute hashes and scores from the log and compare them bit for bit"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="every pair and event, no sample")

    def handle(self, *_args: Any, **options: Any) -> None:
        sample = None if options["all"] else audit.SAMPLE
        differing = audit.audit(at=timezone.now(), sample=sample)
        for one in differing:
            self.stdout.write(f"✗ {one}")
        if differing:
            raise CommandError(f"{len(differing)} differ: run manage.py rebuild, then audit --all")
        self.stdout.write("all as the log says")
