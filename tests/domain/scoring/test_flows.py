"""`tone` and `cooperation` worked by hand from the formulas."""

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
from tracker.domain.scoring.moments import Score

DECAY, FADE = 0.98471475293443124, 0.99615658722057522


class TestTheKnotsOfATone:
    def test_weigh_an_act_by_its_weight_and_its_p(self):
        # A = .65·.6·5 = 1.95, B = .39
        (knot,) = a_scorer("tone").knots(pulls_of(an_act(weight=0.6, p=0.65)))

        assert knot.moments == pytest.approx((1.95, 0.39))

    def test_forget_half_in_45_days(self):
        # half of A = 3.25 and of B = .65 is left; then A − 2, B + 1
        pulls = pulls_of(an_act(p=0.65), an_act(claim=an_id(2), first=a_day(45), value=-2.0))
        _, knot = a_scorer("tone").knots(pulls)

        assert knot.moments == pytest.approx((1.625 - 2, 0.325 + 1))

    def test_spread_a_situation_over_its_days(self):
        # w = 1/30, then f/30, with p = .5 and the value 5
        (_, knot) = a_scorer("tone").knots(pulls_of(a_situation(days=2, p=0.5)))
        reach = (DECAY + FADE) / 30

        assert knot.moments == pytest.approx((2.5 * reach, 0.5 * reach))

    def test_do_not_let_an_assault_fade(self):
        (_, knot) = a_scorer("tone").knots(pulls_of(a_situation(days=2, value=-9.5, fades=False)))

        assert knot.moments == pytest.approx((-9.5 * (DECAY + 1) / 30, (DECAY + 1) / 30))


class TestTheScoreOfATone:
    def test_is_0_before_the_first_knot(self):
        assert a_scorer("tone").at(None, DAY) == Score(0.0)

    def test_divides_by_what_there_is_and_the_mass_of_silence(self):
        # A = 3.25, B = .65
        found = score(a_scorer("tone"), pulls_of(an_act(p=0.65)), DAY)

        assert found.value == pytest.approx(3.25 / 1.65)

    def test_has_no_interval(self):
        found = score(a_scorer("tone"), pulls_of(an_act(p=0.65)), DAY)

        assert found == Score(found.value)
        assert (found.sd, found.low, found.high) == (None, None, None)

    def test_forgets_in_silence(self):
        # after 45 days A = 1.625, B = .325
        found = score(a_scorer("tone"), pulls_of(an_act(p=0.65)), a_day(45))

        assert found.value == pytest.approx(1.625 / 1.325)

    def test_is_silent_where_less_than_a_tenth_is_of_reports(self):
        # B = 2^(−days/45): B/(B + 1) = .1 at B = 1/9, after 45·log2(9) = 142.6 days
        pulls = pulls_of(an_act())
        before, after = (score(a_scorer("tone"), pulls, a_day(days)) for days in (142, 143))

        assert (before.silent, after.silent) == (None, DAY)
        assert after.sign == 0


class TestTheContributionsOfATone:
    def test_are_shares_of_what_is_left(self):
        # 45 days on: A = 2.5 − 2, B = .5 + 1
        pulls = pulls_of(an_act(), an_act(claim=an_id(2), first=a_day(45), value=-2.0))
        found = a_scorer("tone").contributions(pulls, a_day(45))

        assert [part.amount for part in found.parts] == pytest.approx([2.5 / 2.5, -2 / 2.5])


class TestTheParametersOfATone:
    def test_uses_what_the_lens_says(self):
        found = score(a_scorer("tone", kappa="3"), pulls_of(an_act()), DAY)

        assert found.value == pytest.approx(5 / 4)


SLOW_DECAY = 0.99810276875159463


