"""Sources of values: a constant, a column, a template, the host of an address; and of dates."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from tracker.domain.dates.edtf import BadDate
from tracker.domain.dates.phrases import from_phrase
from tracker.imports.formats.base import BadCell, TableRow

_PLACE = re.compile(r"\{([^{}]*)\}")
# The directives of date formats, and their precision.
_PRECISION = {"d": 3, "m": 2, "b": 2, "B": 2, "Y": 1}
DIRECTIVES = ", ".join(f"%{directive}" for directive in _PRECISION)


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A source of a text. `values` replaces some texts; `split` is the separator of a list."""

    constant: str | None = None
    column: str | None = None
    template: str | None = None
    host_of: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    split: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """Its columns, the main one first."""
        columns = [name for name in (self.column, self.host_of) if name is not None]
        return (*columns, *_PLACE.findall(self.template or ""))

    @property
    def main_column(self) -> str:
        """The column to name in errors; empty for a constant."""
        return next(iter(self.columns), "")

    def text(self, row: TableRow) -> str:
        """The value in a row. A template is on one line.

        :raises BadCell: if a cell cannot be read.
        """
        text = self._text(row)
        return self.values.get(text, text)

    def texts(self, row: TableRow) -> list[str]:
        """The values of a cell with a list."""
        text = self._text(row)
        parts = text.split(self.split) if self.split else [text]
        stripped = [part.strip() for part in parts if part.strip()]
        return [self.values.get(part, part) for part in stripped]

    def _text(self, row: TableRow) -> str:
        if self.column is not None:
            return row.text(self.column)
        if self.host_of is not None:
            return host(self.host_of, row.text(self.host_of))
        if self.template is not None:
            return self._filled(self.template, row)
        return self.constant or ""

    def _filled(self, template: str, row: TableRow) -> str:
        """A template on one line; empty if all its columns are."""
        if self.columns and not any(row.text(column) for column in self.columns):
            return ""
        return " ".join(_PLACE.sub(lambda place: row.text(place[1]), template).split())


def host(column: str, address: str) -> str:
    """The host of an address without `www.`, as the name of a publisher.

    :raises BadCell: if it is not an address.
    """
    try:
        name = urlsplit(address).hostname or ""
    except ValueError:
        name = ""
    if address and not name:
        raise BadCell(column, address, "is not an address such as https://example.org/a")
    return name.removeprefix("www.")


@dataclass(frozen=True, slots=True, kw_only=True)
class DateSource:
    """A source of a date. Without formats it is read as a phrase or as EDTF.

    With `until`, it is a span that ends on the date of that source.
    """

    value: Value
    formats: tuple[str, ...] = ()
    until: Value | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        return (*self.value.columns, *(self.until.columns if self.until else ()))

    def edtf(self, row: TableRow) -> str:
        """The date as EDTF, in its own precision; empty if there is none.

        :raises BadCell: if it is not a date, or is ambiguous.
        """
        start = self._read(self.value, row)
        end = self._read(self.until, row) if self.until else ""
        return f"{start}/{end}" if start and end and end != start else start or end

    def words(self, row: TableRow) -> str:
        """The phrase, if the date is read from one."""
        return "" if self.formats or self.until else self.value.text(row)

    def _read(self, value: Value, row: TableRow) -> str:
        text = value.text(row)
        if not text or value.column in row.days:
            return text
        return self._by_format(value, text) if self.formats else _by_words(value, text)

    def _by_format(self, value: Value, text: str) -> str:
        dates = sorted({edtf for form in self.formats for edtf in by_format(text, form)})
        if len(dates) == 1:
            return dates[0]
        expected = " or ".join(self.formats)
        reason = f"can mean {' or '.join(dates)}" if dates else f"is not a date like {expected}"
        raise BadCell(value.main_column, text, reason)


def precision(form: str) -> int:
    """The precision of a format: 3 for the day, 2 for the month, 1 for the year, 0 if the format
    is not of a date."""
    directives = re.findall(r"%(.)", form)
    levels = [_PRECISION.get(directive, 9) for directive in directives]
    finest = max(levels, default=0)
    return finest if sorted(levels) == list(range(1, finest + 1)) else 0


def by_format(text: str, form: str) -> Iterator[str]:
    """The date of a text in a format such as `%Y-%m`, if it has this format."""
    try:
        day = datetime.strptime(text, form)  # noqa: DTZ007 # a day, not a moment
    except ValueError:
        return
    if form.count("%Y") and day.year >= 1000:
        yield day.date().isoformat()[: {3: 10, 2: 7, 1: 4}[precision(form)]]


def _by_words(value: Value, text: str) -> str:
    try:
        return from_phrase(text).edtf
    except BadDate as problem:
        raise BadCell(value.main_column, text, str(problem)) from problem
