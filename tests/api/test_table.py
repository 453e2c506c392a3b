"""The table of pairs in every order, page by page."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.builders import AT
from tracker.domain.claims import Occurred

pytestmark = pytest.mark.django_db


MAY = {"from": "2022-05-10", "to": "2022-05-13"}


@pytest.fixture
def scored(desk, catch_up):
    """Three pairs with one, two and three claims, all sanctions, on three days."""
    for number, ends in enumerate([("RUS", "KAZ"), ("CHN", "KAZ"), ("CHN", "RUS")], start=1):
        for _ in range(number):
            desk.asserts(*ends, occurred=Occurred(edtf=f"2022-05-{10 + number}"))
    catch_up()


class TestTheTable:
    @pytest.mark.parametrize(
        ("sort", "pairs"),
        [
            ("pair", ["CHN-KAZ", "CHN-RUS", "KAZ-RUS"]),
            ("-pair", ["KAZ-RUS", "CHN-RUS", "CHN-KAZ"]),
            ("value", ["CHN-RUS", "CHN-KAZ", "KAZ-RUS"]),
            ("-value", ["KAZ-RUS", "CHN-KAZ", "CHN-RUS"]),
            ("claims", ["KAZ-RUS", "CHN-KAZ", "CHN-RUS"]),
            ("-claims", ["CHN-RUS", "CHN-KAZ", "KAZ-RUS"]),
            ("roots", ["CHN-KAZ", "CHN-RUS", "KAZ-RUS"]),
            ("-last_claim_day", ["CHN-RUS", "CHN-KAZ", "KAZ-RUS"]),
        ],
    )
    def test_comes_in_the_order_that_was_asked_for_page_by_page(self, api, scored, sort, pairs):
        whole = [row["pair"] for row in api.get("pairs/", sort=sort)["results"]]
        page, seen = api.get("pairs/", sort=sort, limit=1), []
        while True:
            seen += [row["pair"] for row in page["results"]]
            if page["next"] is None:
                break
            page = api.get(page["next"])

        assert whole == seen == pairs

    def test_says_what_a_value_rests_on(self, api, scored):
        (row,) = api.get("pairs/", country="rus", sort="-pair", limit=1)["results"]

        assert row["pair"] == "KAZ-RUS"
        assert row["value"] == pytest.approx(-0.39)
        assert row["low"] == pytest.approx(row["value"] - 1.645 * row["sd"])
        assert (row["claims"], row["roots"], row["state_share"]) == (1, 1, 0)
        assert row["last_claim_day"] == "2022-05-11"
        assert row["days_since"] == (AT.date() - date(2022, 5, 11)).days
        assert row["words"].startswith("level not anchored; moved")

    def test_agrees_with_the_series_on_its_day(self, api, scored):
        for lens in ("standing", "tone"):
            for row in api.get("pairs/", lens=lens)["results"]:
                day = row["day"]
                series = api.get(f"pairs/{row['pair']}/scores/", lens=lens, to=day, **{"from": day})
                assert series["scores"] == [{name: row[name] for name in series["scores"][0]}]

    def test_is_narrowed_to_a_country_and_counted(self, api, scored):
        found = api.get("pairs/", country="kaz", count="exact")

        assert [row["pair"] for row in found["results"]] == ["CHN-KAZ", "KAZ-RUS"]
        assert found["count"] == 2

    def test_does_not_go_on_in_another_order(self, api, scored):
        cursor = api.get("pairs/", sort="value", limit=1)["next"].partition("cursor=")[2]

        problem = api.get("pairs/", expect=400, sort="claims", cursor=cursor)

        assert problem["errors"][0]["pointer"] == "/cursor"

    def test_asks_the_database_as_often_for_many_as_for_one(self, api, scored):
        def asked(limit):
            with CaptureQueriesContext(connection) as captured:
                assert len(api.get("pairs/", limit=limit)["results"]) == limit
            return len(captured)

        assert asked(1) == asked(3)
