"""Lines of a workbook: text as a person sees it, and what a cell hides."""

import tracemalloc
from datetime import date, datetime, time
from itertools import islice

import openpyxl
import pytest

from tests.kit.workbooks import a_book, altered, saved
from tracker.imports.formats import workbook
from tracker.imports.formats.base import Line
from tracker.imports.formats.packed import BadFile


def lines(data, **given) -> list[Line]:
    return list(workbook.sheet_lines(data, **given))


def cell(value, form=None):
    """What the first cell of a sheet is read as, and whether it is a date by itself."""

    def give_form(sheet):
        sheet["A1"] = value
        if form:
            sheet["A1"].number_format = form

    [line, *_] = lines(a_book([""], then=give_form))
    return line.cells[0], 0 in line.days


class TestACell:
    @pytest.mark.parametrize(
        ("value", "text"),
        [
            (" KAZ ", "KAZ"),
            (5, "5"),
            (0.1 + 0.2, "0.3"),
            (1e20, "1e+20"),
            (True, "TRUE"),
            ("007", "007"),
            (time(3, 4), "03:04:00"),
        ],
    )
    def test_is_text_as_it_is_seen(self, value, text):
        assert cell(value) == (text, False)

    @pytest.mark.parametrize(
        ("value", "form", "edtf"),
        [
            (date(2022, 5, 11), "dd/mm/yyyy", "2022-05-11"),
            (datetime(2022, 5, 11, 23, 59), "yyyy-mm-dd h:mm", "2022-05-11"),  # noqa: DTZ001
            (date(2022, 5, 1), "mmm-yy", "2022-05"),
            (date(2022, 5, 1), '[$-409]mmmm" d. "yyyy', "2022-05"),
            (date(2022, 1, 1), "yyyy", "2022"),
            (date(2022, 5, 1), "mmmm", "2022-05-01"),
        ],
    )
    def test_is_a_date_as_fine_as_it_is_shown(self, value, form, edtf):
        assert cell(value, form) == (edtf, True)

    def test_counts_the_days_of_old_macintoshes(self):
        book = openpyxl.Workbook()
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
        book.active.append([date(2022, 5, 11)])

        assert lines(saved(book))[0].cells == ("2022-05-11",)

    def test_says_that_a_part_of_a_hundred_is_one(self):
        assert cell(0.4, "0%") == ("40%", False)
        assert cell(0.405, "0.0%") == ("40.5%", False)


