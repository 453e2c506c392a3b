"""The invalid cells of a row are collected, each once."""

import gc
import io

import pytest

from tests.kit.archive_rows import gdelt, tabbed
from tests.kit.mapping_texts import MAPPING
from tracker.imports.formats import generic, mappings
from tracker.imports.formats.base import BadCell
from tracker.imports.formats.faults import MOST_FAULTS, Faults
from tracker.imports.formats.recognise import FORMATS


def invalid(column: str, reason: str = "is wrong") -> BadCell:
    return BadCell(column, "x", reason)


class TestFaults:
    def test_are_each_column_once_and_at_most_twenty(self):
        faults = Faults()
        for n in range(30):
            faults.add(invalid(f"c{n}"))
            faults.add(invalid(f"c{n}", "is wrong again"))

        row = faults.in_one().at_line(7)

        assert len(row.faults) == MOST_FAULTS
        assert [fault.column for fault in row.faults[:2]] == ["c0", "c1"]
        assert {(fault.line, fault.reason) for fault in row.faults} == {(7, "is wrong")}

    def test_have_no_column_where_they_are_of_the_whole_row(self):
        faults = Faults()
        for reason in ("one", "two", "two"):
            faults.add(invalid("", reason))

        assert faults.in_one().at_line(1).complaints == "one; two"

    def test_of_a_read_leave_a_default_and_the_pointers_without_a_value(self):
        faults = Faults()

        def fail() -> int:
            raise invalid("c")

        assert faults.read(lambda: 5, 0, "/a") == 5
        assert not faults
        assert faults.read(fail, 0, "/b", "/c") == 0
        assert faults.unread == ["/b", "/c"]

    def test_have_reasons_of_a_limited_length(self):
        assert len(invalid("c", "y" * 5_000).at_line(1).reason) == 1_000


def columns(name: str, data: bytes) -> list[list[str]]:
    rows = FORMATS[name].read(io.BytesIO(data))
    return [[fault.column for fault in row.faults] for row in rows]


class TestARowOfAnArchive:
    @pytest.mark.parametrize(
        ("name", "data", "found"),
        [
            (
                "gdelt-1",
                tabbed(
                    gdelt(
                        SQLDATE="20160799",
                        MonthYear="201607",
                        Actor1Code="UN",
                        Actor1CountryCode="",
                    )
                ),
                ["SQLDATE", "Actor1Code"],
            ),
            (
                "icews-list",
                b"date\tsubject\trelation\tobject\nsoon\t\tZzz\tEuropean Union\n",
                ["date", "relation", "subject", "object"],
            ),
        ],
    )
    def test_is_refused_for_all_of_its_cells(self, name, data, found):
        assert columns(name, data) == [found]

    def test_is_freed_as_soon_as_it_is_done_with(self):
        """An import seldom collects garbage, so that cycles would fill the memory."""
        row = gdelt(SQLDATE="20160799", MonthYear="201607", Actor1Code="UN", Actor1CountryCode="")
        columns("gdelt-1", tabbed(row))
        gc.collect()

        columns("gdelt-1", tabbed(*[row] * 50))

        assert gc.collect() == 0


class TestARowOfATable:
    def test_is_refused_for_all_of_its_cells_with_what_could_be_read(self):
        header = ["sort", "side", "what", "tags", "sum", "day", "who", "whom", "url", "published"]
        header += ["sure", "wire", "origin"]
        row = ["visit", "", "x", "a", "5", "soon", "", "RUS", "nowhere", "never", "high", "", ""]
        data = ",".join(header) + "\n" + ",".join(row) + "\n"

        [refused] = generic.read(data.encode(), mappings.read(MAPPING))

        assert [fault.column for fault in refused.faults] == [
            "day",
            "published",
            "sure",
            "who",
            "url",
        ]
        assert refused.draft.fields["summary"] == "x"
        assert [party.name for party in refused.draft.parties] == ["RUS"]
        assert set(refused.unread) == {
            "/occurred",
            "/document/date",
            "/citations/0/credibility",
            "/parties",
            "/document/source",
        }
