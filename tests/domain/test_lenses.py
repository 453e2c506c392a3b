"""Ways of looking: blocs, views and lens versions, and what may not be a lens."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.kit.domain_builders import CURATED, an_id
from tests.kit.impacts import an_act
from tests.kit.tables import each
from tracker.domain.lenses import (
    Bloc,
    Lens,
    LensVersion,
    View,
    directions,
    lens_problems,
    own_lens,
    pair_of,
)
from tracker.domain.records import Collection, Source
from tracker.domain.scoring import MODELS

SHAPES = Path(__file__).resolve().parents[2] / "fixtures" / "shapes"
FEED, RUS, CHN = an_id("feed"), an_id("RUS"), an_id("CHN")
VIEW = View(method="1", collections=(CURATED, FEED))


def a_version(**given) -> LensVersion:
    lens = Lens(
        **{
            "name": "standing",
            "view": VIEW,
            "model": "standing",
            "model_version": 1,
            "parameters": MODELS["standing"].defaults,
            **given,
        }
    )
    return LensVersion(id=an_id("lens"), version=3, lens=lens)


class TestBloc:
    @pytest.mark.parametrize(
        ("country", "ownership", "admitted"),
        [
            (RUS, "private", True),
            (CHN, "state", True),
            (RUS, "state", True),
            (CHN, "private", False),
            (None, None, False),
        ],
    )
    def test_admits_the_roots_it_names_or_all_but_those(self, country, ownership, admitted):
        root = Source(kind="outlet", name="A root", country=country, ownership=ownership)
        bloc = Bloc(countries=(RUS,), ownerships=("state",))

        assert bloc.admits(root) is admitted
        assert replace(bloc, rule="except").admits(root) is not admitted


class TestView:
    def test_is_one_in_whatever_order_it_lists_what_counts(self):
        bloc = Bloc(countries=(RUS, CHN), ownerships=("state", "private"))
        same = Bloc(countries=(CHN, RUS, CHN), ownerships=("private", "state"))

        assert VIEW.id == View(method="1", collections=(FEED, CURATED, FEED)).id
        assert replace(VIEW, bloc=bloc).id == replace(VIEW, bloc=same).id

    def test_is_another_where_anything_else_counts(self):
        views = [
            VIEW,
            replace(VIEW, method="2"),
            replace(VIEW, collections=(CURATED,)),
            replace(VIEW, collections=()),
            replace(VIEW, bloc=Bloc(countries=(RUS,))),
            replace(VIEW, bloc=Bloc(countries=(RUS,), rule="except")),
            replace(VIEW, bloc=Bloc(ownerships=("state",))),
        ]

        assert len({view.id for view in views}) == len(views)

    def test_has_an_id_that_never_changes(self):
        assert View(method="1", collections=(CURATED,)).id == "5c9f8b25f3fbafc6"
        assert View(method="1").id == "5f749b0a341699b4"

    @pytest.mark.parametrize(
        ("named", "coding", "admitted"),
        [
            ((), "curated", True),
            ((), "machine", False),
            ((FEED,), "machine", True),
            ((FEED,), "curated", True),
            ((CURATED,), "curated", False),
        ],
    )
    def test_admits_what_it_names_or_else_what_is_curated(self, named, coding, admitted):
        feed = Collection(name="feed", coding=coding, review=False)

        assert View(method="1", collections=named).admits(FEED, feed) is admitted


class TestTheLensOfACollection:
    @pytest.mark.parametrize(
        ("coding", "name"), [("curated", "standing-feed"), ("machine", "machine-feed")]
    )
    def test_counts_that_collection_alone(self, coding, name):
        lens = own_lens(FEED, Collection(name="feed", coding=coding, review=False))

        assert (lens.name, lens.view) == (name, View(method="1", collections=(FEED,)))
        assert (lens.model, lens.model_version) == ("standing", 1)
        assert lens.parameters == MODELS["standing"].defaults


class TestLensVersion:
    def test_is_cited_by_name_and_version(self):
        assert a_version().label == "standing@3"

    def test_pulls_both_directions_of_the_undirected_pair_and_one_of_the_others(self):
        there, back = (
            an_act(initiator="ASH", recipient="BIR"),
            an_act(initiator="BIR", recipient="ASH", claim=an_id("back")),
        )
        version = a_version()

        assert len(version.pulls([there, back], "ASH-BIR")) == 2
        assert [one.claim for one in version.pulls([there, back], "BIR>ASH")] == [back.claim]

    def test_pulls_only_from_the_sectors_it_admits(self):
        version = a_version(sectors=("military",))

        assert version.pulls([an_act(sectors=("government",))], "ASH-BIR") == []
        assert len(version.pulls([an_act(sectors=("government", "military"))], "ASH-BIR")) == 1


class TestPairs:
    def test_are_named_in_alphabetical_order(self):
        assert pair_of("RUS", "KAZ") == pair_of("KAZ", "RUS") == "KAZ-RUS"

    def test_have_three_series(self):
        assert directions("KAZ-RUS") == ("KAZ-RUS", "KAZ>RUS", "RUS>KAZ")


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
    @each(
        ("given", "problems"),
        [
            ({}, []),
            ({"sectors": ("government", "military")}, []),
            ({"view": replace(VIEW, bloc=Bloc(countries=(RUS,)))}, []),
            ({"view": replace(VIEW, collections=())}, []),
            ({"name": ""}, [("/name", "required")]),
            ({"name": "standing@3"}, [("/name", "invalid")]),
            ({"view": replace(VIEW, method="3")}, [("/view/method", "unknown")]),
            ({"model": "nonsense"}, [("/model", "unknown")]),
            ({"model_version": 2}, [("/model", "unknown")]),
            ({"model": "tone", "model_version": 2}, [("/model", "unknown")]),
            # It sees something.
            *(
                ({"view": replace(VIEW, bloc=bloc)}, [("/view/bloc", "required")])
                for bloc in (Bloc(), Bloc(rule="except"))
            ),
        ],
    )
    def test_is_refused_at_the_field_that_is_wrong(self, given, problems):
        assert wrong(**given) == problems

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

    @pytest.mark.parametrize("file", sorted(SHAPES.glob("LensDefined.*.json")), ids=str)
    def test_of_the_examples_are_those_of_their_models(self, file):
        lens = json.loads(file.read_text(encoding="utf-8"))["body"]["lens"]

        assert MODELS[lens["model"]].read(lens["parameters"])

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
        steps = {**STANDING["steps"], "conflict in deeds": "1"}
        parameters = {**STANDING, "top": 0, "steps": steps, "drift": "a", "kappa": "1"}
        del parameters["floor"]

        assert sorted(self.pointers(parameters)) == [
            "/parameters/drift",
            "/parameters/floor",
            "/parameters/kappa",
            "/parameters/steps/conflict in deeds",
            "/parameters/top",
        ]

    def test_are_told_once_where_the_usual_ones_do_not_fit_either(self):
        # A month takes .5, and twice 2.4/9.
        assert self.pointers({**STANDING, "war": "0.5"}) == ["/parameters/steps"]

    @pytest.mark.parametrize(("name", "pointer"), [("war", "war"), ("a/b.c", "a~1b.c")])
    def test_that_are_steps_of_no_class_are_named(self, name, pointer):
        steps = {**STANDING["steps"], name: "1"}

        assert self.pointers({**STANDING, "steps": steps}) == [f"/parameters/steps/{pointer}"]

    @pytest.mark.parametrize(
        ("name", "pointer"),
        [("a/b~c", "a~1b~0c"), ("top[0]", "top[0]"), ("steps.x", "steps.x")],
    )
    def test_that_nobody_knows_are_named_as_they_are_written(self, name, pointer):
        assert self.pointers({**STANDING, name: "1"}) == [f"/parameters/{pointer}"]

    def test_hold_no_floats(self):
        assert "/parameters/drift" in self.pointers({**STANDING, "drift": 0.57})
