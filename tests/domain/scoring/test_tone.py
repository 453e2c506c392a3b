"""`tone` worked by hand from the formulas."""

from math import sqrt

import pytest

from tests.kit.impacts import (
    DAY,
    a_day,
    a_scorer,
    a_situation,
    an_act,
    an_id,
    pulls_of,
    score,
)

DECAY, FADE = 0.98471475293443124, 0.99615658722057522


class TestKnots:
    def test_weigh_an_act_by_its_weight_and_its_p(self):
        # A = .65·.6·5 = 1.95, B = .39, V = .36·25·.2275 = 2.0475
        (knot,) = a_scorer("tone").knots(pulls_of(an_act(weight=0.6, p=0.65)))

        assert knot.moments == pytest.approx((1.95, 0.39, 2.0475))

    def test_forget_half_in_45_days(self):
        # half of A and B and a quarter of V are left; then A − 2, B + 1, V + 0 (p = 1)
        pulls = pulls_of(an_act(p=0.65), an_act(claim=an_id(2), first=a_day(45), value=-2.0))
        _, knot = a_scorer("tone").knots(pulls)

        assert knot.moments == pytest.approx((1.625 - 2, 0.325 + 1, 5.6875 / 4))

    def test_spread_a_situation_over_its_days_with_one_truth_for_all(self):
        # w = 1/30, then f/30; X₀ = 5/30, X₁ = λ·X₀ + 5f/30, V = p(1 − p)·X₁²
        (_, knot) = a_scorer("tone").knots(pulls_of(a_situation(days=2, p=0.5)))
        reach = (DECAY + FADE) / 30

        assert knot.moments == pytest.approx((2.5 * reach, 0.5 * reach, 0.25 * 25 * reach**2))

    def test_do_not_let_an_assault_fade(self):
        (_, knot) = a_scorer("tone").knots(pulls_of(a_situation(days=2, value=-9.5, fades=False)))

        assert knot.moments[:2] == pytest.approx((-9.5 * (DECAY + 1) / 30, (DECAY + 1) / 30))


class TestAt:
    def test_knows_nothing_before_the_first_knot(self):
        found = a_scorer("tone").at(None, DAY)

        assert (found.value, found.sd) == (0, 3)

    def test_divides_by_what_there_is_and_a_prior(self):
        # A = 3.25, B = .65, V = 5.6875: 3.25/1.65 and √(5.6875 + 9)/1.65
        found = score(a_scorer("tone"), pulls_of(an_act(p=0.65)), DAY)

        assert found.value == pytest.approx(3.25 / 1.65)
        assert found.sd == pytest.approx(sqrt(14.6875) / 1.65)
        assert found.high == pytest.approx(3.25 / 1.65 + 1.645 * sqrt(14.6875) / 1.65)

    def test_forgets_and_widens_in_silence(self):
        # after 45 days A = 1.625, B = .325, V = 1.421875
        found = score(a_scorer("tone"), pulls_of(an_act(p=0.65)), a_day(45))

        assert found.value == pytest.approx(1.625 / 1.325)
        assert found.sd == pytest.approx(sqrt(10.421875) / 1.325)

    def test_never_takes_the_fading_of_a_doubtful_act_for_knowledge(self):
        # V = 25, B = .5: √34/1.5 = 3.887; 45 days later it would be √15.25/1.25 = 3.124
        found = score(a_scorer("tone"), pulls_of(an_act(value=10.0, p=0.5)), a_day(45))

        assert found.sd == pytest.approx(sqrt(34) / 1.5)

    def test_clips_the_interval_to_the_range(self):
        # A = −145, B = 14.5, V = 29·25 = 725: −145/15.5 = −9.35 with sd √734/15.5 = 1.75
        acts = (an_act(claim=an_id(n), value=-10.0, p=0.5) for n in range(1, 30))
        found = score(a_scorer("tone"), pulls_of(*acts), DAY)

        assert found.value == pytest.approx(-145 / 15.5)
        assert found.low == -10
        assert found.high == pytest.approx(-145 / 15.5 + 1.645 * sqrt(734) / 15.5)


class TestContributions:
    def test_are_shares_of_what_is_left(self):
        # 45 days on: A = 2.5 − 2, B = .5 + 1
        pulls = pulls_of(an_act(), an_act(claim=an_id(2), first=a_day(45), value=-2.0))
        found = a_scorer("tone").contributions(pulls, a_day(45))

        assert [part.amount for part in found.parts] == pytest.approx([2.5 / 2.5, -2 / 2.5])


class TestRead:
    def test_uses_what_the_lens_says(self):
        # κ = 3, τ = 2: value 5/4, sd √(0 + 36)/4
        found = score(a_scorer("tone", kappa="3", tau="2"), pulls_of(an_act()), DAY)

        assert (found.value, found.sd) == pytest.approx((1.25, 1.5))
