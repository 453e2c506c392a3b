"""`manage.py imports`: lists the imports and their state."""

from argparse import ArgumentParser
from typing import Any

from tracker.imports.queries import Run, runs
from tracker.management.guarded import GuardedCommand

LIMIT = 20


class Command(GuardedCommand):
    help = "list the imports, newest first"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--limit", type=int, default=LIMIT, help="the number of imports to list"
        )

    def handle(self, *_: Any, limit: int, **__: Any) -> None:
        for run in runs(limit=limit):
            self.stdout.write(_line(run))


def _line(run: Run) -> str:
    counts = ", ".join(f"{number} {outcome}" for outcome, number in run.counts.items() if number)
    started = run.started_at.isoformat(" ", "seconds")
    line = f"{run.id}  {started}  {run.state:9}  {run.name} ({run.format}, by {run.by}):"
    line += f" {run.done} of {run.rows} rows"
    return line + "".join(f": {part}" for part in (counts, run.error) if part)
