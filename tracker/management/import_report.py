"""The output of `manage.py import`: progress and results, and the files with refused rows and rows
to decide on."""

from collections.abc import Iterator, Mapping

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from tracker.imports.flags import COMPARED, NO_ACT, REPEATS, THIRD_STATE, UNDATED
from tracker.imports.formats.rejected import RefusedRows
from tracker.imports.office_holders import FORMATS as OFFICE_HOLDERS
from tracker.imports.runs import Report
from tracker.queries.scores import uncounted
from tracker.wording import counted

# Reasons in the final table. The file with the rejected rows has all of them.
MOST_REASONS = 10


class Rate(ProgressColumn):
    """Rows per second."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text(f"{speed:,.0f} rows/s" if speed else "")


def progress_bar() -> Progress:
    """A progress bar, if there is a terminal."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        Rate(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )


def table(report: Report) -> Table:
    """Rows by outcome, refused rows by column and reason, and further remarks."""
    rows = Table("rows", "", box=None)
    rows.add_row(str(report.rows), "in the file")
    for outcome, number in report.counts.items():
        rows.add_row(str(number), outcome)
        if outcome == "repeated" and report.citations:
            rows.add_row(str(report.citations), "  repeated: added as a citation to the first")
    for text, number in flags(report.flags):
        rows.add_row(str(number), f"  {text}")
    _add_ranked(rows, "refused: ", report.reasons, others="reasons")
    _add_ranked(rows, "", report.remarks, others="remarks")
    return rows


def _add_ranked(rows: Table, prefix: str, counts: Mapping[str, int], *, others: str) -> None:
    """Add counts, the most frequent first."""
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    for text, number in ranked[:MOST_REASONS]:
        rows.add_row(str(number), f"  {prefix}{text}")
    if len(ranked) > MOST_REASONS:
        rows.add_row("", f"  and {len(ranked) - MOST_REASONS} other {others}")


def flags(counts: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    """Rows that need a decision, in words; zero counts are omitted."""
    if undated := counts.get(UNDATED, 0):
        yield "without a date", undated
    if repeats := counts.get(REPEATS, 0):
        yield f"possible duplicates of claims on record ({counts[COMPARED]} compared)", repeats
    if third := counts.get(THIRD_STATE, 0):
        yield "whose text names a third state", third
    if no_act := counts.get(NO_ACT, 0):
        yield "whose text names no act", no_act


def summary(report: Report, *, dry_run: bool) -> list[str]:
    """The lines below the table, some of them empty."""
    new = report.counts["new"]
    if report.format in OFFICE_HOLDERS:
        return [_terms(report, dry_run=dry_run)]
    if dry_run:
        lens = f"lens {report.lens} would be defined to count them" if report.lens else ""
        last = f"import: dry run, nothing was written; {new} claims would be added"
        return [lens, *_uncounted(report, after="after the import: "), last]
    results = (("added", new), ("corrected", report.corrections))
    parts = [f"{verb} {number} claims" for verb, number in results if number]
    if not parts:
        return [*_uncounted(report), "import: nothing was added"]
    undo = f"to undo import {report.run}: `manage.py withdraw-import {report.run} --reason …`"
    lens = f"lens {report.lens} now counts the collection" if report.lens else ""
    return [*_uncounted(report), undo, lens, f"import: {' and '.join(parts)}"]


def _terms(report: Report, *, dry_run: bool) -> str:
    """What became of the terms of office-holders."""
    new, ended = report.counts["new"], report.corrections
    if dry_run:
        return f"import: dry run, nothing was written; {counted(new, 'term')} would be added"
    results = (("added", new), ("corrected", ended))
    parts = [f"{verb} {counted(number, 'term')}" for verb, number in results if number]
    return f"import: {' and '.join(parts) or 'nothing was added'}"


def _uncounted(report: Report, *, after: str = "") -> list[str]:
    """How to count collections that no lens counts."""
    return [
        f"{uncounted.notice(name)} To count them, {after}"
        f"`manage.py count-collection {name} --user …`"
        for name in report.uncounted
    ]


def written(rows: RefusedRows) -> str:
    """Where the refused rows are, or why they are nowhere. Without any, the file of an earlier run
    is deleted."""
    if rows.error:
        return f"{rows.path}: {rows.error}"
    if rows.rows:
        return f"{rows.what} are in {rows.path}"
    rows.path.unlink(missing_ok=True)
    return ""
