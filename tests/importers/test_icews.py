"""Events of ICEWS's yearly files and of lists made of them, as drafts of claims, and who acts."""

import pytest

from tests.kit.archive_rows import CONSULT, ICEWS, cells, read, tabbed
from tracker.imports.formats import icews, icews_list, icews_names
from tracker.imports.formats.coded import NamedActor, SectorActor
from tracker.imports.formats.drafts import NamedParty, NamedSource
from tracker.imports.formats.icews_names import (
    NO_COUNTRY,
    NO_SECTOR,
    NoIcewsActor,
    actor_named,
    actor_of,
    split_sectors,
)

NOBODY = {"Target Name": "NULL", "Target Sectors": "NULL", "Target Country": "NULL"}


def file(*rows: dict[str, str]) -> bytes:
    return tabbed(ICEWS, *(cells(ICEWS, CONSULT, **row) for row in rows))


def draft(**row):
    [found] = read(icews.FORMAT, file({name.replace("_", " "): row[name] for name in row}))
    return found


class TestADraft:
    def test_is_an_act_of_one_country_to_another(self):
        found = draft()

        assert found.line == 2
        assert found.fields == {
            "kind": "act",
            "key": "32889836 2018-06-01",
            "summary": "Bangladesh to Military (Vietnam): Consult",
            "code": "cameo-1.1b3/040",
            "occurred": {"edtf": "2018-06-01", "basis": "publication"},
            "note": (
                "ICEWS event 32889836: Foreign Affairs (Bangladesh) to High Ranking Military"
                " Personnel (Vietnam); at Hanoi, Thanh Pho Ha Noi, Vietnam 21.0245 105.841"
            ),
        }
        assert found.parties == (
            NamedParty(role="initiator", name="BGD", column="Source Name"),
            NamedParty(
                role="recipient",
                name="VNM.MILITARY",
                column="Target Name",
                actor_name="Military (Vietnam)",
                country="VNM",
                sector="military",
            ),
        )
        assert found.remarks == ()

    def test_names_where_the_story_is_told(self):
        found = draft()

        publisher = "Vietnam News Agency Bulletin"
        assert found.publisher == NamedSource(name=publisher, column="Publisher")
        assert found.document == {
            "title": f"{publisher}: the story that ICEWS numbers 47400351",
            "date": "2018-06-01",
        }
        assert found.citation == {"locator": "sentence 2"}
        assert draft(Sentence_Number="").citation == {}

    def test_may_have_no_target_and_no_place(self):
        place = dict.fromkeys(("City", "Province", "Country"), "NA")
        [found] = read(icews.FORMAT, file(NOBODY | place))

        assert [one.role for one in found.parties] == ["initiator"]
        assert found.fields["note"] == "ICEWS event 32889836: Foreign Affairs (Bangladesh)"

    def test_says_a_place_once_that_is_called_as_its_province(self):
        assert "; at Hanoi, Vietnam 21" in draft(Province="Hanoi").fields["note"]

    def test_remarks_another_value_than_the_code_has(self):
        said = ("has another Intensity than its code",)

        assert draft(Intensity="1.0").remarks == ()
        assert draft(Intensity="-2").remarks == said
        assert draft(Intensity="NULL").remarks == said


class TestAnEventsId:
    """It is not unique, and the same event has others on other lines."""

    def test_names_a_row_with_its_day(self):
        keys = [draft(Event_Date=day).fields["key"] for day in ("2018-06-01", "2018-06-02")]

        assert keys == ["32889836 2018-06-01", "32889836 2018-06-02"]

    def test_makes_no_difference_to_what_happened(self):
        again = draft(Event_ID="1", Story_ID="2", Publisher="Xinhua", Sentence_Number="7")

        assert again.key == draft().key == "2018-06-01 BGD cameo-1.1b3/040 VNM.MILITARY"


class TestARefusal:
    @pytest.mark.parametrize(
        ("row", "column", "value", "reason"),
        [
            (
                {"CAMEO Code": "40"},
                "CAMEO Code",
                "40",
                "CAMEO 1.1b3 has no code '40': codes keep their leading zero, write 040",
            ),
            (
                # What an older edition calls so.
                {"CAMEO Code": "163", "Event Text": "Halt negotiations"},
                "Event Text",
                "Halt negotiations",
                icews.OTHER_EDITION,
            ),
            (
                {"Source Country": "NULL"},
                "Source Name",
                "Foreign Affairs (Bangladesh)",
                icews_names.NO_COUNTRY,
            ),
            (
                {"Target Sectors": "NULL"},
                "Target Name",
                "High Ranking Military Personnel (Vietnam)",
                icews_names.NO_SECTOR,
            ),
            ({"Publisher": ""}, "Publisher", "", "is empty: the publisher is unknown"),
        ],
    )
    def test_names_the_cell_and_the_reason(self, row, column, value, reason):
        refused, right = read(icews.FORMAT, file(row, {}))

        assert (refused.line, refused.column, refused.value) == (2, column, value)
        assert refused.reason == reason
        assert right.line == 3


