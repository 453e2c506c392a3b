"""`manage.py imports`: lists the imports and their state."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from tracker.imports.queries import Run, runs

LIMIT = 20


class Command(BaseCommand):
    help = "list the imports, newest first"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--limit", type=int, default=LIMIT, help="the number of imports to list"
        )

    def handle(self, *_: Any, limit: int, **__: Any) -> None:
        for one in runs(limit=limit):
            self.stdout.write(_line(one))


def _line(run: Run) -> str:
    counted = ", ".join(f"{number} {outcome}" for outcome, number in run.counts.items() if number)
    begun = run.started_at.isoformat(" ", "seconds")
    said = f"{run.id}  {begun}  {run.state:9}  {run.name} ({run.format}, by {run.by}):"
    said += f" {run.done} of {run.rows} rows"
    return said + "".join(f": {one}" for one in (counted, run.error) if one)
