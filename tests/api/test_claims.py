"""Claims put on record and read: everything that was sent comes back, also as it was."""

from uuid import UUID

import pytest

from tests.kit.api_client import V1, a_body, same
from tests.kit.builders import AT, BY
from tracker.domain import records
from tracker.domain.codebooks import find
from tracker.operations import actors, links

pytestmark = pytest.mark.django_db


CITATION = {
    "chain": [],
    "stance": "supports",
    "interest": "self-serving",
    "credibility": 3,
    "language": "ru",
    "locator": "p. 4",
    "quote": "Мы закрыли",
    "translation": "We shut it",
    "note": "on page four",
    "selector": {
        "start": 12,
        "end": 22,
        "text_sha256": "0a" * 32,
        "prefix": "Он сказал: ",
        "suffix": " его.",
    },
}
FIELDS = {
    "key": "17",
    "contexts": ["economic"],
    "polarity": "asserted",
    "modality": "conditional",
    "condition": "if the price falls",
    "occurred": {"edtf": "[2022-03-21..2022-03-31]", "phrase": "late March", "basis": "inferred"},
    "strength": {"grade": "partial", "reason": "essentially"},
    "likelihood": "likely",
    "hedge": "apparently",
    "magnitude": {"value": "-40.50", "unit": "%", "change": True, "baseline": "2021"},
    "tags": ["oil"],
    "note": "a note",
}


def full_body(desk, **given):
    """A claim with a value in every field."""
    initiator, recipient = (str(desk.countries[code]) for code in ("RUS", "KAZ"))
    return a_body(
        desk,
        **FIELDS,
        parties=[
            {"actor": initiator, "role": "initiator", "responsibility": "state-ordered"},
            {"actor": recipient, "role": "recipient", "responsibility": None},
        ],
        citations=[{"document": str(desk.document), **CITATION}],
        **given,
    )


class TestCreate:
    def test_answers_with_position_id_version_and_address(self, api, desk):
        answer = api.send("claims/", a_body(desk))
        receipt = answer.json()

        assert answer.status_code == 201
        assert answer.headers["Location"] == f"http://testserver{V1}claims/{receipt['id']}/"
        assert answer.headers["ETag"] == '"1"'
        assert receipt["version"] == 1
        assert (receipt["kind"], receipt["recorded_by"]) == ("ClaimAsserted", "ann")
        events = api.get("log/events/", after=receipt["position"] - 1)
        assert [one["stream"] for one in events["results"]] == [receipt["id"]]

    def test_gives_back_everything_that_was_sent(self, api, desk):
        body = full_body(desk)

        made = api.post("claims/", body)

        assert same(api.get(f"claims/{made['id']}/"), body) == body

    def test_gives_back_a_forecast_with_its_horizon_and_criterion(self, api, desk):
        body = a_body(desk, kind="forecast", resolves_by="2022-12", criterion="the oil flows")

        made = api.post("claims/", body)

        assert same(api.get(f"claims/{made['id']}/"), body) == body

    def test_takes_a_null_for_nothing(self, api, desk):
        nothing = {"code": None, "occurred": None, "note": None, "magnitude": None, "key": None}

        made = api.claims(desk, **nothing)

        event = api.get("log/events/", after=made["position"] - 1)["results"][0]
        assert not nothing.keys() & event["body"]["claim"].keys()

    def test_names_each_fault_of_a_selector(self, api, desk):
        selector = {"start": 3, "end": 3, "text_sha256": "0A", "prefix": "x" * 33, "exact": "x"}
        body = full_body(desk)
        body["citations"][0] |= {"selector": selector}

        answer = api.post("claims/", body, expect=400)

        faults = {one["pointer"]: one["code"] for one in answer["errors"]}
        place = "/citations/0/selector"
        assert faults == {
            f"{place}/exact": "unknown",
            f"{place}/end": "invalid",
            f"{place}/text_sha256": "invalid",
            f"{place}/prefix": "max_length",
        }


