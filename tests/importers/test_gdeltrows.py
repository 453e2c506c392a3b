"""Rows of GDELT by the names of their columns, and proof that they are not shifted."""

import io

import pytest

from tests.kit.archive_rows import GDELT_1, GDELT_2, gdelt, quoted, tabbed
from tracker.imports.formats import gdelt_rows
from tracker.imports.formats.base import InvalidRow
from tracker.imports.formats.gdelt_rows import columns
from tracker.imports.formats.packed import BadFile

SHIFTED = (
    "are not consistent (date, month, year; code, base, root, class; the day it was"
    " added): the columns are shifted"
)


def read(data, names=GDELT_1):
    return list(gdelt_rows.read(io.BytesIO(data), names))


def without(names, *left):
    return [name for name in names if name not in left]


class TestColumns:
    def test_are_those_of_the_codebooks(self):
        assert list(columns(with_districts=False)) == GDELT_1
        assert list(columns(with_districts=True)) == GDELT_2
        assert (len(GDELT_1), len(GDELT_2)) == (58, 61)


class TestAFileWithoutAHeader:
    def test_is_read_by_place(self):
        [row] = read(tabbed(gdelt()))

        assert (row.line, row.remarks) == (1, ())
        assert row.number == "564111644"
        assert (row.actor1.codes.code, row.actor2.codes.code) == ("KAZGOV", "RUS")
        assert (row.act.code, row.act.quad) == ("042", "1")
        assert row.place[0] == "Astana, Aqmola, Kazakhstan"
        assert row.url == "https://www.inform.kz/en/visit_a2930000"

    def test_may_be_of_version_2(self):
        added = {"DATEADDED": "20160729001500"}
        [row] = read(tabbed(gdelt(GDELT_2, ActionGeo_ADM2Code="12345", **added)), GDELT_2)

        assert row.place[2] == "51.1811"
        assert row.added == "20160729001500"

    def test_may_have_rows_from_before_there_were_addresses(self):
        old, new = read(tabbed(gdelt(GDELT_1[:-1]), gdelt()))

        assert (old.added, old.url) == ("20160729", "")
        assert new.url

    @pytest.mark.parametrize("cells", [56, 59, 61])
    def test_refuses_rows_of_another_width(self, cells):
        row = [*gdelt(), "", "", ""][:cells]

        assert read(tabbed(row, gdelt()))[0] == InvalidRow(
            line=1,
            column="",
            value="",
            reason=f"has {cells} cells instead of 58 or 57",
        )


class TestAFileWithAHeader:
    def test_is_read_by_name(self):
        names = list(reversed(GDELT_1))
        [row] = read(tabbed(names, gdelt(names)))

        assert (row.line, row.actor1.codes.code, row.remarks) == (2, "KAZGOV", ())

    def test_may_name_its_columns_in_any_letters_and_the_day_as_version_2_does(self):
        names = [name.upper() for name in GDELT_1]
        names[1] = "Day"
        [row] = read(tabbed(names, gdelt()))

        assert row.day == "20160728"

    def test_may_have_no_column_for_addresses(self):
        names = GDELT_1[:-1]
        right, short = read(tabbed(names, gdelt(names), gdelt(names)[:-1]))

        assert (right.url, right.added) == ("", "20160729")
        assert short.reason == "has 56 cells instead of 57"

    def test_has_the_number_of_cells_that_the_header_names(self):
        refused, right = read(tabbed(GDELT_1, gdelt()[:-1], gdelt()))

        assert (refused.line, refused.reason) == (2, "has 57 cells instead of 58")
        assert right.line == 3

    def test_takes_na_for_nothing_and_blanks_around_a_cell_for_none_of_it(self):
        [row] = read(quoted(GDELT_1, gdelt(Actor1Code=" KAZ", Actor2Code="NA", Actor2Name="NA")))

        assert (row.actor1.codes.code, row.actor2.codes.code) == ("KAZ", "")
        assert row.actor2.name == ""

    def test_refuses_a_header_that_lacks_what_is_needed(self):
        names = without(GDELT_1, "EventRootCode", "Actor1Code")

        with pytest.raises(
            BadFile, match="the header lacks columns of GDELT: EventRootCode, Actor1Code"
        ):
            read(tabbed(names, gdelt(names)))

    def test_refuses_a_header_that_names_a_column_twice(self):
        names = [*GDELT_1[:-1], "Actor1Code", "SOURCEURL"]

        with pytest.raises(BadFile, match="the header has 2 columns Actor1Code"):
            read(tabbed(names, gdelt(names)))

    def test_does_without_what_is_never_looked_at(self):
        names = without(GDELT_1, "Actor2Geo_Lat", "FractionDate")
        [row] = read(tabbed(names, gdelt(names)))

        assert row.act.code == "042"


class TestShiftedColumns:
    """The two files of Georgia as they are found in the wild, and what a naive reader makes of
    them."""

    def test_a_number_before_each_row_is_passed_over(self):
        [row] = read(quoted(GDELT_1, ["11783", *gdelt()]))

        assert row.number == "564111644"
        assert row.remarks == ("has a cell before its first column, which is skipped",)

    def test_a_column_behind_the_last_is_told(self):
        [row] = read(quoted([*GDELT_1, "month"], [*gdelt(), "06"]))

        assert row.url == "https://www.inform.kz/en/visit_a2930000"
        assert row.remarks == ("has a column that is not one of GDELT's: month",)

    def test_a_row_that_agrees_both_ways_is_refused(self):
        # Behind each column another that repeats it.
        names = [one for name in GDELT_1 for one in (name, f"{name}_again")]
        row = [one for cell in gdelt() for one in (cell, cell)]

        right, refused = read(tabbed(names, row, [*row, ""]))
        assert right.act.code == "042"
        assert refused.reason == "has 117 cells instead of 116"

    @pytest.mark.parametrize("gap", range(57))
    def test_a_row_that_lacks_a_cell_is_refused(self, gap):
        cells = gdelt()
        [refused] = read(tabbed([*cells[:gap], *cells[gap + 1 :]]))

        assert (refused.column, refused.reason) == ("SQLDATE", SHIFTED)

    @pytest.mark.parametrize(
        "cells",
        [
            {"SQLDATE": "2016-7-2"},
            {"MonthYear": "201606"},
            {"Year": "2015"},
            {"QuadClass": "5"},
            {"QuadClass": ""},
            {"EventBaseCode": "043"},
            {"EventRootCode": "05"},
            {"EventRootCode": "", "EventBaseCode": "", "EventCode": ""},
            {"DATEADDED": "201607290015"},
            {"DATEADDED": ""},
        ],
    )
    def test_a_row_that_does_not_agree_with_itself_is_refused(self, cells):
        refused, right = read(tabbed(gdelt(**cells), gdelt()))

        assert (refused.line, refused.column, refused.reason) == (1, "SQLDATE", SHIFTED)
        assert right.line == 2

    def test_shows_what_does_not_agree(self):
        [refused] = read(tabbed(gdelt(Year="2015")))

        assert refused.value == "20160728 201607 2015; 042 042 04 1; 20160729"


class TestRead:
    def test_passes_on_what_is_no_text(self):
        refused, right = read(b"T\xfcrkei\n" + tabbed(gdelt()))

        assert refused.reason == "byte 0xFC is not UTF-8"
        assert right.line == 2
