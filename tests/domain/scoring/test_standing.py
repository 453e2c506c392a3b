"""`standing` worked by hand from the formulas."""

from math import sqrt

import pytest
from hypothesis import given

from tests.kit.impact_strategies import pairs
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
from tests.kit.tables import each
from tracker.domain.scoring.evidence import Impact
from tracker.domain.scoring.moments import Scorer, WrongKnot, latest
from tracker.domain.scoring.parameters import WrongParameter

FADE = 0.99615658722057522


def moments_on(day, *impacts: Impact) -> tuple[float, ...]:
    knot = latest(a_scorer("standing").knots(pulls_of(*impacts)), day)
    assert knot is not None
    return knot.moments


class TestKnots:
    def test_apply_an_act_to_a_level_that_nothing_is_known_of(self):
        # I = −.6·.6 = −.36, k = .04, doubt = .65·.35 = .2275, a day's drift .0016
        # K = .026, S = −.234, k2 = .000364, v = .029484; e = 16.0016
        # e' = (.974² + .000364)·16.0016 + .054756 + .029484 = 15.186158464 + .08424
        mean, second = moments_on(DAY, an_act(value=-6.0, weight=0.6, p=0.65))

        assert mean == pytest.approx(-0.234)
        assert second == pytest.approx(15.270398464)

    def test_let_the_level_drift_until_the_next_act_and_apply_that(self):
        # second act: I = .3, k = 1/30, p = .8: K = .8/30 = .026667, S = .24, doubt .16,
        # k2 = .16/900 = .000177778, c = .16·.3/30 = .0016, v = .0144
        # m' = .9733333·−.234 + .24 = .01224
        # e = 15.270398464 + 10·.0016 = 15.286398464
        # e' = (.94737778 + .00017778)·15.286398464 + 2·−.234·(.9733333·.24 − .0016) + .0576 + .0144
        #    = 14.48471178 − .1085760 + .072
        mean, second = moments_on(
            a_day(10),
            an_act(value=-6.0, weight=0.6, p=0.65),
            an_act(claim=an_id(2), first=a_day(10), value=5.0, p=0.8),
        )

        assert mean == pytest.approx(0.01224)
        assert second == pytest.approx(14.4481355, abs=1e-6)

    def test_never_move_a_level_beyond_its_range(self):
        # two of I = −6, k = 2/3: K = 4/3, so S = −12/(4/3) = −9 and nothing is left of before
        found = moments_on(DAY, *(an_act(claim=an_id(n), value=-10.0) for n in (1, 2)))

        assert found == pytest.approx((-9.0, 81.0))

    def test_shrink_the_doubt_with_the_impacts_where_they_are_scaled(self):
        # four of I = −6, k = 2/3, p = .5: K = 4/3, S = −12 → 1, −9; doubt .25
        # k2 = 4·.25·4/9/(16/9) = .25, c irrelevant at m = 0, v = 4·.25·36/(16/9) = 20.25
        # e' = .25·16.0016 + 81 + 20.25
        mean, second = moments_on(
            DAY, *(an_act(claim=an_id(n), value=-10.0, p=0.5) for n in (1, 2, 3, 4))
        )

        assert mean == pytest.approx(-9.0)
        assert second == pytest.approx(0.25 * 16.0016 + 101.25)

    def test_spread_a_situation_over_its_days_with_one_truth_for_all(self):
        # I = .3: i₀ = .01, i₁ = .01·f; doubt .25: v₀ = .25·.01², v₁ = .25·((.01 + i₁)² − .01²)
        i1 = 0.01 * FADE
        k0, k1 = 0.5 * 0.01 / 9, 0.5 * i1 / 9
        e0 = (1 - k0) ** 2 * 16.0016 + 0.005**2 + 0.25 * 0.01**2
        m1 = (1 - k1) * 0.005 + 0.5 * i1
        e1 = (
            (1 - k1) ** 2 * (e0 + 0.0016)
            + 2 * 0.005 * (1 - k1) * 0.5 * i1
            + (0.5 * i1) ** 2
            + 0.25 * ((0.01 + i1) ** 2 - 0.01**2)
        )

        assert moments_on(a_day(9), a_situation(days=2, p=0.5)) == pytest.approx((m1, e1))

    def test_do_not_let_an_assault_fade(self):
        # I = −5: i = −1/6 daily, k = 1/54; m = −9·(1 − (53/54)²)
        mean, _ = moments_on(DAY, a_situation(days=1, value=-9.5, fades=False))
        later, _ = moments_on(a_day(1), a_situation(days=2, value=-9.5, fades=False))

        assert mean == pytest.approx(-1 / 6)
        assert later == pytest.approx(-9 * (1 - (53 / 54) ** 2))

    def test_stop_where_they_are_told_to(self):
        pulls = pulls_of(a_situation(days=9))

        assert [knot.day for knot in a_scorer("standing").knots(pulls, until=a_day(2))] == [
            DAY,
            a_day(1),
            a_day(2),
        ]


