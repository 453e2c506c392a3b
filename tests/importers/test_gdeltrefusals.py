"""Rows of GDELT that are refused by name, and what is remarked of others."""

import pytest

from tests.kit.archive_rows import GDELT_1, code, gdelt, on, read, tabbed
from tracker.imports.formats import coded
from tracker.imports.formats import gdelt as gdelt_format


def draft(**cells):
    [found] = read(gdelt_format.GDELT_1, tabbed(gdelt(**cells)))
    return found


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
