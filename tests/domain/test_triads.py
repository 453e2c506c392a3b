from datetime import date

import pytest

from tests.kit.tables import each
from tracker.domain.triads import Edge, NoTriangle, flips, triad


def an_edge(pair: str, value: float, *, doubt: float = 0.5, positive: float | None = None) -> Edge:
    """A pair that is positive for sure if its value is, unless a probability is given."""
    if positive is None:
        positive = 0.5 * (1 + (value > 0) - (value < 0))
    return Edge(pair=pair, value=value, low=value - doubt, high=value + doubt, positive=positive)


def of_chances(*positive: float):
    pairs = ("CHN-KAZ", "CHN-RUS", "KAZ-RUS")
    return triad(
        an_edge(pair, chance - 0.5, positive=chance)
        for pair, chance in zip(pairs, positive, strict=True)
    )


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

    @each(
        ("values", "balance"),
        [
            ((4, 5, 6), "balanced"),
            ((4, -5, -6), "balanced"),
            ((4, 5, -6), "unbalanced"),
            ((-4, -5, -6), "unbalanced"),
            ((4, 5, -0.2), "unbalanced"),
            ((4, 5, 0), "undetermined"),
        ],
    )
    def test_is_balanced_by_the_sign_of_the_product(self, values, balance):
        assert a_triad(*values).balance == balance

    @each(
        ("positive", "balanced", "balance"),
        [
            # ½·(1 + .8·.6·.5), and with one or two of them negative
            ((0.9, 0.8, 0.75), 0.62, "balanced"),
            ((0.1, 0.8, 0.75), 0.38, "unbalanced"),
            ((0.1, 0.2, 0.75), 0.62, "balanced"),
            # one of even odds decides nothing: ½·(1 + 1·1·0)
            ((1, 1, 0.5), 0.5, "undetermined"),
            # ½·(1 + .36³) = .523 is about 50 %; ½·(1 + .37³) = .525… is not
            ((0.68, 0.68, 0.68), 0.523328, "undetermined"),
            ((0.685, 0.685, 0.685), 0.5253265, "balanced"),
        ],
    )
    def test_is_balanced_with_the_chance_of_its_three_signs(self, positive, balanced, balance):
        found = of_chances(*positive)

        assert found.balanced == pytest.approx(balanced)
        assert found.balance == balance

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

    def test_is_nearest_to_a_flip_at_its_weakest_pair(self):
        assert a_triad(-3, 2, -1).nearest_flip.pair == "KAZ-RUS"
        assert a_triad(0, 2, 0).nearest_flip.pair == "CHN-KAZ"


class TestNoTriangle:
    @each(
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
        with pytest.raises(NoTriangle, match="do not form a triangle"):
            triad([an_edge(pair, 1.0) for pair in pairs])


class TestPossibleStrain:
    def test_takes_the_ends_of_the_intervals_that_make_it_strongest(self):
        # Down: 3, 0, 5; up: 1, 6, 0. Of −·+·+, +·−·+, +·+·−, −·−·−: 1 · 6 · 5 = 30 alone is not 0.
        edges = [
            Edge(pair="CHN-KAZ", value=-1, low=-3, high=1, positive=0.2),
            Edge(pair="CHN-RUS", value=5, low=4, high=6, positive=1),
            Edge(pair="KAZ-RUS", value=-4, low=-5, high=-3, positive=0),
        ]

        assert triad(edges).possible_strain == pytest.approx((30 / 729) ** (1 / 3))

    def test_is_that_of_three_enemies_too(self):
        assert a_triad(-3, -3, -3, doubt=1).possible_strain == pytest.approx(4 / 9)

    @pytest.mark.parametrize("values", [(4, 5, 6), (-4, -5, 6), (0.5, 4, 4)])
    def test_is_nothing_where_no_pair_can_be_of_the_other_sign(self, values):
        assert a_triad(*values).possible_strain == 0


class TestFlips:
    def test_name_each_day_on_which_the_balance_is_another_one(self):
        friends, foes, unclear = a_triad(4, 5, 6), a_triad(4, 5, -6), a_triad(4, 5, 0)
        days = [date(2022, 5, day) for day in range(1, 7)]

        found = flips(zip(days, [friends, friends, foes, unclear, unclear, friends], strict=True))

        assert [(one.day.day, one.before, one.after) for one in found] == [
            (3, "balanced", "unbalanced"),
            (4, "unbalanced", "undetermined"),
            (6, "undetermined", "balanced"),
        ]

    def test_are_none_of_a_single_day(self):
        assert list(flips([(date(2022, 5, 1), a_triad(4, 5, 6))])) == []
        assert list(flips([])) == []
