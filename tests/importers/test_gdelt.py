"""Events of GDELT as drafts of claims: who acts, what is refused, and what is remarked."""

import pytest

from tests.kit.archive_rows import GDELT_1, GDELT_2, code, gdelt, on, read, tabbed
from tracker.domain.codebooks import CODEBOOKS
from tracker.imports.formats import coded
from tracker.imports.formats import gdelt as gdelt_format
from tracker.imports.formats.coded import SectorActor
from tracker.imports.formats.drafts import NamedParty, NamedSource
from tracker.imports.formats.gdelt import GROUP, NO_COUNTRY, NoGdeltActor, actor_of
from tracker.imports.formats.gdelt_rows import ActorCodes


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


class TestARefusal:
    @pytest.mark.parametrize(
        ("cells", "column", "value", "reason"),
        [
            (
                {"EventCode": "42", "EventBaseCode": "42", "EventRootCode": "4"},
                "EventCode",
                "42",
                "CAMEO 1.1b3 has no code '42': codes keep their leading zero, write 042",
            ),
            (on("20160732"), "SQLDATE", "20160732", "is not a day such as 20160729"),
            (
                {"Actor1Code": "", "Actor1CountryCode": "", "Actor1Type1Code": ""},
                "Actor1Code",
                "",
                "is empty: an act requires an initiator",
            ),
            (
                {"Actor1CountryCode": "", "Actor1Code": "GOV"},
                "Actor1Code",
                "GOV",
                "has no country that it represents",
            ),
            (
                {"Actor2Code": "KAZ", "Actor2CountryCode": "KAZ"},
                "Actor2Code",
                "KAZ",
                coded.SAME_ACTOR,
            ),
            (
                code("071") | {"Actor2Code": "", "Actor2CountryCode": ""},
                "EventCode",
                "071",
                coded.NO_RECIPIENT,
            ),
        ],
    )
    def test_names_the_cell_and_the_reason(self, cells, column, value, reason):
        refused, right = read(gdelt_format.GDELT_1, tabbed(gdelt(**cells), gdelt()))

        assert (refused.line, refused.column, refused.value) == (1, column, value)
        assert refused.reason.startswith(reason)
        assert right.line == 2


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
        [found] = read(
            gdelt_format.GDELT_1, tabbed([*GDELT_1, "month"], [*gdelt(QuadClass="2"), "06"])
        )

        assert found.remarks == (
            "has a column that is not one of GDELT's: month",
            "has another QuadClass than its code",
        )


def heard(code, country="", *types, group="", ethnic="", religion=""):
    one, two, three = (*types, "", "", "")[:3]
    return actor_of(ActorCodes(code, country, group, ethnic, religion, (one, two, three)))


class TestSpeaker:
    @pytest.mark.parametrize(
        ("actor", "expected"),
        [
            (("CHN", "CHN"), SectorActor("CHN", "government")),
            (("CHNGOV", "CHN", "GOV"), SectorActor("CHN", "government")),
            (("CHNEDU", "CHN", "EDU"), SectorActor("CHN", "society")),
            # The first of several roles is whom the story calls the actor.
            (("USAGOVMIL", "USA", "GOV", "MIL"), SectorActor("USA", "government")),
            (("USABUSGOV", "USA", "BUS", "GOV"), SectorActor("USA", "business")),
            (("ROMGOV", "ROM", "GOV"), SectorActor("ROU", "government")),
        ],
    )
    def test_is_a_country_and_a_sector(self, actor, expected):
        assert heard(*actor) == expected

    @pytest.mark.parametrize(
        ("code", "country", "expected"),
        [
            ("KAZMIL", "KAZ", SectorActor("KAZ", "military")),
            # A second country in a code is no role.
            ("KAZROMGOV", "KAZ", SectorActor("KAZ", "government")),
        ],
    )
    def test_has_the_roles_of_its_code_where_no_type_is_said(self, code, country, expected):
        assert heard(code, country) == expected

    @pytest.mark.parametrize(
        ("codes", "given", "expected"),
        [
            (("TURKUR", "TUR"), {"ethnic": "kur"}, "society"),
            (("IRQSHI", "IRQ"), {"religion": "SHI"}, "society"),
            (("TURkurGOV", "TUR", "GOV"), {"ethnic": "kur"}, "government"),
        ],
    )
    def test_is_society_if_it_is_a_people_or_a_faith_without_a_role(self, codes, given, expected):
        [country] = {codes[1]}
        assert heard(*codes, **given) == SectorActor(country, expected)

    def test_is_nobody_where_no_actor_is_named(self):
        assert heard("") is None

    @pytest.mark.parametrize(
        ("codes", "given", "column", "value", "reason"),
        [
            (("IGOUNO", "", "IGO"), {"group": "UNO"}, "Code", "IGOUNO", NO_COUNTRY),
            (("XYZ", "XYZ"), {}, "CountryCode", "XYZ", "is an unknown country"),
            (("AFGTAL", "AFG", "REB"), {"group": "TAL"}, "KnownGroupCode", "TAL", GROUP),
            (
                ("SYRGOVREB", "SYR", "GOV", "REB"),
                {},
                "Type1Code",
                "GOVREB",
                "stands for rebels, which represents no country",
            ),
            (
                ("SYRUAF", "SYR"),
                {},
                "Code",
                "UAF",
                "stands for armed forces of unknown allegiance, which represents no country",
            ),
            (("SYRQQQ", "SYR", "QQQ"), {}, "Type1Code", "QQQ", "is an unknown role"),
        ],
    )
    def test_is_nobody_who_is_no_countrys(self, codes, given, column, value, reason):
        assert heard(*codes, **given) == NoGdeltActor(column, value, reason)
