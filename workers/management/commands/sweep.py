"""Does the workers' work in a loop, where there is no broker."""

import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from workers import sweeper

PAUSE_SECONDS = 1.0
# So long an import may need to the end of the rows that it is at.
LEAVE_SECONDS = 10.0


class Command(BaseCommand):
    help = (
        "follow, score, work on jobs, age, find shifts, publish editions, audit and tidy in a"
        " loop without Redis, until Ctrl-C"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what waits and end")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["once"]:
            sweeper.ingest_all(leaving=lambda: False)
            self.stdout.write(f"{sweeper.sweep(at=timezone.now())} done")
            sweeper.finish(at=timezone.now())
            return
        with _ingesting():
            rounds = sweeper.Sweeper(since=timezone.now())
            while True:
                if done := rounds.turn(at=timezone.now()):
                    self.stdout.write(f"{done} done")
                time.sleep(PAUSE_SECONDS)


@contextmanager
def _ingesting() -> Iterator[None]:
    """Work on jobs beside the rest, which an import would hold up for hours."""
    end = Event()

    def run() -> None:
        while not end.is_set():
            sweeper.ingest_all(leaving=end.is_set)
            end.wait(PAUSE_SECONDS)

    # A daemon: what it leaves half-way is taken up again.
    thread = Thread(target=run, name="ingest", daemon=True)
    thread.start()
    try:
        yield
    finally:
        end.set()
        thread.join(LEAVE_SECONDS)
