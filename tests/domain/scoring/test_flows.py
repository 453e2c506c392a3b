"""`tone` and `cooperation` worked by hand from the formulas."""

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
from tracker.domain.scoring.moments import Knot

DECAY, FADE = 0.98471475293443124, 0.99615658722057522


class TestTheKnotsOfATone:
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


class TestTheScoreOfATone:
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


class TestTheContributionsOfATone:
    def test_are_shares_of_what_is_left(self):
        # 45 days on: A = 2.5 − 2, B = .5 + 1
        pulls = pulls_of(an_act(), an_act(claim=an_id(2), first=a_day(45), value=-2.0))
        found = a_scorer("tone").contributions(pulls, a_day(45))

        assert [part.amount for part in found.parts] == pytest.approx([2.5 / 2.5, -2 / 2.5])


class TestTheParametersOfATone:
    def test_uses_what_the_lens_says(self):
        # κ = 3, τ = 2: value 5/4, sd √(0 + 36)/4
        found = score(a_scorer("tone", kappa="3", tau="2"), pulls_of(an_act()), DAY)

        assert (found.value, found.sd) == pytest.approx((1.25, 1.5))


SLOW_DECAY = 0.99810276875159463


def a_knot(*moments: float) -> Knot:
    return Knot(day=DAY, moments=moments, claims=1, roots=1, state_roots=0, newest=DAY)


class TestTheKnotsOfARatio:
    def test_weigh_an_act_by_its_weight_its_p_and_its_size(self):
        # C = .65·.6·5 = 1.95, U = .65·.35·3² = 2.0475
        (knot,) = a_scorer("cooperation").knots(pulls_of(an_act(weight=0.6, p=0.65)))

        assert knot.moments == pytest.approx((1.95, 0, 2.0475, 0))

    def test_keep_conflict_apart_from_cooperation(self):
        # K = .5·8 + .8·2 = 5.6, V = .25·64 + .16·4 = 16.64; a value of 0 is neither
        acts = [(-8.0, 0.5), (-2.0, 0.8), (0.0, 0.5)]
        pulls = pulls_of(*(an_act(claim=an_id(n), value=v, p=p) for n, (v, p) in enumerate(acts)))
        (knot,) = a_scorer("cooperation").knots(pulls)

        assert knot.moments == pytest.approx((0, 5.6, 0, 16.64))
        assert knot.claims == 3

    def test_forget_half_in_365_days(self):
        # half of C and a quarter of U are left: 1.625 and 5.6875/4; then K = 2, certain
        pulls = pulls_of(an_act(p=0.65), an_act(claim=an_id(2), first=a_day(365), value=-2.0))
        _, knot = a_scorer("cooperation").knots(pulls)

        assert knot.moments == pytest.approx((1.625, 2, 1.421875, 0))

    def test_spread_a_situation_over_its_days_with_one_truth_for_all(self):
        # w = 1/30, then f/30; X₀ = 6/30, X₁ = λ·X₀ + 6f/30, V = p(1 − p)·X₁²
        (_, knot) = a_scorer("cooperation").knots(pulls_of(a_situation(days=2, value=-6.0, p=0.5)))
        reach = (SLOW_DECAY + FADE) / 5

        assert knot.moments == pytest.approx((0, 0.5 * reach, 0, 0.25 * reach**2))

    def test_do_not_let_an_assault_fade(self):
        assault = a_situation(days=2, value=-9.5, fades=False)
        (_, knot) = a_scorer("cooperation").knots(pulls_of(assault))

        assert knot.moments[1] == pytest.approx(9.5 * (SLOW_DECAY + 1) / 30)


