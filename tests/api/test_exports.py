"""All claims in one answer, sent as they are read."""

import json

import pytest

from tests.kit.api_client import V1
from tests.kit.builders import AT, BY
from tracker import log
from tracker.operations import claims

pytestmark = pytest.mark.django_db
ADDRESS = f"{V1}claims.ndjson"


def lines(answer):
    assert answer.status_code == 200, answer.content
    return [json.loads(line) for line in b"".join(answer.streaming_content).splitlines()]


class TestClaimLines:
    def test_are_the_claims_as_they_are_read_alone(self, api, desk):
        made = [desk.asserts(), desk.asserts("CHN", "KAZ")]

        answer = api.http.get(ADDRESS)

        assert answer.headers["Content-Type"] == "application/x-ndjson"
        assert answer.headers["Entente-Position"] == str(log.head().position)
        sent = lines(answer)
        alone = [api.get(f"claims/{one.stream}/") for one in made]
        found = [{name: line[name] for name in alone[0]} for line in sent]
        assert found == sorted(alone, key=lambda one: one["id"])

    def test_hold_as_of_a_position(self, api, desk):
        one = desk.asserts()
        claims.retract_claim(one.stream, reason="typo", expected=1, at=AT, by=BY)

        (then,) = lines(api.http.get(ADDRESS, {"as_of": one.position}))

        assert (then["status"], then["version"]) == ("standing", 1)

    def test_are_those_of_a_collection(self, api, desk):
        desk.asserts()

        assert len(lines(api.http.get(ADDRESS, {"collection": "curated"}))) == 1
        refused = api.get("claims.ndjson", expect=400, collection="nobody")
        assert refused["errors"][0]["pointer"] == "/collection"
