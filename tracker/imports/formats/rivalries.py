"""Strategic rivalries, as the table of Thompson, Sakuwa and Suhas has them, and as the R package
peacesciencer exports it (`tss_rivalries`)."""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from itertools import islice

from tracker.domain.structural import PairRecord, Rivalry
from tracker.imports.formats import level_tables
from tracker.imports.formats.base import BadCell
from tracker.imports.formats.country_schemes import CountryScheme
from tracker.imports.formats.level_tables import LevelTable, SourceRow

_COLUMNS = ("rivalry", "start", "end")
# The package has the numbers of the states; the table of the book names them only.
_OPTIONAL = ("ccode1", "ccode2", "tssr_id")
_NAMES = CountryScheme(scheme="name", languages=("en",))
# The edition of 2021 ends in 2020, and the package writes that year for rivalries that go on.
_LAST = date(2020, 12, 31)
_ONGOING = ("", "ongoing")
# "P1816": it began before that year, or in it.
_BEFORE = "P"
# "China-United States 2" is their second rivalry.
_NUMBERED = re.compile(r"(?<=\S)\s\d+$")
_MOST_HYPHENS = 4


def _known_until(rows: Sequence[SourceRow]) -> date:
    ends = [row for row in rows if not _goes_on(row)]
    return max(_LAST, level_tables.last_year(ends, "end")) if ends else _LAST


def _goes_on(row: SourceRow) -> bool:
    return row.cells["end"].lower() in _ONGOING


def _countries(row: SourceRow, day: date) -> tuple[str, str]:
    if row.cells.get("ccode1") and row.cells.get("ccode2"):
        return level_tables.two_states(row, "ccode1", "ccode2", day)
    return _named(row, day)


def _named(row: SourceRow, day: date) -> tuple[str, str]:
    """The countries that a rivalry is called by, which can have hyphens themselves."""
    text = row.cells["rivalry"]
    for names in _splits(_NUMBERED.sub("", text)):
        with suppress(BadCell):
            first, second = (_NAMES.in_cell("rivalry", name, day.isoformat()) for name in names)
            if first != second:
                return first, second
    raise BadCell("rivalry", text, "does not name two countries such as China-Japan: add ccode1")


def _splits(text: str) -> Iterator[tuple[str, str]]:
    """The two parts of a name at each of the first hyphens."""
    for match in islice(re.finditer("[-–]", text), _MOST_HYPHENS):
        yield text[: match.start()].strip(), text[match.end() :].strip()


def _fact(row: SourceRow, _: date) -> Rivalry:
    start = {"start": row.cells["start"].removeprefix(_BEFORE)}
    since = level_tables.year(row._replace(cells=start), "start")
    number = row.cells.get("tssr_id", "").removesuffix(".0")
    name = row.cells["rivalry"]
    return Rivalry(
        since=since,
        # Of one that ends with the edition, too: it goes on in its last year.
        until=None if _goes_on(row) else level_tables.year(row, "end"),
        row=f"No. {number}, {name}" if number else name,
    )


def _join(record: PairRecord, rivalries: Sequence[Rivalry]) -> PairRecord:
    return replace(record, rivalries=tuple(rivalries))


FORMAT = level_tables.format_of(
    LevelTable(
        table="rivalries",
        publisher="Thompson, Sakuwa & Suhas",
        title="Strategic rivalries",
        columns=_COLUMNS,
        optional=_OPTIONAL,
        known_until=_known_until,
        countries=_countries,
        fact=_fact,
        join=_join,
    ),
    name="rivalries",
    description="strategic rivalries, as those of Thompson, Sakuwa and Suhas",
)
