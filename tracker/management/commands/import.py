"""`manage.py import FILE --mapping M.toml`: put the claims of a table on record."""

import csv
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any, cast

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from tracker.domain.validity import Invalid
from tracker.importers import mappingfile
from tracker.importers.lines import MOST_BYTES, BadFile, Refused
from tracker.importers.sections import BadMapping
from tracker.log import LogBusy, VersionConflict
from tracker.operations import imports
from tracker.operations.imports import CannotImport, Report, Signed

IMPORTER = "system:import"
REJECTED = ".rejected.csv"
# Reasons in the closing table; the file beside the table has them all.
MOST_REASONS = 10
PROBLEMS = (BadFile, BadMapping, CannotImport, Invalid)
STOPPED = (LogBusy, VersionConflict)


class Command(BaseCommand):
    help = "put the claims of a CSV or XLSX file on record; what is on record stays as it is"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="CSV or XLSX")
        parser.add_argument("--mapping", type=Path, required=True, help="TOML: docs/importing.md")
        parser.add_argument("--by", default=IMPORTER, help="who is named in the log")
        parser.add_argument("--dry-run", action="store_true", help="check all, write nothing")

    def handle(self, *_: Any, file: Path, mapping: Path, by: str, **options: Any) -> None:
        signed = None if options["dry_run"] else Signed(at=timezone.now(), by=by)
        try:
            report = _take(file, mapping, signed)
        except OSError as problem:
            raise CommandError(f"{problem.filename}: {problem.strerror}") from problem
        except PROBLEMS as problem:
            raise CommandError(f"nothing is imported: {problem}") from problem
        except STOPPED as problem:
            says = f"the import has stopped: {problem}; run it again, it goes on where it was"
            raise CommandError(says) from problem
        # What a cell holds is no markup.
        console = Console(
            file=cast("IO[str]", self.stdout), soft_wrap=True, markup=False, highlight=False
        )
        console.print(_table(report))
        for line in (_reject(file, report.refused), _says(report, dry=signed is None)):
            if line:
                console.print(line)


def _take(file: Path, mapping: Path, signed: Signed | None) -> Report:
    """Import with a bar on the terminal, where there is one."""
    if file.stat().st_size > MOST_BYTES:
        raise BadFile(f"the file is larger than the {MOST_BYTES} bytes that are read at once")
    try:
        read = mappingfile.read(mapping.read_text(encoding="utf-8"))
    except UnicodeDecodeError as problem:
        raise BadMapping(f"{mapping.name} is not UTF-8: {problem}") from problem
    columns = (TextColumn("import"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)
        return imports.import_table(
            file.read_bytes(),
            read,
            name=file.name,
            signed=signed,
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )


def _table(report: Report) -> Table:
    """Rows by outcome, and the refused ones by column and reason."""
    table = Table("rows", "", box=None)
    table.add_row(str(report.rows), "in the file")
    for outcome, number in report.counts.items():
        table.add_row(str(number), outcome)
    reasons = Counter(
        f"{one.column}: {one.reason}".removeprefix(": ") for one in report.refused
    ).most_common()
    for reason, number in reasons[:MOST_REASONS]:
        table.add_row(str(number), f"  refused: {reason}")
    if len(reasons) > MOST_REASONS:
        table.add_row("", f"  and {len(reasons) - MOST_REASONS} other reasons")
    return table


def _reject(file: Path, refused: Sequence[Refused]) -> str:
    """Write what was refused beside the file, and take away what an earlier run wrote there."""
    beside = file.with_name(file.name + REJECTED)
    if not refused:
        beside.unlink(missing_ok=True)
        return ""
    try:
        with beside.open("w", encoding="utf-8", newline="") as opened:
            rows = csv.writer(opened)
            rows.writerow(("line", "column", "value", "reason"))
            rows.writerows((one.line, one.column, one.value, one.reason) for one in refused)
    except OSError as problem:
        return f"the refused rows could not be written to {beside}: {problem.strerror}"
    return f"the refused rows stand in {beside}"


def _says(report: Report, *, dry: bool) -> str:
    if dry:
        return f"import: nothing is written; {report.counts['new']} claims would be added"
    if not report.counts["new"]:
        return "import: nothing was added"
    return f"import: added {report.counts['new']} claims"
