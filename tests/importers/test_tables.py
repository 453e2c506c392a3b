"""A table is read right or refused: nothing is ever shifted."""

import csv
import gzip
import io
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.workbooks import a_book
from tracker.imports.formats import tables
from tracker.imports.formats.base import LONGEST_CELL, BadCell, InvalidRow, Layout
from tracker.imports.formats.packed import BadFile
from tracker.imports.formats.tables import csv_lines

WANTED = ("day", "who")


def read(data, wanted=WANTED, **layout):
    given = data.encode() if isinstance(data, str) else data
    return list(tables.read(given, Layout(**layout), wanted=wanted))


class TestRead:
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
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", r"old workbook \(.xls\) or has a password"),
            (gzip.compress(b"day,who\n2022,KAZ\n"), r"packed \(\.gz\): unpack a table"),
        ],
        ids=range(7),
    )
    def test_refuses_a_file_without_the_columns_that_are_wanted(self, text, says):
        with pytest.raises(BadFile, match=says):
            read(text)

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


def read_csv(text: str | bytes, wanted=WANTED, **given) -> list[tuple[int, tuple[str, ...]]]:
    data = text.encode() if isinstance(text, str) else text
    return [(one.number, one.cells) for one in csv_lines(data, wanted=wanted, **given)]


class TestLines:
    def test_counts_the_line_breaks_in_a_quoted_cell(self):
        rows = read_csv('day,who\n2022,"KAZ\r\nand more"\n2023,RUS\n')

        assert rows[1:] == [(2, ("2022", "KAZ\r\nand more")), (4, ("2023", "RUS"))]

    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
    def test_ends_lines_as_any_system_does(self, end):
        assert [cells for _, cells in read_csv(f"day,who{end}2022,KAZ{end}")] == [
            ("day", "who"),
            ("2022", "KAZ"),
        ]

    def test_takes_the_mark_of_utf_8_for_no_part_of_a_name(self):
        assert read_csv(b"\xef\xbb\xbfday,who\n")[0] == (1, ("day", "who"))

    @pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
    def test_finds_the_delimiter_by_the_columns_that_are_wanted(self, delimiter):
        text = delimiter.join(["day", "who", "a,b;c|d"]) + "\n"

        assert read_csv(text)[0][1][:2] == ("day", "who")

    def test_finds_the_delimiter_below_lines_of_a_title(self):
        assert read_csv("A table; of 2022, and more\n\nday;who\n")[2] == (3, ("day", "who"))

    def test_takes_the_delimiter_that_the_file_names(self):
        assert read_csv("sep=;\r\nday;who\r\n2022;KAZ\r\n") == [
            (2, ("day", "who")),
            (3, ("2022", "KAZ")),
        ]

    def test_takes_the_delimiter_that_the_mapping_names(self):
        assert read_csv("day;who\n", delimiter=",") == [(1, ("day;who",))]

    def test_leaves_blanks_around_a_cell_out(self):
        assert read_csv("day , who\n\xa02022 ,KAZ\t\n") == [
            (1, ("day", "who")),
            (2, ("2022", "KAZ")),
        ]

    def test_reads_a_cell_beyond_the_usual_limit_of_the_library(self):
        assert len(read_csv(f"day,who\n{'x' * 200_000},KAZ\n")[1][1][0]) == 200_000

    def test_says_where_a_byte_is_no_utf_8(self):
        with pytest.raises(BadFile, match=r"line 2: byte 0xFC is not utf-8: save .* cp1252"):
            read_csv("day,who\n2022,Türkei\n".encode("cp1252"))

    @pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
    def test_names_the_encoding_of_what_has_two_bytes_a_sign(self, encoding):
        says = r"^it is saved as UTF-16: save it as UTF-8, or set its encoding in the mapping: "
        with pytest.raises(BadFile, match=says):
            read_csv("day,who\n2022,KAZ\n".encode(encoding))

    @pytest.mark.parametrize(
        "text", ['day,who\n2022,"KAZ\n2023,RUS\n', 'day,who\n2022,"KAZ" x\n2023,RUS\n']
    )
    def test_refuses_all_where_a_quote_does_not_end(self, text):
        with pytest.raises(BadFile, match="line 2: a quote is not closed, or text follows"):
            read_csv(text)

    @given(
        table=st.lists(
            st.lists(
                st.text(alphabet=st.characters(exclude_characters="\0\r"), max_size=9).map(
                    str.strip
                ),
                min_size=2,
                max_size=4,
            ),
            min_size=1,
            max_size=5,
        ),
        delimiter=st.sampled_from(",;\t|"),
    )
    def test_reads_back_whatever_was_written(self, table, delimiter):
        file = io.StringIO(newline="")
        csv.writer(file, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(table)
        try:
            data = file.getvalue().encode()
        except UnicodeEncodeError:
            return

        found = [cells for _, cells in read_csv(data, wanted=(), delimiter=delimiter)]

        assert found == [tuple(row) for row in table]
