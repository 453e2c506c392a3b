"""What programs of others met: codes for ids, methods that no address has, days, and what the
description says of a part of an answer."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.kit.api_client import V1, a_body, api_with, pointers

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def described(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        return Client().get(f"{V1}openapi.json").json()


class TestACodeOfACountry:
    def test_stands_for_the_id_of_an_actor(self, api, desk):
        parties = [{"actor": "rus", "role": "initiator"}, {"actor": "KAZ", "role": "recipient"}]
        document = {"source": str(desk.source), "title": "A note"}
        cited = [{"document": api.post("documents/", document)["id"]}]

        made = api.claims(desk, parties=parties, said_by={"actor": "CHN"}, citations=cited)

        shown = api.get(f"claims/{made['id']}/")
        assert [one["code"] for one in shown["parties"]] == ["RUS", "KAZ"]
        assert [one["id"] for one in api.get("claims/", actor="chn")["results"]] == [
            made["statement"]["id"]
        ]
        denial = {"document": str(desk.document), "denied_by": "KAZ"}
        api.post(f"claims/{made['id']}/denials/", denial, If_Match='"1"')
        verdict = {"verdict": "false", "reason": "So.", "parties": ["KAZ"]}
        api.post(f"claims/{made['id']}/verdicts/", verdict, If_Match='"2"')

    def test_describes_actors_and_sources(self, api, desk):
        term = {"country": "KAZ", "sector": "government"}
        api.post("actors/", {"kind": "person", "names": [{"text": "X"}], "affiliations": [term]})
        api.post("actors/", {"kind": "group", "names": [{"text": "Y"}], "members": ["KAZ", "RUS"]})

        made = api.post("sources/", {"kind": "agency", "name": "Z", "country": "KAZ"})

        assert api.get(f"sources/{made['id']}/")["country"] == str(desk.countries["KAZ"])

    def test_that_no_actor_has_is_named(self, api, desk):
        parties = [{"actor": "XYZ", "role": "about"}, {"actor": "no id!", "role": "about"}]

        problem = api.post("claims/", a_body(desk, parties=parties), expect=400)

        assert pointers(problem) == ["/parties/0/actor", "/parties/1/actor"]
        assert "no actor on record has the code XYZ" in problem["errors"][0]["detail"]
        for text in ("XYZ", "a\0", "X" * 5_000, "no id!"):
            assert api.refused("claims/", actor=text) == ["/actor"]

    def test_is_in_the_description(self, described):
        party = described["components"]["schemas"]["PartyBody"]["properties"]["actor"]

        assert "such as KAZ" in party["description"]
        assert "format" not in party


@pytest.mark.parametrize("method", ["patch", "put", "delete"])
@pytest.mark.parametrize("scope", ["read", "write:claims", "admin", None])
def test_a_method_that_no_claim_has_is_a_405(desk, token, method, scope):
    address = f"{V1}claims/{desk.asserts().stream}/"

    answer = getattr(api_with(token(scope) if scope else "").http, method)(address)

    assert answer.status_code == 405
    assert "POST" not in answer.headers["Allow"]
    assert answer.headers["Content-Type"] == "application/problem+json"


class TestADayAsAMoment:
    def test_is_its_end(self, api, desk):
        made = desk.asserts()
        day = made.recorded_at.date().isoformat()

        by_day = api.get("claims/", as_of=day)
        before = api.get("claims/", as_of="2020-01-01")

        assert [one["id"] for one in by_day["results"]] == [str(made.stream)]
        assert (before["results"], before["as_of"]) == ([], 0)

    def test_is_now_for_today_and_refused_for_tomorrow(self, api, desk):
        today = timezone.now().date()
        made = api.claims(desk)

        assert api.get("claims/", as_of=today.isoformat())["as_of"] >= made["position"]
        assert api.refused("claims/", as_of="2999-01-01") == ["/as_of"]
        assert api.refused("claims/", as_of="2022-02-30") == ["/as_of"]


class TestTheDescriptionOfFields:
    def test_lists_them(self, described):
        query = described["paths"][f"{V1}claims/"]["get"]["parameters"]
        by_name = {one["name"]: one for one in query}

        fields = by_name["fields"]
        assert {"id", "parties", "parties.name"} <= set(fields["schema"]["items"]["enum"])
        assert (fields["style"], fields["explode"]) == ("form", False)
        assert "actors" in by_name["expand"]["schema"]["items"]["enum"]

    @pytest.mark.parametrize("path", ["claims/", "claims/{claim_id}/", "pairs/", "log/events/"])
    def test_requires_nothing_that_may_be_left_out(self, described, path):
        schemas = described["components"]["schemas"]

        def named(reference):
            return schemas[reference.rpartition("/")[2]]

        content = described["paths"][V1 + path]["get"]["responses"]["200"]["content"]
        answer = named(content["application/json"]["schema"]["$ref"])
        if "results" in answer["properties"]:
            assert "results" in answer["required"]
            answer = named(answer["properties"]["results"]["items"]["$ref"])
        assert "required" not in answer
        for inner in answer["properties"].values():
            if reference := inner.get("items", {}).get("$ref"):
                assert "required" not in named(reference)


def test_a_log_that_was_reopened_is_described(described):
    for path in ("log/events/", "log/events/{position}/"):
        responses = described["paths"][V1 + path]["get"]["responses"]
        assert ("410" in responses) is (path == "log/events/")


@pytest.mark.parametrize("sent", ['"1"', 'W/"1"', 'W/"1-00ff"'])
def test_a_version_may_be_a_weak_tag(api, desk, described, sent):
    """A compressed answer has one."""
    made = desk.asserts()

    api.post(f"claims/{made.stream}/retraction/", {"reason": "A typo."}, If_Match=sent)

    parameters = described["paths"][f"{V1}claims/{{claim_id}}/retraction/"]["post"]["parameters"]
    [header] = [one for one in parameters if one["name"] == "If-Match"]
    assert header["schema"]["pattern"].startswith('^(W/)?"')


@pytest.mark.parametrize("other", ["nothing", "order", "blanks"])
def test_a_correction_that_changes_nothing_is_refused(api, desk, other):
    body = a_body(desk, tags=["gas", "oil"])
    made = api.post("claims/", body)
    address = f"claims/{made['id']}/corrections/"
    if other == "order":
        body |= {"parties": body["parties"][::-1], "tags": ["oil", "gas"]}
    elif other == "blanks":
        body |= {"summary": f" {body['summary']} "}

    same = {"claim": body, "reason": "To be seen."}
    problem = api.post(address, same, expect=400, If_Match='"1"')

    assert (problem["errors"][0]["pointer"], problem["errors"][0]["code"]) == (
        "/claim",
        "unchanged",
    )
    assert api.get(f"claims/{made['id']}/")["version"] == 1


class TestAnActOfTheFuture:
    @pytest.fixture
    def later(self):
        return {"occurred": {"edtf": (timezone.now().date() + timedelta(days=2)).isoformat()}}

    @pytest.mark.parametrize("kind", ["act", "situation"])
    def test_is_refused(self, api, desk, later, kind):
        undated = api.post("documents/", {"source": str(desk.source), "title": "A note"})
        body = a_body(desk, kind=kind, citations=[{"document": undated["id"]}], **later)
        batch = {"mode": "atomic", "claims": [body]}
        made = api.claims(desk)
        change = {"claim": body, "reason": "A slip."}
        address = f"claims/{made['id']}/corrections/"

        for problem in (
            api.post("claims/", body, expect=400),
            api.post("claims/batch/", batch, expect=400),
            api.post(address, change, expect=400, If_Match='"1"'),
        ):
            [fault] = problem["errors"]
            assert (fault["pointer"][-14:], fault["code"]) == ("/occurred/edtf", "in_future")

    def test_may_be_announced(self, api, desk, later):
        api.claims(desk, modality="announced", **later)


def test_a_scope_that_is_missing_is_named(desk, token):
    answer = api_with(token("read")).post("sources/", {}, expect=403)

    assert "does not have the scope curate or write:claims" in answer["detail"]
