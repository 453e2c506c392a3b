"""Does the workers' work in a loop, where there is no broker."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from workers import sweeper

PAUSE_SECONDS = 1.0


class Command(BaseCommand):
    help = (
        "follow, score, age, find shifts, publish editions, audit and tidy in a loop"
        " without Redis, until Ctrl-C"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what waits and end")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["once"]:
            self.stdout.write(f"{sweeper.sweep(at=timezone.now())} done")
            sweeper.watch(at=timezone.now())
            sweeper.publish(at=timezone.now())
            sweeper.tidy(at=timezone.now())
            return
        rounds = sweeper.Sweeper(since=timezone.now())
        while True:
            if done := rounds.turn(at=timezone.now()):
                self.stdout.write(f"{done} done")
            time.sleep(PAUSE_SECONDS)
