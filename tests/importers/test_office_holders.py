"""Tables of office-holders, our own and those of Wikidata.

Persons in office stand for their countries in archives.
"""

import io
import json
import re
from datetime import date
from pathlib import Path

import pytest

from tests.kit.archive_rows import CONSULT, EXPULSION, ICEWS, POLECAT, cells, tabbed
from tracker.domain.offices import Holder, Office, Offices
from tracker.imports.formats import base, icews, icews_list, icews_names, office_holders, polecat
from tracker.imports.formats.base import InvalidRow
from tracker.imports.formats.office_holders import OfficeRow
from tracker.imports.formats.packed import BadFile

HEADER = "name,country,sector,from,to,office,aliases,wikidata"


def rows(*lines, header=HEADER):
    data = "\n".join([header, *lines]).encode()
    return list(office_holders.FORMAT.rows(io.BytesIO(data)))


def faults(line):
    [row] = rows(line)
    assert isinstance(row, InvalidRow)
    return {fault.column: fault.reason for fault in row.faults}


class TestARow:
    def test_is_a_term_of_a_person(self):
        assert rows(
            "John Kerry,USA,government,2013-02-01,2017-01-20,,J. F. Kerry | Kerry,Q22316"
        ) == [
            OfficeRow(
                line=2,
                name="John Kerry",
                aliases=("J. F. Kerry", "Kerry"),
                wikidata="Q22316",
                office=Office("USA", "government", date(2013, 2, 1), date(2017, 1, 20)),
            )
        ]

    def test_requires_five_columns(self):
        [row] = rows("Ri Yong-ho,PRK,government,2016-05,", header=HEADER[: HEADER.index(",office")])

        assert row.office == Office("PRK", "government", date(2016, 5, 1), None)
        assert (row.aliases, row.wikidata) == ((), "")
        with pytest.raises(BadFile, match="no column 'to'"):
            rows("x", header="name,country,sector,from")

    def test_names_a_former_state_on_its_days(self):
        [row] = rows("Mikhail Gorbachev,SUN,government,1990-03-15,1991-12-25,,,")

        assert row.office.country == "SUN"
        assert "means no state" in faults("X Y,SUN,government,2001-01-01,,,,")["country"]

    @pytest.mark.parametrize(
        ("line", "column", "reason"),
        [
            (",USA,government,2001-01-01,,,,", "name", office_holders.NO_NAME),
            ("A B,America,government,2001-01-01,,,,", "country", "is unknown in ISO 3166"),
            ("A B,USA,president,2001-01-01,,,,", "sector", "is not a sector: one of government"),
            ("A B,USA,government,,,,,", "from", office_holders.NO_START),
            ("A B,USA,government,2001-01-01,2003,,,", "to", office_holders.NO_TERM),
            ("A B,USA,government,2001-01-01,2001-01-01,,,", "to", office_holders.ENDS_FIRST),
            ("A B,USA,government,2001-01-01,,,,76", "wikidata", office_holders.NO_ITEM),
        ],
    )
    def test_is_invalid_with_a_cell_that_is(self, line, column, reason):
        found = faults(line)

        assert list(found) == [column]
        assert found[column].startswith(reason)

    def test_names_all_of_its_invalid_cells(self):
        assert list(faults(",Nowhere,king,soon,later,,,one")) == [
            *("from", "to", "country", "sector", "name", "wikidata"),
        ]

    def test_is_invalid_with_fewer_cells_than_the_header(self):
        [row] = rows("A B,USA,government")

        assert "columns are shifted" in row.reason


class TestRowsOfOnePerson:
    def test_have_one_item_of_wikidata(self):
        one, other = rows(
            "A B,USA,government,2001-01-01,,,,Q5", "Ay Bee,GBR,government,2005-01-01,,,,Q5"
        )

        assert one.person == other.person

    def test_have_without_one_a_name_and_a_country(self):
        one, again, elsewhere = rows(
            "A B,USA,government,2001-01-01,2002-01-01,,,",
            "a  b,USA,government,2005-01-01,,,,",
            "A B,GBR,government,2005-01-01,,,,",
        )

        assert one.person == again.person
        assert one.person != elsewhere.person


KERRY = {
    "person": "http://www.wikidata.org/entity/Q22316",
    "personLabel": "John Kerry",
    "iso3": "USA",
    "officeLabel": "foreign minister",
    "from": "2013-02-01T00:00:00Z",
    "fromPrecision": "11",
    "to": "2017-01-01T00:00:00Z",
    "toPrecision": "10",
    "aliases": "John Forbes Kerry|Kerry",
}
VERBOSE = {name: {"type": "literal", "value": text} for name, text in KERRY.items()}
AS_ROW = OfficeRow(
    line=1,
    name="John Kerry",
    aliases=("John Forbes Kerry", "Kerry"),
    wikidata="Q22316",
    # Known to the month, which counts whole.
    office=Office("USA", "government", date(2013, 2, 1), date(2017, 2, 1)),
)


