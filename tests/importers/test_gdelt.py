"""Events of GDELT as drafts of claims."""

import pytest

from tests.kit.archive_rows import GDELT_1, GDELT_2, code, gdelt, on, read, tabbed
from tracker.domain.codebooks import CODEBOOKS
from tracker.imports.formats import coded
from tracker.imports.formats import gdelt as gdelt_format
from tracker.imports.formats.drafts import NamedParty, NamedSource


def draft(**cells):
    [found] = read(gdelt_format.GDELT_1, tabbed(gdelt(**cells)))
    return found


class TestADraft:
    def test_is_an_act_of_one_country_to_another(self):
        found = draft()

        assert found.line == 1
        assert found.fields == {
            "kind": "act",
            "key": "564111644",
            "summary": "Kazakhstan to Russia: Make a visit",
            "code": "cameo-1.1b3/042",
            "occurred": {"edtf": "2016-07-28", "basis": "inferred"},
            "note": (
                "GDELT 1.0 event 564111644: KAZAKHSTAN (KAZGOV) to RUSSIA (RUS); mentions 4,"
                " sources 1, articles 4, tone 2.5; at Astana, Aqmola, Kazakhstan [KAZ]"
                " 51.1811 71.4278"
            ),
        }
        assert found.parties == (
            NamedParty(role="initiator", name="KAZ", column="Actor1Code"),
            NamedParty(role="recipient", name="RUS", column="Actor2Code"),
        )
        assert (found.chain, found.citation, found.remarks) == ((), {}, ())

    def test_may_have_no_recipient(self):
        found = draft(Actor2Code="", Actor2Name="", Actor2CountryCode="")

        assert found.fields["summary"] == "Kazakhstan: Make a visit"
        assert found.fields["note"].startswith("GDELT 1.0 event 564111644: KAZAKHSTAN (KAZGOV);")
        assert [one.role for one in found.parties] == ["initiator"]

    def test_says_where_each_field_comes_from(self):
        found = draft()

        assert found.columns == {
            "/code": "EventCode",
            "/occurred": "SQLDATE",
            "/document/url": "SOURCEURL",
            "/document/date": "DATEADDED",
        }
        assert set(found.columns.values()) <= set(found.cells)
        assert {one.column for one in found.parties} <= set(found.cells)
        assert found.cells["Actor1Code"] == "KAZGOV"

    def test_names_a_place_that_is_no_countrys_as_it_stands(self):
        note = draft(ActionGeo_FullName="The Pacific", ActionGeo_CountryCode="OS").fields["note"]

        assert "at The Pacific [FIPS OS] 51.1811" in note

    def test_may_have_no_place_and_no_counts(self):
        found = draft(ActionGeo_FullName="", NumMentions="", NumSources="", NumArticles="")

        assert found.fields["note"].endswith("to RUSSIA (RUS); tone 2.5")

    def test_is_of_its_version(self):
        data = tabbed(gdelt(GDELT_2, DATEADDED="20160729001500"))
        [found] = read(gdelt_format.GDELT_2, data)

        assert found.fields["note"].startswith("GDELT 2.0 event 564111644: ")
        assert found.document["date"] == "2016-07-29"


class TestTheKeyOfADraft:
    """One event, whoever reports it."""

    def test_is_the_same_for_another_story(self):
        assert draft(GLOBALEVENTID="1", SOURCEURL="https://tass.ru/1", NumMentions="9").key == (
            draft().key
        )

    @pytest.mark.parametrize(
        "other",
        [
            on("20160727"),
            {"Actor1Code": "KAZMIL", "Actor1Type1Code": "MIL"},
            code("040") | {"GoldsteinScale": "1.0"},
            {"Actor2Code": "CHN", "Actor2CountryCode": "CHN"},
            {"Actor2Code": "", "Actor2CountryCode": ""},
        ],
    )
    def test_is_another_for_another_event(self, other):
        assert draft(**other).key != draft().key


class TestTheStory:
    def test_is_at_an_address_of_who_has_the_host(self):
        found = draft()

        assert found.publisher == NamedSource(name="inform.kz", column="SOURCEURL")
        assert found.document == {
            "url": "https://www.inform.kz/en/visit_a2930000",
            "date": "2016-07-29",
        }

    def test_may_be_told_by_somebody_without_an_address(self):
        found = draft(SOURCEURL="BBC Monitoring")

        assert found.publisher == NamedSource(name="BBC Monitoring", column="SOURCEURL")
        assert found.document == {
            "title": "BBC Monitoring: stories that GDELT 1.0 took in on 2016-07-29",
            "date": "2016-07-29",
        }

    def test_has_no_date_where_rows_were_added_in_bulk(self):
        assert draft(**on("20130101"), DATEADDED="20130203").document == {
            "url": "https://www.inform.kz/en/visit_a2930000"
        }
        assert draft(SOURCEURL="BBC Monitoring", DATEADDED="20130331").document == {
            "title": "BBC Monitoring: stories that GDELT 1.0 took in on an unknown day"
        }
        assert draft(DATEADDED="20130401").document["date"] == "2013-04-01"
        assert "date" not in draft(DATEADDED="20169999").document

    def test_is_not_named_before_there_were_addresses(self):
        row = gdelt(GDELT_1[:-1], **on("19820102"), DATEADDED="20130203")
        [found] = read(gdelt_format.GDELT_1, tabbed(row))

        assert found.fields["occurred"]["edtf"] == "1982-01-02"
        assert found.publisher == NamedSource(name="GDELT Project", kind="organisation")
        assert found.document == {
            "title": "GDELT 1.0: events of 1982-01-02, from stories that it does not name"
        }

    def test_is_refused_where_its_address_is_none(self):
        refused = draft(SOURCEURL="http://")

        assert (refused.column, refused.value) == ("SOURCEURL", "http://")
        assert refused.reason.startswith("is not an address")


class TestACode:
    @pytest.mark.parametrize(
        "event", [one for one in CODEBOOKS[coded.CAMEO].codes if one[:2] < "21"]
    )
    def test_of_cameo_is_read(self, event):
        found = draft(**code(event))

        assert found.fields["code"] == f"cameo-1.1b3/{event}"
