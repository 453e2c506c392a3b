"""Levels of pairs by structural-1: of pairs that a table lists, by the tables that come with the
program, and of data sets in their original form, which `fixtures/presets/levels.toml` describes.

Each pair that a data set names gets its level by the rules, with the rows of the file in place of
the table of that kind, and the other tables as they are. Rows of the same pair give the same claim:
the first one is new, the others are repeated.
"""

import csv
import io
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from functools import cache, partial
from itertools import islice
from sys import intern
from typing import BinaryIO, NamedTuple

from tracker.domain.codec import Plain
from tracker.domain.facts import FIXTURES
from tracker.domain.fields import LAST_DAY
from tracker.domain.records import Collection
from tracker.domain.structural import (
    VERSION,
    Assessment,
    Edition,
    Fact,
    Pact,
    Row,
    Table,
    assess,
    editions,
    fact,
    on_record,
    pair_of,
    with_facts,
)
from tracker.imports.formats import coded, headed
from tracker.imports.formats.base import BadCell, FileHead, ImportFormat, InvalidRow
from tracker.imports.formats.countries import names
from tracker.imports.formats.country_schemes import CountryScheme
from tracker.imports.formats.drafts import DraftCitation, DraftClaim, NamedParty, NamedSource
from tracker.imports.formats.headed import NamedRow
from tracker.imports.formats.packed import BadFile

# The tables have rules of coding that are published, and were reviewed: usually reliable, probably
# true. What a rung leaves open is in its sd.
COLLECTION = Collection(
    name="structural",
    coding="curated",
    review=False,
    description=(
        "The levels at which pairs of countries start, by the rivalries, pacts, disputes and"
        f" memberships on record of them ({VERSION})."
    ),
    default_reliability="B",
    default_credibility=2,
)
_WANTED = ("country_1", "country_2", "as_of")
_STATES = CountryScheme(scheme="cow")
_NAMES = CountryScheme(scheme="name", languages=("en",))
# Full names, for sentences, of countries that the reference abbreviates.
_IN_FULL = {"GBR": "the United Kingdom", "USA": "the United States"}
# The number of a rivalry, which the package has and the book has not.
_NUMBER = "tssr_id"
_ONGOING = ("", "ongoing")
# "P1816": it began before that year, or in it.
_BEFORE = "P"
# "China-United States 2" is their second rivalry.
_NUMBERED = re.compile(r"(?<=\S)\s\d+$")
_MOST_HYPHENS = 4
_WHOLE = re.compile(r"-?[0-9]{1,9}")


class PairDay(NamedTuple):
    """A pair such as "KAZ-RUS", and the day as of which its level is wanted; None for the newest
    that the tables give."""

    pair: str
    as_of: date | None = None


def written(pairs: Iterable[PairDay]) -> bytes:
    """A table that lists some pairs."""
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\n")
    out.writerow(_WANTED)
    for pair, as_of in pairs:
        out.writerow([*pair.split("-"), as_of or ""])
    return text.getvalue().encode()


def _listed(stream: BinaryIO) -> Iterator[DraftClaim | InvalidRow]:
    return headed.drafts_of(headed.read_headed(stream, _WANTED, missing=()), _of_listed)


def _of_listed(row: NamedRow) -> DraftClaim:
    found = assess(on_record(_pair(row)), editions(), _day(row))
    return _draft(_pair(row), found, editions(), row, "country_1")


def _pair(row: NamedRow) -> str:
    one, other = (row.cells[column] for column in _WANTED[:2])
    for column, code in (("country_1", one), ("country_2", other)):
        if code not in names():
            reason = "is not the ISO code of a country with three letters, such as KAZ"
            raise BadCell(column, code, reason)
    if one == other:
        raise BadCell("country_2", other, "is the same country as country_1")
    return pair_of(one, other)


def _day(row: NamedRow) -> date | None:
    text = row.cells["as_of"]
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise BadCell("as_of", text, "is not a day such as 2020-12-31") from None


class DataSet(NamedTuple):
    """A data set; `fixtures/presets/levels.toml` says what each value is.

    `named_by`: the column that names both countries where their numbers are missing. `known_until`:
    the first year of which its rows can be the last.
    """

    description: str
    table: Table
    publisher: str
    title: str
    header: list[str]
    countries: list[str]
    columns: Mapping[str, str]
    last: str
    locator: str
    named_by: str = ""
    known_until: int = 0

    def rows(self, stream: BinaryIO) -> Iterator[DraftClaim | InvalidRow]:
        """The level of the pair of each row, in the order of the file.

        :raises BadFile: if it lacks a column, or no row has a year.
        """
        read = headed.read_headed(stream, self.header, missing=("NA", "."))
        rows = [row if isinstance(row, InvalidRow) else self._kept(row) for row in read]
        known = self._known([row for row in rows if isinstance(row, NamedRow)])
        pairs = [
            *headed.drafts_of(rows, lambda row: (row, self._pair(row, known), self._fact(row)))
        ]
        facts: dict[str, list[Fact]] = defaultdict(list)
        for one in pairs:
            # Pacts are known for the last year only.
            if not isinstance(one, InvalidRow) and _counts(one[2], known):
                facts[one[1]].append(one[2])
        title = f"{self.title}, until {known.year}"
        of_file = {**editions(), self.table: Edition(self.publisher, title, known)}
        level = cache(
            lambda pair: assess(
                with_facts(on_record(pair), {self.table: tuple(facts[pair])}), of_file
            )
        )
        for one in pairs:
            if isinstance(one, InvalidRow):
                yield one
            else:
                yield _draft(one[1], level(one[1]), of_file, one[0], self.header[0])

    def _kept(self, row: NamedRow) -> NamedRow:
        """The cells that count. Equal ones are one object: files are held in memory."""
        wanted = {*self.header, *self.countries, _NUMBER}
        kept = {name: intern(text) for name, text in row.cells.items() if name in wanted}
        return row._replace(cells=kept)

    def _known(self, rows: Sequence[NamedRow]) -> date:
        """The last day of the last year. A mistyped year after the last one that the log takes does
        not count: its row is refused.

        :raises BadFile: if no row has a year.
        """
        found = [int(coded.year(row.cells[self.last]) or 0) for row in rows]
        last = max([self.known_until, *(year for year in found if year <= LAST_DAY.year)])
        if not last:
            raise BadFile(f"no row has a year in the column {self.last}")
        return date(last, 12, 31)

    def _pair(self, row: NamedRow, known: date) -> str:
        """The countries of a row on the last day.

        :raises BadCell: if a number or a name means no state then, or both mean the same.
        """
        day, (first, second) = known.isoformat(), self.countries
        if self.named_by and not (row.cells.get(first) and row.cells.get(second)):
            return _by_name(row, self.named_by, day)
        one, other = (
            _STATES.in_cell(column, row.cells[column].removesuffix(".0"), day)
            for column in self.countries
        )
        if one == other:
            raise BadCell(second, row.cells[second], "is the same country as the other")
        return pair_of(one, other)

    def _fact(self, row: NamedRow) -> Fact:
        """:raises BadCell: if a year or a number is none."""
        cells = {ours: _number(row, ours, its) for ours, its in self.columns.items()}
        whole = {name: text.removesuffix(".0") for name, text in row.cells.items()}
        locator = self.locator.format(**whole)
        number = whole.get(_NUMBER)
        return fact(self.table, cells, f"No. {number}, {locator}" if number else locator)


