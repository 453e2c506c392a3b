"""`without=`: what an answer would be had something never been on record."""

import pytest

pytestmark = pytest.mark.django_db

DAY = "2022-05-24"
ON = {"from": DAY, "to": DAY}
NOBODY = "00000000-0000-0000-0000-000000000007"


@pytest.fixture
def two(api, desk, catch_up):
    """Two claims on KAZ–RUS, the second ten days later."""
    made = [api.claims(desk, occurred={"edtf": f"2022-05-{day}"})["id"] for day in (10, 20)]
    catch_up()
    return made


class TestWithout:
    @pytest.mark.parametrize("lens", ["standing", "tone"])
    @pytest.mark.parametrize("noun", ["claim", "source", "root"])
    def test_an_explanation_sums_to_the_scores_without_the_same(self, api, desk, two, lens, noun):
        left_out = f"{noun}:{two[1] if noun == 'claim' else desk.source}"
        asked = {"without": left_out, "lens": lens}

        scores = api.get("pairs/KAZ-RUS/scores/", **ON, **asked)
        why = api.get("pairs/KAZ-RUS/explanation/", day=DAY, **asked)

        left = [part["claim"] for part in why["contributions"]]
        assert left == (two[:1] if noun == "claim" else [])
        assert scores["without"] == why["without"] == [left_out]
        amounts = sum(part["amount"] for part in why["contributions"])
        amounts += (why["start"] or 0) + (why["drift"] or 0)
        assert amounts == pytest.approx(scores["scores"][0]["value"], abs=1e-9)
        assert scores["scores"][0]["claims"] == len(left)

    def test_several_things_is_asked_for_by_repeating_it(self, api, two):
        left_out = sorted(f"claim:{one}" for one in two)

        why = api.get("pairs/KAZ-RUS/explanation/", day=DAY, without=left_out)

        assert (why["without"], why["contributions"]) == (left_out, [])

    @pytest.mark.parametrize("path", ["scores/", "explanation/"])
    @pytest.mark.parametrize(
        ("word", "code"),
        [
            (f"claim:{NOBODY}", "unknown"),
            (f"source:{NOBODY}", "unknown"),
            (f"root:{NOBODY}", "unknown"),
            (f"actor:{NOBODY}", "invalid"),
            ("claim:seven", "invalid"),
        ],
    )
    def test_what_is_not_on_record_is_refused_by_name(self, api, two, path, word, code):
        problem = api.get(f"pairs/KAZ-RUS/{path}", expect=400, without=word)

        (error,) = problem["errors"]
        assert (error["in"], error["pointer"], error["code"]) == ("query", "/without", code)
        assert word in error["detail"]
