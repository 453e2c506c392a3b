"""The output of `manage.py import`: progress and results."""

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

from tracker.imports.flags import COMPARED, REPEATS, UNDATED
from tracker.imports.runs import Report
from tracker.queries.scores import uncounted

# Reasons in the final table; the file next to the imported one has all of them.
MOST_REASONS = 10


class Rate(ProgressColumn):
    """Rows per second."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text(f"{speed:,.0f} rows/s" if speed else "")


def bar() -> Progress:
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
    found = Table("rows", "", box=None)
    found.add_row(str(report.rows), "in the file")
    for outcome, number in report.counts.items():
        found.add_row(str(number), outcome)
        if outcome == "repeated" and report.citations:
            found.add_row(str(report.citations), "  repeated: added as a citation to the first")
    for words, number in flags(report.flags):
        found.add_row(str(number), f"  {words}")
    _ranked(found, "refused: ", report.reasons, others="reasons")
    _ranked(found, "", report.remarks, others="remarks")
    return found


def _ranked(found: Table, before: str, said: Mapping[str, int], *, others: str) -> None:
    """Most frequent first."""
    ranked = sorted(said.items(), key=lambda one: (-one[1], one[0]))
    for words, number in ranked[:MOST_REASONS]:
        found.add_row(str(number), f"  {before}{words}")
    if len(ranked) > MOST_REASONS:
        found.add_row("", f"  and {len(ranked) - MOST_REASONS} other {others}")


def flags(counted: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    """Rows that need a decision, in words; zero counts are omitted."""
    if undated := counted.get(UNDATED, 0):
        yield "without a date", undated
    if repeats := counted.get(REPEATS, 0):
        yield f"possible duplicates of claims on record ({counted[COMPARED]} compared)", repeats


def says(report: Report) -> list[str]:
    """The result in words."""
    new = report.counts["new"]
    if report.run is None:
        lens = f"lens {report.lens} would be defined to count them" if report.lens else ""
        last = f"import: dry run, nothing was written; {new} claims would be added"
        return [lens, *_uncounted(report, after="after the import: "), last]
    told = (("added", new), ("corrected", report.corrections))
    parts = [f"{verb} {number} claims" for verb, number in told if number]
    if not parts:
        return [*_uncounted(report), "import: nothing was added"]
    undo = f"to undo import {report.run}: `manage.py withdraw-import {report.run} --reason …`"
    lens = f"lens {report.lens} now counts the collection" if report.lens else ""
    return [*_uncounted(report), undo, lens, f"import: {' and '.join(parts)}"]


def _uncounted(report: Report, *, after: str = "") -> list[str]:
    """How to count collections that no lens counts."""
    return [
        f"{uncounted.says(name)} To count them, {after}`manage.py count-collection {name} --user …`"
        for name in report.uncounted
    ]
