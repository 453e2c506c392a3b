"""Rows of a text with delimiters, one line each, as they come."""

import io

import pytest

from tracker.imports.formats import base
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
