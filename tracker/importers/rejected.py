"""A refused row as a row of CSV, in which no spreadsheet finds a formula to run."""

from tracker.importers.formulas import guarded
from tracker.importers.lines import Refused

COLUMNS = ("line", "column", "value", "reason")


def row(refused: Refused) -> tuple[int, str, str, str]:
    """The cells under `COLUMNS`."""
    return (
        refused.line,
        guarded(refused.column),
        guarded(refused.value),
        guarded(refused.reason),
    )
