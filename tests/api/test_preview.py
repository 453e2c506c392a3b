"""What a draft would do, asked without writing anything."""

from datetime import UTC, datetime

import pytest

from tests.kit.api_client import a_body
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

    def test_writes_nothing(self, api, desk):
        before = log.head()

        found = preview(api, desk)

        assert log.head() == before
        assert found["as_of"] == before.position
        assert api.get("claims/")["results"] == []

    def test_looks_at_the_key_as_every_write_does(self, api, desk):
        tried = {"mode": "atomic", "dry_run": True, "claims": [a_body(desk)]}

        for path, body in ((PREVIEW, a_body(desk)), ("claims/batch/", tried)):
            assert api.send(path, body, Idempotency_Key="k" * 256).status_code == 400
