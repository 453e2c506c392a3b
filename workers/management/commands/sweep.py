"""Does the workers' work in a loop, where there is no broker."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from workers.sweeper import sweep

PAUSE_SECONDS = 1.0


class Command(BaseCommand):
    help = "follow, score and tidy in a loop without Redis, until Ctrl-C"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what waits and end")

    def handle(self, *_args: Any, **options: Any) -> None:
        while True:
            if done := sweep(at=timezone.now()):
                self.stdout.write(f"{done} done")
            if options["once"]:
                return
            time.sleep(PAUSE_SECONDS)
