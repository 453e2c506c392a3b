"""What may not be a lens: every reason at once, each at its place."""

from dataclasses import replace

import pytest

from tests.kit.domain_builders import CURATED, VIEW, an_id
from tracker.domain.lenses import Bloc, Lens, lens_problems
from tracker.domain.scoring import MODELS

STANDING = MODELS["standing"].defaults


def wrong(**given):
    lens = Lens(
        **{
            "name": "standing",
            "view": VIEW,
            "model": "standing",
            "model_version": 1,
            "parameters": STANDING,
            **given,
        }
    )
    return [(one.pointer, one.code) for one in lens_problems(lens)]


class TestALens:
    def test_looks_through_a_view_with_a_model(self):
        assert wrong() == []
        assert wrong(sectors=("government", "military")) == []
        assert wrong(view=replace(VIEW, collections=())) == []
        assert wrong(view=replace(VIEW, bloc=Bloc(countries=(an_id("RUS"),)))) == []

    def test_has_a_name_that_stands_in_addresses(self):
        assert wrong(name="") == [("/name", "required")]
        assert wrong(name="standing@3") == [("/name", "invalid")]

    def test_is_of_a_method_that_is_known(self):
        assert wrong(view=replace(VIEW, method="3")) == [("/view/method", "unknown")]

    @pytest.mark.parametrize(("model", "version"), [("nonsense", 1), ("standing", 2), ("tone", 2)])
    def test_is_of_a_model_that_is_known(self, model, version):
        assert wrong(model=model, model_version=version) == [("/model", "unknown")]

    def test_sees_something(self):
        for bloc in (Bloc(), Bloc(rule="except")):
            assert wrong(view=replace(VIEW, bloc=bloc)) == [("/view/bloc", "required")]

    def test_says_nothing_twice(self):
        russia = an_id("RUS")
        bloc = Bloc(countries=(russia, russia), ownerships=("state", "party", "state"))
        view = replace(VIEW, collections=(CURATED, CURATED), bloc=bloc)

        assert wrong(view=view, sectors=("party", "party")) == [
            ("/view/collections/1", "repeated"),
            ("/view/bloc/countries/1", "repeated"),
            ("/view/bloc/ownerships/2", "repeated"),
            ("/sectors/1", "repeated"),
        ]


class TestItsParameters:
    """Those of its model, all of them, and no others."""

    def pointers(self, parameters, model="standing"):
        return [
            pointer
            for pointer, code in wrong(parameters=parameters, model=model)
            if code == "invalid"
        ]

    def test_are_as_the_model_wants_them(self):
        for name, model in MODELS.items():
            assert self.pointers(model.defaults, model=name) == []

    def test_are_told_at_once_each_at_its_place(self):
        parameters = {
            **STANDING,
            "top": 0,
            "steps": [["-10", "-6"], ["10", "x"]],
            "omega": "a",
            "kappa": "1",
        }
        del parameters["start_sd"]

        assert sorted(self.pointers(parameters)) == [
            "/parameters/kappa",
            "/parameters/omega",
            "/parameters/start_sd",
            "/parameters/steps/1",
            "/parameters/top",
        ]

    def test_are_told_once_where_the_usual_ones_do_not_fit_either(self):
        assert self.pointers({**STANDING, "top": 5}) == ["/parameters/steps/0"]

    @pytest.mark.parametrize(
        ("name", "pointer"),
        [("a/b~c", "a~1b~0c"), ("top[0]", "top[0]"), ("omega.x", "omega.x")],
    )
    def test_that_nobody_knows_are_named_as_they_are_written(self, name, pointer):
        assert self.pointers({**STANDING, name: "1"}) == [f"/parameters/{pointer}"]

    def test_may_leave_out_what_is_optional(self):
        optional = {"share_day": True, "least_sd": "0.5"}

        assert self.pointers({**STANDING, **optional}) == []
        assert sorted(self.pointers({**STANDING, "share_day": "yes", "least_sd": "10"})) == [
            "/parameters/least_sd",
            "/parameters/share_day",
        ]

    def test_hold_no_floats(self):
        assert "/parameters/omega" in self.pointers({**STANDING, "omega": 0.04})