class TestLines:
    def test_have_the_numbers_of_the_sheet(self):
        def leave_a_gap(sheet):
            sheet["B4"] = "x"

        found = lines(a_book(["day", "who"], then=leave_a_gap))

        assert [(one.number, one.cells) for one in found] == [
            (1, ("day", "who")),
            (2, ()),
            (3, ()),
            (4, ("", "x")),
        ]

    def test_end_where_nothing_follows_but_empty_cells(self):
        def format_below(sheet):
            for place in ("A5", "C1"):
                sheet[place].number_format = "0.00"
            sheet["A6"] = "  "

        found = lines(a_book(["day", "who"], then=format_below))

        assert found[0].cells == ("day", "who")
        assert all(one.blank for one in found[1:])

    def test_do_not_trust_what_the_sheet_says_of_its_size(self):
        data = a_book(["day", "who"], ["2022", "KAZ"])

        found = lines(altered(data, 'ref="A1:B2"', 'ref="A1:A1"'))

        assert [one.cells for one in found] == [("day", "who"), ("2022", "KAZ")]

    def test_take_the_result_of_a_formula(self):
        data = altered(a_book(["=1+1"]), "<v></v>", "<v>2</v>")

        [line] = lines(data)

        assert (line.cells, line.faults) == (("2",), {})

    def test_take_a_formula_that_gives_nothing_for_empty(self):
        data = altered(a_book(["x", '=""']), '<c r="B1">', '<c r="B1" t="str">')

        [line] = lines(data)

        assert (line.cells, line.faults) == (("x",), {})

    def test_say_that_a_formula_was_never_worked_out(self):
        [line] = lines(a_book(["x", "=A1"]))

        assert line.cells == ("x", "")
        assert line.faults[1].startswith("is a formula without a result")

    def test_say_that_a_cell_shows_an_error(self):
        [line] = lines(a_book(["x", "#N/A"]))

        assert line.faults == {1: "is an error of the spreadsheet"}

    def test_say_which_cells_are_merged_away(self):
        data = a_book(
            ["a", "b"], ["KAZ", "x"], ["", "y"], then=lambda sheet: sheet.merge_cells("A2:A3")
        )

        found = lines(data)

        assert [sorted(one.faults) for one in found] == [[], [], [0]]
        assert "is merged into A2" in found[2].faults[0]

    def test_come_before_the_sheet_is_read_to_its_end(self):
        rows = [[str(number), "KAZ"] for number in range(3_000)]
        found = workbook.sheet_lines(altered(a_book(*rows), "</sheetData>", "<"))

        assert [line.cells[0] for line in islice(found, 1_000)] == [one[0] for one in rows[:1_000]]
        with pytest.raises(BadFile, match="the workbook is damaged"):
            list(found)

    def test_are_not_held(self):
        def most(rows: int) -> int:
            found = workbook.sheet_lines(
                a_book(*[["a text", "=1", number] for number in range(rows)])
            )
            tracemalloc.start()
            try:
                assert sum(1 for _ in found) == rows
                return tracemalloc.get_traced_memory()[1]
            finally:
                tracemalloc.stop()

        # A line of three cells takes more than half a kilobyte.
        assert most(3_000) - most(1_000) < 2_000 * 500

    def test_have_formulas_wherever_the_first_of_them_stands(self, monkeypatch):
        monkeypatch.setattr(workbook, "_BYTES", 64)

        *_, last = lines(a_book(*[["x", "y"]] * 99, ["=A1", "y"]))

        assert last.faults[0].startswith("is a formula without a result")


class TestAWorkbook:
    def test_must_name_the_sheet_where_it_has_several(self):
        book = openpyxl.Workbook()
        book.active.title = "Events"
        book.create_sheet("Notes").append(["other"])
        book["Events"].append(["day"])
        data = saved(book)

        with pytest.raises(BadFile, match=r"has several sheets: .* to one of: Events, Notes"):
            lines(data)
        with pytest.raises(BadFile, match=r"no sheet 'Event': .* one of: Events, Notes"):
            lines(data, sheet="Event")
        assert lines(data, sheet="Events")[0].cells == ("day",)

    def test_has_no_several_sheets_where_the_others_are_hidden(self):
        book = openpyxl.Workbook()
        book.active.append(["day"])
        book.create_sheet("Lists").sheet_state = "hidden"

        assert lines(saved(book))[0].cells == ("day",)

    @pytest.mark.parametrize(
        "data",
        [
            b"PK\x03\x04 and nothing",
            a_book(["x"])[:-30],
            altered(a_book(["x"]), "</sheetData>", "<"),
            altered(a_book(["x"]), "<Types", "<Typo", part="[Content_Types].xml"),
        ],
    )
    def test_is_refused_where_it_is_damaged(self, data):
        with pytest.raises(BadFile, match="the workbook is damaged"):
            lines(data)

    def test_may_have_sheets_as_large_as_they_like(self, monkeypatch):
        data = a_book(*[["x" * 100]] * 2_000)
        monkeypatch.setattr(workbook, "MOST_HELD", 100_000)

        assert len(lines(data)) == 2_000

    def test_is_refused_where_it_merges_all_of_a_sheet(self):
        data = a_book(["x"], then=lambda sheet: sheet.merge_cells("A1:B2"))

        with pytest.raises(BadFile, match="more than 250000 cells of the sheet are merged"):
            lines(altered(data, '<mergeCell ref="A1:B2"', '<mergeCell ref="A1:XFD1048576"'))