class TestTheKnotsOfARatio:
    """The state is (C − K, C + K), with C for cooperation and K for conflict."""

    def test_weigh_an_act_by_its_weight_its_p_and_its_size(self):
        # C = .65·.6·5 = 1.95
        (knot,) = a_scorer("cooperation").knots(pulls_of(an_act(weight=0.6, p=0.65)))

        assert knot.moments == pytest.approx((1.95, 1.95))

    def test_subtract_conflict_from_cooperation(self):
        # C = .5·4 = 2, K = .5·8 + .8·2 = 5.6; a value of 0 is neither
        acts = [(-8.0, 0.5), (-2.0, 0.8), (0.0, 0.5), (4.0, 0.5)]
        pulls = pulls_of(*(an_act(claim=an_id(n), value=v, p=p) for n, (v, p) in enumerate(acts)))
        (knot,) = a_scorer("cooperation").knots(pulls)

        assert knot.moments == pytest.approx((-3.6, 7.6))
        assert knot.claims == 4

    def test_forget_half_in_365_days(self):
        # half of C = 3.25 is left; then K = 2
        pulls = pulls_of(an_act(p=0.65), an_act(claim=an_id(2), first=a_day(365), value=-2.0))
        _, knot = a_scorer("cooperation").knots(pulls)

        assert knot.moments == pytest.approx((1.625 - 2, 1.625 + 2))

    def test_spread_a_situation_over_its_days(self):
        # w = 1/30, then f/30, with p = .5 and the value −6
        (_, knot) = a_scorer("cooperation").knots(pulls_of(a_situation(days=2, value=-6.0, p=0.5)))
        reach = (SLOW_DECAY + FADE) / 5

        assert knot.moments == pytest.approx((-0.5 * reach, 0.5 * reach))

    def test_do_not_let_an_assault_fade(self):
        assault = a_situation(days=2, value=-9.5, fades=False)
        (_, knot) = a_scorer("cooperation").knots(pulls_of(assault))

        assert knot.moments[1] == pytest.approx(9.5 * (SLOW_DECAY + 1) / 30)


class TestTheScoreOfARatio:
    def test_is_0_before_the_first_knot(self):
        assert a_scorer("cooperation").at(None, DAY) == Score(0.0)

    def test_divides_what_both_sides_differ_by_by_all_there_is(self):
        # C = .5·(10 + 2) = 6, K = .5·8 = 4: (6 − 4)/(6 + 4 + 10)
        pulls = pulls_of(
            an_act(value=10.0, p=0.5),
            an_act(claim=an_id(2), value=2.0, p=0.5),
            an_act(claim=an_id(3), value=-8.0, p=0.5),
        )
        found = score(a_scorer("cooperation"), pulls, DAY)

        assert found.value == pytest.approx(0.1)
        assert found == Score(found.value)

    def test_falls_back_in_silence_and_stays_a_number(self):
        # C = 10 certain: 10/20; a year on 5/15; ten years on 2^−10·10/(2^−10·10 + 10)
        pulls, scorer = pulls_of(an_act(value=10.0)), a_scorer("cooperation")
        found = [score(scorer, pulls, a_day(365 * years)) for years in (0, 1, 10)]

        assert [one.value for one in found] == pytest.approx([1 / 2, 1 / 3, 1 / 1025])
        assert [one.silent for one in found] == [None] * 3


class TestTheContributionsOfARatio:
    def test_are_shares_of_all_there_is(self):
        # a year on C = 2.5 and K = 2: T = 14.5
        pulls = pulls_of(an_act(), an_act(claim=an_id(2), first=a_day(365), value=-2.0))
        found = a_scorer("cooperation").contributions(pulls, a_day(365))

        assert [part.claim for part in found.parts] == [an_id(1), an_id(2)]
        assert [part.amount for part in found.parts] == pytest.approx([2.5 / 14.5, -2 / 14.5])

    def test_add_up_the_days_of_a_situation(self):
        # 6/30·(λ + f) = X: X/(X + 10)
        found = a_scorer("cooperation").contributions(
            pulls_of(a_situation(days=2, value=6.0)), a_day(1)
        )
        x = (SLOW_DECAY + FADE) / 5

        assert found.value == pytest.approx(x / (x + 10))


class TestTheParametersOfARatio:
    def test_uses_what_the_lens_says(self):
        found = score(a_scorer("cooperation", kappa="5"), pulls_of(an_act()), DAY)

        assert found.value == pytest.approx(5 / 10)
