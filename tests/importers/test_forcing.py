"""A format that is forced is that of the file, or the file is refused whole."""

import gzip
import io
import json

import pytest

from tests.kit.archive_rows import (
    CONSULT,
    EXPULSION,
    GDELT_2,
    ICEWS,
    POLECAT,
    cells,
    gdelt,
    tabbed,
)
from tests.kit.exported_claims import CLAIM
from tracker.imports.formats.packed import BadFile
from tracker.imports.formats.recognise import forced_format

LIST = tabbed(
    ["date", "subject", "relation", "object"], *[["2018-08-29", "China", "Consult", "Japan"]] * 3
)
FILES = {
    "gdelt-1": tabbed(*[gdelt()] * 3),
    "gdelt-2": tabbed(gdelt(GDELT_2, DATEADDED="20160729001500")),
    "icews": tabbed(ICEWS, cells(ICEWS, CONSULT)),
    "icews-list": LIST,
    "polecat": tabbed(POLECAT, cells(POLECAT, EXPULSION)),
    "claims": json.dumps(CLAIM).encode(),
}
# A line that no archive has.
DAMAGED = ["x", ""]


def force(name: str, data: bytes) -> str:
    return forced_format(name, io.BytesIO(data)).name


class TestForced:
    @pytest.mark.parametrize("name", FILES)
    def test_takes_a_file_of_the_format(self, name):
        assert force(name, FILES[name]) == name
        assert force(name, gzip.compress(FILES[name])) == name

    @pytest.mark.parametrize("name", FILES)
    @pytest.mark.parametrize("other", FILES)
    def test_refuses_a_file_of_another_and_says_of_which_it_is(self, name, other):
        if name == other:
            return
        with pytest.raises(BadFile, match=f"^it is not {name}: ") as problem:
            force(name, FILES[other])

        assert f"; it looks like {other} (" in str(problem.value)

    def test_says_why_its_rows_are_none(self):
        with pytest.raises(BadFile) as problem:
            force("gdelt-2", LIST)

        assert str(problem.value) == (
            "it is not gdelt-2: 4 of its first 4 rows are invalid (has 4 cells instead of 61"
            " or 60); it looks like icews-list (a list made from ICEWS: date, subject, relation,"
            " object)"
        )

    def test_says_what_stands_in_a_file_that_is_of_no_format(self):
        with pytest.raises(BadFile, match=r"\); its first line has 2 cells and begins 'a,b'$"):
            force("gdelt-1", b"a,b\n1,2\n")

    def test_refuses_an_empty_file(self):
        with pytest.raises(BadFile, match=r"^it is not gdelt-1: it is empty$"):
            force("gdelt-1", b"")

    def test_names_the_encoding_of_what_is_not_utf_8(self):
        with pytest.raises(BadFile, match=r"^it is saved as UTF-16: save it as UTF-8$"):
            force("icews-list", LIST.decode().encode("utf-16"))

    def test_knows_none_of_another_name(self):
        with pytest.raises(BadFile, match="there is no format 'acled': known formats: gdelt-1"):
            force("acled", LIST)

    def test_takes_a_file_whose_first_lines_are_damaged(self):
        assert force("gdelt-1", tabbed(*[DAMAGED] * 99, gdelt())) == "gdelt-1"

    def test_refuses_a_file_of_which_nearly_no_row_fits(self):
        with pytest.raises(BadFile, match="100 of its first 101 rows are invalid"):
            force("gdelt-1", tabbed(*[DAMAGED] * 100, gdelt()))

    def test_looks_at_no_more_than_the_first_rows(self):
        with pytest.raises(BadFile, match="1000 of its first 1000 rows"):
            force("gdelt-1", tabbed(*[DAMAGED] * 1_000, *[gdelt()] * 9_000))

    def test_takes_a_file_that_is_of_it_however_many_rows_are_refused(self):
        # Who acts in himself speaks of no two countries.
        inside = gdelt(Actor2Code="KAZ", Actor2Name="KAZAKHSTAN", Actor2CountryCode="KAZ")

        assert force("gdelt-1", tabbed(*[inside] * 300)) == "gdelt-1"