def from_wikidata(*results):
    return list(office_holders.WIKIDATA.rows(io.BytesIO(json.dumps(results).encode())))


class TestAResultOfWikidata:
    @pytest.mark.parametrize(
        ("text", "line"),
        [
            (json.dumps([KERRY]), 1),
            (json.dumps({"head": {"vars": list(KERRY)}, "results": {"bindings": [VERBOSE]}}), 1),
            (f"{','.join(KERRY)}\n{','.join(KERRY.values())}", 2),
            ("\t".join(KERRY) + "\n" + "\t".join(KERRY.values()), 2),
        ],
    )
    def test_is_read_in_each_form(self, text, line):
        found = office_holders.WIKIDATA.rows(io.BytesIO(text.encode()))

        assert list(found) == [AS_ROW._replace(line=line)]

    def test_has_only_whole_characters(self):
        data = json.dumps([KERRY | {"aliases": "x"}]).replace('"x"', '"x\\ud800"')
        [row] = office_holders.WIKIDATA.rows(io.BytesIO(data.encode()))

        assert row.aliases == ("x?",)

    def test_is_a_day_without_a_precision(self):
        [row] = from_wikidata({k: v for k, v in KERRY.items() if "Precision" not in k})

        assert row.office.until == date(2017, 1, 1)

    @pytest.mark.parametrize(
        ("cells", "column", "reason"),
        [
            ({"fromPrecision": "9"}, "from", office_holders.TOO_COARSE),
            ({"to": "http://www.wikidata.org/.well-known/genid/1"}, "to", office_holders.NO_TERM),
            ({"from": ""}, "from", office_holders.NO_START),
            ({"personLabel": "Q22316"}, "name", office_holders.NO_NAME),
            ({"iso3": ""}, "country", "is unknown in ISO 3166"),
        ],
    )
    def test_is_refused_with_a_cell_that_is_invalid(self, cells, column, reason):
        [row] = from_wikidata(KERRY | cells)

        assert row.column == column
        assert row.reason.startswith(reason)

    def test_is_refused_without_an_end_if_a_successor_took_the_office(self):
        former = KERRY | {"to": ""}
        later = KERRY | {"personLabel": "Rex Tillerson", "from": "2017-02-01T00:00:00Z", "to": ""}
        elsewhere = KERRY | {"iso3": "GBR", "from": "2016-07-13T00:00:00Z", "to": ""}
        refused, in_office, other = from_wikidata(former, later, elsewhere)

        assert (refused.column, refused.line) == ("to", 1)
        assert "the office was taken on 2017-02-01" in refused.reason
        assert in_office.office.until is None
        assert other.office.until is None

    @pytest.mark.parametrize("data", ["{", "[1]", "{}", '{"results": 1}', '[{"iso3": 1}, null]'])
    def test_is_no_other_json(self, data):
        with pytest.raises(BadFile, match="query service"):
            list(office_holders.WIKIDATA.rows(io.BytesIO(data.encode())))

    def test_is_read_up_to_a_size(self, monkeypatch):
        monkeypatch.setattr(base, "MOST_BYTES", 10)

        with pytest.raises(BadFile, match="bytes: query fewer"):
            from_wikidata(KERRY)


class TestTheDocumentation:
    PAGE = (Path(__file__).resolve().parents[2] / "docs" / "importing.md").read_text("utf-8")

    def test_has_a_table_that_can_be_imported(self):
        [block] = re.findall(r"^```csv\n(.*?)^```$", self.PAGE, re.MULTILINE | re.DOTALL)
        [row] = office_holders.FORMAT.rows(io.BytesIO(block.encode()))

        assert (row.name, row.office.country, row.wikidata) == ("John Kerry", "USA", "Q22316")

    def test_has_a_query_with_the_columns_that_are_read(self):
        query, foreign_ministers = re.findall(
            r"^```sparql\n(.*?)^```$", self.PAGE, re.MULTILINE | re.DOTALL
        )
        selected, body = query.split("WHERE", 1)

        assert set(re.findall(r"\?(\w+)", selected)) - {"alias"} == set(KERRY)
        # All that is selected is found, by each of the two.
        replaced = re.search(r"  VALUES.*?\?statement \?holder [^\n]*\n", body, re.DOTALL)[0]
        for whole in (body, body.replace(replaced, foreign_ministers)):
            assert set(KERRY) - {"aliases"} <= set(re.findall(r"\?(\w+)", whole))
            assert whole.count("{") == whole.count("}")


OBAMA = Office("USA", "government", date(2009, 1, 20), date(2017, 1, 20))
MODI = Office("IND", "government", date(2014, 5, 26))
LARIJANI = Office("IRN", "legislature", date(2008, 6, 12), date(2020, 5, 28))
KNOWN = Offices(
    Holder(names=(name,), offices=(office,))
    for name, office in (
        ("Barack Obama", OBAMA),
        ("Narendra Modi", MODI),
        ("Ali Larijani", LARIJANI),
    )
)
LIST = ("date", "subject", "relation", "object")


