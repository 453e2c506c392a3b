"""Shifts over the API, and their marks in the table of pairs."""

import pytest

from tests.kit.builders import AT
from tracker import log
from tracker.domain.claims import Occurred
from workers.sweeper import finish, sweep

pytestmark = pytest.mark.django_db
EVER = {"from": "2000-01-01", "to": "2024-05-01"}


@pytest.fixture
def moved(desk):
    """A pair that shifts in June 2022, and one that does two days before today."""
    for ends in (("RUS", "KAZ"), ("CHN", "RUS")):
        desk.asserts(*ends, occurred=Occurred(edtf="2022-01-01"))
    for ends, day in ((("RUS", "KAZ"), "2022-06-01"), (("CHN", "RUS"), "2024-04-29")):
        desk.asserts(*ends, code="plover-2.0/ASSAULT", occurred=Occurred(edtf=day))
    sweep(at=AT)
    finish(at=AT)


class TestShifts:
    def test_are_listed_with_the_claims_that_made_them(self, api, moved):
        found = api.get("shifts/", **EVER)

        newest, june = found["results"]
        assert (newest["pair"], newest["seen"]) == ("CHN-RUS", "2024-04-29")
        days = {name: june[name] for name in ("pair", "start", "seen", "peak")}
        assert days == {
            "pair": "KAZ-RUS",
            "start": "2022-05-31",
            "seen": "2022-06-01",
            "peak": "2022-06-01",
        }
        assert june["claims"][0]["title"] == "Something was done."
        assert june["claims"][0]["url"].endswith(f"/claims/{june['claims'][0]['claim']}/")
        assert june["claims"][0]["because"] == "began"
        parts = [one["amount"] for one in (*june["claims"], june["others"])]
        assert sum(parts, june["rest"]) == pytest.approx(june["amount"], abs=1e-9)
        assert (found["lens"], found["waiting"], found["next"]) == ("standing@1", 0, None)
        assert found["as_of"] == found["scored_through"]

    def test_of_a_past_moment_are_asked_for_by_pair(self, api, moved):
        problem = api.get("shifts/", expect=400, as_of=10, **EVER)
        found = api.get("shifts/", as_of=log.head().position, pair="rus-kaz", **EVER)

        assert problem["errors"][0]["pointer"] == "/pair"
        assert [one["seen"] for one in found["results"]] == ["2022-06-01"]

    def test_of_a_past_moment_are_not_worked_out_over_centuries(self, api, moved):
        asked = {"from": "2022-01-01", "pair": "KAZ-RUS", "as_of": log.head().position}

        problem = api.get("shifts/", expect=400, to="2999-12-31", **asked)

        # from 1 January 2022, the first claim's day
        says = "from 2022-01-01 to 2999-12-31 are 357207 days; at most 80000 are allowed"
        assert problem["errors"][0]["detail"] == says
        assert api.get("shifts/", to="2200-01-01", **asked)["results"] != []


class TestTheTable:
    def test_marks_a_shift_for_two_weeks(self, api, moved):
        found = {one["pair"]: one["shift"] for one in api.get("pairs/")["results"]}

        assert found["KAZ-RUS"] is None
        assert found["CHN-RUS"]["seen"] == "2024-04-29"
        # Violence has a step of −2, at p .65.
        assert found["CHN-RUS"]["amount"] == pytest.approx(-2 * 0.65, abs=0.3)