def _counts(one: Fact, known: date) -> bool:
    return not isinstance(one, Pact) or one.year == known.year


def _by_name(row: NamedRow, column: str, day: str) -> str:
    """The pair that a rivalry is called by. The names of countries can have hyphens themselves."""
    text = _NUMBERED.sub("", row.cells[column])
    for match in islice(re.finditer("[-–]", text), _MOST_HYPHENS):
        with suppress(BadCell):
            parts = (text[: match.start()].strip(), text[match.end() :].strip())
            first, second = (_NAMES.in_cell(column, name, day) for name in parts)
            if first != second:
                return pair_of(first, second)
    reason = "does not name two countries such as China-Japan: add ccode1"
    raise BadCell(column, row.cells[column], reason)


def _number(row: NamedRow, ours: str, its: str) -> str:
    """What one of the program's columns takes of a cell: a year, a whole number, or any text."""
    text = row.cells[its]
    if ours == "end_year" and text.lower() in _ONGOING:
        return ""
    text = text.removesuffix(".0")
    if ours == "start_year":
        text = text.removeprefix(_BEFORE)
    if ours.endswith("year"):
        if not coded.year(text):
            raise BadCell(its, row.cells[its], "is not a year such as 2018")
        if int(text) > LAST_DAY.year:
            raise BadCell(its, text, f"is after {LAST_DAY.year}: check the year")
    elif ours.endswith("_max") and not _WHOLE.fullmatch(text):
        raise BadCell(its, row.cells[its], "is not a whole number")
    return text


def _draft(
    pair: str, found: Assessment, of: Mapping[Table, Edition], row: NamedRow, column: str
) -> DraftClaim:
    """A level as a claim, which cites the rows that it rests on. `column`: the one that errors
    name."""
    key = f"{VERSION} {pair} {found.day}"
    first, *others = (_citation(cited, of[cited.table]) for cited in found.rows)
    fields: Plain = {
        "kind": "level",
        "key": key,
        "summary": f"{_named(pair)}: {found.summary[0].lower()}{found.summary[1:]}",
        "occurred": {"edtf": found.day.isoformat(), "basis": "stated"},
        "level": {"rung": found.term},
        "note": f"{found.term}: {found.rung.record}.",
    }
    return DraftClaim(
        line=row.line,
        key=key,
        fields=fields,
        parties=tuple(
            NamedParty(role="about", name=code, column=column) for code in pair.split("-")
        ),
        citation=first.citation,
        document=first.document,
        publisher=first.publisher,
        chain=(),
        columns={"/key": column},
        cells=row.cells,
        more_citations=tuple(others),
    )


def _named(pair: str) -> str:
    """The English names of a pair's countries, or its codes if the reference lacks one."""
    in_full = names() | _IN_FULL
    text = " and ".join(in_full.get(code, code) for code in pair.split("-"))
    return text[:1].upper() + text[1:]


def _citation(row: Row, edition: Edition) -> DraftCitation:
    return DraftCitation(
        citation={"locator": row.locator},
        document={"title": edition.title},
        publisher=NamedSource(name=edition.publisher, kind="organisation"),
        chain=(),
    )


def _format(name: str, source: DataSet) -> ImportFormat:
    return ImportFormat(
        name=name,
        description=source.description,
        collection=COLLECTION,
        matches=partial(_has, tuple(source.header)),
        rows=source.rows,
        # What a row says of its pair depends on other rows.
        is_line_based=False,
        header=tuple(source.header),
    )


def _has(columns: Sequence[str], head: FileHead) -> bool:
    return set(columns) <= head.names


_SETS = tomllib.loads((FIXTURES / "presets" / "levels.toml").read_text(encoding="utf-8"))
DATA_SETS = tuple(_format(name, DataSet(**described)) for name, described in _SETS.items())
LISTED = ImportFormat(
    name="structural",
    description="pairs of countries, each with the day as of which it gets its level",
    collection=COLLECTION,
    matches=partial(_has, _WANTED),
    rows=_listed,
    header=_WANTED,
)
