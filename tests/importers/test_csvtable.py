"""Lines of CSV and its like, and what is refused as a whole."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.imports.formats.packed import BadFile
from tracker.imports.formats.tables import csv_lines

WANTED = ("day", "who")


def read(text: str | bytes, wanted=WANTED, **given) -> list[tuple[int, tuple[str, ...]]]:
    data = text.encode() if isinstance(text, str) else text
    return [(one.number, one.cells) for one in csv_lines(data, wanted=wanted, **given)]


class TestLines:
    def test_gives_each_with_its_number(self):
        assert read("day,who\n2022,KAZ\n2023,RUS\n") == [
            (1, ("day", "who")),
            (2, ("2022", "KAZ")),
            (3, ("2023", "RUS")),
        ]

    def test_counts_the_line_breaks_in_a_quoted_cell(self):
        rows = read('day,who\n2022,"KAZ\r\nand more"\n2023,RUS\n')

        assert rows[1:] == [(2, ("2022", "KAZ\r\nand more")), (4, ("2023", "RUS"))]

    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
    def test_ends_lines_as_any_system_does(self, end):
        assert [cells for _, cells in read(f"day,who{end}2022,KAZ{end}")] == [
            ("day", "who"),
            ("2022", "KAZ"),
        ]

    def test_takes_the_mark_of_utf_8_for_no_part_of_a_name(self):
        assert read(b"\xef\xbb\xbfday,who\n")[0] == (1, ("day", "who"))

    @pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
    def test_finds_the_delimiter_by_the_columns_that_are_wanted(self, delimiter):
        text = delimiter.join(["day", "who", "a,b;c|d"]) + "\n"

        assert read(text)[0][1][:2] == ("day", "who")

    def test_finds_the_delimiter_below_lines_of_a_title(self):
        assert read("A table; of 2022, and more\n\nday;who\n")[2] == (3, ("day", "who"))

    def test_takes_the_delimiter_that_the_file_names(self):
        assert read("sep=;\r\nday;who\r\n2022;KAZ\r\n") == [
            (2, ("day", "who")),
            (3, ("2022", "KAZ")),
        ]

    def test_takes_the_delimiter_that_the_mapping_names(self):
        assert read("day;who\n", delimiter=",") == [(1, ("day;who",))]

    def test_leaves_blanks_around_a_cell_out(self):
        assert read("day , who\n\xa02022 ,KAZ\t\n") == [
            (1, ("day", "who")),
            (2, ("2022", "KAZ")),
        ]

    def test_reads_a_cell_beyond_the_usual_limit_of_the_library(self):
        assert len(read(f"day,who\n{'x' * 200_000},KAZ\n")[1][1][0]) == 200_000

    def test_says_where_a_byte_is_no_utf_8(self):
        with pytest.raises(BadFile, match=r"line 2: byte 0xFC is not utf-8: save .* cp1252"):
            read("day,who\n2022,Türkei\n".encode("cp1252"))

    @pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
    def test_names_the_encoding_of_what_has_two_bytes_a_sign(self, encoding):
        says = r"^it is saved as UTF-16: save it as UTF-8, or set its encoding in the mapping: "
        with pytest.raises(BadFile, match=says):
            read("day,who\n2022,KAZ\n".encode(encoding))

    @pytest.mark.parametrize(
        "text", ['day,who\n2022,"KAZ\n2023,RUS\n', 'day,who\n2022,"KAZ" x\n2023,RUS\n']
    )
    def test_refuses_all_where_a_quote_does_not_end(self, text):
        with pytest.raises(BadFile, match="line 2: a quote is not closed, or text follows"):
            read(text)

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

        found = [cells for _, cells in read(data, wanted=(), delimiter=delimiter)]

        assert found == [tuple(row) for row in table]