class TestALabel:
    @pytest.mark.parametrize("label", ["consult", "", "NULL"])
    def test_may_be_in_other_letters_or_absent(self, label):
        assert draft(Event_Text=label).fields["code"] == "cameo-1.1b3/040"


HEADER = ("date", "subject", "relation", "object")
USUAL = {
    "date": "2018-08-29",
    "subject": "Foreign Affairs (Russia)",
    "relation": "Make a visit",
    "object": "Kazakhstan",
}


def list_file(*rows):
    return tabbed(HEADER, *((USUAL | row).values() for row in rows))


def listed(**row):
    [found] = read(icews_list.FORMAT, list_file(row))
    return found


class TestARowOfAList:
    def test_is_an_act_of_one_country_to_another(self):
        found = listed()

        assert found.line == 2
        assert found.fields == {
            "kind": "act",
            "key": "2018-08-29 Foreign Affairs (Russia) 042 Kazakhstan",
            "summary": "Russia to Kazakhstan: Make a visit",
            "code": "cameo-1.1b3/042",
            "occurred": {"edtf": "2018-08-29", "basis": "publication"},
            "note": "ICEWS: Foreign Affairs (Russia) to Kazakhstan",
        }
        assert found.parties == (
            NamedParty(role="initiator", name="RUS", column="subject"),
            NamedParty(role="recipient", name="KAZ", column="object"),
        )
        assert found.key == "2018-08-29 RUS cameo-1.1b3/042 KAZ"
        assert found.cells == USUAL

    def test_is_told_by_stories_that_are_not_named(self):
        found = listed()

        assert found.publisher == NamedSource(name="ICEWS", kind="organisation")
        assert found.document == {
            "title": "ICEWS: events of 2018-08-29, from stories that the list does not name",
            "date": "2018-08-29",
        }

    def test_may_be_of_somebody_by_name(self):
        found = listed(subject="Amarinder Singh", object="Media Personnel (India)")

        assert found.parties[0] == NamedParty(
            role="initiator", name="Amarinder Singh", column="subject"
        )
        assert found.fields["summary"] == ("Amarinder Singh to Private media (India): Make a visit")
        assert found.key == "2018-08-29 Amarinder Singh cameo-1.1b3/042 IND.PRIVATE-MEDIA"

    def test_may_have_no_object(self):
        found = listed(object="NA")

        assert [one.role for one in found.parties] == ["initiator"]
        assert found.fields["key"] == "2018-08-29 Foreign Affairs (Russia) 042"
        assert found.fields["note"] == "ICEWS: Foreign Affairs (Russia)"

    def test_keeps_the_name_of_a_row_short(self):
        found = listed(subject="x" * 195)

        assert found.fields["key"] == f"2018-08-29 {'x' * 189}"


class TestARelation:
    @pytest.mark.parametrize(
        ("label", "code"),
        [
            ("Make statement", "010"),
            ("Impose embargo, boycott, or sanctions", "163"),
            # The label of its family, in capitals, too.
            ("Provide aid", "070"),
            ("Engage in mass killings", "202"),
        ],
    )
    def test_is_the_label_of_a_code(self, label, code):
        found = listed(relation=label)

        assert found.fields["code"] == f"cameo-1.1b3/{code}"

    def test_may_lack_a_hyphen(self):
        assert listed(relation="Use as human-shield").fields["code"] == "cameo-1.1b3/184"

    def test_of_a_family_that_no_code_has_is_refused(self):
        assert listed(relation="Fight").reason.startswith("is not a label of CAMEO 1.1b3; ")

    def test_of_another_edition_is_refused_with_what_is_near(self):
        refused = listed(relation="Impose embargo or sanctions")

        assert (refused.column, refused.value) == ("relation", "Impose embargo or sanctions")
        assert refused.reason.startswith(
            "is not a label of CAMEO 1.1b3; nearest: impose embargo, boycott, or sanctions"
        )

    def test_of_no_codebook_is_refused_with_three_examples(self):
        reason = listed(relation="Zzyzx").reason

        assert reason.startswith("is not a label of CAMEO 1.1b3; for example: abduct")
        assert len(reason) < 200