class TestAt:
    def test_knows_nothing_before_the_first_knot(self):
        found = a_scorer("standing").at(None, DAY)

        assert (found.value, found.sd, found.band) == (0, 4, None)
        assert (found.low, found.high) == pytest.approx((-6.58, 6.58))

    def test_keeps_the_level_and_widens_in_a_quiet_stretch(self):
        # after one day: variance (1 − 1/30)²·16.0016 for the certain I = .3
        variance = (29 / 30) ** 2 * 16.0016
        found = score(a_scorer("standing"), pulls_of(an_act()), a_day(100))

        assert found.value == pytest.approx(0.3)
        assert found.sd == pytest.approx(sqrt(variance + 100 * 0.0016))

    def test_clips_the_interval_to_the_range(self):
        pulls = pulls_of(*(an_act(claim=an_id(n), value=-10.0) for n in (1, 2)))
        found = score(a_scorer("standing"), pulls, a_day(50))

        assert (found.value, found.low) == (-9, -9)
        assert found.high == pytest.approx(-9 + 1.645 * sqrt(50 * 0.0016))
        assert found.band == "confrontation"

    def test_does_not_let_rounding_push_a_level_out_of_its_range(self):
        # the sum over a crowded day comes out as −9.000000000000002
        acts = [(-10.0, 0.99, 0.6), (-9.5, 0.97, 1), (-9.5, 0.97, 0.6), (-9.0, 0.97, 1)]
        acts.append((-9.0, 0.99, 0.6))
        pulls = pulls_of(
            *(
                an_act(claim=an_id(n), value=value, p=p, weight=weight)
                for n, (value, p, weight) in enumerate(acts)
            )
        )

        (knot,) = a_scorer("standing").knots(pulls)

        assert knot.moments[0] < -9
        assert a_scorer("standing").at(knot, DAY).value == -9

    def test_does_not_take_rounding_for_doubt(self):
        # all is certain, and the second moment comes out below the mean's square
        scorer = a_scorer("standing", omega="0", start_sd="0")
        _, knot = scorer.knots(
            pulls_of(an_act(), an_act(claim=an_id(2), first=a_day(1), value=4.0))
        )

        assert knot.moments[1] < knot.moments[0] * knot.moments[0]
        assert scorer.at(knot, a_day(1)).sd == 0

    def test_refuses_a_knot_of_a_later_day(self):
        (knot,) = a_scorer("standing").knots(pulls_of(an_act()))

        with pytest.raises(WrongKnot, match="2022-03-01 comes after 2022-02-28"):
            a_scorer("standing").at(knot, a_day(-1))


class TestSteps:
    @each(
        ("value", "step"),
        [
            (-10.0, -6.0),
            (-9.5, -5.0),
            (-8.5, -2.75),
            (-6.0, -0.6),
            (0.0, 0.0),
            (10.0, 0.6),
        ],
    )
    def test_run_straight_between_the_rows_of_the_table(self, value, step):
        assert moments_on(DAY, an_act(value=value))[0] == pytest.approx(step)

    def test_stay_level_beyond_a_table_that_ends_early(self):
        scorer = a_scorer("standing", steps=[["-1", "-0.5"], ["1", "0.25"]])

        assert score(scorer, pulls_of(an_act(value=-9.0)), DAY).value == pytest.approx(-0.5)
        assert score(scorer, pulls_of(an_act(value=9.0)), DAY).value == pytest.approx(0.25)


class TestContributions:
    def test_wear_away_under_what_came_after(self):
        # first: −.36·.65 = −.234, left (1 − .8/30) of it; second: .8·.3 = .24
        pulls = pulls_of(
            an_act(value=-6.0, weight=0.6, p=0.65),
            an_act(claim=an_id(2), first=a_day(10), value=5.0, p=0.8),
        )
        found = a_scorer("standing").contributions(pulls, a_day(20))

        assert [part.claim for part in found.parts] == [an_id(2), an_id(1)]
        assert [part.amount for part in found.parts] == pytest.approx([0.24, -0.22776])
        assert found.start == 0

    def test_share_what_a_crowded_day_can_take(self):
        pulls = pulls_of(
            an_act(claim=an_id(3)),
            *(an_act(claim=an_id(n), first=a_day(1), value=-10.0) for n in (1, 2)),
        )
        found = a_scorer("standing").contributions(pulls, a_day(1))

        assert [part.amount for part in found.parts] == pytest.approx([-4.5, -4.5, 0])

    def test_add_up_the_days_of_a_situation(self):
        # i = −1/6 daily, k = 1/54: the first day's is worn once
        pulls = pulls_of(a_situation(days=2, value=-9.5, fades=False))
        (part,) = a_scorer("standing").contributions(pulls, a_day(1)).parts

        assert part.amount == pytest.approx(-1 / 6 * (53 / 54) - 1 / 6)


