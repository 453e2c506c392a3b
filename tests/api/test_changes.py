"""Why a score moved, between two days or between two states of knowledge."""

import pytest

from tests.kit.builders import rate
from tracker.domain.claims import Occurred

pytestmark = pytest.mark.django_db

DAY = "2022-05-24"


@pytest.fixture
def still(desk):
    return desk.measures_still_levels()


@pytest.fixture
def regraded(api, desk, catch_up, still):
    """A claim, and then a better grade for its source; gives the claim, and where the grade is."""
    made = api.claims(desk, summary="Russia shut off the oil.")
    catch_up()
    graded = rate(desk.source, "A")
    catch_up()
    return made, graded


def changes(api, **asked):
    return api.get("pairs/KAZ-RUS/changes/", **asked)


def sums(found):
    parts = sum(one["amount"] for one in found["changes"])
    assert parts + found["remainder"] == pytest.approx(found["amount"], abs=1e-9)
    assert found["amount"] == found["after"]["value"] - found["before"]["value"]
    assert abs(found["remainder"]) <= 1e-9


class TestChanges:
    def test_of_knowledge_name_the_event_that_caused_them(self, api, regraded, still):
        made, graded = regraded
        then = {"known_from": graded.position - 1, "known_to": graded.position}

        found = changes(api, day=DAY, lens=still, **then)

        (one,) = found["changes"]
        assert (one["claim"], one["title"], one["because"]) == (
            made["id"],
            "Russia shut off the oil.",
            "events",
        )
        assert one["url"].endswith(f"/claims/{made['id']}/")
        # −.6 in 166 of 256 worlds at C .65, then in 243 at A .95
        assert one["amount"] == pytest.approx(-0.6 * (243 - 166) / 256)
        (cause,) = one["causes"]
        assert cause["event"]["kind"] == "SourceRated"
        assert cause["event"]["position"] == graded.position
        assert cause["event"]["recorded_by"] == "ann"
        assert (cause["about"], cause["name"], cause["reason"]) == (
            "source",
            "The Gazette",
            "its record",
        )
        sums(found)

    def test_tell_the_largest_and_what_the_others_come_to_together(self, api, desk, catch_up):
        for day in ("03-10", "04-20", "05-21"):
            desk.asserts(occurred=Occurred(edtf=f"2022-{day}"))
        catch_up()
        days = {"from": "2022-03-01", "to": "2022-05-21"}
        whole = changes(api, **days)

        found = changes(api, limit=1, **days)

        assert found["changes"] == whole["changes"][:1]
        rest = sum(one["amount"] for one in whole["changes"][1:])
        assert found["others"] == {"claims": 2, "amount": pytest.approx(rest, abs=1e-12)}
        assert whole["others"] == {"claims": 0, "amount": 0}
        assert found["amount"] == whole["amount"]

    @pytest.mark.parametrize(
        ("asked", "pointer", "code"),
        [
            ({}, "/from", "required"),
            ({"from": DAY, "to": "2022-05-01"}, "/from", "order"),
            ({"day": DAY}, "/known_from", "required"),
            ({"known_from": 9, "known_to": 8}, "/known_from", "order"),
            ({"known_from": 10_000}, "/known_from", "not_yet"),
            ({"known_from": 1, "known_to": 10_000}, "/known_to", "not_yet"),
            ({"known_from": 1, "from": DAY}, "/from", "mixed"),
            ({"from": DAY, "as_of": 10_000}, "/as_of", "not_yet"),
        ],
    )
    def test_that_cannot_be_told_are_refused_at_their_parameter(
        self, api, regraded, asked, pointer, code
    ):
        problem = api.get("pairs/KAZ-RUS/changes/", expect=400, **asked)

        (error,) = problem["errors"]
        assert (error["in"], error["pointer"], error["code"]) == ("query", pointer, code)
