"""What is appended to a claim, by whom it was seen in which version."""

import pytest

from tests.kit.api_client import a_body

pytestmark = pytest.mark.django_db


@pytest.fixture
def claim(api, desk):
    return api.claims(desk)["id"]


def correction(desk, **given):
    return {"claim": a_body(desk, summary="Something else was done."), "reason": "misread", **given}


REASON = {"reason": "a misreading"}


class TestCorrect:
    def test_replaces_what_the_claim_says_and_keeps_the_old_in_the_history(self, api, desk, claim):
        receipt = api.post(f"claims/{claim}/corrections/", correction(desk), If_Match='"1"')

        assert (receipt["id"], receipt["version"]) == (claim, 2)
        assert api.get(f"claims/{claim}/")["summary"] == "Something else was done."
        assert api.get(f"claims/{claim}/", as_of=receipt["position"] - 1)["version"] == 1
        step = api.get(f"claims/{claim}/history/")["events"][1]
        assert step["event"]["words"]["reason"] == "misread"
        assert step["event"]["recorded_by"] == "ann"
        assert step["changes"] == [
            {
                "pointer": "/claim/summary",
                "before": "Something was done.",
                "after": "Something else was done.",
            }
        ]


class TestTheVersion:
    @pytest.mark.parametrize("tag", ["1", "*", '"1", "2"', '"one"', '""', '"-1"'])
    def test_is_one_number_in_quotes(self, api, claim, tag):
        problem = api.post(f"claims/{claim}/retraction/", REASON, expect=400, If_Match=tag)

        assert [(e["in"], e["pointer"]) for e in problem["errors"]] == [("header", "/If-Match")]


class TestRetractAndReinstate:
    def test_follow_one_another_and_need_a_reason(self, api, claim):
        retraction, back = f"claims/{claim}/retraction/", f"claims/{claim}/reinstatement/"

        assert api.post(back, REASON, expect=409, If_Match='"1"')["type"].endswith("/out-of-order/")
        blank = api.post(retraction, {"reason": "  "}, expect=400, If_Match='"1"')
        assert blank["errors"][0]["pointer"] == "/reason"
        api.post(retraction, REASON, If_Match='"1"')
        assert api.get(f"claims/{claim}/")["status"] == "retracted"
        assert (
            "reinstate it first"
            in api.post(retraction, REASON, expect=409, If_Match='"2"')["detail"]
        )
        api.post(back, REASON, If_Match='"2"')
        assert api.get(f"claims/{claim}/")["status"] == "standing"


class TestVerdict:
    def test_is_the_source_s_that_judged(self, api, desk, claim):
        body = {
            "verdict": "disputed",
            "reason": "a letter",
            "source": str(desk.source),
            "document": str(desk.document),
            "parties": [str(desk.countries["RUS"])],
        }

        api.post(f"claims/{claim}/verdicts/", body, If_Match='"1"')

        (verdict,) = api.get(f"claims/{claim}/")["verdicts"]
        assert verdict == {**body, "judge": "The Gazette"}


class TestCite:
    def test_adds_a_witness(self, api, desk, claim):
        document = str(desk.hears(grade="B", name="The Herald"))

        api.post(f"claims/{claim}/citations/", {"document": document}, If_Match='"1"')

        citations = api.get(f"claims/{claim}/")["citations"]
        names = [one["provenance"][-1]["name"] for one in citations]
        assert names == ["The Gazette", "The Herald"]
        # B and C: ln(.85/.15) + ln(.65/.35) = 2.3536, the logistic .9132
        assert api.get(f"claims/{claim}/impacts/")["p"] == 0.9132

    def test_refuses_the_same_citation_twice(self, api, desk, claim):
        body = {"document": str(desk.document)}

        problem = api.post(f"claims/{claim}/citations/", body, expect=400, If_Match='"1"')

        assert problem["errors"][0]["code"] == "repeated"


class TestLink:
    def test_binds_two_claims_and_stands_in_the_history_of_both(self, api, desk, claim):
        other = api.claims(desk)["id"]

        receipt = api.post(
            f"claims/{claim}/links/", {"type": "causes", "to": other, "note": "it says so"}
        )

        assert receipt["kind"] == "ClaimsLinked"
        for one in (claim, other):
            (link,) = api.get(f"claims/{one}/")["links"]
            assert (link["type"], link["from_claim"], link["to_claim"]) == ("causes", claim, other)
            kinds = [s["event"]["kind"] for s in api.get(f"claims/{one}/history/")["events"]]
            assert kinds == ["ClaimAsserted", "ClaimsLinked"]
