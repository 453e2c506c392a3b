"""POLECAT's tables of PLOVER events as drafts of claims."""

import pytest

from tests.kit.archive_rows import EXPULSION, POLECAT, cells, read, tabbed
from tracker.imports.formats import polecat
from tracker.imports.formats.drafts import NamedParty, NamedSource


def file(*rows, header=POLECAT):
    return tabbed(header, *(cells(POLECAT, EXPULSION, **row) for row in rows))


def draft(**row):
    [found] = read(polecat.FORMAT, file({name.replace("_", " "): row[name] for name in row}))
    return found


class TestADraft:
    def test_is_an_act_of_one_country_to_another(self):
        found = draft()

        assert found.line == 2
        assert found.fields == {
            "kind": "act",
            "key": "AFP0020230109ej19000ab_003_r1_p1_x1",
            "summary": "Germany to Russia: Sanction: expel",
            "code": "plover-2.0/SANCTION/expel",
            "occurred": {"edtf": "2023-01-08", "basis": "inferred"},
            "contexts": ["diplomatic", "intelligence"],
            "note": (
                "POLECAT event AFP0020230109ej19000ab_003_r1_p1_x1: Ministry of Foreign Affairs"
                " to Russia; at Berlin DEU 52.52437 13.41053"
            ),
        }
        assert found.parties == (
            NamedParty(role="initiator", name="DEU", column="Actor Country"),
            NamedParty(role="recipient", name="RUS", column="Recipient Country"),
        )
        assert found.key == "2023-01-08 DEU plover-2.0/SANCTION/expel RUS"
        assert found.remarks == ()

    def test_names_where_the_story_is_told(self):
        found = draft()

        assert found.publisher == NamedSource(name="Agence France-Presse", column="Source")
        # One story, whatever of its events the row is.
        assert found.document == {
            "title": (
                "Agence France-Presse: the story that POLECAT numbers AFP0020230109ej19000ab"
            ),
            "date": "2023-01-09",
        }

    def test_may_have_no_recipient_and_no_place(self):
        found = draft(
            Event_Type="protest",
            Event_Mode="None",
            Recipient_Name="None",
            Recipient_Country="None",
            Placename="",
            Country="",
            Latitude="None",
            Longitude="None",
        )

        assert found.fields["code"] == "plover-2.0/PROTEST"
        assert [one.role for one in found.parties] == ["initiator"]
        assert found.fields["note"].endswith("_x1: Ministry of Foreign Affairs")

    def test_leaves_contexts_out_that_plover_does_not_know(self):
        found = draft(Contexts="weather; diplomatic|diplomatic")

        assert found.fields["contexts"] == ["diplomatic"]
        assert found.remarks == ("has a context that PLOVER 2.0 does not have",)
        assert "contexts" not in draft(Contexts="").fields


class TestWhoActs:
    @pytest.mark.parametrize(
        ("country", "sector", "codes"),
        [
            ("DEU", "gov", ["DEU"]),
            ("DEU;FRA", "GOV", ["DEU", "FRA"]),
            ("DEU|FRA|DEU", "LEG", ["DEU.LEGISLATURE", "FRA.LEGISLATURE"]),
            ("Germany", "GOV", ["DEU"]),
            ("Moldova, Republic of", "GOV", ["MDA"]),
        ],
    )
    def test_is_of_each_country_that_is_named(self, country, sector, codes):
        found = draft(Actor_Country=country, Primary_Actor_Sector=sector)

        assert [one.name for one in found.parties[:-1]] == codes

    def test_is_the_state_if_called_as_the_country_is(self):
        found = draft(Actor_Name="Germany", Primary_Actor_Sector="")

        assert found.parties[0].name == "DEU"


class TestARefusal:
    @pytest.mark.parametrize(
        ("row", "column", "value", "reason"),
        [
            (
                {"Actor Name": "Greenpeace", "Actor Country": ""},
                "Actor Country",
                "Greenpeace",
                "has no country that it represents",
            ),
            ({"Actor Country": "IGO"}, "Actor Country", "IGO", "is an unknown country"),
            (
                {"Actor Name": "Olaf Scholz", "Primary Actor Sector": ""},
                "Actor Name",
                "Olaf Scholz",
                polecat.NO_SECTOR,
            ),
            (
                {"Recipient Name": "Somebody", "Primary Recipient Sector": "REB"},
                "Primary Recipient Sector",
                "REB",
                "stands for rebels, which represents no country",
            ),
            ({"Publication Date": ""}, "Publication Date", "", "is not a day such as 2023-01-31"),
            ({"Source": ""}, "Source", "", "is empty: the publisher is unknown"),
            (
                {"Event Mode": "visit"},
                "Event Type",
                "SANCTION/visit",
                "PLOVER's SANCTION has no mode 'visit'; for example: convict, discontinue, expel",
            ),
            ({"Event Type": "FIGHT"}, "Event Type", "FIGHT/expel", "PLOVER 2.0 has no event"),
        ],
    )
    def test_names_the_cell_and_the_reason(self, row, column, value, reason):
        refused, right = read(polecat.FORMAT, file(row, {}))

        assert (refused.line, refused.column, refused.value) == (2, column, value)
        assert refused.reason.startswith(reason)
        assert right.line == 3


class TestColumnsThatWereTakenOut:
    def test_may_still_stand_in_the_header(self):
        header = [*POLECAT[:7], "Headline", "Event Text", *POLECAT[7:]]
        [found] = read(polecat.FORMAT, file({}, header=header))

        assert found.fields["summary"] == "Germany to Russia: Sanction: expel"