class TestARefusedRow:
    @pytest.mark.parametrize(
        ("row", "column", "value", "reason"),
        [
            ({"subject": ""}, "subject", "", "is empty: an act requires an initiator"),
            (
                {"subject": "United Nations"},
                "subject",
                "United Nations",
                "is an organisation of states: it represents no country",
            ),
            (
                {"object": "Militant (Taliban)"},
                "object",
                "Militant (Taliban)",
                "names a place that is an unknown country",
            ),
        ],
    )
    def test_names_the_cell_and_the_reason(self, row, column, value, reason):
        refused, right = read(icews_list.FORMAT, list_file(row, {}))

        assert (refused.line, refused.column, refused.value) == (2, column, value)
        assert refused.reason == reason
        assert right.line == 3


ARMED = "stands for people who are armed, criminal or exiled, which represents no country"


class TestNamedWithSectors:
    """Somebody whose country and sectors stand beside the name."""

    @pytest.mark.parametrize(
        ("name", "country", "sectors", "expected"),
        [
            ("Russia", "Russian Federation", "", SectorActor("RUS", "government")),
            (
                "Foreign Affairs (Bangladesh)",
                "Bangladesh",
                "Executive,Foreign Ministry,Government",
                SectorActor("BGD", "government"),
            ),
            (
                "Citizen (Palestinian Territory, Occupied)",
                "Occupied Palestinian Territory",
                "Social,General Population / Civilian / Social",
                SectorActor("PSE", "society"),
            ),
            ("Georgia", "United States", "Government,Provincial", SectorActor("USA", "government")),
        ],
    )
    def test_speaks_for_the_country_from_a_sector(self, name, country, sectors, expected):
        assert actor_of(name, country, sectors) == expected

    @pytest.mark.parametrize(
        ("name", "country", "sectors", "reason"),
        [
            ("European Union", "", "Regional,Regional Diplomatic IGOs", NO_COUNTRY),
            ("Crimea", "Ukraine", "", NO_SECTOR),
            ("Kathleen Wynne", "Canada", "", NO_SECTOR),
            # What is called as a country is, in another one.
            ("Georgia", "United States", "", NO_SECTOR),
            (
                "Criminal (India)",
                "India",
                "Social,Criminals / Gangs",
                "stands for criminals, which represents no country",
            ),
            ("Romani", "Romania", "Gypsy", "has no known role"),
        ],
    )
    def test_speaks_for_none_with_the_reason(self, name, country, sectors, reason):
        found = actor_of(name, country, sectors)

        assert isinstance(found, NoIcewsActor)
        assert str(found) == reason


class TestTold:
    """Somebody of whom there is but the name."""

    @pytest.mark.parametrize(
        ("name", "expected"),
        [
            ("China", SectorActor("CHN", "government")),
            ("Media Personnel (Afghanistan)", SectorActor("AFG", "private media")),
            ("Citizen (Palestinian Territory, Occupied)", SectorActor("PSE", "society")),
            ("Priest (Holy See (Vatican City State))", SectorActor("VAT", "society")),
            (
                "Citizen (Lawmaker) (Govt) (Palestinian Territory, Occupied)",
                SectorActor("PSE", "society"),
            ),
            ("Amarinder Singh", NamedActor("Amarinder Singh")),
            ("Smith (junior) of Kent", NamedActor("Smith (junior) of Kent")),
            ("Kent)", NamedActor("Kent)")),
            ("(Israel)", NamedActor("(Israel)")),
        ],
    )
    def test_is_a_country_or_a_role_in_one_or_is_looked_up(self, name, expected):
        assert actor_named(name) == expected

    @pytest.mark.parametrize(
        ("name", "reason"),
        [
            ("Scotland", "is a part of the United Kingdom: it represents no country"),
            (
                "Thief (India)",
                f"has a role that {ARMED}",
            ),
            ("Tyrant (India)", "has a role that is an unknown role"),
            ("Citizen (Thief) (India)", f"has a role that {ARMED}"),
            (f"Citizen{' (Govt)' * 5} (India)", "has a role that is an unknown role"),
            ("Govt) (Citizen) (India)", "has a role that is an unknown role"),
            ("Militant (Taliban)", "names a place that is an unknown country"),
        ],
    )
    def test_is_nobody_who_is_no_countrys(self, name, reason):
        found = actor_named(name)

        assert isinstance(found, NoIcewsActor)
        assert str(found) == reason


def test_sectors_are_set_apart_by_commas_outside_parentheses():
    assert split_sectors("Parties, (National) Major Party,Party (In, Out)") == [
        "Parties",
        "(National) Major Party",
        "Party (In, Out)",
    ]
