"""Words of the log that are withheld over the API."""

import pytest
from rest_framework.test import APIClient

from tests.api.client import Api
from tracker import log

pytestmark = pytest.mark.django_db


def pointers(problem):
    return [error["pointer"] for error in problem["errors"]]


BODY = {"reason": "names a private person", "authority": "the editor"}


class TestWithholding:
    @pytest.fixture
    def position(self, api, desk):
        return api.claims(desk, note="a name")["position"]

    def test_deletes_the_words_and_leaves_the_event(self, api, desk, position):
        before = api.get(f"log/events/{position}/")

        receipt = api.post(f"log/events/{position}/withholding/", BODY)

        now = api.get(f"log/events/{position}/")
        assert receipt["kind"] == "TextWithheld"
        assert before["words"]["claim"]["note"] == "a name"
        assert now == {**before, "words": None, "withheld": True}
        assert "a name" not in str(api.get(f"claims/{before['stream']}/history/"))

    def test_points_to_the_event(self, api, position):
        answer = api.send(f"log/events/{position}/withholding/", BODY)

        assert answer.headers["Location"].endswith(f"/log/events/{position}/")

    def test_is_done_once(self, api, position):
        address = f"log/events/{position}/withholding/"
        first = api.post(address, BODY, Idempotency_Key="k")

        assert api.post(address, BODY, Idempotency_Key="k") == first
        problem = api.post(address, BODY, expect=409)
        assert "withheld already" in problem["detail"]

    def test_of_an_event_without_words_is_refused(self, api, desk, position):
        graded = next(one for one in log.read(after=0, limit=99) if one.words is None)

        api.post(f"log/events/{graded.position}/withholding/", BODY, expect=409)

    @pytest.mark.parametrize("where", ["0", "9999", "9" * 30])
    def test_of_an_event_that_there_is_not_is_a_404(self, api, desk, where):
        api.post(f"log/events/{where}/withholding/", BODY, expect=404)
        api.get(f"log/events/{where}/", expect=404)

    def test_names_everything_that_is_wrong_at_once(self, api, position):
        before = log.head().position

        problem = api.post(f"log/events/{position}/withholding/", {"why": "x"}, expect=400)
        blank = {"reason": " ", "authority": " "}
        further = api.post(f"log/events/{position}/withholding/", blank, expect=400)

        assert sorted(pointers(problem)) == ["/authority", "/reason", "/why"]
        assert sorted(pointers(further)) == ["/authority", "/reason"]
        assert log.head().position == before

    @pytest.mark.parametrize("scope", ["read", "write:claims", "curate", "import"])
    def test_needs_an_administrator(self, token, position, scope):
        address = f"log/events/{position}/withholding/"
        other = Api(APIClient(headers={"Authorization": f"Bearer {token(scope)}"}))

        assert "admin" in other.post(address, BODY, expect=403)["detail"]
        Api(APIClient()).post(address, BODY, expect=401)
