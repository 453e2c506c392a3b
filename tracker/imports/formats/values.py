"""Sources of values: a constant, a column, a template, the host of an address; and of dates."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlsplit

from tracker.domain.dates.edtf import BadDate
from tracker.domain.dates.phrases import from_phrase
from tracker.domain.records import Sector
from tracker.imports.formats import cldr
from tracker.imports.formats.base import BadCell, TableRow
from tracker.imports.formats.country_schemes import CountryScheme

_PLACE = re.compile(r"\{([^{}]*)\}")
# The directives of date formats, and their precision.
_PRECISION = {"d": 3, "m": 2, "b": 2, "B": 2, "Y": 1}
DIRECTIVES = ", ".join(f"%{directive}" for directive in _PRECISION)


class ActorName(NamedTuple):
    """The name or code of an actor, or with a `sector` that of the country whose sector it is. None
    if the date decides and cannot be read."""

    name: str | None
    sector: Sector | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A source of a text. `values` replaces some texts; `split` is the separator of a list.
    `countries`: the scheme of the codes or names of countries; `sectors`: which sector of the
    country a prefix of its code or name means."""

    constant: str | None = None
    column: str | None = None
    template: str | None = None
    host_of: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    split: str | None = None
    countries: CountryScheme | None = None
    sectors: Mapping[str, Sector] = field(default_factory=dict)

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
        return [self.values.get(part, part) for part in self._parts(row)]

    def actor(self, row: TableRow, edtf: str | None) -> ActorName:
        """The name or code of an actor. In a scheme of countries it becomes the code of a state on
        a date, which may be empty; None is a date that cannot be read.

        :raises BadCell: if it is no state on this date, or on any.
        """
        return self._actor(self._text(row), edtf)

    def actors(self, row: TableRow, edtf: str | None) -> list[ActorName]:
        """As `actor`, of a cell with a list."""
        return [self._actor(part, edtf) for part in self._parts(row)]

    def _actor(self, part: str, edtf: str | None) -> ActorName:
        if self.countries is None or not part or part in self.values:
            return ActorName(self.values.get(part, part))
        prefix = next(filter(part.startswith, self.sectors), "")
        code = part.removeprefix(prefix).strip()
        state = self.countries.in_cell(self.main_column, code, edtf)
        return ActorName(state, self.sectors.get(prefix))

    def _parts(self, row: TableRow) -> list[str]:
        text = self._text(row)
        parts = text.split(self.split) if self.split else [text]
        return [part.strip() for part in parts if part.strip()]

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
    """A source of a date. Without formats it is read as a phrase or as EDTF; with formats and
    `or_words` too, if it has none of the formats.

    `months` are the languages of names of months besides English. With `until`, it is a span that
    ends on the date of that source.
    """

    value: Value
    formats: tuple[str, ...] = ()
    until: Value | None = None
    or_words: bool = False
    months: tuple[str, ...] = ()

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
        text = self.value.text(row)
        is_formatted = self.formats and not (self.or_words and not self._formatted(text))
        return "" if is_formatted or self.until else text

    def _read(self, value: Value, row: TableRow) -> str:
        text = value.text(row)
        if not text or value.column in row.days:
            return text
        if dates := self._formatted(text):
            return _only(dates, value, text)
        if self.formats and not self.or_words:
            expected = " or ".join(self.formats)
            raise BadCell(value.main_column, text, f"is not a date like {expected}")
        return self._by_words(value, text)

    def _formatted(self, text: str) -> set[str]:
        """The dates that a text can mean in the formats."""
        return {edtf for form in self.formats for edtf in by_format(text, form, self.months)}

    def _by_words(self, value: Value, text: str) -> str:
        if dates := {edtf for language in self.months for edtf in cldr.dates(text, language)}:
            return _only(dates, value, text)
        try:
            return from_phrase(text).edtf
        except BadDate as problem:
            raise BadCell(value.main_column, text, str(problem)) from problem


def _only(dates: set[str], value: Value, text: str) -> str:
    """:raises BadCell: if there are several dates."""
    if len(dates) > 1:
        raise BadCell(value.main_column, text, f"can mean {' or '.join(sorted(dates))}")
    return dates.pop()


def precision(form: str) -> int:
    """The precision of a format: 3 for the day, 2 for the month, 1 for the year, 0 if the format
    is not of a date."""
    directives = re.findall(r"%(.)", form)
    levels = [_PRECISION.get(directive, 9) for directive in directives]
    finest = max(levels, default=0)
    return finest if sorted(levels) == list(range(1, finest + 1)) else 0


def has_month_name(form: str) -> bool:
    """Whether a format has the name of a month."""
    return bool({"b", "B"} & set(re.findall(r"%(.)", form)))


def by_format(text: str, form: str, languages: Iterable[str] = ()) -> Iterator[str]:
    """The dates of a text in a format such as `%Y-%m`, if it has this format. Names of months are
    English, or of one of the languages."""
    readings = [(text, form)]
    if has_month_name(form):
        full = re.sub("%(.)", lambda match: "%B" if match[1] == "b" else match[0], form)
        readings += [(cldr.in_english(text, language), full) for language in languages]
    for reading, its_form in readings:
        try:
            day = datetime.strptime(reading, its_form)  # noqa: DTZ007 # a day, not a moment
        except ValueError:
            continue
        if form.count("%Y") and day.year >= cldr.EARLIEST_YEAR:
            yield day.date().isoformat()[: {3: 10, 2: 7, 1: 4}[precision(form)]]