def only(form, data):
    [row] = form.with_offices(KNOWN).rows(io.BytesIO(data))
    return row


def listed(day, subject, object_="Kazakhstan"):
    return only(icews_list.FORMAT, tabbed(LIST, (day, subject, "Make a visit", object_)))


def spaced(given):
    """Cells by the names of columns, which have blanks."""
    return {name.replace("_", " "): cell for name, cell in given.items()}


def raw(**given):
    return only(icews.FORMAT, tabbed(ICEWS, cells(ICEWS, CONSULT | spaced(given))))


def coded(**given):
    return only(polecat.FORMAT, tabbed(POLECAT, cells(POLECAT, EXPULSION | spaced(given))))


class TestAList:
    def test_names_the_country_of_a_person_in_office(self):
        row = listed("2015-07-01", "Obama, Barack")

        assert [party.name for party in row.initiators] == ["USA"]
        assert row.key == "2015-07-01 USA cameo-1.1b3/042 KAZ"
        assert row.summary == "US to Kazakhstan: Make a visit"
        assert row.note == "ICEWS: Obama, Barack to Kazakhstan"

    def test_names_the_sector_of_an_office(self):
        row = listed("2015-07-01", "Kazakhstan", "Ali Larijani")

        [party] = row.recipients
        assert (party.name, party.country, party.sector) == (
            "IRN.LEGISLATURE",
            "IRN",
            "legislature",
        )

    def test_refuses_a_person_out_of_office_and_names_the_terms(self):
        row = listed("2018-09-01", "Barack Obama")

        assert isinstance(row, InvalidRow)
        assert (row.column, row.value) == ("subject", "Barack Obama")
        assert row.reason == (
            "has no office on record that day, only USA government from 2009-01-20 to 2017-01-19"
        )

    def test_leaves_other_names_to_be_looked_up(self):
        row = listed("2015-07-01", "Jo Doe")

        assert row.initiators[0].name == "Jo Doe"
        assert row.former is None

    def test_keeps_how_a_row_was_read_before(self):
        row = listed("2015-07-01", "Barack Obama")

        assert row.former.draft.key == "2015-07-01 Barack Obama cameo-1.1b3/042 KAZ"
        assert row.former.names == ("Barack Obama",)


class TestIcews:
    def test_names_the_office_before_the_sector_that_it_lists(self):
        row = raw(
            Source_Name="Narendra Modi",
            Source_Sectors="(National) Major Party,Parties,Elite",
            Source_Country="India",
        )

        assert row.initiators[0].name == "IND"
        assert row.former.draft.initiators[0].name == "IND.PARTY"
        assert row.former.names == ("Narendra Modi",)

    def test_keeps_its_own_sector_out_of_office(self):
        row = raw(
            Source_Name="Barack Obama", Source_Sectors="Elite", Source_Country="United States"
        )

        assert row.initiators[0].name == "USA.SOCIETY"
        assert row.former is None

    @pytest.mark.parametrize("missing", ["Source Sectors", "Source Country"])
    def test_counts_a_person_without_country_or_sector_by_the_office(self, missing):
        given = {"Source Name": "Barack Obama", "Source Country": "United States", missing: "NA"}
        early = {"Event Date": "2015-06-01", "Source Sectors": "NA"}

        assert raw(**given | early).initiators[0].name == "USA"
        assert raw(**given | early).former is None
        assert raw(**given | {"Source Sectors": "NA"}).reason.startswith(
            "has no office on record that day"
        )

    def test_gives_its_own_reason_for_who_represents_nobody(self):
        row = raw(
            Source_Name="Barack Obama",
            Source_Sectors="Criminals / Gangs",
            Source_Country="United States",
        )

        assert row.reason == "stands for criminals, which represents no country"

    def test_says_all_that_is_invalid_in_a_row_without_a_day(self):
        row = raw(Event_Date="soon", Source_Name="Narendra Modi", Source_Country="NA")

        reasons = {fault.column: fault.reason for fault in row.faults}
        assert list(reasons) == ["Event Date", "Source Name"]
        assert reasons["Source Name"] == icews_names.NO_COUNTRY


class TestPolecat:
    def test_names_the_office_before_its_own_sector(self):
        row = coded(Actor_Name="Narendra Modi", Actor_Country="IND", Primary_Actor_Sector="PTY")

        assert [party.name for party in row.initiators] == ["IND"]
        assert row.former.draft.initiators[0].name == "IND.PARTY"

    def test_refuses_a_person_out_of_office_without_a_sector(self):
        row = coded(Actor_Name="Barack Obama", Actor_Country="USA", Primary_Actor_Sector="None")

        assert (row.column, row.value) == ("Actor Name", "Barack Obama")
        assert row.reason.startswith("has no office on record that day, only USA government")

    def test_keeps_its_own_reason_where_it_has_a_sector(self):
        row = coded(Actor_Name="Barack Obama", Primary_Actor_Sector="REB")

        assert "which represents no country" in row.reason
