"""`manage.py sweep`: does the work of the workers in a loop, without a broker."""

import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from tracker.queries import guards
from workers import sweeper
from workers.schedule import BY_TASK

PAUSE_SECONDS = 1.0
WITNESS_SECONDS = BY_TASK["witness"].every.total_seconds()
# How long an import may take to finish its current rows.
LEAVE_SECONDS = 10.0


class Command(BaseCommand):
    requires_system_checks = (guards.CHECK,)
    help = (
        "do the work of the workers in a loop without Redis, until Ctrl-C: follow the log,"
        " score, run jobs, age scores, find shifts, publish editions, audit and clean up"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do the pending work and exit")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["once"]:
            sweeper.ingest_all(shutting_down=lambda: False)
            self.stdout.write(f"{sweeper.sweep(at=timezone.now())} done")
            sweeper.finish(at=timezone.now())
            return
        with (
            _thread("ingest", sweeper.ingest_all, pause=PAUSE_SECONDS),
            _thread("witness", lambda **_: sweeper.ask_witnesses(), pause=WITNESS_SECONDS),
        ):
            sweep = sweeper.Sweeper(since=timezone.now())
            while True:
                if done := sweep.run_round(at=timezone.now()):
                    self.stdout.write(f"{done} done")
                time.sleep(PAUSE_SECONDS)


@contextmanager
def _thread(name: str, work: Callable[..., None], *, pause: float) -> Iterator[None]:
    """Do work again and again in a thread: an import would block the other work for hours, and a
    witness that does not answer for seconds."""
    end = Event()

    def run() -> None:
        while not end.is_set():
            work(shutting_down=end.is_set)
            end.wait(pause)

    # A daemon: interrupted jobs are resumed.
    thread = Thread(target=run, name=name, daemon=True)
    thread.start()
    try:
        yield
    finally:
        end.set()
        thread.join(LEAVE_SECONDS)
