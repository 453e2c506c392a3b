"""The divergence of two lenses over the API."""

import pytest

from tests.kit.builders import a_citation

pytestmark = pytest.mark.django_db
ADDRESS = "pairs/rus-kaz/divergence/"


class TestADivergence:
    def test_says_how_far_apart_they_are(self, api, desk, catch_up):
        """Twice what an act moves, by sources of either side who all heard of the same."""
        steps = [["-10", "-2"], ["10", "2"]]
        lens = {"name": "twice", "view": {"method": "1", "collections": [str(desk.collection)]}}
        model = {"model": "standing", "model_version": 1}
        api.post("lenses/", {**lens, **model, "parameters": {"steps": steps}})
        for _ in range(5):
            desk.asserts(citations=(a_citation(desk.hears()),))
        catch_up()

        [day] = api.get(ADDRESS, lenses="standing,twice", day="2022-05-11")["days"]

        # All on one day: 5 · .65 of a step of .6, and of 1.2.
        assert day["one"]["value"] == pytest.approx(-1.95)
        assert day["divergence"]["amount"] == pytest.approx(1.95)
        # The start is common, and so are the claims, each .6 more under the second: √(5·.2275·.36).
        assert day["divergence"]["sd"] == pytest.approx(0.6399, abs=1e-4)
        assert day["divergence"]["high"] > 1.95 > day["divergence"]["low"]
        assert day["divergence"]["apart"] == (day["divergence"]["low"] > 0)
        assert day["not_shown"] is None

    def test_is_told_over_a_span(self, api, desk, catch_up):
        span = {"from": "2022-01-15", "to": "2022-03-10", "every": "month"}

        found = api.get(ADDRESS, lenses="standing,tone", **span)

        assert [one["day"] for one in found["days"]] == ["2022-01-31", "2022-02-28", "2022-03-10"]
