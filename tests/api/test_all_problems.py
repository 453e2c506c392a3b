"""One answer names all that is wrong: what does not fit a field, and what makes no sense."""

import pytest

from tests.kit.api_client import a_body

pytestmark = pytest.mark.django_db
NOBODY = "331823dd-0988-470a-9d45-e95f3ddfd0cc"


def wrongs(problem, within=""):
    return {
        (one["pointer"].removeprefix(within), one["code"])
        for one in problem["errors"]
        if one["pointer"].startswith(within)
    }


def wrong(desk):
    """A claim with a word that is none, an unknown field, and three things that make no sense."""
    return {name: one for name, one in a_body(desk).items() if name != "collection"} | {
        "polarity": "perhaps",
        "colour": "red",
        "occurred": {"edtf": "late Smarch"},
        "citations": [{"document": NOBODY}, {"document": str(desk.document), "credibility": 1}],
    }


SHAPE = {("/collection", "required"), ("/polarity", "invalid_choice"), ("/colour", "unknown")}
SENSE = {
    ("/occurred/edtf", "bad_date"),
    ("/citations/0/document", "unknown_reference"),
    ("/citations/1/credibility", "out_of_range"),
}


class TestAClaim:
    @pytest.mark.parametrize("path", ["claims/", "claims/preview/"])
    def test_is_told_all_that_is_wrong_with_it(self, api, desk, path):
        problem = api.post(path, wrong(desk), expect=400)

        assert wrongs(problem) == SHAPE | SENSE
        assert problem["detail"] == "6 values are invalid"

    def test_is_told_nothing_that_rests_on_what_does_not_fit(self, api, desk):
        """Whether an initiator is missing depends on the kind, which is no kind."""
        about = [{"actor": str(desk.countries["KAZ"]), "role": "about"}]

        problem = api.post("claims/", a_body(desk, kind="deed", parties=about), expect=400)

        assert wrongs(problem) == {("/kind", "invalid_choice")}

    @pytest.mark.parametrize("body", [[], 17, "x"])
    def test_that_is_no_object_is_told_that_alone(self, api, desk, body):
        assert wrongs(api.post("claims/", body, expect=400)) == {("", "invalid")}


class TestACorrection:
    def test_is_told_all_that_is_wrong_with_it(self, api, desk):
        claim = desk.asserts()
        body = {"claim": wrong(desk), "reason": "a\u0007b", "expected_version": "two"}

        problem = api.post(f"claims/{claim.stream}/corrections/", body, expect=400)

        assert wrongs(problem, "/claim") == SHAPE | SENSE
        assert wrongs(problem) - wrongs(problem, "/claim") >= {
            ("/reason", "control_character"),
            ("/expected_version", "invalid"),
        }


class TestACitation:
    def test_is_told_all_that_is_wrong_with_it(self, api, desk):
        claim = desk.asserts()
        chain = [str(desk.source), str(desk.source)]
        body = {"document": NOBODY, "chain": chain, "stance": "maybe", "expected_version": 1}

        problem = api.post(f"claims/{claim.stream}/citations/", body, expect=400)

        assert wrongs(problem) == {
            ("/stance", "invalid_choice"),
            ("/document", "unknown_reference"),
            ("/chain", "repeated"),
        }


class TestABatch:
    def test_is_told_all_that_is_wrong_with_each_row(self, api, desk):
        rows = [a_body(desk), wrong(desk), 17]

        found = api.post("claims/batch/", {"mode": "partial", "claims": rows}, expect=200)

        assert [row["status"] for row in found["rows"]] == ["recorded", "refused", "refused"]
        assert wrongs(found["rows"][1]["problem"]) == SHAPE | SENSE
        assert wrongs(found["rows"][2]["problem"]) == {("", "invalid")}
