import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.triads import Edge, NoTriangle, triad


def an_edge(pair: str, value: float, *, doubt: float = 0.5) -> Edge:
    return Edge(pair=pair, value=value, low=value - doubt, high=value + doubt)


def a_triad(one: float, two: float, three: float, *, doubt: float = 0.5):
    return triad(
        [
            an_edge("KAZ-RUS", three, doubt=doubt),
            an_edge("CHN-KAZ", one, doubt=doubt),
            an_edge("CHN-RUS", two, doubt=doubt),
        ]
    )


class TestTriad:
    def test_has_its_pairs_in_alphabetical_order(self):
        assert [edge.pair for edge in a_triad(1, 2, 3).edges] == ["CHN-KAZ", "CHN-RUS", "KAZ-RUS"]

    @pytest.mark.parametrize(
        ("values", "balance"),
        [
            ((4, 5, 6), "balanced"),
            ((4, -5, -6), "balanced"),
            ((4, 5, -6), "unbalanced"),
            ((-4, -5, -6), "unbalanced"),
            ((4, 5, -0.2), "undetermined"),
        ],
    )
    def test_is_balanced_by_the_sign_of_the_product(self, values, balance):
        assert a_triad(*values).balance == balance

    def test_names_the_pairs_whose_sign_is_not_known(self):
        found = a_triad(0.5, 4, -0.2)

        assert [edge.pair for edge in found.undetermined] == ["CHN-KAZ", "KAZ-RUS"]
        assert a_triad(4, 5, 6).undetermined == ()

    def test_knows_no_sign_where_an_interval_touches_zero(self):
        assert an_edge("CHN-RUS", 0.5).sign == "undetermined"
        assert an_edge("CHN-RUS", -0.5).sign == "undetermined"
        assert an_edge("CHN-RUS", 0.51).sign == "positive"
        assert an_edge("CHN-RUS", -0.51).sign == "negative"

    def test_is_as_strong_as_the_geometric_mean_of_its_pairs(self):
        # (4.5/9 · 2.25/9 · 9/9)^(1/3) = (1/8)^(1/3)
        assert a_triad(4.5, -2.25, 9).strength == pytest.approx(0.5, abs=1e-15)

    def test_has_no_strength_without_one_of_its_relations(self):
        assert a_triad(0, 5, 5).strength == 0

    @given(st.floats(0, 9), st.floats(0, 9), st.floats(0, 9))
    def test_has_a_strength_that_cubes_to_the_product(self, one, two, three):
        assert a_triad(one, two, three).strength ** 3 == pytest.approx(
            one * two * three / 729, rel=1e-12, abs=1e-300
        )

    def test_is_nearest_to_a_flip_at_its_weakest_pair(self):
        assert a_triad(-3, 2, -1).nearest_flip.pair == "KAZ-RUS"
        assert a_triad(0, 2, 0).nearest_flip.pair == "CHN-KAZ"


class TestNoTriangle:
    @pytest.mark.parametrize(
        "pairs",
        [
            ["CHN-KAZ", "CHN-RUS"],
            ["CHN-KAZ", "CHN-RUS", "KAZ-RUS", "KAZ-TUR"],
            ["CHN-KAZ", "CHN-RUS", "KAZ-TUR"],
            ["CHN-KAZ", "CHN-KAZ", "CHN-RUS"],
            ["CHN-CHN", "CHN-KAZ", "KAZ-CHN"],
            [],
        ],
    )
    def test_is_said_of_pairs_that_do_not_close(self, pairs):
        with pytest.raises(NoTriangle, match="make no triangle"):
            triad([an_edge(pair, 1.0) for pair in pairs])
