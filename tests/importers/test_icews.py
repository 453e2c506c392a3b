"""Events of ICEWS's yearly files as drafts of claims."""

import pytest

from tests.kit.archive_rows import CONSULT, ICEWS, cells, read, tabbed
from tracker.imports.formats import icews, icews_names
from tracker.imports.formats.drafts import NamedParty, NamedSource

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

    def test_says_where_each_field_comes_from(self):
        found = draft()

        assert found.columns["/code"] == "CAMEO Code"
        assert set(found.columns.values()) <= set(found.cells)
        assert {one.column for one in found.parties} <= set(found.cells)

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
