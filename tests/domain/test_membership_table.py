"""The table of memberships that comes with the seed."""

from datetime import date, timedelta
from itertools import pairwise

from tests.kit.tables import each
from tracker.domain.facts import rows

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
