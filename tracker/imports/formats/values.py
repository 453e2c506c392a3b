"""Where a field's value comes from: a constant, a column, a template, the host of an address; and
how a cell is read as a date."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from tracker.domain.dates.edtf import BadDate
from tracker.domain.dates.phrases import from_phrase
from tracker.imports.formats.base import BadCell, Row

_PLACE = re.compile(r"\{([^{}]*)\}")
# What a date format may hold, and how fine it is.
_FINE = {"d": 3, "m": 2, "b": 2, "B": 2, "Y": 1}
DIRECTIVES = ", ".join(f"%{one}" for one in _FINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One source of a text. `values` puts another text in place of some; `split` cuts a cell into
    several."""

    constant: str | None = None
    column: str | None = None
    template: str | None = None
    host_of: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    split: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it is made of, the one to blame first."""
        named = [one for one in (self.column, self.host_of) if one is not None]
        return (*named, *_PLACE.findall(self.template or ""))

    @property
    def blamed(self) -> str:
        return next(iter(self.columns), "")

    def text(self, row: Row) -> str:
        """Give the value in a row, on one line unless it is a cell as it stands.

        :raises BadCell: where a cell cannot be read.
        """
        found = self._found(row)
        return self.values.get(found, found)

    def texts(self, row: Row) -> list[str]:
        """Give the values of a cell that holds several."""
        whole = self._found(row)
        parts = whole.split(self.split) if self.split else [whole]
        found = [part.strip() for part in parts if part.strip()]
        return [self.values.get(one, one) for one in found]

    def _found(self, row: Row) -> str:
        if self.column is not None:
            return row.text(self.column)
        if self.host_of is not None:
            return host(self.host_of, row.text(self.host_of))
        if self.template is not None:
            return self._filled(self.template, row)
        return self.constant or ""

    def _filled(self, template: str, row: Row) -> str:
        """A template on one line; empty where all that it asks for is."""
        if self.columns and not any(row.text(column) for column in self.columns):
            return ""
        return " ".join(_PLACE.sub(lambda place: row.text(place[1]), template).split())


def host(column: str, address: str) -> str:
    """The host of an address without `www.`: the name of who publishes there."""
    try:
        found = urlsplit(address).hostname or ""
    except ValueError:
        found = ""
    if address and not found:
        raise BadCell(column, address, "is no address, as https://example.org/a")
    return found.removeprefix("www.")


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """How a cell is read as a date. Without formats it is read as a person's words or as EDTF.

    With `until`, the date of another column ends what began in this one.
    """

    value: Value
    formats: tuple[str, ...] = ()
    until: Value | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        return (*self.value.columns, *(self.until.columns if self.until else ()))

    def edtf(self, row: Row) -> str:
        """Give the date as EDTF, as fine as it stands there; empty where there is none.

        :raises BadCell: if it is no date, or can mean two.
        """
        start = self._read(self.value, row)
        end = self._read(self.until, row) if self.until else ""
        return f"{start}/{end}" if start and end and end != start else start or end

    def words(self, row: Row) -> str:
        """The date in a person's words, where it is read from them."""
        return "" if self.formats or self.until else self.value.text(row)

    def _read(self, value: Value, row: Row) -> str:
        text = value.text(row)
        if not text or value.column in row.days:
            return text
        return self._by_format(value, text) if self.formats else _by_words(value, text)

    def _by_format(self, value: Value, text: str) -> str:
        found = sorted({edtf for one in self.formats for edtf in by_format(text, one)})
        if len(found) == 1:
            return found[0]
        expected = " or ".join(self.formats)
        reason = f"can mean {' or '.join(found)}" if found else f"is no date as {expected}"
        raise BadCell(value.blamed, text, reason)


def fineness(form: str) -> int:
    """Tell how fine dates of a format are: 3 to the day, 2 to the month, 1 to the year, 0 for a
    format that does not say when."""
    directives = re.findall(r"%(.)", form)
    levels = [_FINE.get(one, 9) for one in directives]
    finest = max(levels, default=0)
    return finest if sorted(levels) == list(range(1, finest + 1)) else 0


def by_format(text: str, form: str) -> Iterator[str]:
    """Read a date by a format, as `%Y-%m`; nothing where it does not fit."""
    try:
        found = datetime.strptime(text, form)  # noqa: DTZ007 # a day, not a moment
    except ValueError:
        return
    if form.count("%Y") and found.year >= 1000:
        yield found.date().isoformat()[: {3: 10, 2: 7, 1: 4}[fineness(form)]]


def _by_words(value: Value, text: str) -> str:
    try:
        return from_phrase(text).edtf
    except BadDate as problem:
        raise BadCell(value.blamed, text, str(problem)) from problem
