"""The tables in `fixtures/reference/` and `fixtures/structural/`, whose sources and licences are in
LICENSES.md there."""

import csv
from functools import cache
from pathlib import Path

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


@cache
def rows(table: str, folder: str = "reference") -> tuple[dict[str, str], ...]:
    """Return the rows of a table by column. Every value is text: "010" is not "10"."""
    with (FIXTURES / folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))
