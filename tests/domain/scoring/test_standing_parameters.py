"""The parameters of `standing`: its table of steps, the lens of an archive, and what is refused."""

from math import sqrt

import pytest

from tests.kit.impacts import a_situation, an_act, an_id, moments_on
from tests.kit.impacts import standing as score
from tests.kit.tables import each
from tracker.domain.scoring.evidence import Impact

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
