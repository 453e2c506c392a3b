"""A table is read right or refused: nothing is ever shifted."""

import gzip
import tracemalloc

import pytest

from tests.kit.workbooks import a_book
from tracker.imports.formats import tables
from tracker.imports.formats.base import LONGEST_CELL, BadCell, InvalidRow, Layout
from tracker.imports.formats.packed import BadFile

WANTED = ("day", "who")


def read(data, wanted=WANTED, **layout):
    given = data.encode() if isinstance(data, str) else data
    return list(tables.read(given, Layout(**layout), wanted=wanted))


class TestRead:
    def test_gives_rows_by_column(self):
        [row] = read("day,who,more\n2022,KAZ,x\n")

        assert (row.line, row.cells) == (2, {"day": "2022", "who": "KAZ", "more": "x"})

    @pytest.mark.parametrize("extra", ["2022,KAZ", "2022,KAZ,x,y", "2022,KAZ,x,", "1,2022,KAZ,x"])
    def test_refuses_a_row_that_has_not_as_many_cells_as_the_header(self, extra):
        refused, row = read(f"day,who,more\n{extra}\n2023,RUS,x\n")

        cells = extra.count(",") + 1
        reason = f"the row has {cells} cells, the header 3"
        assert refused == InvalidRow(line=2, column="", value="", reason=reason)
        assert row.cells["who"] == "RUS"

    def test_reads_rows_under_an_unnamed_column_of_numbers_right(self):
        [row] = read(",day,who\n0,2022,KAZ\n")

        assert row.cells == {"day": "2022", "who": "KAZ"}

    def test_passes_over_blank_lines(self):
        assert [one.line for one in read("day,who\n\n2022,KAZ\n,\n  ,\n\n")] == [3]

    def test_holds_no_more_than_the_row_it_gives(self):
        data = b"day,who\n" + b"\n" * 200_000 + b"2022,KAZ\n" * 50_000
        tracemalloc.start()
        rows = tables.read(data, Layout(), wanted=WANTED)

        number = sum(1 for _ in rows)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()

        assert number == 50_000
        # The text of it twice, as it is decoded and as it is read, in four bytes a sign.
        assert peak < 8 * len(data) + 1_000_000

    def test_begins_where_the_header_stands(self):
        [row] = read("Events\n,\nday,who\n2022,KAZ\n", header=3)

        assert row.line == 4

    @pytest.mark.parametrize(
        ("text", "says"),
        [
            ("", "there is no header on line 1"),
            ("\n\nday,who\n", "there is no header on line 1"),
            ("day,day,who\n", "2 columns are called 'day'"),
            ("date,who\n", "there is no column 'day'; nearest: date"),
            ("x,,y\n", "there is no column 'day'; nearest: x, y"),
        ],
    )
    def test_refuses_a_file_without_the_columns_that_are_wanted(self, text, says):
        with pytest.raises(BadFile, match=says):
            read(text)

    def test_refuses_an_old_workbook_by_name(self):
        with pytest.raises(BadFile, match=r"old workbook \(.xls\) or has a password"):
            read(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")

    def test_refuses_a_packed_table_by_name(self):
        with pytest.raises(BadFile, match=r"packed \(\.gz\): unpack a table"):
            read(gzip.compress(b"day,who\n2022,KAZ\n"))

    def test_refuses_more_bytes_than_are_read_at_once(self, monkeypatch):
        monkeypatch.setattr(tables, "MOST_BYTES", 10)

        with pytest.raises(BadFile, match="the file has 11 bytes; at most 10"):
            read("day,who\n123")

    def test_fills_up_a_workbooks_row_that_ends_early(self):
        names = ["day", "who", "more"]
        [row] = read(a_book(names, ["2022", "KAZ"]), wanted=names)

        assert row.cells == {"day": "2022", "who": "KAZ", "more": ""}

    def test_refuses_a_workbooks_row_that_goes_on_beyond_the_header(self):
        [refused] = read(a_book(["day", "who"], ["2022", "KAZ", "see below"]))

        assert refused.reason == "the row has 3 cells, the header 2"


class TestText:
    def test_refuses_a_cell_that_holds_a_book(self):
        [row] = read(f"day,who\n{'x' * (LONGEST_CELL + 1)},KAZ\n")

        with pytest.raises(BadCell, match="is 20001 characters long; at most 20000") as problem:
            row.text("day")
        assert len(problem.value.at_line(2).value) == 200
