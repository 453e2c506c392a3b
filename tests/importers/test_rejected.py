"""Refused rows as rows of CSV."""

from tracker.imports.formats import rejected
from tracker.imports.formats.base import InvalidRow


def test_a_cell_that_a_spreadsheet_would_run_is_kept_from_it():
    refused = InvalidRow(line=2, column="=A1", value="+1", reason="is no day")

    assert rejected.cells_of(refused) == (2, "'=A1", "'+1", "is no day")
    assert len(rejected.cells_of(refused)) == len(rejected.COLUMNS)
