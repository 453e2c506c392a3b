"""The tables in `fixtures/reference/` and `fixtures/structural/`, whose sources and licences are in
LICENSES.md there."""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from tracker.domain.likeness import name_key

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


@cache
def rows(table: str, folder: str = "reference") -> tuple[dict[str, str], ...]:
    """Return the rows of a table by column. Every value is text: "010" is not "10"."""
    with (FIXTURES / folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def country_called(name: str) -> Mapping[str, str] | None:
    """Return the row of a country with an English name, in any spelling; None if there is none."""
    return _countries().get(name_key(name))


@cache
def _countries() -> dict[str, dict[str, str]]:
    return {name_key(row["name"]): row for row in rows("countries")}
