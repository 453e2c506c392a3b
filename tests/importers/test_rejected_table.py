"""Refused rows go out to be mended, and come in by the same mapping."""

import csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.workbooks import a_book
from tracker.domain.formulas import guarded, unguarded
from tracker.imports.formats import generic, mappings, rejected
from tracker.imports.formats.base import InvalidRow
from tracker.imports.formats.drafts import DraftClaim
from tracker.imports.formats.tables import REASON

MAPPING = """
key = ["No"]

[collection]
name = "events"

[claim]
kind = "act"
summary = {column = "What"}
code = {column = "Code"}

[occurred]
date = {column = "From"}
until = {column = "To"}
formats = ["%d.%m.%Y", "%m/%Y"]

[[parties]]
role = "initiator"
name = {column = "Who"}

[document]
title = {column = "What"}
publisher = "The Gazette"
"""
HEADER = ["No", "From", "To", "Who", "What", "Code"]
CODE = "plover-2.0/CONSULT/visit"


def mapping(extra: str = "", text: str = MAPPING):
    return mappings.read(extra + text)


def a_table(*rows: list[str], before: str = "", delimiter: str = ",") -> bytes:
    text = io.StringIO(before)
    text.seek(0, io.SEEK_END)
    csv.writer(text, delimiter=delimiter).writerows([HEADER, *rows])
    return text.getvalue().encode()


def mended(data: bytes, reasons: dict[int, str], how=None) -> bytes:
    out = io.BytesIO()
    number = rejected.write(data, how or mapping(), reasons, out)
    assert number == len(reasons)
    return out.getvalue()


def cells(data: bytes, **options: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig")), **options))


def read(data: bytes, how=None) -> list[DraftClaim | InvalidRow]:
    return list(generic.read(data, how or mapping()))


GOOD = ["1", "11.05.2022", "", "KAZ", "They meet.", CODE]
BAD = ["2", "32.05.2022", "", "KAZ", "=1+1", CODE]


class TestMending:
    def test_gives_the_rows_that_are_named_each_with_its_reason(self):
        found = mended(a_table(GOOD, BAD), {3: "From: is not a date"})

        assert cells(found) == [
            [*HEADER, REASON],
            ["2", "32.05.2022", "", "KAZ", "'=1+1", CODE, "From: is not a date"],
        ]
        assert found.startswith(b"\xef\xbb\xbf")

    def test_gives_what_comes_in_once_it_is_mended_as_if_it_had_been_right(self):
        found = mended(a_table(GOOD, BAD), {3: "From: is not a date"})

        [row] = read(found.replace(b"32.05", b"31.05"))
        [_, right] = read(a_table(GOOD, ["2", "31.05.2022", *BAD[2:]]))

        assert (row.key, row.fields, row.parties) == (right.key, right.fields, right.parties)
        assert row.fields["summary"] == "=1+1"
        assert REASON not in row.cells

    def test_leaves_the_key_alone_where_all_that_stands_in_a_row_is_its_key(self):
        how = mapping(text=MAPPING.replace('key = ["No"]', ""))

        [row] = read(mended(a_table(GOOD), {2: "no"}, how), how)

        assert row.key == read(a_table(GOOD), how)[0].key

    def test_says_the_new_reason_of_a_row_that_was_not_mended_well(self):
        once = mended(a_table(GOOD, BAD), {3: "From: is not a date"})
        [refused] = read(once)

        twice = mended(once, {refused.line: "still none"})

        assert cells(twice) == [[*HEADER, REASON], [*cells(once)[1][:-1], "still none"]]

    @pytest.mark.parametrize(
        ("row", "shown"),
        [
            (["2", "11.05.2022"], ["2", "11.05.2022", "", "", "", "", "short"]),
            ([*GOOD, "x"], [*GOOD, "x", "short"]),
        ],
    )
    def test_lays_a_row_of_too_few_cells_under_the_header_and_leaves_one_of_too_many(
        self, row, shown
    ):
        assert cells(mended(a_table(row), {2: "short"}))[1] == shown

    def test_writes_the_dates_of_a_workbook_as_the_mapping_reads_them(self):
        def shape(sheet):
            sheet["B2"].number_format = "dd/mm/yyyy"
            sheet["C2"].number_format = "mmm yyyy"
            sheet["C3"].number_format = "yyyy"
            sheet["E2"].number_format = "dd/mm/yyyy"

        book = a_book(
            HEADER,
            ["1", date(2022, 5, 11), date(2022, 6, 1), "KAZ", date(2022, 7, 1), CODE],
            ["2", "11.05.2022", date(2023, 1, 1), "KAZ", "They meet.", CODE],
            then=shape,
        )
        found = mended(book, {2: "x", 3: "y"})

        first, second = cells(found)[1:]
        assert first[1:3] == ["11.05.2022", "06/2022"]
        # Neither a date of the mapping, nor one that a format is fine enough for.
        assert (first[4], second[1:3]) == ("2022-07-01", ["11.05.2022", "2023"])
        assert read(found)[0].fields["occurred"]["edtf"] == "2022-05-11/2022-06"

    def test_is_laid_out_as_the_mapping_says(self):
        layout = '[table]\nheader = 3\nencoding = "cp1251"\ndelimiter = ";"\n'
        how = mapping(text=MAPPING.replace("[collection]", f"{layout}[collection]"))
        table = a_table(["1", "x", "", "KAZ", "Встреча", CODE], before="a\n\n", delimiter=";")

        found = mended(table.decode().encode("cp1251"), {4: "— no date"}, how)

        assert found.decode("cp1251").splitlines()[:2] == ["", ""]
        assert "Встреча" in found.decode("cp1251")
        [row] = read(found.replace(b";x;", b";11.05.2022;"), how)
        assert row.fields["summary"] == "Встреча"

    def test_needs_no_date_in_the_mapping(self):
        cut = MAPPING[: MAPPING.index("[occurred]")] + MAPPING[MAPPING.index("[[parties]]") :]

        assert cells(mended(a_table(GOOD), {2: "x"}, mapping(text=cut)))[1] == [*GOOD, "x"]

    def test_leaves_days_alone_where_the_mapping_reads_words(self):
        how = mapping(text=MAPPING.replace('formats = ["%d.%m.%Y", "%m/%Y"]', ""))
        book = a_book(HEADER, ["1", date(2022, 5, 11), "", "KAZ", "They meet.", CODE])

        assert cells(mended(book, {2: "x"}, how))[1][1] == "2022-05-11"


class TestUnguarded:
    @given(st.text(alphabet=[*"=+-@\t'a "], max_size=6))
    def test_is_the_way_back(self, text):
        assert unguarded(guarded(text)) == text

    @pytest.mark.parametrize("text", ["'tis", "''", "a", ""])
    def test_leaves_alone_what_nobody_guarded(self, text):
        assert unguarded(text) == text


def test_a_cell_that_a_spreadsheet_would_run_is_kept_from_it():
    refused = InvalidRow(line=2, column="=A1", value="+1", reason="is no day")

    [line] = rejected.lines_of(refused)
    assert line == (2, "'=A1", "'+1", "is no day")
    assert len(line) == len(rejected.COLUMNS)


def test_a_row_has_a_line_for_each_invalid_cell():
    other = InvalidRow(line=2, column="b", value="", reason="is empty")
    refused = InvalidRow(line=2, column="a", value="x", reason="is no day", more=(other,))

    assert rejected.lines_of(refused) == [(2, "a", "x", "is no day"), (2, "b", "", "is empty")]
