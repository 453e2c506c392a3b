"""Tells of which format a file is; a forced format is that of the file, or the file is refused."""

import gzip
import io
import json

import pytest

from tests.kit.archive_rows import (
    CONSULT,
    EXPULSION,
    GDELT_1,
    GDELT_2,
    ICEWS,
    POLECAT,
    cells,
    gdelt,
    quoted,
    tabbed,
)
from tests.kit.exported_claims import CLAIM
from tracker.imports.formats.packed import BUFFER, BadFile, open_unpacked
from tracker.imports.formats.recognise import FORMATS, forced_format, format_of, format_of_head

WIKIDATA = "office-holders-wikidata"
LIST = tabbed(["date", "subject", "relation", "object"], ["2018-08-29", "China", "Consult", ""])
FINER = gdelt(GDELT_2, DATEADDED="20160729001500")


def test_every_format_is_listed_by_its_name():
    assert all(name == form.name for name, form in FORMATS.items())
    assert list(FORMATS) == [
        *("gdelt-1", "gdelt-2", "icews", "icews-list", "polecat", "claims"),
        *("rivalries", "atop", "cow-disputes", "gml-disputes"),
        *("un-votes", "ucdp-dyads", "ucdp-events", "structural"),
        *("office-holders", "office-holders-wikidata"),
    ]


class TestRecognised:
    @pytest.mark.parametrize(
        ("head", "name"),
        [
            (tabbed(gdelt()), "gdelt-1"),
            (tabbed(gdelt()[:-1]), "gdelt-1"),
            (tabbed(GDELT_1), "gdelt-1"),
            (quoted([*GDELT_1, "month"], [*gdelt(), "06"]), "gdelt-1"),
            (tabbed(FINER), "gdelt-2"),
            (tabbed(GDELT_2), "gdelt-2"),
            (tabbed(ICEWS, cells(ICEWS, CONSULT)), "icews"),
            (LIST, "icews-list"),
            (tabbed(POLECAT, cells(POLECAT, EXPULSION)), "polecat"),
            (json.dumps(CLAIM).encode(), "claims"),
            (b"\n " + json.dumps(CLAIM).encode(), "claims"),
            (b"Name,country,sector,from,to,office\n", "office-holders"),
            (b"person,personLabel,iso3,officeLabel,from,to\n", "office-holders-wikidata"),
            (b'[{"personLabel":"A","iso3":"USA","officeLabel":"x","from":""}]', WIKIDATA),
            (b'{"head":{"vars":["personLabel","iso3","officeLabel","from","to"]}', WIKIDATA),
        ],
        ids=range(15),
    )
    def test_is_the_format_of_what_stands_there(self, head, name):
        assert format_of_head(head).name == name
        assert format_of_head(b"\xef\xbb\xbf" + head).name == name

    def test_is_told_by_one_of_the_first_rows_if_the_first_is_damaged(self):
        assert format_of_head(tabbed(["", "x"], gdelt()[1:], gdelt())).name == "gdelt-1"

    def test_is_told_by_lines_as_they_are_read(self):
        # What Unicode calls an end of a line is not one of a table's.
        row = gdelt(ActionGeo_FullName="Astana\x85Kazakhstan", Actor1Name="KAZ\u2028")

        assert format_of_head(tabbed(row)).name == "gdelt-1"
        assert format_of_head(tabbed(gdelt()).replace(b"\n", b"\r\n")).name == "gdelt-1"

    def test_does_without_a_line_that_is_cut_or_is_no_text(self):
        assert format_of_head(tabbed(gdelt()) + "Türkei".encode()[:2]).name == "gdelt-1"
        assert format_of_head(quoted(GDELT_1, gdelt())[:-9]).name == "gdelt-1"

    @pytest.mark.parametrize(
        ("head", "says"),
        [
            (b"", "it is empty"),
            (b"\n \n\t\n", "it has only blank lines"),
            (
                b"country_en,event_date\nAustralia,2002-10\n",
                "its first line has 2 cells and begins 'country_en,event_date'",
            ),
            (
                b"\n" + b"x" * 100,
                f"its first line has 1 cells and begins '{'x' * 60}'",
            ),
            (b'[{"collection_name": 1}]', "its first line has 1 cells"),
            (b'"not closed', "its first line has 0 cells"),
            (tabbed(["1", *gdelt()]), "its first line has 59 cells and begins '1"),
            (tabbed(FINER[1:]), "its first line has 60 cells"),
        ],
    )
    def test_is_none_of_what_stands_there(self, head, says):
        with pytest.raises(BadFile) as problem:
            format_of_head(head)

        assert str(problem.value).startswith(f"the format of the file is unknown: {says}")
        assert "gdelt-1 (GDELT 1.0 events, of 58 columns" in str(problem.value)
        assert str(problem.value).endswith("Any other table requires a mapping")

    @pytest.mark.parametrize(
        ("head", "says"),
        [
            (
                tabbed(cells(ICEWS, CONSULT)),
                (
                    "nearest: icews, which has 20 columns too, but its first line is not the header"
                    " with Event ID, Event Date, "
                ),
            ),
            (
                tabbed(["2018-08-29", "China", "Consult", "Japan"]),
                (
                    "nearest: icews-list, which has 4 columns too, but its first line is not the"
                    " header with date, subject, relation, object; "
                ),
            ),
            (
                b"date,Subject,relation,target\n",
                "nearest: icews-list, but its header lacks 'object'; ",
            ),
            (
                tabbed([name for name in ICEWS if name not in ("CAMEO Code", "Publisher")]),
                "nearest: icews, but its header lacks 'CAMEO Code', 'Publisher'; ",
            ),
            (
                tabbed([name for name in GDELT_1 if name != "GLOBALEVENTID"]),
                "nearest: gdelt-1, but its header lacks 'GLOBALEVENTID'; ",
            ),
            (b'{"id": 7}', "nearest: claims, but its first line has no `collection_name`; "),
        ],
        ids=range(6),
    )
    def test_is_told_the_nearest_format_and_what_it_lacks(self, head, says):
        with pytest.raises(BadFile) as problem:
            format_of_head(head)

        assert says in str(problem.value)

    def test_is_told_no_format_where_none_is_near(self):
        for head in (b"country,latitude,longitude\n", b"", b"a\n"):
            with pytest.raises(BadFile) as problem:
                format_of_head(head)
            assert "nearest" not in str(problem.value)


