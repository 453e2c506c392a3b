"""`manage.py imports`: the imports on record, and where each stands."""

from argparse import ArgumentParser
from typing import IO, Any, cast

from django.core.management.base import BaseCommand
from rich.console import Console
from rich.table import Table

from tracker.queries.importruns import listing

COLUMNS = ("import", "begun", "file", "format", "by", "state", "rows")
LIMIT = 20


class Command(BaseCommand):
    help = "list the imports, the last ones first"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--limit", type=int, default=LIMIT, help="how many")

    def handle(self, *_: Any, limit: int, **__: Any) -> None:
        table = Table(*COLUMNS, box=None)
        for one in listing(limit=limit):
            counted = ", ".join(f"{number} {outcome}" for outcome, number in one.counts.items())
            begun = one.started_at.isoformat(" ", "seconds")
            rows = f"{one.done} of {one.rows}{f': {counted}' if counted else ''}"
            state = f"{one.state}{f': {one.error}' if one.error else ''}"
            table.add_row(str(one.id), begun, one.name, one.format, one.by, state, rows)
        console = Console(
            file=cast("IO[str]", self.stdout), soft_wrap=True, markup=False, highlight=False
        )
        console.print(table)
