"""Events of GDELT as drafts of claims."""

import pytest

from tests.importers.archives import GDELT_1, GDELT_2, code, gdelt, on, read, tabbed
from tracker.domain.codebooks import CODEBOOKS
from tracker.importers import coded, gdelt1, gdelt2
from tracker.importers.drafts import NamedParty, NamedSource


def draft(**cells):
    [found] = read(gdelt1.FORMAT, tabbed(gdelt(**cells)))
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

    def test_names_the_sector_that_acts_for_a_country(self):
        found = draft(Actor1Code="KAZMIL", Actor1Type1Code="MIL")

        assert found.fields["summary"] == "Military (Kazakhstan) to Russia: Make a visit"
        assert found.parties[0] == NamedParty(
            role="initiator",
            name="KAZ.MILITARY",
            column="Actor1Code",
            called="Military (Kazakhstan)",
            country="KAZ",
            sector="military",
        )

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
        [found] = read(gdelt2.FORMAT, data)

        assert found.fields["note"].startswith("GDELT 2.0 event 564111644: ")
        assert found.document["date"] == "2016-07-29"


class TestTheKeyOfADraft:
    """One event, whoever reports it."""

    def test_is_the_day_who_did_it_the_act_and_to_whom(self):
        assert draft().key == "2016-07-28 KAZ cameo-1.1b3/042 RUS"

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

    def test_tells_who_acts_from_whom_it_is_done_to(self):
        swapped = draft(
            Actor1Code="RUS",
            Actor1CountryCode="RUS",
            Actor1Type1Code="",
            Actor2Code="KAZ",
            Actor2CountryCode="KAZ",
        )

        assert swapped.key == "2016-07-28 RUS cameo-1.1b3/042 KAZ"


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
        [found] = read(gdelt1.FORMAT, tabbed(row))

        assert found.fields["occurred"]["edtf"] == "1982-01-02"
        assert found.publisher == NamedSource(name="GDELT Project", kind="organisation")
        assert found.document == {
            "title": "GDELT 1.0: events of 1982-01-02, from stories that it does not name"
        }

    def test_is_refused_where_its_address_is_none(self):
        refused = draft(SOURCEURL="http://")

        assert (refused.column, refused.value) == ("SOURCEURL", "http://")
        assert refused.reason.startswith("is no address")


class TestARefusal:
    @pytest.mark.parametrize(
        ("cells", "column", "value", "reason"),
        [
            (
                code("0999"),
                "EventCode",
                "0999",
                "CAMEO 1.1b3 has no code '0999': 0",
            ),
            (
                {"EventCode": "42", "EventBaseCode": "42", "EventRootCode": "4"},
                "EventCode",
                "42",
                "CAMEO 1.1b3 has no code '42': codes keep their leading zero, write 042",
            ),
            (on("20160732"), "SQLDATE", "20160732", "is no day, as 20160729"),
            (
                {"Actor1Code": "", "Actor1CountryCode": "", "Actor1Type1Code": ""},
                "Actor1Code",
                "",
                "is empty: an act needs somebody who acts",
            ),
            (
                {"Actor1CountryCode": "", "Actor1Code": "GOV"},
                "Actor1Code",
                "GOV",
                "has no country, so that nobody is known to speak for one",
            ),
            (
                {"Actor2CountryCode": "EUR", "Actor2Code": "EUR"},
                "Actor2CountryCode",
                "EUR",
                "is Europe, a region: it speaks for no country",
            ),
            (
                {"Actor2Type1Code": "REB", "Actor2Code": "RUSREB"},
                "Actor2Type1Code",
                "REB",
                "stands for rebels, and speaks for no country",
            ),
            (
                {"Actor2Code": "KAZ", "Actor2CountryCode": "KAZ"},
                "Actor2Code",
                "KAZ",
                coded.BOTH_ENDS,
            ),
            (
                code("071") | {"Actor2Code": "", "Actor2CountryCode": ""},
                "EventCode",
                "071",
                coded.ALONE,
            ),
        ],
    )
    def test_names_the_cell_and_the_reason(self, cells, column, value, reason):
        refused, right = read(gdelt1.FORMAT, tabbed(gdelt(**cells), gdelt()))

        assert (refused.line, refused.column, refused.value) == (1, column, value)
        assert refused.reason.startswith(reason)
        assert right.line == 2

    def test_of_a_row_that_is_shifted_is_passed_on(self):
        refused, _ = read(gdelt1.FORMAT, tabbed(gdelt()[1:-1], gdelt()))

        assert refused.reason == "has 56 cells, where a row of this file has 58 or 57"


class TestRemarks:
    @pytest.mark.parametrize(
        ("day", "said"),
        [("20150729", (coded.LATE,)), ("20150730", ()), ("19821231", (coded.LATE,))],
    )
    def test_are_made_of_what_was_added_a_year_late(self, day, said):
        found = draft(**on(day))

        assert found.remarks == said
        assert found.fields["occurred"]["edtf"] == f"{day[:4]}-{day[4:6]}-{day[6:]}"

    def test_are_made_of_another_class_and_value_than_the_code_has(self):
        assert draft(QuadClass="2").remarks == ("has another QuadClass than its code",)
        wrong = ("has another GoldsteinScale than its code",)
        assert draft(GoldsteinScale="1").remarks == wrong
        assert draft(GoldsteinScale="").remarks == wrong

    def test_are_of_gdelts_own_values(self):
        # GDELT's list has −2 for 016, where CAMEO 1.1b3 of ICEWS has −5.
        cells = code("016") | {"EventBaseCode": "016", "QuadClass": "1"}

        assert draft(**cells, GoldsteinScale="-2.0").remarks == ()

    def test_are_none_of_a_code_that_has_no_value_in_gdelts_list(self):
        cells = code("1213") | {"QuadClass": "3", "GoldsteinScale": "-4.0"}

        assert draft(**cells).remarks == ()

    def test_keep_what_the_columns_are_like(self):
        [found] = read(gdelt1.FORMAT, tabbed([*GDELT_1, "month"], [*gdelt(QuadClass="2"), "06"]))

        assert found.remarks == (
            "has a column that is none of GDELT's: month",
            "has another QuadClass than its code",
        )


class TestACode:
    @pytest.mark.parametrize(
        "event", [one for one in CODEBOOKS[coded.CAMEO].codes if one[:2] < "21"]
    )
    def test_of_cameo_is_read(self, event):
        found = draft(**code(event))

        assert found.fields["code"] == f"cameo-1.1b3/{event}"

    def test_keeps_its_leading_zero(self):
        assert draft(**code("010")).fields["code"] == "cameo-1.1b3/010"


class TestTheCollections:
    @pytest.mark.parametrize("form", [gdelt1.FORMAT, gdelt2.FORMAT])
    def test_are_apart_and_graded_as_machine_coded(self, form):
        assert form.collection.name == form.name
        assert (form.collection.coding, form.collection.review) == ("machine", False)
        assert form.collection.default_reliability == "C"
        assert form.collection.default_credibility == 4
