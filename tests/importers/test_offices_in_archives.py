"""Persons in office stand for their countries in archives."""

import io
from datetime import date

import pytest

from tests.kit.archive_rows import CONSULT, EXPULSION, ICEWS, POLECAT, cells, tabbed
from tracker.domain.offices import Holder, Office, Offices
from tracker.imports.formats import icews, icews_list, icews_names, polecat
from tracker.imports.formats.base import InvalidRow

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


def raw(**given):
    return only(icews.FORMAT, tabbed(ICEWS, cells(ICEWS, CONSULT | given)))


def coded(**given):
    return only(polecat.FORMAT, tabbed(POLECAT, cells(POLECAT, EXPULSION | given)))


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

    def test_refuses_what_a_country_does_to_itself(self):
        row = listed("2015-07-01", "Barack Obama", "United States")

        assert row.reason.startswith("is also the initiator")

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
            **{
                "Source Name": "Narendra Modi",
                "Source Sectors": "(National) Major Party,Parties,Elite",
                "Source Country": "India",
            }
        )

        assert row.initiators[0].name == "IND"
        assert row.former.draft.initiators[0].name == "IND.PARTY"
        assert row.former.names == ("Narendra Modi",)

    def test_keeps_its_own_sector_out_of_office(self):
        row = raw(
            **{
                "Source Name": "Barack Obama",
                "Source Sectors": "Elite",
                "Source Country": "United States",
            }
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
            **{
                "Source Name": "Barack Obama",
                "Source Sectors": "Criminals / Gangs",
                "Source Country": "United States",
            }
        )

        assert row.reason == "stands for criminals, which represents no country"

    def test_says_all_that_is_invalid_in_a_row_without_a_day(self):
        row = raw(**{"Event Date": "soon", "Source Name": "Narendra Modi", "Source Country": "NA"})

        reasons = {fault.column: fault.reason for fault in row.faults}
        assert list(reasons) == ["Event Date", "Source Name"]
        assert reasons["Source Name"] == icews_names.NO_COUNTRY


class TestPolecat:
    def test_names_the_office_before_its_own_sector(self):
        row = coded(
            **{
                "Actor Name": "Narendra Modi",
                "Actor Country": "IND",
                "Primary Actor Sector": "PTY",
            }
        )

        assert [party.name for party in row.initiators] == ["IND"]
        assert row.former.draft.initiators[0].name == "IND.PARTY"

    def test_refuses_a_person_out_of_office_without_a_sector(self):
        row = coded(
            **{
                "Actor Name": "Barack Obama",
                "Actor Country": "USA",
                "Primary Actor Sector": "None",
            }
        )

        assert (row.column, row.value) == ("Actor Name", "Barack Obama")
        assert row.reason.startswith("has no office on record that day, only USA government")

    def test_keeps_its_own_reason_where_it_has_a_sector(self):
        row = coded(**{"Actor Name": "Barack Obama", "Primary Actor Sector": "REB"})

        assert "which represents no country" in row.reason
