"""`manage.py export claims --out claims.csv`: exports the record as of one position."""

import os
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

from django.core.management.base import CommandError
from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from tracker.domain.disclosure import Reader
from tracker.domain.problems import FAMILIES
from tracker.exports import metadata, requests
from tracker.exports.files import CountedStream, complete_file
from tracker.exports.formats import FORMATS, ExportFormat
from tracker.exports.requests import TableRequest
from tracker.exports.tables import Table, with_progress
from tracker.management.arguments import moment
from tracker.management.guarded import GuardedCommand
from tracker.queries.moment import at


class Command(GuardedCommand):
    help = "write claims, events or scores to a file or to standard output, as of one position"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("table", choices=requests.TABLES)
        parser.add_argument(
            "--format", choices=FORMATS, help="default: by the extension of --out, else ndjson"
        )
        parser.add_argument("--as-of", type=moment, help="a position, or a time with UTC offset")
        parser.add_argument("--collection", help="claims: only those of this collection")
        parser.add_argument("--lens", help='scores: only those of this lens, such as "standing@1"')
        parser.add_argument("--out", type=Path, help="the file; its metadata is written next to it")

    def handle(self, *_: Any, out: Path | None, **options: Any) -> None:
        names = ("table", "collection", "lens")
        chosen = FORMATS[options["format"] or _format_of(out)]
        try:
            filters = {name: options[name] for name in names}
            request = TableRequest(as_of=at(options["as_of"]), **filters)
            table = requests.table(request, reader=Reader.DESK)
            if out is None:
                self._print(table, chosen)
            else:
                self._save(table, chosen, out)
        except FAMILIES as problem:
            raise CommandError(f"nothing was exported: {problem}") from problem
        except BrokenPipeError:
            # The reader has closed the pipe. Python must not try to flush it at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        except OSError as problem:
            raise CommandError(f"{problem.filename}: {problem.strerror}") from problem

    def _print(self, table: Table[Any], chosen: ExportFormat) -> None:
        if chosen.binary and sys.stdout.isatty():
            raise CommandError(f"{chosen.name} cannot be printed to a terminal: use --out FILE")
        out = cast("BinaryIO", sys.stdout.buffer)
        with _counted(table) as (counted, count):
            chosen.write(counted, out)
        out.flush()
        self.stderr.write(_summary(table, count))

    def _save(self, table: Table[Any], chosen: ExportFormat, out: Path) -> None:
        with complete_file(out) as file:
            tally = CountedStream(file)
            with _counted(table) as (counted, count):
                chosen.write(counted, cast("BinaryIO", tally))
        description = metadata.of_file(
            table, chosen, name=out.name, tally=tally, rows=count.rows, at=timezone.now()
        )
        with complete_file(out.with_name(out.name + metadata.BESIDE)) as file:
            file.write(description.encode())
        self.stdout.write(f"{_summary(table, count)} to {out}, sha256={tally.digest}")


@dataclass(slots=True)
class _Count:
    """The number of rows written so far."""

    rows: int = 0


@contextmanager
def _counted(table: Table[Any]) -> Iterator[tuple[Table[Any], _Count]]:
    """Count the rows of a table, with a progress bar if there is a terminal."""
    count = _Count()
    console = Console(stderr=True)
    columns = (TextColumn("export"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task("", total=table.total)

        def update(done: int) -> None:
            count.rows = done
            bar.update(task, completed=done)

        yield with_progress(table, update), count


def _summary(table: Table[Any], count: _Count) -> str:
    return f"export: {count.rows} {table.name} as known at position {table.facts.position}"


def _format_of(out: Path | None) -> str:
    """The format by the extension of the file."""
    ending = out.suffix.removeprefix(".") if out else ""
    return ending if ending in FORMATS else "ndjson"
