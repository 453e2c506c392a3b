"""Refused rows as rows of CSV."""

from tracker.imports.formats import rejected
from tracker.imports.formats.base import Refused


def test_a_cell_that_a_spreadsheet_would_run_is_kept_from_it():
    refused = Refused(line=2, column="=A1", value="+1", reason="is no day")

    assert rejected.row(refused) == (2, "'=A1", "'+1", "is no day")
    assert len(rejected.row(refused)) == len(rejected.COLUMNS)
