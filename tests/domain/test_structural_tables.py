"""The tables of rivalries, pacts, disputes and memberships that come with the program."""

from datetime import date

from tests.kit.tables import each
from tracker.domain.facts import rows
from tracker.domain.structural import FOLDER, assess, editions, on_record, pair_of


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