class TestWords:
    def test_say_how_far_an_unanchored_level_moved(self):
        scorer = a_scorer("standing")
        found = score(scorer, pulls_of(an_act(value=-5.0)), DAY)

        assert scorer.words(found, since=DAY) == "level never assessed; moved −0.5 since March 2022"


STRAIGHT = [["-10", "-0.2"], ["10", "0.2"]]


def a_machine_scorer(**changed) -> Scorer:
    return a_scorer("standing", **{"steps": STRAIGHT, "share_day": True, **changed})


class TestAMachineLens:
    def test_shares_a_day_among_its_acts(self):
        # .02·5/2 = .05 and −.02·6·.6/2 = −.036 at once: m = .014; alone on their day .1
        acts = (an_act(), an_act(claim=an_id(2), value=-6.0, weight=0.6))
        scorer = a_machine_scorer()

        assert score(scorer, pulls_of(*acts), DAY).value == pytest.approx(0.014)
        assert score(scorer, pulls_of(acts[0]), DAY).value == pytest.approx(0.1)
        parts = scorer.contributions(pulls_of(*acts), DAY).parts
        assert [part.amount for part in parts] == pytest.approx([0.05, -0.036])

    def test_leaves_situations_their_weight(self):
        # .1/30 on its first day, whatever else is said on it; the two acts have half of .1 each
        acts = (an_act(claim=an_id(n)) for n in (2, 3))
        pulls = pulls_of(a_situation(days=1), *acts)

        assert score(a_machine_scorer(), pulls, DAY).value == pytest.approx(0.1 + 0.1 / 30)

    @pytest.mark.parametrize(("floor", "sd"), [("0", 0.04), ("0.03", 0.04), ("0.5", 0.5)])
    def test_claims_no_less_doubt_than_its_least(self, floor, sd):
        # sure of a start at 0 and of the act: one day's ω alone
        scorer = a_machine_scorer(start_sd="0", least_sd=floor)
        found = score(scorer, pulls_of(an_act(weight=0.01)), DAY)

        assert found.sd == pytest.approx(sd, rel=1e-3)
        assert found.high - found.low == pytest.approx(2 * 1.645 * found.sd)

    def test_is_like_any_other_where_neither_is_asked_for(self):
        assert a_scorer("standing", share_day=False, least_sd="0") == a_scorer("standing")

    @given(pairs(kinds=(False,)))
    def test_is_one_whose_acts_were_weighed_beforehand(self, impacts):
        pulls = pulls_of(*impacts)
        days = [pull.first for pull in pulls]
        shared = [pull._replace(weight=pull.weight / days.count(pull.first)) for pull in pulls]

        assert a_machine_scorer().knots(pulls) == a_machine_scorer(share_day=False).knots(shared)


class TestRead:
    @each(
        ("name", "value"),
        [
            ("top", "9"),
            ("steps", []),
            ("omega", 0.04),
            ("omega", "-1"),
            ("start_sd", "10"),
            ("anchor_sd", "x"),
            ("anchors", None),
            ("situation_days", 0),
            ("situation_fade", "1.01"),
            ("share_day", 1),
            ("least_sd", 0.5),
            ("least_sd", "-1"),
        ],
    )
    def test_names_the_parameter_that_is_wrong(self, name, value):
        with pytest.raises(WrongParameter) as caught:
            a_scorer("standing", **{name: value})

        assert caught.value.name == name

    def test_uses_what_the_lens_says(self):
        # I = 1·1 = 1 at top 2, k = .5, start sd 1, ω .1: e = 1.01·.25 + 1
        scorer = a_scorer(
            "standing", top=2, steps=[["0", "0"], ["5", "1"]], omega="0.1", start_sd="1"
        )
        (knot,) = scorer.knots(pulls_of(an_act()))

        assert knot.moments == pytest.approx((1, 1.01 * 0.25 + 1))
