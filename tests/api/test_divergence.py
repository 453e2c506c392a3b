"""The divergence of two lenses over the API."""

import pytest

from tests.kit.builders import a_citation
from tracker.domain.scoring import level

pytestmark = pytest.mark.django_db
ADDRESS = "pairs/rus-kaz/divergence/"


class TestADivergence:
    def test_says_how_far_apart_they_are(self, api, desk, catch_up):
        """Twice what an act moves, by sources of either side who all heard of the same."""
        # An assault moves less, since a month must not take all of a level.
        steps = {**level.DEFAULTS["steps"], "conflict in deeds": "-1.2", "violence": "-1.4"}
        lens = {"name": "twice", "view": {"method": "1", "collections": [str(desk.collection)]}}
        model = {"model": "standing", "model_version": 1}
        api.post("lenses/", {**lens, **model, "parameters": {"steps": steps}})
        for _ in range(5):
            desk.asserts(citations=(a_citation(desk.hears()),))
        catch_up()

        [day] = api.get(ADDRESS, lenses="standing,twice", day="2022-05-11")["days"]

        # Of one month the largest counts, and hardly ever is none of five with p .65 true: a step
        # of .6; and once more under the second lens.
        step = 0.6 * (1 - 0.35**5)
        assert day["one"]["value"] == pytest.approx(-step, abs=0.1)
        assert day["divergence"]["amount"] == pytest.approx(step, abs=0.1)
        assert day["divergence"]["high"] > step > day["divergence"]["low"]
        assert day["divergence"]["apart"] == (day["divergence"]["low"] > 0)
        assert day["not_shown"] is None

    def test_is_told_over_a_span(self, api, desk, catch_up):
        span = {"from": "2022-01-15", "to": "2022-03-10", "every": "month"}

        found = api.get(ADDRESS, lenses="standing,tone", **span)

        assert [one["day"] for one in found["days"]] == ["2022-01-31", "2022-02-28", "2022-03-10"]
