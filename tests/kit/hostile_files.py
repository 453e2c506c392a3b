"""Small files that are made to hold a reader for long, each of about `n` units of size.

They are named by the reader and by what is wrong with them; `n` and `4n` must cost about 1 to 4.
"""

import io
import json
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile

from tests.kit import data_sets
from tests.kit.archive_rows import ICEWS, POLECAT, tabbed
from tests.kit.exported_claims import CLAIM
from tests.kit.workbooks import a_book, altered
from tracker.imports.formats import base, encodings, icews_names, mappings, packed, tables, workbook
from tracker.imports.formats.base import Layout
from tracker.imports.formats.packed import BadFile
from tracker.imports.formats.recognise import FORMATS
from tracker.imports.formats.sections import BadMapping

type Work = Callable[[int], Callable[[], object]]

_END = "</sheetData>"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def _drained(rows: Callable[[], Iterator[Any]]) -> None:
    with suppress(BadFile):
        for _ in rows():
            pass


def _book(text: Callable[[int], str], *, old: str = _END) -> Work:
    """A workbook with a text before the end of its rows, or elsewhere."""

    def make(n: int) -> Callable[[], object]:
        data = altered(a_book(["a", "b"], ["x", "y"]), old, text(n) + old)
        return lambda: _drained(lambda: workbook.sheet_lines(data))

    return make


def _behind(text: Callable[[int], str]) -> Work:
    """A workbook with a text behind its rows."""
    return _book(text, old="<pageMargins")


def _strings(n: int) -> Callable[[], object]:
    """A workbook with many texts to which cells may refer."""
    override = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_TYPE}"/>'
    data = altered(a_book(["x"]), "</Types>", f"{override}</Types>", part="[Content_Types].xml")
    file = io.BytesIO(data)
    with ZipFile(file, "a", ZIP_DEFLATED) as more:
        texts = "<si><r><t>x</t></r></si>" * n
        more.writestr("xl/sharedStrings.xml", f'<sst xmlns="{_MAIN}">{texts}</sst>')
    return lambda: _drained(lambda: workbook.sheet_lines(file.getvalue()))


def _ragged(n: int) -> Callable[[], object]:
    """A header as wide as there are short rows below it."""
    cells = "".join(f"<c><v>{number}</v></c>" for number in range(min(n, 16_000)))
    rows = "<row><c><v>1</v></c></row>" * n
    data = altered(a_book([1]), "<sheetData>", f"<sheetData><row>{cells}</row>{rows}")
    return lambda: _drained(lambda: tables.read(data, Layout(), wanted=["0"]))


def _parts(n: int) -> Callable[[], object]:
    """A workbook with many parts that nothing needs."""
    file = io.BytesIO(a_book(["x"]))
    with ZipFile(file, "a", ZIP_DEFLATED) as more:
        for number in range(n):
            more.writestr(f"xl/worksheets/other{number}.xml", "")
    return lambda: _drained(lambda: workbook.sheet_lines(file.getvalue()))


def _csv(text: Callable[[int], str]) -> Work:
    def make(n: int) -> Callable[[], object]:
        data = text(n).encode()
        return lambda: _drained(lambda: tables.csv_lines(data, wanted=["a"]))

    return make


def _table(text: Callable[[int], str], wanted: Callable[[int], str]) -> Work:
    def make(n: int) -> Callable[[], object]:
        data, column = text(n).encode(), wanted(n)
        return lambda: _drained(lambda: tables.read(data, Layout(), wanted=[column]))

    return make


def _archive(name: str, data: Callable[[int], bytes]) -> Work:
    def make(n: int) -> Callable[[], object]:
        file = io.BytesIO(data(n))

        def work() -> None:
            icews_names.actor_of.cache_clear()
            icews_names.actor_named.cache_clear()
            _drained(lambda: FORMATS[name].read(FORMATS[name].open(file)))

        return work

    return make


def _row(header: list[str], **given: str) -> bytes:
    cells = [given.get(name.replace(" ", "_"), "x") for name in header]
    return tabbed(header, cells)


def _claim(n: int, **given: Callable[[int], Any]) -> bytes:
    whole = CLAIM | {name: make(n) for name, make in given.items()}
    return json.dumps(whole).encode() + b"\n"


def _mapping(text: Callable[[int], str]) -> Work:
    def make(n: int) -> Callable[[], object]:
        toml = text(n)

        def work() -> None:
            with suppress(BadMapping):
                mappings.read(toml)

        return work

    return make


def _stream(read: Callable[[BinaryIO], Iterator[Any]], data: Callable[[int], bytes]) -> Work:
    def make(n: int) -> Callable[[], object]:
        content = data(n)
        return lambda: _drained(lambda: read(io.BytesIO(content)))

    return make


def _older(file: BinaryIO) -> Iterator[Any]:
    encodings.refuse_legacy_encoding(base.numbered_lines(file))
    return iter(())


def _gzipped(file: BinaryIO) -> Iterator[Any]:
    return iter(lambda: packed.open_unpacked(file).read(1 << 16), b"") if file else iter(())


def _members(n: int) -> bytes:
    """A .gz of many empty members."""
    made = zlib.compressobj(wbits=31)
    return (made.compress(b"") + made.flush()) * n


RECORD = {
    "kind": "CollectionDescribed",
    "schema": 1,
    "stream": "01890000-0000-7000-8000-000000000001",
    "body": {"collection": {"name": "x", "coding": "curated"}},
}

