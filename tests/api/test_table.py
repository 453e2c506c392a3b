"""The table of pairs in every order, page by page."""

from datetime import date

import pytest
import time_machine

from tests.kit.builders import AT
from tracker.domain.claims import Occurred
from tracker.projections import shifts

pytestmark = pytest.mark.django_db
# A sanction: a step of −.6, at p .65.
SANCTIONED = -0.6 * 0.65


class TestTheTable:
    @pytest.mark.parametrize(
        ("sort", "pairs"),
        [
            ("pair", ["CHN-KAZ", "CHN-RUS", "KAZ-RUS"]),
            ("claims", ["KAZ-RUS", "CHN-KAZ", "CHN-RUS"]),
            ("roots", ["CHN-KAZ", "CHN-RUS", "KAZ-RUS"]),
            ("-last_claim_day", ["CHN-RUS", "CHN-KAZ", "KAZ-RUS"]),
        ],
    )
    def test_comes_in_the_order_that_was_asked_for_page_by_page(self, api, scored, sort, pairs):
        whole = [row["pair"] for row in api.get("pairs/", sort=sort)["results"]]
        paged = [row["pair"] for row in api.pages("pairs/", sort=sort, limit=1)]

        assert whole == paged == pairs

    def test_says_what_a_value_rests_on(self, api, scored):
        (row,) = api.get("pairs/", country="rus", sort="-pair", limit=1)["results"]

        assert row["pair"] == "KAZ-RUS"
        assert row["value"] == pytest.approx(SANCTIONED, abs=0.05)
        assert row["low"] < row["value"] < row["high"]
        assert (row["claims"], row["roots"], row["state_share"]) == (1, 1, 0)
        assert row["last_claim_day"] == "2022-05-11"
        assert row["days_since"] == (AT.date() - date(2022, 5, 11)).days
        assert row["words"].endswith("level never assessed")

    def test_says_by_how_much_a_score_changed(self, api, scored):
        """The sanctions of May 2022, seen on 15 May: all of it in a week and more."""
        shifts.find(today=date(2022, 5, 15))

        (row,) = api.get("pairs/", country="rus", sort="-pair", limit=1)["results"]

        changes = [row[f"change_{days}"] for days in (7, 30, 365)]
        assert changes == pytest.approx([SANCTIONED] * 3, abs=0.05)

    @pytest.mark.parametrize("sort", ["change_30", "-change_30"])
    def test_is_ordered_by_change_page_by_page(self, api, scored, sort):
        """Of the sanctions of a month the largest counts, so that all moved by about as much."""
        shifts.find(today=date(2022, 5, 20))

        paged = [row["pair"] for row in api.pages("pairs/", sort=sort, limit=1)]

        rows = api.get("pairs/")["results"]
        down = sorted(rows, key=lambda row: row["change_30"], reverse=sort.startswith("-"))
        assert paged == [row["pair"] for row in down]

    def test_of_the_past_says_the_same(self, api, scored):
        """As of now, on the same day, from the log alone: each a different change."""
        shifts.find(today=date(2022, 5, 20))
        head = api.get("log/events/", limit=1)["head"]
        now = api.get("pairs/", sort="-change_7", lens="tone")["results"]

        with time_machine.travel("2022-05-20T12:00:00Z"):
            then = api.get("pairs/", sort="-change_7", lens="tone", as_of=head)["results"]

        assert len({one["change_7"] for one in now}) == 3
        for one, other in zip(now, then, strict=True):
            assert one["pair"] == other["pair"]
            for days in (7, 30, 365):
                name = f"change_{days}"
                assert one[name] == pytest.approx(other[name], abs=1e-9)

    def test_is_narrowed_to_fresh_pairs_and_to_those_that_shifted(self, api, desk, catch_up):
        """A pair of long ago, and one with an attack some days before the table's day."""
        desk.asserts("CHN", "KAZ", occurred=Occurred(edtf="2020-01-01"))
        desk.asserts(occurred=Occurred(edtf="2023-02-01"))
        desk.asserts(code="plover-2.0/ASSAULT", occurred=Occurred(edtf="2024-04-25"))
        catch_up()
        shifts.find(today=AT.date())

        fresh = api.get("pairs/", fresh=30, count="exact")
        shifted = api.get("pairs/", shifted=True, count="exact")

        assert [row["pair"] for row in fresh["results"]] == ["KAZ-RUS"]
        assert [row["pair"] for row in shifted["results"]] == ["KAZ-RUS"]
        assert (fresh["count"], shifted["count"]) == (1, 1)
        assert shifted["results"][0]["shift"]
        assert len(api.get("pairs/", fresh=10_000)["results"]) == 2

    def test_does_not_go_on_in_another_order(self, api, scored):
        cursor = api.get("pairs/", sort="value", limit=1)["next"].partition("cursor=")[2]

        problem = api.get("pairs/", expect=400, sort="claims", cursor=cursor)

        assert problem["errors"][0]["pointer"] == "/cursor"