class TestRead:
    def test_names_what_the_claim_refers_to(self, api, desk):
        made = api.claims(desk)

        claim = api.get(f"claims/{made['id']}/")

        assert claim["collection_name"] == "curated"
        assert [(one["name"], one["code"]) for one in claim["parties"]] == [
            ("RUS", "RUS"),
            ("KAZ", "KAZ"),
        ]
        assert claim["coded"]["value"] == -6.0
        (citation,) = claim["citations"]
        assert citation["document_title"] == "A report"
        assert [(one["name"], one["grade"]) for one in citation["provenance"]] == [
            ("The Gazette", "C")
        ]
        assert claim["occurred"]["earliest"] == claim["occurred"]["latest"] == "2022-05-11"
        assert claim["asserted"]["recorded_by"] == "ann"
        assert claim["asserted"]["position"] == made["position"]

    def test_prints_an_embedded_claim_with_its_speaker_and_its_verdict(self, api, desk):
        said, speech = api.claims(desk, summary="There were laboratories."), api.claims(desk)
        api.post(f"claims/{speech['id']}/links/", {"type": "says", "to": said["id"]})
        verdict = {"verdict": "false", "reason": "inspected"}
        api.post(f"claims/{said['id']}/verdicts/", verdict, If_Match='"1"')

        claim = api.get(f"claims/{said['id']}/")

        title = "RUS alleges: There were laboratories. [judged false by the desk]"
        assert claim["title"] == title
        assert claim["links"] == [
            {
                "id": claim["links"][0]["id"],
                "type": "says",
                "from_claim": speech["id"],
                "to_claim": said["id"],
                "title": "Something was done.",
            }
        ]
        assert same(claim["verdicts"], [verdict]) == [verdict]
        assert claim["verdicts"][0]["judge"] == "the desk"
        (listed,) = [one for one in api.get("claims/")["results"] if one["id"] == said["id"]]
        assert listed["title"] == title

    def test_of_a_past_moment_shows_what_was_known_then(self, api, desk):
        made = api.claims(desk)
        speech = api.claims(desk)
        linked = api.post(f"claims/{speech['id']}/links/", {"type": "says", "to": made["id"]})
        then = api.get(f"claims/{made['id']}/", as_of=linked["position"])
        links.unlink(
            "says",
            UUID(speech["id"]),
            UUID(made["id"]),
            reason="a mix-up",
            at=AT,
            by=BY,
        )
        api.post(f"claims/{made['id']}/retraction/", {"reason": "no"}, If_Match='"1"')
        actor = records.Actor(kind="state", code="RUS", names=(records.Name(text="Renamed"),))
        actors.describe_actor(actor, at=AT, by=BY, actor_id=desk.countries["RUS"], expected=1)

        now = api.get(f"claims/{made['id']}/")
        again = api.get(f"claims/{made['id']}/", as_of=linked["position"])

        assert then["title"] == "RUS alleges: Something was done."
        assert again == then
        assert (now["title"], now["status"]) == ("Something was done. [retracted]", "retracted")
        assert (now["version"], now["links"]) == (2, [])
        assert now["parties"][0]["name"] == "Renamed"


class TestTheUsualForm:
    @pytest.mark.parametrize(
        ("code", "kind", "warnings"),
        [
            ("SANCTION", "situation", []),
            ("CONSULT/visit", "act", []),
            (
                "SANCTION",
                "act",
                [find("plover-2.0/SANCTION").unusual("act")],
            ),
            (
                "REJECT",
                "situation",
                [find("plover-2.0/REJECT").unusual("situation")],
            ),
        ],
    )
    def test_of_a_code_is_named_where_a_claim_has_another(self, api, desk, code, kind, warnings):
        given = {"code": f"plover-2.0/{code}", "kind": kind}

        assert api.claims(desk, **given)["warnings"] == warnings
        assert api.post("claims/preview/", a_body(desk, **given), expect=200)["warnings"] == (
            warnings
        )

    def test_is_told_with_the_code(self, api, desk):
        code = api.get("codebooks/plover-2.0/")["codes"]
        call = next(one for one in code if one["code"] == "plover-2.0/CONSULT/phone")

        assert (call["form"], call["checkable"], call["sideline"]) == ("act", True, True)


class TestImpacts:
    def test_show_p_step_by_step_and_what_moves(self, api, desk):
        made = api.claims(desk)

        found = api.get(f"claims/{made['id']}/impacts/")

        assert found["p"] == found["p_before_verdicts"] == 0.65
        assert [step["p"] for step in found["steps"]] == [0.65, 0.65, 0.65]
        assert found["lens"] == "standing@1"
        (impact,) = found["impacts"]
        assert (impact["initiator"], impact["recipient"]) == ("RUS", "KAZ")
        assert (impact["first"], impact["value"], impact["weight"]) == ("2022-05-11", -6.0, 1.0)
        assert found["silent_because"] == ""

    def test_of_a_past_moment_stay_what_they_were(self, api, desk):
        made = api.claims(desk)
        api.post(
            f"claims/{made['id']}/verdicts/",
            {"verdict": "false", "reason": "no"},
            If_Match='"1"',
        )

        assert api.get(f"claims/{made['id']}/impacts/")["p"] == 0
        assert api.get(f"claims/{made['id']}/impacts/", as_of=made["position"])["p"] == 0.65
