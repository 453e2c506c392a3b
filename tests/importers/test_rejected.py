"""Refused rows as rows of CSV."""

from tracker.imports.formats import rejected
from tracker.imports.formats.base import InvalidRow


def test_a_cell_that_a_spreadsheet_would_run_is_kept_from_it():
    refused = InvalidRow(line=2, column="=A1", value="+1", reason="is no day")

    [line] = rejected.lines_of(refused)
    assert line == (2, "'=A1", "'+1", "is no day")
    assert len(line) == len(rejected.COLUMNS)


def test_a_row_has_a_line_for_each_invalid_cell():
    other = InvalidRow(line=2, column="b", value="", reason="is empty")
    refused = InvalidRow(line=2, column="a", value="x", reason="is no day", more=(other,))

    assert rejected.lines_of(refused) == [(2, "a", "x", "is no day"), (2, "b", "", "is empty")]