class TestTheScoreOfARatio:
    def test_knows_nothing_before_the_first_knot(self):
        # θ is anywhere on −1..1: sd 1/√3 and ± 1.645/√3 = ± .9497
        found = a_scorer("cooperation").at(None, DAY)

        assert found.value == 0
        assert found.sd == pytest.approx(1 / sqrt(3))
        assert (found.low, found.high) == pytest.approx((-0.94974, 0.94974), abs=1e-5)

    def test_divides_what_both_sides_differ_by_by_all_there_is(self):
        # C = 6, and as the two err apart U = .25·(100 + 4) = 26; K = 4, V = .25·64 = 16: T = 20,
        # r = 2/20, with the slopes (8 + 10)/400 and (12 + 10)/400, and (100/3)/400
        pulls = pulls_of(
            an_act(value=10.0, p=0.5),
            an_act(claim=an_id(2), value=2.0, p=0.5),
            an_act(claim=an_id(3), value=-8.0, p=0.5),
        )
        found = score(a_scorer("cooperation"), pulls, DAY)

        variance = 26 * 0.045**2 + 16 * 0.055**2 + 1 / 12
        assert found.value == pytest.approx(0.1)
        assert found.sd == pytest.approx(sqrt(variance))
        assert found.low == pytest.approx(0.1 - 1.645 * sqrt(variance))

    def test_falls_back_and_widens_in_silence(self):
        # C = 10 certain: r = 10/20 with sd 10τ/20; a year on 5/15 and 10τ/15
        pulls = pulls_of(an_act(value=10.0))
        scorer = a_scorer("cooperation")
        now, later = score(scorer, pulls, DAY), score(scorer, pulls, a_day(365))

        assert (now.value, now.sd) == pytest.approx((1 / 2, 1 / sqrt(12)))
        assert (later.value, later.sd) == pytest.approx((1 / 3, 2 / 3 / sqrt(3)))

    def test_never_takes_the_fading_of_doubt_for_knowledge(self):
        # C = 5, U = 25: no l*, so q stays at 10/15² as on the first day; a year on T = 12.5
        found = score(a_scorer("cooperation"), pulls_of(an_act(value=10.0, p=0.5)), a_day(365))

        assert found.sd == pytest.approx(sqrt(25 * (10 / 225) ** 2 + 100 / 3 / 12.5**2))

    def test_doubts_most_where_the_ratio_gives_way_most(self):
        # C = 40: l* = 10/40. On the day q = 10/50²; two years on at l = 1/4 q = 2.5/20²; after
        # four, at l = 1/16 with T = 12.5, q is that of l* still
        scorer, knot = a_scorer("cooperation"), a_knot(40.0, 0.0, 9.0, 0.0)

        for days, reach, mass in ((0, 10 / 50**2, 50), (730, 1 / 160, 20), (1460, 1 / 160, 12.5)):
            variance = 9 * reach**2 + 100 / 3 / mass**2
            assert scorer.at(knot, a_day(days)).sd == pytest.approx(sqrt(variance))

    def test_treats_conflict_as_the_mirror_of_cooperation(self):
        scorer = a_scorer("cooperation")
        one = scorer.at(a_knot(40.0, 2.0, 9.0, 1.0), a_day(500))
        other = scorer.at(a_knot(2.0, 40.0, 1.0, 9.0), a_day(500))

        assert (other.value, other.low, other.high) == (-one.value, -one.high, -one.low)


class TestOnTheLighterSide:
    def test_a_surer_act_may_leave_more_doubt(self):
        """It makes the sides more even, where the doubt about the heavier one moves the ratio more.

        K = 50 with V = 250. C = .5·.3 = .15, U = .25·.09: T = 60.15; or C = .3, U = 0: T = 60.3.
        """
        conflict = [an_act(claim=an_id(n), value=-10.0, p=0.5) for n in range(10)]
        visit = an_act(claim=an_id(50), value=1.0, weight=0.3, p=0.5)
        doubtful, sure = (
            score(a_scorer("cooperation"), pulls_of(*conflict, one), DAY).sd
            for one in (visit, visit._replace(p=1.0))
        )

        assert doubtful**2 == pytest.approx(
            0.0225 * (110 / 60.15**2) ** 2 + 250 * (10.3 / 60.15**2) ** 2 + 100 / 3 / 60.15**2
        )
        assert sure**2 == pytest.approx(250 * (10.6 / 60.3**2) ** 2 + 100 / 3 / 60.3**2)
        assert sure > doubtful


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
        # κ = 5, τ = .5: r = 5/10, sd 5·.5/10
        found = score(a_scorer("cooperation", kappa="5", tau="0.5"), pulls_of(an_act()), DAY)

        assert (found.value, found.sd) == pytest.approx((0.5, 0.25))