HOSTILE: Mapping[str, Work] = {
    "workbook: merged areas that never end": _behind(lambda n: "<mergeCell " * n),
    "workbook: one merged area with much in it": _behind(
        lambda n: f"<mergeCells><mergeCell {'ref = ' * n}/></mergeCells>"
    ),
    "workbook: many merged areas": _behind(
        lambda n: (
            "<mergeCells>"
            + "".join(f'<mergeCell ref="A{row}:B{row}"/>' for row in range(3, n))
            + "</mergeCells>"
        )
    ),
    "workbook: one long formula, shared by many cells": _book(
        lambda n: (
            f'<row><c><f t="shared" si="0">{"A1+" * n}1</f></c></row>'
            + '<row><c><f t="shared" si="0"/></c></row>' * n
        )
    ),
    "workbook: rules for many areas": _behind(
        lambda n: f'<conditionalFormatting sqref="{"A1 " * n}"></conditionalFormatting>' * 3
    ),
    "workbook: rows that stand for themselves": _book(lambda n: '<row r="1"></row>' * n),
    "workbook: elements in each other": _book(lambda n: "<a>" * n + "</a>" * n),
    "workbook: a text in many runs": _book(
        lambda n: f'<row><c t="inlineStr"><is>{"<r><t>x</t></r>" * n}</is></c></row>'
    ),
    "workbook: many texts": _strings,
    "workbook: a long number": _book(lambda n: f"<row><c><v>{'9' * n}</v></c></row>"),
    "workbook: many parts": _parts,
    "table: a wide header over short rows": _ragged,
    "csv: one long line": _csv(lambda n: "a" * n),
    "csv: one quote": _csv(lambda n: 'a\n"' + "a\n" * n),
    "csv: quotes and commas": _csv(lambda n: '"",' * n),
    "csv: a column that is almost there": _table(
        lambda n: ",".join(f"{number}b" for number in range(n)), lambda _n: "bb"
    ),
    "csv: a long name that is almost there": _table(
        lambda n: "ab" * n + ",x", lambda n: "ba" * n + "c"
    ),
    "archive: quotes": _stream(base.split_lines, lambda n: b'"a"\n' + b'"' * n + b"\n"),
    "archive: lines that are not UTF-8": _stream(_older, lambda n: b"\xff\n" * n),
    "archive: many empty packings": _stream(_gzipped, _members),
    "icews: sectors that are commas": _archive(
        "icews",
        lambda n: _row(
            ICEWS,
            Event_Text="Consult",
            CAMEO_Code="040",
            Event_Date="2018-06-01",
            Source_Country="Vietnam",
            Source_Sectors="," * n,
            Target_Name="",
            Target_Country="",
        ),
    ),
    "icews-list: a role with blanks": _archive(
        "icews-list",
        lambda n: tabbed(
            ["date", "subject", "relation", "object"],
            ["2018-06-01", "a" + " " * n + "b", "Consult", "Vietnam"],
        ),
    ),
    "icews-list: a role with parentheses": _archive(
        "icews-list",
        lambda n: tabbed(
            ["date", "subject", "relation", "object"],
            ["2018-06-01", "a (" * n, "Consult", "Vietnam"],
        ),
    ),
    "icews-list: an act that is almost one": _archive(
        "icews-list",
        lambda n: tabbed(
            ["date", "subject", "relation", "object"],
            ["2018-06-01", "Vietnam", "consult " * n, "China"],
        ),
    ),
    "polecat: many countries": _archive(
        "polecat",
        lambda n: _row(
            POLECAT,
            Event_Date="2023-01-08",
            Event_Type="CONSULT",
            Event_Mode="visit",
            Actor_Country=";".join(["DEU", "FRA"] * n),
            Recipient_Country="RUS;" * n,
        ),
    ),
    "rivalries: a name with many hyphens": _archive(
        "rivalries",
        lambda n: b"rivalry,start,end\nChina-Japan,1996,2020\nChina" + b"-" * n + b",1996,2020\n",
    ),
    "rivalries: many of one pair": _archive(
        "rivalries",
        lambda n: b"rivalry,start,end\n" + b"China-Japan,1996,2020\n" * n,
    ),
    "cow-disputes: many of one pair": _archive(
        "cow-disputes",
        lambda n: b"disno,statea,stateb,year,hihost,fatlev\n" + b"1,750,770,1999,4,3\n" * n,
    ),
    "ucdp-events: many states on a side": _archive(
        "ucdp-events",
        lambda n: data_sets.lines(data_sets.EVENTS, data_sets.event(gwnoa="703, " * n + "702")),
    ),
    "claims: values in each other": _archive("claims", lambda n: b"[" * n),
    "claims: many records of one thing": _archive(
        "claims", lambda n: _claim(n, records=lambda n: [RECORD] * n)
    ),
    "claims: many parties": _archive(
        "claims", lambda n: _claim(n, parties=lambda n: CLAIM["parties"] * n)
    ),
    "mapping: tables in each other": _mapping(lambda n: f"[{'a.' * n}a]"),
    "mapping: lists in each other": _mapping(lambda n: f"a = {'[' * n}{']' * n}"),
    "mapping: a long number": _mapping(lambda n: f"a = {'9' * n}"),
    "mapping: a long format": _mapping(
        lambda n: f'[occurred]\ndate = "x"\nformats = ["{"%Y " * n}"]'
    ),
}
