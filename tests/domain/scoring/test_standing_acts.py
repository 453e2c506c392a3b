"""Repeated, lasting and opposed acts in `standing`, and its parameters, worked by hand."""

import math
import random
from math import sqrt

import pytest

from tests.kit.impacts import DAY, a_day, a_scorer, a_situation, an_act, an_id, moments_on, pulls_of
from tests.kit.impacts import score as score_of
from tests.kit.impacts import standing as score
from tests.kit.tables import each
from tracker.domain.scoring.evidence import Impact, Pull

ROUNDING = 1e-9
VISIT, CALL = "plover-2.0/CONSULT/visit", "plover-2.0/CONSULT/phone"
THIRD_PARTY = "plover-2.0/CONSULT/third-party"
# Seeds; in the first three the level itself would leave the scale.
FEUDS = (163, 249, 282, 0, 1, 2)


def a_feud(seed: int) -> list[Pull]:
    """Blows and counterblows, and situations, by up to seven roots that are each right or wrong."""
    chance = random.Random(seed)  # noqa: S311 # chooses claims
    claims: list[Impact] = []
    for root in range(chance.randint(2, 7)):
        p = chance.choice([0.1, 0.3, 0.5, 0.65, 0.85, 0.97, 0.99])
        for _ in range(chance.randint(1, 10)):
            one = {
                "claim": an_id(len(claims) + 1),
                "first": a_day(chance.randrange(chance.choice([3, 40, 170]))),
                "value": chance.choice([-10.0, -10.0, -9.5, -9.0, -6.0, 8.0, 10.0, 10.0]),
                "p": p,
                "roots": (an_id(900 + root),),
            }
            if chance.random() < 0.3:
                fades, days = chance.random() < 0.5, chance.randint(2, 300)
                claims.append(a_situation(days=days, **one)._replace(fades=fades))
            else:
                claims.append(an_act(**one))
    return pulls_of(*claims)


class TestAFeud:
    """So many strong claims that the scale limits the draws and the level."""

    def test_stays_on_the_scale_and_is_explained(self):
        scorer = a_scorer("standing")
        for seed in FEUDS:
            pulls = a_feud(seed)
            knots = scorer.knots(pulls)
            assert max(abs(knot.moments[0]) for knot in knots) <= 9 + ROUNDING
            assert max(knot.moments[1] + knot.moments[2] for knot in knots) <= 81 + ROUNDING
            for day in (a_day(60), a_day(400)):
                found = score_of(scorer, pulls, day)
                explained = scorer.contributions(pulls, day)
                assert abs(explained.value - found.value) < ROUNDING
                [amounts] = scorer.amounts_over(pulls, [day])
                parts = {part.claim: part.amount for part in explained.parts}
                assert dict(amounts.by_claim) == pytest.approx(parts, abs=1e-9)


class TestHabit:
    def weights(self, *impacts: Impact) -> list[float]:
        """What each act adds to a level, in points of a full act."""
        parts = a_scorer("standing").contributions(pulls_of(*impacts), a_day(9999)).parts
        amounts = {part.claim: part.amount for part in parts}
        # Later acts wear down what an act leaves.
        return [amounts[one.claim] for one in impacts]

    def test_makes_an_act_count_the_less_the_more_came_before(self):
        """Certain visits (I .24) on three days: with f left from day to day they weigh 1, 1/(1 + f)
        and 1/(1 + f + f²). What is left of each is worn by those after it."""
        visits = [
            an_act(claim=an_id(n), value=4.0, code=VISIT, first=a_day(n), roots=())
            for n in (1, 2, 3)
        ]

        f = math.exp(-1 / 365)
        second, third = 0.24 / (1 + f), 0.24 / (1 + f + f * f)
        worn = 1 - third / 9
        expected = [0.24 * (1 - second / 9) * worn, second * worn, third]
        assert self.weights(*visits) == pytest.approx(expected)

    @pytest.mark.parametrize(("days", "before"), [(365, math.exp(-1)), (730, math.exp(-2))])
    def test_is_forgotten_over_the_years(self, days, before):
        visits = [
            an_act(claim=an_id(n), value=4.0, code=VISIT, first=first, roots=())
            for n, first in ((1, DAY), (2, a_day(days)))
        ]

        assert self.weights(*visits)[1] == pytest.approx(0.24 / (1 + before))

    @pytest.mark.parametrize("given", [{"p": 0.1}, {"weight": 0.1}])
    def test_counts_earlier_acts_by_what_they_weigh(self, given):
        """A tenth of a visit: 1/1.1."""
        visits = [
            an_act(value=4.0, code=VISIT, roots=(), **given),
            an_act(claim=an_id(2), value=4.0, code=VISIT, roots=()),
        ]

        assert self.weights(*visits)[1] == pytest.approx(0.24 / 1.1)

    def test_does_not_wear_off_conflict_situations_or_other_codes(self):
        visit = an_act(value=4.0, code=VISIT, first=a_day(-1), roots=())
        others = [
            an_act(claim=an_id(2), value=-4.0, code=VISIT, p=0.0001, roots=()),
            a_situation(claim=an_id(3), days=1, value=4.0, code=VISIT, p=0.0001, roots=()),
            an_act(claim=an_id(4), value=4.0, code="plover-2.0/AID", p=0.0001, roots=()),
            an_act(claim=an_id(5), value=4.0, p=0.0001, roots=()),
            an_act(claim=an_id(6), value=4.0, p=0.0001, roots=()),
        ]

        found = self.weights(visit, *others)

        expected = [-0.4, 0.24 / 30, 0.24, 0.24, 0.24]
        assert found[1:] == pytest.approx([0.0001 * one for one in expected], rel=1e-3)

    def test_counts_a_code_that_is_in_no_codebook(self):
        act = an_act(value=4.0, code="plover-9.9/HANDSHAKE", p=0.0001, roots=())

        assert self.weights(act) == pytest.approx([0.0001 * 0.24])

    @pytest.mark.parametrize("code", [CALL, THIRD_PARTY])
    def test_gives_contacts_on_the_sidelines_nothing(self, code):
        """They are counted as evidence and in the tone, and move no level."""
        calls = [
            an_act(claim=an_id(n), value=2.5, code=code, p=0.97, first=a_day(30 * n))
            for n in range(120)
        ]
        pulls = pulls_of(*calls)
        last = a_scorer("standing").knots(pulls)[-1]

        assert last.moments[:2] == (0, 0)
        assert last.claims == 120
        assert score_of(a_scorer("tone"), pulls, last.day).value > 1