class TestRecognise:
    def test_reads_nothing_of_the_file(self):
        file = open_unpacked(io.BytesIO(gzip.compress(LIST)))

        assert format_of(file).name == "icews-list"
        assert file.read() == LIST

    def test_looks_at_no_more_than_the_beginning(self):
        data = tabbed(*[gdelt()] * 1000)
        under = io.BytesIO(data)
        file = open_unpacked(under)

        assert format_of(file).name == "gdelt-1"
        assert under.tell() == BUFFER < len(data)
        assert file.read() == data

    @pytest.mark.parametrize("pack", [bytes, gzip.compress])
    def test_names_the_encoding_of_what_is_not_utf_8(self, pack):
        with pytest.raises(BadFile, match=r"^it is saved as UTF-16: save it as UTF-8$"):
            format_of(open_unpacked(io.BytesIO(pack(LIST.decode().encode("utf-16")))))


THREE = tabbed(
    ["date", "subject", "relation", "object"], *[["2018-08-29", "China", "Consult", "Japan"]] * 3
)
FILES = {
    "gdelt-1": tabbed(*[gdelt()] * 3),
    "gdelt-2": tabbed(gdelt(GDELT_2, DATEADDED="20160729001500")),
    "icews": tabbed(ICEWS, cells(ICEWS, CONSULT)),
    "icews-list": THREE,
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
            force("gdelt-2", THREE)

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
            force("icews-list", THREE.decode().encode("utf-16"))

    def test_knows_none_of_another_name(self):
        with pytest.raises(BadFile, match="there is no format 'acled': known formats: gdelt-1"):
            force("acled", THREE)

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
