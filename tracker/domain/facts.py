"""The tables of `fixtures/reference/`, whose sources and licences stand in its LICENSES.md."""

import csv
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "reference"


@cache
def rows(table: str) -> tuple[dict[str, str], ...]:
    """Return the rows of a table by column. Every value is a text: "010" is not "10"."""
    with (FOLDER / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))
