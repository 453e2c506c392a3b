"""One claim from the POST to the score, back out again, and what was known in between."""

import pytest

from tests.kit.api_client import V1

pytestmark = pytest.mark.django_db

ON = {"from": "2022-05-11", "to": "2022-05-12"}


def value(answer):
    return answer["scores"][0]["value"]


class TestAClaim:
    def test_moves_its_pair_and_is_named_as_the_reason(self, api, desk, catch_up):
        made = api.claims(desk, summary="Russia shut off the oil.")
        catch_up()

        scores = api.get("pairs/KAZ-RUS/scores/", **ON)
        why = api.get("pairs/KAZ-RUS/explanation/", day="2022-05-11")

        # SANCTION/discontinue is −6.0, its step −.6; C is .65: −.39
        assert value(scores) == pytest.approx(-0.39, abs=1e-9)
        assert scores["scored_through"] >= made["position"]
        assert [part["claim"] for part in why["contributions"]] == [made["id"]]
        assert why["contributions"][0]["title"] == "Russia shut off the oil."
        assert why["contributions"][0]["url"].endswith(f"{V1}claims/{made['id']}/")
        amounts = sum(part["amount"] for part in why["contributions"])
        assert why["start"] + amounts == pytest.approx(value(scores), abs=1e-9)
        assert why["value"] == pytest.approx(value(scores), abs=1e-9)

    def test_leaves_no_trace_in_the_score_once_it_is_retracted(self, api, desk, catch_up):
        catch_up()
        before = value(api.get("pairs/KAZ-RUS/scores/", **ON))
        made = api.claims(desk)
        catch_up()
        between = api.get("pairs/KAZ-RUS/scores/", **ON)
        gone = api.post(
            f"claims/{made['id']}/retraction/", {"reason": "a misreading"}, If_Match='"1"'
        )
        catch_up()

        now = api.get("pairs/KAZ-RUS/scores/", **ON)
        then = api.get("pairs/KAZ-RUS/scores/", as_of=made["position"], **ON)
        history = api.get(f"claims/{made['id']}/history/")

        assert value(now) == before
        assert now["scored_through"] >= gone["position"]
        assert value(between) != before
        assert then["scores"] == between["scores"]
        assert (then["as_of"], then["scored_through"]) == (made["position"], made["position"])
        kinds = [step["event"]["kind"] for step in history["events"]]
        assert kinds == ["ClaimAsserted", "ClaimRetracted"]
        assert history["events"][1]["changes"] == [
            {"pointer": "/status", "before": "standing", "after": "retracted"}
        ]
