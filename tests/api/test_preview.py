"""What a draft would do, asked without writing anything."""

from datetime import UTC, datetime

import pytest

from tests.kit.api_client import a_body, api_with
from tracker import log

pytestmark = pytest.mark.django_db

PREVIEW = "claims/preview/"


def preview(api, desk, expect=200, **given):
    return api.post(PREVIEW, a_body(desk, **given), expect=expect)


class TestAPreview:
    def test_says_from_which_score_to_which(self, api, desk, catch_up):
        catch_up()

        found = preview(api, desk)

        moves = {(one["lens"], one["direction"]): one for one in found["moves"]}
        own, today = moves["standing@1", "KAZ-RUS"]["on"]
        assert own["day"] == "2022-05-11"
        assert own["before"]["value"] == 0
        assert own["after"]["value"] == pytest.approx(-0.39)
        assert today["after"]["value"] == pytest.approx(-0.39)
        assert today["day"] == str(datetime.now(UTC).date())
        assert ("tone@1", "RUS>KAZ") in moves
        assert found["left_out"] == 0

    def test_says_how_sure_it_would_be_step_by_step(self, api, desk):
        (effect,) = preview(api, desk)["effects"]

        assert {"standing", "tone"} <= {*effect["lenses"]}
        assert effect["p"] == 0.65
        assert [step["p"] for step in effect["steps"]] == [0.65, 0.65]
        assert [one["recipient"] for one in effect["impacts"]] == ["KAZ"]

    def test_names_likely_duplicates_with_the_reason(self, api, desk):
        made = api.claims(desk)

        (found,) = preview(api, desk)["duplicates"]

        assert found["claim"] == made["id"]
        assert found["url"].endswith(f"/claims/{made['id']}/")
        assert (found["title"], found["likeness"]) == ("Something was done.", 1)
        assert found["reason"] == "KAZ–RUS, the same code, at the same time, 3 of 3 words the same"

    def test_writes_nothing(self, api, desk):
        before = log.head()

        found = preview(api, desk)

        assert log.head() == before
        assert found["as_of"] == before.position
        assert api.get("claims/")["results"] == []

    def test_names_all_that_is_wrong_as_an_entry_does(self, api, desk):
        wrong = {
            "summary": " ",
            "citations": [{"document": "00000000-0000-0000-0000-000000000007"}],
        }

        problem = preview(api, desk, expect=400, **wrong)

        pointers = [error["pointer"] for error in problem["errors"]]
        assert pointers == ["/summary", "/citations/0/document"]
        entered = api.post("claims/", a_body(desk, **wrong), expect=400)
        assert entered["errors"] == problem["errors"]

    def test_looks_at_the_key_as_every_write_does(self, api, desk):
        tried = {"mode": "atomic", "dry_run": True, "claims": [a_body(desk)]}

        for path, body in ((PREVIEW, a_body(desk)), ("claims/batch/", tried)):
            assert api.send(path, body, Idempotency_Key="k" * 256).status_code == 400

    def test_is_for_those_who_may_enter_claims(self, desk, token):
        reader = api_with(token("read"))
        writer = api_with(token("write:claims"))

        preview(reader, desk, expect=403)
        preview(writer, desk)
