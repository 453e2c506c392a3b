"""The packaged tables are read as texts, and are whole; those of pairs have their known figures."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from tests.kit.tables import each
from tracker.domain.facts import FIXTURES, country_called, rows
from tracker.domain.structural import FOLDER, assess, editions, on_record, pair_of

TABLES = sorted(
    (path.parent.name, path.stem)
    for folder in ("reference", "structural")
    for path in (FIXTURES / folder).glob("*.csv")
)


class TestRows:
    def test_are_texts(self):
        assert {row["code"] for row in rows("cameo_goldstein")} >= {"01", "010", "10"}

    @each(("folder", "table"), TABLES)
    def test_have_a_value_in_every_column(self, folder, table):
        found = rows(table, folder)

        assert found
        assert all(None not in row and None not in row.values() for row in found)

    @each(("folder", "table"), TABLES)
    def test_have_their_licence_named(self, folder, table):
        licences = (FIXTURES / folder / "LICENSES.md").read_text(encoding="utf-8")

        assert f"`{table}.csv`" in licences


class TestCountries:
    def test_have_one_code_each(self):
        codes = [row["iso3"] for row in rows("countries")]

        assert len(codes) == len(set(codes)) == 250

    def test_hold_kosovo(self):
        kosovo = next(row for row in rows("countries") if row["iso3"] == "XKX")

        assert (kosovo["name"], kosovo["capital"], kosovo["wikidata"]) == (
            "Kosovo",
            "Pristina",
            "Q1246",
        )

    @pytest.mark.parametrize("name", ["Niger", " niger", "NIGÉR"])
    def test_are_found_by_name(self, name):
        niger = country_called(name)

        assert niger is not None
        assert niger["iso3"] == "NER"

    def test_are_not_found_by_other_words(self):
        assert country_called("Niger Delta") is None


def assessed(pair, as_of=None):
    return assess(on_record(pair), editions(), as_of)


class TestEditions:
    def test_name_publisher_and_last_day(self):
        assert editions()["rivalries"].publisher == "Thompson, Sakuwa & Suhas"
        assert {table: str(one.known_until) for table, one in editions().items()} == {
            "rivalries": "2020-12-31",
            "pacts": "2018-12-31",
            "disputes": "2010-12-31",
            "memberships": "2024-12-31",
        }


class TestPairs:
    def test_have_one_name(self):
        assert pair_of("USA", "CHN") == pair_of("CHN", "USA") == "CHN-USA"

    @each(
        ("pair", "level", "day"),
        [
            ("CHN-USA", -2, "2020-12-31"),
            ("IND-PAK", -6, "2010-12-31"),
            ("GRC-TUR", 0, "2018-12-31"),
            ("KAZ-RUS", 5, "2018-12-31"),
            ("CHN-KAZ", 3, "2018-12-31"),
            ("DEU-FRA", 7, "2020-12-31"),
            ("KAZ-URY", 2, "2018-12-31"),
            ("ARM-AZE", -6, "2010-12-31"),
        ],
    )
    def test_have_the_level_of_their_rung(self, pair, level, day):
        """The pairs that the method names, and one of each other rung."""
        found = assessed(pair)

        assert (found.rung.value, str(found.day)) == (level, day)

    def test_of_china_and_the_united_states_rests_on_its_row(self):
        [row] = assessed("CHN-USA").rows

        assert row == ("rivalries", "No. 211, China-United States 2")

    def test_may_have_had_several_rivalries(self):
        assert assessed("CHN-USA", date(1960, 1, 1)).summary == "Strategic rivals since 1949."
        assert assessed("CHN-USA", date(1985, 1, 1)).name == "pact"


class TestMemberships:
    def members(self, organisation, day):
        return {
            row["country"]
            for row in rows("memberships", FOLDER)
            if row["organisation"] == organisation
            and row["since"] <= day
            and (not row["until"] or day <= row["until"])
        }

    @each(
        ("organisation", "day", "number"),
        [
            # Twelve founders of NATO, six of the Communities, and each enlargement.
            ("NATO", "1949-12-31", 12),
            ("NATO", "2009-12-31", 28),
            ("NATO", "2024-12-31", 32),
            ("EU", "1958-12-31", 6),
            ("EU", "2013-12-31", 28),
            ("EU", "2024-12-31", 27),
        ],
    )
    def test_have_the_known_numbers(self, organisation, day, number):
        assert len(self.members(organisation, day)) == number

    def test_end_with_a_withdrawal(self):
        assert [one.organisation for one in on_record("DEU-GBR").memberships] == ["NATO", "EU"]
        assert on_record("DEU-GBR").memberships[1].until == date(2020, 1, 31)
        assert assessed("GBR-IRL", date(2020, 1, 31)).name == "security-community"
        # ATOP reads the treaty of the Union as a pact of defence.
        assert assessed("GBR-IRL", date(2020, 2, 1)).name == "defence-pact"


def test_tables_name_countries_of_the_reference():
    countries = {row["iso3"] for row in rows("countries")}
    for table in ("rivalries", "pacts_2018", "disputes_1990_2010"):
        for row in rows(table, FOLDER):
            assert {row["country_1"], row["country_2"]} <= countries
    assert {row["country"] for row in rows("memberships", FOLDER)} <= countries


TABLE = rows("memberships", "seed")


def day_after(day):
    return str(date.fromisoformat(day) + timedelta(days=1)) if day else ""


class TestTheTable:
    def test_has_the_members_of_the_structural_table(self):
        """The members of NATO and the European Union, with the same days. In the structural table
        `until` is the last day."""
        structural = {
            (row["organisation"].lower(), row["country"], row["since"], day_after(row["until"]))
            for row in rows("memberships", "structural")
        }
        ours = {
            (row["organisation"], row["country"], row["since"], row["until"])
            for row in TABLE
            if row["organisation"] in ("nato", "eu")
        }

        assert ours == structural

    @each(
        ("organisation", "number"),
        [
            ("un", 193),
            ("african-union", 55),
            ("ecowas", 12),
            ("csto", 6),
            ("eaeu", 5),
            ("sco", 10),
            ("brics", 10),
            ("asean", 11),
            ("gcc", 6),
            ("arab-league", 22),
            ("oic", 57),
            ("commonwealth", 56),
            ("osce", 57),
            ("council-of-europe", 46),
            ("oecd", 38),
            ("caricom", 14),
            ("celac", 33),
            ("sadc", 16),
            ("eac", 8),
            ("efta", 4),
            ("g7", 7),
            ("g20", 19),
        ],
    )
    def test_has_as_many_members_as_each_has(self, organisation, number):
        standing = [
            row["country"]
            for row in TABLE
            if row["organisation"] == organisation and not row["until"] and not row["status"]
        ]

        assert len(standing) == len(set(standing)) == number

    @each(
        ("organisation", "country", "left"),
        [
            ("ecowas", "MLI", "2025-01-29"),
            ("council-of-europe", "RUS", "2022-03-16"),
            ("opec", "QAT", "2019-01-01"),
            ("oas", "NIC", "2023-11-19"),
        ],
    )
    def test_has_departures(self, organisation, country, left):
        [row] = [
            row
            for row in TABLE
            if (row["organisation"], row["country"], row["status"]) == (organisation, country, "")
        ]

        assert row["until"] == left

    def test_has_no_stay_that_overlaps_another_and_no_suspension_of_others(self):
        by_member: dict[tuple[str, str], list[dict[str, str]]] = {}
        for row in TABLE:
            key = (row["organisation"], row["country"])
            by_member.setdefault(key, []).append(row)
        for own in by_member.values():
            stays = sorted((row["since"], row["until"] or "9") for row in own if not row["status"])
            assert stays
            assert all(one[1] <= other[0] for one, other in pairwise(stays))
            for row in own:
                if row["status"]:
                    assert any(since <= row["since"] <= until for since, until in stays)

    def test_has_a_decision_for_each_suspension_that_others_decided(self):
        suspended = [row for row in TABLE if row["status"] == "suspended"]
        undecided = [row for row in suspended if not row["decided"]]

        # Brazil left the meetings of CELAC by itself.
        assert [(row["organisation"], row["country"]) for row in undecided] == [("celac", "BRA")]
        assert all(row["decided"][:7] <= row["since"][:7] for row in suspended)
