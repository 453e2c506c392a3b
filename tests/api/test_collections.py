"""Collections over the API: described by curators, and anew."""

import pytest
from rest_framework.test import APIClient

from tests.kit.api_client import Api

pytestmark = pytest.mark.django_db

NOBODY = "331823dd-0988-470a-9d45-e95f3ddfd0cc"

BODY = {
    "name": "machine-feed",
    "coding": "machine",
    "review": True,
    "description": "coded by a program",
    "default_reliability": "D",
    "default_credibility": 4,
}


def pointers(problem):
    return [error["pointer"] for error in problem["errors"]]


class TestCollections:
    def test_are_put_on_record_and_described_anew(self, api):
        made = api.post("collections/", BODY)
        address = f"collections/{made['id']}/"
        own = {"id": made["id"], "counted_by": []}
        assert api.get(address) == {**BODY, **own, "version": 1}
        anew = {**BODY, "review": False, "default_credibility": None}

        api.post(f"{address}descriptions/", anew, expect=428)
        api.post(f"{address}descriptions/", {**anew, "expected_version": 4}, expect=409)
        again = api.post(f"{address}descriptions/", anew, If_Match='"1"')

        assert again["version"] == 2
        assert api.get(address) == {**anew, **own, "version": 2}
        assert api.get(address, as_of=made["position"])["review"] is True

    def test_name_everything_that_is_wrong_at_once(self, api):
        body = {"name": "", "coding": "by hand", "default_reliability": "G", "owner": "ann"}

        problem = api.post("collections/", body, expect=400)

        assert sorted(pointers(problem)) == [
            "/coding", "/default_reliability", "/name", "/owner", "/review",
        ]  # fmt: skip

    def test_are_held_against_the_rules_of_the_domain(self, api):
        body = {**BODY, "name": "Machine Feed", "default_credibility": 1}

        problem = api.post("collections/", body, expect=400)

        assert sorted(pointers(problem)) == ["/default_credibility", "/name"]

    def test_that_are_none_are_a_404(self, api, desk):
        for one in (NOBODY, desk.source):
            api.post(f"collections/{one}/descriptions/", BODY, expect=404, If_Match='"1"')

    def test_need_a_curator(self, token, desk):
        writer = Api(APIClient(headers={"Authorization": f"Bearer {token('write:claims')}"}))

        for address in ("collections/", f"collections/{desk.collection}/descriptions/"):
            writer.post(address, BODY, expect=403)
            Api(APIClient()).post(address, BODY, expect=401)
