"""Lenses defined over the API, and what is served while their scores are worked out."""

import pytest

from tests.kit.builders import AT
from tracker import log
from tracker.domain.lenses import METHOD
from tracker.domain.scoring import MODELS
from tracker.projections import impacts, scores
from tracker.queries.scores import lenses

pytestmark = pytest.mark.django_db


def a_body(desk, **given):
    """Standing by the roots of Russia alone."""
    bloc = {"countries": [str(desk.countries["RUS"])], "ownerships": [], "rule": "only"}
    return {
        "name": "russian",
        "view": {"collections": [str(desk.collection)], "bloc": bloc},
        "model": "standing",
        **given,
    }


def pointers(problem):
    return {(one["pointer"], one["code"]) for one in problem["errors"]}


class TestANewLens:
    def test_is_recorded_with_all_that_its_model_leaves_open(self, api, desk):
        answer = api.send("lenses/", a_body(desk, sectors=["government"], description="Moscow's."))

        read = api.get("lenses/russian/")
        assert answer.headers["Location"].endswith("/api/v1/lenses/russian/")
        assert read["label"] == "russian@1"
        assert read["id"] == answer.json()["id"]
        assert read["parameters"] == MODELS["standing"].defaults
        assert read["model_version"] == MODELS["standing"].version
        assert read["view"]["method"] == METHOD
        assert read["view"]["bloc"] == a_body(desk)["view"]["bloc"]
        assert (read["sectors"], read["description"]) == (["government"], "Moscow's.")

    def test_keeps_the_parameters_that_were_sent_and_the_usual_others(self, api, desk):
        api.post("lenses/", a_body(desk, parameters={"drift": "0.1"}))

        read = api.get("lenses/russian/")["parameters"]
        assert read == {**MODELS["standing"].defaults, "drift": "0.1"}

    @pytest.mark.parametrize(
        ("given", "wrong"),
        [
            ({"name": "a@b"}, {("/name", "invalid")}),
            ({"name": "standing"}, {("/name", "taken")}),
            ({"model": "guess"}, {("/model", "invalid_choice")}),
            ({"model_version": 3}, {("/model", "unknown")}),
            ({"parameters": {"drift": 0.1}}, {("/parameters/drift", "invalid")}),
            ({"parameters": []}, {("/parameters", "not_a_dict")}),
            ({"view": {"collections": ["x"]}}, {("/view/collections/0", "unknown_reference")}),
            ({"nonsense": 1}, {("/nonsense", "unknown")}),
        ],
    )
    def test_is_refused_with_every_place_that_does_not_fit(self, api, desk, given, wrong):
        before = log.head().position

        problem = api.post("lenses/", a_body(desk, **given), expect=400)

        assert wrong <= pointers(problem)
        assert log.head().position == before

    def test_has_only_countries_in_its_bloc(self, api, desk):
        putin = {"kind": "person", "names": [{"text": "Vladimir Putin"}]}
        who = api.post("actors/", putin)["id"]
        body = a_body(desk)
        body["view"]["bloc"]["countries"] = [who]

        [error] = api.post("lenses/", body, expect=400)["errors"]

        assert error["pointer"] == "/view/bloc/countries/0"
        assert error["detail"] == "Vladimir Putin is not a country; its kind is person"


class TestANewVersion:
    def body(self, desk, **given):
        body = a_body(desk, **given)
        del body["name"]
        return body

    def test_is_for_whoever_saw_the_last_one(self, api, desk):
        api.post("lenses/", a_body(desk))
        address = "lenses/russian/versions/"

        made = api.post(address, self.body(desk, model="tone"), If_Match='"1"')

        assert made["version"] == 2
        assert api.get("lenses/russian/")["model"] == "tone"
        assert api.get("lenses/russian@1/")["model"] == "standing"

    def test_has_the_name_that_the_lens_had(self, api, desk):
        body = {**self.body(desk, expected_version=1), "name": "other"}

        problem = api.post("lenses/standing/versions/", body, expect=400)

        assert pointers(problem) == {("/name", "unknown")}


class TestWhileItCatchesUp:
    """A view that nobody looked through before takes in the log from its beginning."""

    @pytest.fixture
    def half(self, api, desk, catch_up):
        """A new lens whose view has taken in all but the last events before its first lens."""
        for _ in range(5):
            desk.asserts()
        catch_up()
        made = api.post("lenses/", a_body(desk))
        [view] = [one for one in lenses.views().values() if one.bloc]
        impacts.step(desk.view)
        impacts.step(view, limit=12, until=12)
        scores.recompute_all(at=AT)
        return made["position"]

    @pytest.mark.parametrize(
        "path",
        [
            "pairs/KAZ-RUS/scores/?lens=russian",
            "pairs/KAZ-RUS/explanation/?lens=russian",
            "pairs/?lens=russian",
            "triads/CHN-KAZ-RUS/?lens=russian",
        ],
    )
    def test_nothing_of_it_is_served(self, api, half, path):
        problem = api.get(path, expect=503)

        assert problem["type"].endswith("/problems/catching-up/")
        assert problem["detail"].endswith(f": 12 of {half} events are processed")

    def test_it_says_how_far_it_is(self, api, half):
        read = api.get("lenses/russian/")["progress"]

        assert read == {"position": 12, "begun": half, "served": False, "waiting": 0}

    def test_the_others_are_served(self, api, half):
        api.get("pairs/KAZ-RUS/scores/")
        found = {one["lens"]: one for one in api.get("pairs/KAZ-RUS/")["lenses"]}

        waiting = found["russian@1"]
        assert (waiting["scored_through"], waiting["directions"]) == (12, [])
        assert found["standing@1"]["scored_through"] == half

    def test_it_is_served_from_its_first_position_on(self, api, half, catch_up):
        impacts.follow_all()
        unscored = api.get("pairs/?lens=russian")
        answer = api.get("pairs/KAZ-RUS/scores/", lens="russian")
        catch_up()
        scored = api.get("pairs/KAZ-RUS/scores/", lens="russian")

        assert (unscored["scored_through"], unscored["results"]) == (half, [])
        assert answer == scored
        assert answer["scored_through"] == half
        assert api.get("lenses/russian/")["progress"]["waiting"] == 0
