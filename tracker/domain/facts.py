"""The reference tables in `fixtures/reference/`; LICENSES.md there lists sources and licences."""

import csv
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "reference"


@cache
def rows(table: str) -> tuple[dict[str, str], ...]:
    """Return the rows of a table by column. Every value is text: "010" is not "10"."""
    with (FOLDER / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))
