"""Rows under a header, by the names of its columns."""

import io

import pytest

from tests.kit.archive_rows import tabbed
from tracker.imports.formats import headed
from tracker.imports.formats.base import InvalidRow
from tracker.imports.formats.headed import NamedRow
from tracker.imports.formats.packed import BadFile

WANTED = ("Event ID", "Event Date")


def read(*rows, data=None, **given):
    data = tabbed(*rows) if data is None else data
    return list(headed.read_headed(io.BytesIO(data), WANTED, missing=("NA", "NULL"), **given))


class TestRead:
    def test_gives_each_row_by_the_names_of_the_columns(self):
        assert read(["Event ID", " Event Date ", "City"], ["1", " 2018-06-01 ", "Hanoi"]) == [
            NamedRow(2, {"event id": "1", "event date": "2018-06-01", "city": "Hanoi"})
        ]

    def test_takes_what_says_that_something_is_missing_for_nothing(self):
        [row] = read([*WANTED, "City", "District"], ["1", "NA", "NULL", "NAIROBI"])

        assert row.cells == {"event id": "1", "event date": "", "city": "", "district": "NAIROBI"}

    @pytest.mark.parametrize("more", [["1"], ["7", "1", "2018-06-01"], ["1", "2018-06-01", ""]])
    def test_refuses_a_row_that_is_not_as_long_as_the_header(self, more):
        refused, right = read(WANTED, more, ["2", "2018-06-02"])

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
            read(header)


class TestGhosts:
    HEADER = ("Event ID", "Headline", "Event Date")

    def test_are_columns_of_the_header_that_no_row_has(self):
        [row] = read(self.HEADER, ["1", "2018-06-01"], header_only=("headline",))

        assert row.cells == {"event id": "1", "event date": "2018-06-01"}

    def test_may_be_there_after_all(self):
        [row] = read(self.HEADER, ["1", "They meet", "2018-06-01"], header_only=("headline",))

        assert row.cells["event date"] == "2018-06-01"

    def test_are_in_all_rows_or_in_none(self):
        right, refused = read(
            self.HEADER, ["1", "Hi", "2018-06-01"], ["2", "H"], header_only=("headline",)
        )

        assert right.line == 2
        assert refused.reason == "has 2 cells, the header has 3: its columns are shifted"
