"""Ways of looking: blocs, views and lens versions."""

from dataclasses import replace

import pytest

from tests.kit.domain_builders import CURATED, an_id
from tests.kit.impacts import an_act
from tracker.domain.lenses import Bloc, Lens, LensVersion, View, directions, own_lens, pair_of
from tracker.domain.records import Collection, Source
from tracker.domain.scoring import MODELS

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
        ("coding", "name", "share_day"),
        [("curated", "standing-feed", None), ("machine", "machine-feed", True)],
    )
    def test_counts_that_collection_alone(self, coding, name, share_day):
        lens = own_lens(FEED, Collection(name="feed", coding=coding, review=False))

        assert (lens.name, lens.view) == (name, View(method="1", collections=(FEED,)))
        assert (lens.model, lens.model_version) == ("standing", 1)
        # Events of a machine share a day; what people enter counts in full.
        assert lens.parameters.get("share_day") == share_day


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