class TestASituation:
    def total(self, days: int, **given) -> float:
        """The sum of its impacts in steps. They are so small that the level hardly wears off."""
        claim = a_situation(**{"days": days, "value": -6.0, "weight": 0.001, **given})
        return score(days, claim).value / (0.001 * -0.6)

    def test_moves_a_level_by_no_more_than_two_steps(self):
        """Σ f^j/30 over j ≥ 0 is 1/(30·(1 − f)) = 8.67 steps, with f = .996156587 a day."""
        assert self.total(3000) == pytest.approx(2, abs=1e-3)
        assert self.total(3000, weight=0.0005) == pytest.approx(1, abs=1e-3)

    def test_reaches_them_in_ten_weeks(self):
        """(1 − f^n)/(30·(1 − f)) = 2 for n = 68.1."""
        fade = 0.99615658722057522

        assert self.total(68) == pytest.approx((1 - fade**68) / 30 / (1 - fade), abs=1e-3)
        assert self.total(69) == pytest.approx(2, abs=1e-3)

    def test_that_does_not_fade_has_no_such_limit(self):
        assert self.total(300, fades=False) == pytest.approx(10, abs=0.01)

    def test_has_its_last_knot_on_the_day_on_which_it_reaches_them(self):
        knots = a_scorer("standing").knots(pulls_of(a_situation(days=300)))

        assert knots[-1].day == a_day(68)


# Quantile .95 of t with 4 degrees of freedom, over its sd √2 (any table of t).
REACH = 2.13184678632665 / sqrt(2)


class TestSteps:
    @each(
        ("value", "step"),
        [(-10.0, -6.0), (-9.5, -5.0), (-8.5, -2.75), (-6.0, -0.6), (0.0, 0.0), (10.0, 0.6)],
    )
    def test_run_straight_between_the_rows_of_the_table(self, value, step):
        assert score(0, an_act(value=value)).value == pytest.approx(step)

    def test_stay_level_beyond_a_table_that_ends_early(self):
        steps = [["-1", "-0.5"], ["1", "0.25"]]

        assert score(0, an_act(value=-9.0), steps=steps).value == pytest.approx(-0.5)
        assert score(0, an_act(value=9.0), steps=steps).value == pytest.approx(0.25)


def of_a_machine(number: int, *impacts: Impact, **changed):
    """The score under the settings of machine-coded events that differ by day."""
    straight = [["-10", "-0.2"], ["10", "0.2"]]
    return score(number, *impacts, **{"steps": straight, "share_day": True, **changed})


class TestAMachineLens:
    def test_shares_a_day_among_its_acts(self):
        """.02·5/2 = .05 and −.02·6·.6/2 = −.036 at once: .014; alone on their day .1."""
        acts = (an_act(), an_act(claim=an_id(2), value=-6.0, weight=0.6))

        assert of_a_machine(0, *acts).value == pytest.approx(0.014)
        assert of_a_machine(0, acts[0]).value == pytest.approx(0.1)

    def test_leaves_situations_their_weight(self):
        """.1/30 on its first day, whatever else is said on it; the two acts have half of .1 each"""
        acts = (an_act(claim=an_id(n)) for n in (2, 3))

        assert of_a_machine(0, a_situation(days=1), *acts).value == pytest.approx(0.1 + 0.1 / 30)

    @pytest.mark.parametrize(("floor", "sd"), [("0", 0.03), ("0.02", 0.03), ("0.5", 0.5)])
    def test_claims_no_less_doubt_than_its_least(self, floor, sd):
        """Sure of a start at 0 and of the act: one day's ω alone."""
        found = of_a_machine(0, an_act(weight=0.01), start_sd="0", least_sd=floor)

        assert found.sd == pytest.approx(sd, rel=1e-3)
        assert found.high - found.low == pytest.approx(2 * REACH * found.sd)


class TestRead:
    def test_uses_what_the_lens_says(self):
        """At top 2 I = 1, k = .5; a day with ω .1 before, and a start of sd 1: W = 1.01. The room
        at 0 is all of it."""
        found = moments_on(
            0, an_act(), top=2, steps=[["0", "0"], ["5", "1"]], omega="0.1", start_sd="1"
        )

        assert found[:3] == pytest.approx((1, 1, 1.01))
