"""An expert's monthly series of relations."""

import csv
import statistics
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

COLUMNS = ("Country", "YearMonth", "Score")
# A series that hardly moves has no meaningful order.
LEAST_SD = 0.3
# The ends of the scale.
TOP = 9

type Month = tuple[int, int]


class BadSeries(ValueError):
    """A file is not a valid series. The message names the line."""


def read(path: Path) -> dict[str, dict[Month, float]]:
    """Each country's values by month.

    :raises BadSeries: at the first row that is not valid, or is a duplicate.
    """
    found: dict[str, dict[Month, float]] = defaultdict(dict)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        if missing := set(COLUMNS) - set(rows.fieldnames or ()):
            raise BadSeries(f"{path.name}: there is no column {', '.join(sorted(missing))}")
        for row in rows:
            try:
                year, month = map(int, row["YearMonth"].split("-"))
                score, when = float(row["Score"]), (date(year, month, 1).year, month)
            except (AttributeError, TypeError, ValueError) as problem:
                raise BadSeries(f"{path.name}, line {rows.line_num}: {problem}") from problem
            if not -TOP <= score <= TOP:
                raise BadSeries(
                    f"{path.name}, line {rows.line_num}: {row['Score']} is not in -{TOP}..{TOP}"
                )
            if when in found[row["Country"]]:
                raise BadSeries(f"{path.name}, line {rows.line_num}: duplicate month")
            found[row["Country"]][when] = score
    return dict(found)


def month_of(day: date) -> Month:
    return day.year, day.month


def previous(month: Month) -> Month:
    year, number = month
    return (year, number - 1) if number > 1 else (year - 1, 12)


def last_day(month: Month) -> date:
    year, number = month
    following = date(year + number // 12, number % 12 + 1, 1)
    return following - timedelta(days=1)


def has_variation(expert: Mapping[Month, float], months: Sequence[Month]) -> bool:
    """Whether the expert's values in these months have a standard deviation of more than .3."""
    values = [expert[month] for month in months]
    return len(values) > 1 and statistics.pstdev(values) > LEAST_SD
