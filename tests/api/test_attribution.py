"""What a party says is two claims and a link, in one request; its word alone moves no score."""

import pytest

from tests.kit.api_client import a_body, api_with
from tests.kit.builders import AT, BY, a_source, an_actor
from tracker import log
from tracker.domain.records import Affiliation, Name
from tracker.operations import actors, sources

pytestmark = pytest.mark.django_db

ASSAULT = "plover-2.0/ASSAULT/heavy-weapons"


@pytest.fixture
def junta(desk):
    """Kazakhstan's government, by whose word Russia attacked."""
    speaks = Affiliation(country=desk.countries["KAZ"], sector="government")
    actor = an_actor(
        None, kind="organisation", names=(Name(text="The government"),), affiliations=(speaks,)
    )
    return actors.describe_actor(actor, at=AT, by=BY).stream


def said(desk, junta, **given):
    return a_body(desk, code=ASSAULT, summary="Russia attacked a camp.") | {
        "said_by": {"actor": str(junta)},
        **given,
    }


def linked(api, claim):
    return [
        (one["type"], one["from_claim"], one["to_claim"])
        for one in api.get(f"claims/{claim}/")["links"]
    ]


class TestAClaimThatAPartySays:
    def test_is_recorded_with_the_statement_and_the_link(self, api, desk, junta):
        made = api.post("claims/", said(desk, junta))

        statement = api.get(made["statement"]["url"])
        assert linked(api, made["id"]) == [("says", made["statement"]["id"], made["id"])]
        assert statement["summary"] == "The government said: Russia attacked a camp."
        assert statement["code"] == "plover-2.0/ACCUSE/allege"
        assert [(one["actor"], one["role"]) for one in statement["parties"]] == [
            (str(junta), "initiator"),
            (str(desk.countries["RUS"]), "recipient"),
        ]
        # Neither before the attack nor after the report of it.
        assert statement["occurred"]["edtf"] == "[2022-05-11..2022-05-24]"
        assert statement["occurred"]["basis"] == "inferred"
        assert statement["citations"][0]["chain"] == []

    def test_is_one_transaction(self, api, desk, junta):
        before = log.head().position
        api.post("claims/", said(desk, junta))

        events = list(log.read(after=before, limit=10))
        assert [one.kind for one in events] == [
            "SourceDescribed", "ClaimAsserted", "ClaimAsserted", "ClaimsLinked",
        ]  # fmt: skip

    def test_makes_the_speaker_a_source_once(self, api, desk, junta):
        for _ in range(2):
            api.post("claims/", said(desk, junta))

        named = [one for one in api.get("sources/")["results"] if one["actor"] == str(junta)]
        assert [(one["name"], one["kind"]) for one in named] == [("The government", "organisation")]

    def test_takes_the_source_that_the_speaker_is_already(self, api, desk, junta):
        known = sources.describe_source(a_source(name="Gov", actor=junta), at=AT, by=BY).stream

        made = api.post("claims/", said(desk, junta))

        (citation,) = api.get(f"claims/{made['id']}/")["citations"]
        assert citation["chain"] == [str(known)]

    def test_that_blames_a_firm_is_withheld_from_the_public_as_a_whole(
        self, api, desk, junta, firm, open_site
    ):
        body = said(desk, junta, code="plover-2.0/COERCE/cyber", summary="A firm spied.")
        body["parties"][0]["actor"] = str(firm)
        made = api.post("claims/", body)

        public = api_with()
        for claim in (made["id"], made["statement"]["id"]):
            assert "A firm spied" not in str(public.get(f"claims/{claim}/"))

    def test_is_no_correction(self, api, desk, junta):
        made = api.claims(desk)
        body = {"claim": said(desk, junta), "reason": "no", "expected_version": 1}

        problem = api.post(f"claims/{made['id']}/corrections/", body, expect=400)

        assert [one["pointer"] for one in problem["errors"]] == ["/claim/said_by"]


class TestAPreview:
    def test_shows_both_claims_and_the_allegation_moves_nothing(self, api, desk, junta, catch_up):
        catch_up()
        before = log.head()

        found = api.post("claims/preview/", said(desk, junta), expect=200)

        assert found["effects"][0]["p"] == 0
        assert found["effects"][0]["impacts"] == []
        statement = found["statement"]
        assert statement["code"] == "plover-2.0/ACCUSE/allege"
        assert statement["effects"][0]["p"] == 0.9435
        moves = {(one["lens"], one["direction"]): one for one in found["moves"]}
        # An accusation has a step of −.3, at p .9435; an assault −2.
        own, _ = moves["standing@1", "KAZ-RUS"]["on"]
        assert own["after"]["value"] == pytest.approx(-0.3 * 0.9435, abs=0.05)
        assert log.head() == before


class TestABatch:
    def batch(self, api, desk, junta, **given):
        claims = [said(desk, junta), a_body(desk, summary="Something else happened.")]
        return api.post("claims/batch/", {"mode": "atomic", "claims": claims} | given, expect=200)

    def test_tells_both_claims_of_a_row(self, api, desk, junta):
        answer = self.batch(api, desk, junta)

        first, second = answer["rows"]
        assert answer["recorded"] == 2
        assert linked(api, first["id"]) == [("says", first["statement"]["id"], first["id"])]
        assert first["statement"]["position"] == first["position"] + 1
        assert second["statement"] is None
