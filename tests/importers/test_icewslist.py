"""Lists made of ICEWS as drafts of claims."""

import pytest

from tests.kit.archive_rows import read, tabbed
from tracker.imports.formats import icews_list
from tracker.imports.formats.drafts import NamedParty, NamedSource

HEADER = ("date", "subject", "relation", "object")
USUAL = {
    "date": "2018-08-29",
    "subject": "Foreign Affairs (Russia)",
    "relation": "Make a visit",
    "object": "Kazakhstan",
}


def file(*rows):
    return tabbed(HEADER, *((USUAL | row).values() for row in rows))


def draft(**row):
    [found] = read(icews_list.FORMAT, file(row))
    return found


class TestADraft:
    def test_is_an_act_of_one_country_to_another(self):
        found = draft()

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
        found = draft()

        assert found.publisher == NamedSource(name="ICEWS", kind="organisation")
        assert found.document == {
            "title": "ICEWS: events of 2018-08-29, from stories that the list does not name",
            "date": "2018-08-29",
        }

    def test_may_be_of_somebody_by_name(self):
        found = draft(subject="Amarinder Singh", object="Media Personnel (India)")

        assert found.parties[0] == NamedParty(
            role="initiator", name="Amarinder Singh", column="subject"
        )
        assert found.fields["summary"] == ("Amarinder Singh to Private media (India): Make a visit")
        assert found.key == "2018-08-29 Amarinder Singh cameo-1.1b3/042 IND.PRIVATE-MEDIA"

    def test_may_have_no_object(self):
        found = draft(object="NA")

        assert [one.role for one in found.parties] == ["initiator"]
        assert found.fields["key"] == "2018-08-29 Foreign Affairs (Russia) 042"
        assert found.fields["note"] == "ICEWS: Foreign Affairs (Russia)"

    def test_keeps_the_name_of_a_row_short(self):
        found = draft(subject="x" * 195)

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
        found = draft(relation=label)

        assert found.fields["code"] == f"cameo-1.1b3/{code}"

    def test_may_lack_a_hyphen(self):
        assert draft(relation="Use as human-shield").fields["code"] == "cameo-1.1b3/184"

    def test_of_a_family_that_no_code_has_is_refused(self):
        assert draft(relation="Fight").reason.startswith("is not a label of CAMEO 1.1b3; ")

    def test_of_another_edition_is_refused_with_what_is_near(self):
        refused = draft(relation="Impose embargo or sanctions")

        assert (refused.column, refused.value) == ("relation", "Impose embargo or sanctions")
        assert refused.reason.startswith(
            "is not a label of CAMEO 1.1b3; nearest: impose embargo, boycott, or sanctions"
        )

    def test_of_no_codebook_is_refused_with_three_examples(self):
        reason = draft(relation="Zzyzx").reason

        assert reason.startswith("is not a label of CAMEO 1.1b3; for example: abduct")
        assert len(reason) < 200


class TestARefusal:
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
        refused, right = read(icews_list.FORMAT, file(row, {}))

        assert (refused.line, refused.column, refused.value) == (2, column, value)
        assert refused.reason == reason
        assert right.line == 3
