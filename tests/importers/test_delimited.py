"""Rows of a text with delimiters, one line each, as they come; under a header, by its names."""

import io

import pytest

from tests.kit.archive_rows import tabbed
from tracker.imports.formats import base, headed
from tracker.imports.formats.base import (
    MOST_LINE,
    Dialect,
    InvalidRow,
    SplitLine,
    dialect_of,
    numbered_lines,
    split_cells,
    split_lines,
)
from tracker.imports.formats.headed import NamedRow
from tracker.imports.formats.packed import BadFile


def read(data: bytes) -> list[SplitLine | InvalidRow]:
    return list(split_lines(io.BytesIO(data)))


class TestNumbered:
    def test_gives_lines_without_their_ends_and_passes_over_blank_ones(self):
        data = b"a\tb\r\n\n \t \r\nc\td\n\ne"

        assert list(numbered_lines(io.BytesIO(data))) == [(1, b"a\tb"), (4, b"c\td"), (6, b"e")]

    def test_takes_the_mark_of_utf_8_off_the_first_line_only(self):
        data = b"\xef\xbb\xbfa\n\xef\xbb\xbfb\n"

        assert list(numbered_lines(io.BytesIO(data))) == [(1, b"a"), (2, b"\xef\xbb\xbfb")]

    def test_refuses_a_line_that_no_table_has(self):
        with pytest.raises(BadFile, match=f"line 2 is longer than {MOST_LINE} bytes"):
            list(numbered_lines(io.BytesIO(b"a\n" + b"x" * (MOST_LINE + 1))))


class TestForm:
    @pytest.mark.parametrize(
        ("first", "how"),
        [
            ("a\tb", Dialect(delimiter="\t", quoted=False)),
            ("a,b", Dialect(delimiter=",", quoted=False)),
            ("a,b\tc", Dialect(delimiter="\t", quoted=False)),
            ('"a"\t"b"', Dialect(delimiter="\t", quoted=True)),
            ("a", Dialect(delimiter=",", quoted=False)),
        ],
    )
    def test_is_told_by_the_first_line(self, first, how):
        assert dialect_of(first) == how


class TestSplit:
    def test_takes_quotes_for_what_they_are_where_the_first_line_has_none(self):
        assert split_cells('say "x\t"y', Dialect("\t", quoted=False)) == ['say "x', '"y']

    @pytest.mark.parametrize("delimiter", [",", "\t"])
    def test_takes_quotes_off_where_the_first_line_has_some(self, delimiter):
        line = delimiter.join(['"a"', '"b, ""c""\td"', "e"])

        assert split_cells(line, Dialect(delimiter, quoted=True)) == ["a", 'b, "c"\td', "e"]

    def test_reads_a_quoted_cell_where_only_the_header_has_no_quotes(self):
        assert split_cells('1,"a, b"', Dialect(",", quoted=False)) == ["1", "a, b"]


class TestRows:
    def test_gives_the_cells_of_each_line_by_the_form_of_the_first(self):
        assert read(b"a\tb\n1\tx, y\n") == [SplitLine(1, ["a", "b"]), SplitLine(2, ["1", "x, y"])]

    def test_refuses_a_line_that_is_no_text(self):
        first, refused, last = read(b"a\tb\nT\xfcrkei\tx\nc\td\n")

        assert refused == InvalidRow(line=2, column="", value="", reason="byte 0xFC is not UTF-8")
        assert (first.number, last) == (1, SplitLine(3, ["c", "d"]))

    @pytest.mark.parametrize("bad", ['1,"x', '1,"x"y', "1,x\ry"])
    def test_refuses_a_line_that_cannot_be_split(self, bad):
        _, refused, last = read(f"a,b\n{bad}\n2,z\n".encode())

        assert (refused.line, refused.column, refused.value) == (2, "", "")
        assert refused.reason.startswith("cannot be split into cells: ")
        assert last == SplitLine(3, ["2", "z"])

    def test_holds_no_more_than_a_line(self):
        file = io.BytesIO(b"a,b\n" * 1000)
        found = base.split_lines(file)
        next(found)

        assert file.tell() == 4


WANTED = ("Event ID", "Event Date")


def headed_rows(*rows, data=None, **given):
    data = tabbed(*rows) if data is None else data
    return list(headed.read_headed(io.BytesIO(data), WANTED, missing=("NA", "NULL"), **given))


class TestUnderAHeader:
    def test_gives_each_row_by_the_names_of_the_columns(self):
        assert headed_rows(
            ["Event ID", " Event Date ", "City"], ["1", " 2018-06-01 ", "Hanoi"]
        ) == [NamedRow(2, {"event id": "1", "event date": "2018-06-01", "city": "Hanoi"})]

    def test_takes_what_says_that_something_is_missing_for_nothing(self):
        [row] = headed_rows([*WANTED, "City", "District"], ["1", "NA", "NULL", "NAIROBI"])

        assert row.cells == {"event id": "1", "event date": "", "city": "", "district": "NAIROBI"}

    @pytest.mark.parametrize("more", [["1"], ["7", "1", "2018-06-01"], ["1", "2018-06-01", ""]])
    def test_refuses_a_row_that_is_not_as_long_as_the_header(self, more):
        refused, right = headed_rows(WANTED, more, ["2", "2018-06-02"])

        reason = f"has {len(more)} cells, the header has 2: its columns are shifted"
        assert refused == InvalidRow(line=2, column="", value="", reason=reason)
        assert right.line == 3

    @pytest.mark.parametrize(
        ("header", "says"),
        [
            (["Event ID", "Date"], "the header has no column 'Event Date'"),
            (
                ["Event ID", "Event Date", "event date"],
                "the header has 2 columns 'Event Date'",
            ),
        ],
    )
    def test_refuses_a_header_that_has_not_each_column_once(self, header, says):
        with pytest.raises(BadFile, match=f"^{says}$"):
            headed_rows(header)


class TestGhosts:
    HEADER = ("Event ID", "Headline", "Event Date")

    def test_are_columns_of_the_header_that_no_row_has(self):
        [row] = headed_rows(self.HEADER, ["1", "2018-06-01"], header_only=("headline",))

        assert row.cells == {"event id": "1", "event date": "2018-06-01"}

    def test_may_be_there_after_all(self):
        [row] = headed_rows(
            self.HEADER, ["1", "They meet", "2018-06-01"], header_only=("headline",)
        )

        assert row.cells["event date"] == "2018-06-01"

    def test_are_in_all_rows_or_in_none(self):
        right, refused = headed_rows(
            self.HEADER, ["1", "Hi", "2018-06-01"], ["2", "H"], header_only=("headline",)
        )

        assert right.line == 2
        assert refused.reason == "has 2 cells, the header has 3: its columns are shifted"
