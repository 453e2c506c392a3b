"""What is refused of a file because it would cost too much to read, with the reason."""

import csv
import io
from collections.abc import Callable
from zipfile import ZIP_DEFLATED, ZIP_LZMA, ZipFile

import pytest

from tests.kit.mapping_texts import LEAST
from tests.kit.workbooks import SHEET, a_book, altered
from tracker.imports.formats import base, mappings, packed, tables, workbook
from tracker.imports.formats.base import Layout
from tracker.imports.formats.mappings import PublisherRule
from tracker.imports.formats.packed import BadFile
from tracker.imports.formats.sections import BadMapping


def with_part(data: bytes, name: str, content: str = "", *, method: int = ZIP_DEFLATED) -> bytes:
    file = io.BytesIO(data)
    with ZipFile(file, "a", method) as more:
        more.writestr(name, content)
    return file.getvalue()


def says(read: Callable[[], object]) -> str:
    with pytest.raises((BadFile, BadMapping)) as refused:
        read()
    return str(refused.value)


def book_says(data: bytes) -> str:
    return says(lambda: list(workbook.sheet_lines(data)))


PLAIN = a_book(["x"])
FAR = a_book([""], then=lambda sheet: [sheet.cell(row, 702, 1) for row in (1, 2)])
AGAIN = '<row r="1"><c t="inlineStr"><is><t>again</t></is></c></row>'


class TestAWorkbook:
    @pytest.mark.parametrize(
        ("limit", "most", "data", "reason"),
        [
            # A cell far to the right: 701 empty ones stand before it.
            ("MOST_CELLS", 1_000, FAR, "more than 1000 cells, empty ones included"),
            ("MOST_UNPACKED", 1_000, PLAIN, "; at most 1000 are read"),
            ("MOST_HELD", 10_000, PLAIN, "; at most 10000 are read"),
        ],
    )
    def test_is_refused_beyond_a_limit(self, monkeypatch, limit, most, data, reason):
        monkeypatch.setattr(workbook, limit, most)

        assert reason in book_says(data)

    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            (
                with_part(PLAIN, "xl/other.xml", method=ZIP_LZMA),
                "the workbook has an unusual compression",
            ),
            (
                altered(PLAIN, "</sheetData>", f"{AGAIN}</sheetData>"),
                "row 1 of the sheet is after row 1: open it in a spreadsheet and save it again",
            ),
            (altered(a_book([7]), "<v>7</v>", f"<v>{'9' * 400}</v>"), "the workbook is damaged ("),
        ],
    )
    def test_is_refused_where_it_is_odd(self, data, reason):
        assert book_says(data).startswith(reason)

    def test_ends_at_the_last_row_that_a_sheet_can_have(self):
        row = '<row r="1048577"><c t="inlineStr"><is><t>beyond</t></is></c></row>'

        found = list(
            workbook.sheet_lines(altered(a_book(["x"]), "</sheetData>", f"{row}</sheetData>"))
        )

        assert [line.cells for line in found] == [("x",)]

    def test_wants_memory_where_its_parser_does(self):
        class Short(SyntaxError):
            code = 1

        with pytest.raises(MemoryError), workbook._damage_named():
            raise Short

    def test_unfolds_no_bomb_of_entities(self):
        inner = "".join(f'<!ENTITY a{at + 1} "{f"&a{at};" * 20}">' for at in range(9))
        bomb = f'<!DOCTYPE worksheet [<!ENTITY a0 "ha">{inner}]><worksheet'
        data = altered(a_book(["x"]), "<worksheet", bomb, part=SHEET)
        data = altered(data, "<t>x</t>", "<t>&a9;</t>")

        assert book_says(data).startswith("the workbook is damaged (")


class TestAPackedFile:
    def test_is_packed_as_programs_pack_it(self):
        file = io.BytesIO(with_part(b"", "a.csv", "day,who\n", method=ZIP_LZMA))

        assert "unusual compression" in says(lambda: packed.open_unpacked(file))


class TestATable:
    def test_has_lines_of_bounded_length(self, monkeypatch):
        monkeypatch.setattr(tables, "MOST_LINE", 20)
        data = b"day,who\n2022,KAZ\n" + b"x" * 21

        found = says(lambda: list(tables.csv_lines(data, wanted=["day"])))

        assert found == "line 3 is longer than 20 characters: it is not a table row"

    def test_has_cells_of_bounded_length(self, monkeypatch):
        monkeypatch.setattr(tables, "MOST_LINE", 20)
        data = b'day,who\n2022,"' + b"more\n" * 9

        found = says(lambda: list(tables.csv_lines(data, wanted=["day"])))
        csv.field_size_limit(base.MOST_LINE)

        assert found.startswith("line 2: a quote is not closed")

    def test_has_as_many_columns_as_a_sheet_can_have(self):
        data = b"a," * 16_384 + b"b\n"

        found = says(lambda: tables.read(data, Layout(), wanted=["b"]))

        assert found == "the header has 16385 cells; at most 16384 are read"

    def test_has_the_bytes_of_utf_8_in_the_next_piece_too(self):
        data = b"day,who\n2022,KAZ\n" * 5_000 + b"2022,T\xfcrkei\n"

        found = says(lambda: list(tables.csv_lines(data, wanted=["day"])))

        assert found.startswith("line 10001: byte 0xFC is not utf-8")


class TestAMapping:
    def test_has_a_bounded_length(self):
        found = says(lambda: mappings.read("#" * 300_000))

        assert found == "it has 300000 characters; at most 262144 are read"

    @pytest.mark.parametrize("text", [f"[{'a.' * 21}a]", f'a = "{"." * 1_001}"'])
    def test_has_a_bounded_number_of_points_on_a_line(self, text):
        assert says(lambda: mappings.read(text)).startswith("line 1: has too many points")

    def test_may_have_points_in_its_texts(self):
        names = ", ".join(f'"www.{at}.example"' for at in range(99))

        found = mappings.read(f"{LEAST}\n[[publishers]]\nlike = [{names}]\n")

        assert len(found.publishers[0].like) == 99

    @pytest.mark.parametrize(
        ("text", "why"),
        [
            (f"a = {'[' * 5_000}", "this is not TOML: it is nested too deeply"),
            (f"a = {'9' * 5_000}", "this is not TOML: Exceeds the limit"),
            (
                f'{LEAST}\n[occurred]\ndate = "x"\nformats = {["%Y"] * 21}',
                "occurred.formats: are 21",
            ),
            (
                f'{LEAST}\n[occurred]\ndate = "x"\nformats = ["{"%Y " * 40}"]',
                "occurred.formats: one is longer than 100 characters",
            ),
            (
                f'{LEAST}\n[[publishers]]\nlike = ["{"*a" * 101}"]',
                "publishers[1].like: one is longer than 200 characters, unlike a name",
            ),
        ],
    )
    def test_says_what_is_too_much(self, text, why):
        assert says(lambda: mappings.read(text)).startswith(why)

    def test_likens_nothing_to_what_is_longer_than_a_name(self):
        anybody = PublisherRule(like=("*",))

        assert (anybody.matches("x" * 200), anybody.matches("x" * 201)) == (True, False)
