"""`standing` worked by hand from the formulas."""

from datetime import timedelta
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.impact_strategies import histories
from tests.kit.impacts import (
    DAY,
    a_day,
    a_level,
    a_scorer,
    a_situation,
    an_act,
    an_id,
    moments_on,
    pulls_of,
)
from tests.kit.impacts import score as score_of
from tests.kit.impacts import standing as score
from tracker.domain.scoring.evidence import Impact, Pull
from tracker.domain.scoring.moments import WrongKnot

ROUNDING = 1e-9
# Quantile .95 of t with 4 degrees of freedom, over its sd √2 (any table of t).
REACH = 2.13184678632665 / sqrt(2)

# The panel's +6 ± 2.5 of day 0, from a source that is right with .65; ten days later Russia's kind
# of threat (−6), a month after that support (5), which is likely.
PANEL = a_level(6.0, sd=2.5, p=0.65)
BLOW = an_act(value=-6.0, p=0.65, first=a_day(10))
SUPPORT = an_act(claim=an_id(2), value=5.0, p=0.8, first=a_day(40), roots=(an_id(901),))


class TestAnExample:
    """Day 0: a panel puts the level at +6 ± 2.5, p .65.

        V = 16 + .03² = 16.0009        precision .65/2.5² = .104        known 1 − .65 = .35
        kept = .35/(.35 + 16.0009·.104) = .35/2.0140936 = .173775
        gained = 16.0009/2.0140936 = 7.944467
        m = 7.944467·.104·6 = 4.957347
        W = .173775²·16.0009 + 7.944467²·.104 = .483197 + 6.563910 = 7.047107

    Day 10: I = −.6, k = 1/15, p .65. W grows by 10·.0009·(1 − 4.957347²/81) = .006269.

        m = 4.957347·(1 − .65/15) − .39 = 4.352529        W = 7.053377
        truth = .65·.35·(4.957347/15 + .6)² = .196972        R = .65·.36 = .234

    Day 40: I = .3, k = 1/30, p .8. With f = .998102769, f + … + f³⁰ = 29.133754, W grows by
    (30·.0009 + .00986842·.234·29.133754)·(1 − 4.352529²/81) = .094276·.766117 = .072226.

        m = 4.352529·(1 − .8/30) + .24 = 4.476462        W = 7.125603
        truth = ((1 − .8/30)² + .16/900)·.196972 + .16·(4.352529/30 − .3)² = .190482
        sd = √(7.125603 + .190482) = 2.704826
    """

    def test_begins_at_the_assessed_level(self):
        mean, second, start, *_ = moments_on(0, PANEL)

        assert mean == pytest.approx(4.957347, abs=1e-6)
        assert second - mean**2 == pytest.approx(0, abs=ROUNDING)
        assert start == pytest.approx(7.047107, abs=2e-6)

    def test_is_moved_by_a_blow(self):
        mean, second, start, conflict, *_ = moments_on(10, PANEL, BLOW)

        assert mean == pytest.approx(4.352529, abs=1e-6)
        assert second - mean**2 == pytest.approx(0.196972, abs=1e-6)
        assert start == pytest.approx(7.053377, abs=2e-6)
        assert conflict == pytest.approx(0.234)

    def test_is_moved_by_support_after_a_month_of_drift(self):
        mean, second, start, *_ = moments_on(40, PANEL, BLOW, SUPPORT)

        assert mean == pytest.approx(4.476462, abs=1e-6)
        assert second - mean**2 == pytest.approx(0.190482, abs=1e-6)
        assert start == pytest.approx(7.125603, abs=2e-6)

    def test_has_an_interval_of_t_with_four_degrees_of_freedom(self):
        found = score(40, PANEL, BLOW, SUPPORT)

        # 2.131847/√2 = 1.507443; 4.476462 + 1.507443·2.704826 = 8.553834
        assert found.sd == pytest.approx(2.704826, abs=1e-6)
        assert found.low == pytest.approx(0.399089, abs=1e-5)
        assert found.high == pytest.approx(8.553834, abs=1e-5)

    def test_names_the_two_likeliest_neighbouring_bands(self):
        """F(t) = ½ + ⅜·t/√(1 + t²/4)·(1 − t²/(12·(1 + t²/4))), t = √2·(edge − 4.476462)/2.704826:
        .039667 up to 0, .241605 up to 3, .764850 up to 6. So good has .523245, friendly .235150,
        normal .201938; the two together .758395, for good and normal .725183."""
        likely = score(40, PANEL, BLOW, SUPPORT).likely

        assert likely is not None
        assert likely.bands == ("good", "friendly")
        assert likely.chance == pytest.approx(0.758395, abs=1e-5)

    def test_is_explained_by_what_is_left_of_each_claim(self):
        """The panel 4.957347·(1 − .65/15)·(1 − .8/30) = 4.616062, the blow −.39·(1 − .8/30)."""
        scorer = a_scorer("standing")

        explained = scorer.contributions(pulls_of(PANEL, BLOW, SUPPORT), a_day(40))

        assert [part.claim for part in explained.parts] == [an_id(800), an_id(1), an_id(2)]
        amounts = [part.amount for part in explained.parts]
        assert amounts == pytest.approx([4.616062, -0.3796, 0.24], abs=1e-6)


class TestAMovement:
    """From the panel's 4.957347 through the blow and the support, in points:

        neither 0 (p .35·.2)        the support 4.957347·29/30 + .3 − 4.957347 = .134755 (.35·.8)
        the blow 4.957347·14/15 − .6 − 4.957347 = −.930490 (.65·.2)        both −.764718 (.65·.8)

    In all .65·.2·(−.930490) + .35·.8·.134755 + .65·.8·(−.764718) = −.480886.
    """

    def between(self, first: int, last: int, *impacts: Impact):
        scorer = a_scorer("standing")
        found = scorer.movement(pulls_of(*impacts), a_day(first), a_day(last))
        assert found is not None
        return found

    def test_of_two_claims_has_an_interval_and_chances(self):
        """The lowest 5 % are those of the blow alone, the highest those of the support alone."""
        found = self.between(0, 40, PANEL, BLOW, SUPPORT)

        assert found == pytest.approx((-0.480886, -0.930490, 0.134755, 0.65, 0.28), abs=1e-6)

    def test_of_one_root_is_all_or_nothing(self):
        """Blow and support from one newsletter, p .65: −.764718 or 0; in all −.497067."""
        support = SUPPORT._replace(p=0.65, roots=BLOW.roots)

        found = self.between(0, 40, PANEL, BLOW, support)

        assert found == pytest.approx((-0.497067, -0.764718, 0, 0.65, 0), abs=1e-6)

    def test_of_more_than_eight_draws_in_doubt_is_normal_in_what_is_not_worked_out(self):
        """Ten supports with p = .5. One makes .3·(29/30)ⁿ for n true ones before it, so the level
        is 9·(1 − (29/30)ᴮ), B binomial, with the mean 9·(1 − (59/60)¹⁰). B is at most 2 with .055
        and at most 7 with .945: from .59 to 2.14 for 8, in steps of about .25."""
        ten = [an_act(claim=an_id(n), p=0.5, first=a_day(n), roots=()) for n in range(1, 11)]

        found = self.between(0, 10, *ten)

        assert found.value == pytest.approx(9 * (1 - (59 / 60) ** 10))
        assert (found.low, found.high) == pytest.approx((0.59, 2.14), abs=0.25)
        assert (found.fell, found.rose) == pytest.approx((0, 1 - 0.5**10), abs=2e-3)

    def test_is_not_made_by_an_assessment(self):
        later = PANEL._replace(claim=an_id(801), value=-6.0, first=a_day(20), last=a_day(20))

        assert self.between(0, 30, PANEL, later) == (0, 0, 0, 0, 0)


class TestAnAssessment:
    def test_is_combined_with_others_of_its_day_by_precision(self):
        """(5/4 − 1/1)/(1/4 + 1/1) = .2, and a variance of 1/(1/4 + 1/1) = .8."""
        both = a_level(5.0, sd=2.0), a_level(-1.0, sd=1.0, claim=an_id(801))

        mean, _, start, *_ = moments_on(0, *both)

        assert mean == pytest.approx(0.2)
        assert start == pytest.approx(0.8)

    def test_moves_a_known_level_by_the_variances(self):
        """A year later V = 4 + 365·.0009·(1 − 36/81) = 4.1825, of −3 ± 2: g = V/(V + 4) = .511152,
        so 6 − 9·g = 1.399633, with a variance of 4·g."""
        first, later = a_level(6.0, sd=2.0), a_level(-3.0, sd=2.0, claim=an_id(801))
        mean, _, start, *_ = moments_on(
            365, first, later._replace(first=a_day(365), last=a_day(365))
        )

        assert mean == pytest.approx(1.399633, abs=1e-6)
        assert start == pytest.approx(4 * 4.1825 / 8.1825)

    def test_counts_what_claims_leave_in_doubt(self):
        """A certain level of 0 ± 2, then an assault (I = −5, p .5) on the same day: the level is 0
        or −5, variance 6.25. Of −4 ± 1 on the next day, V = 4 + 6.25 + growth, with growth
        (.0009 + .00986842·12.5·.99810277)·(1 − 6.25/81) = .114450."""
        assault = an_act(value=-9.5, p=0.5, first=a_day(1), last=a_day(1))
        later = a_level(-4.0, sd=1.0, claim=an_id(801), first=a_day(2))

        mean, *_ = moments_on(2, a_level(0.0, sd=2.0), assault, later)

        variance = 4 + 0.0009 + 6.25 + 0.114450
        assert mean == pytest.approx(-2.5 - 1.5 * variance / (variance + 1), abs=1e-5)

    def test_says_when_a_level_was_last_assessed(self):
        panel = a_level(6.0, sd=2.5)

        before, fresh, past = (score(n, panel).assessed for n in (-1, 1826, 1827))

        assert (before.state, before.day) == ("never", None)
        assert (fresh.state, fresh.day) == ("fresh", DAY)
        assert (past.state, past.day) == ("past", DAY)

    def test_is_only_a_measurement_if_its_claim_is_rather_false(self):
        """Of a level of which nothing is known, .51 counts: with the precision .49/4 and V =
        16.0009, the weight of the value is V·.49/4/(.51 + V·.49/4) = .793532."""
        doubtful = a_level(6.0, sd=2.0, p=0.49)

        found = score(0, doubtful)
        assert found.value == pytest.approx(6 * 0.793532, abs=1e-5)
        assert found.assessed.state == "never"
        assert score(0, a_level(6.0, sd=2.0, p=0.5)).assessed.state == "fresh"

    def test_stays_assessed_when_a_doubtful_claim_measures_it_again(self):
        later = a_level(2.0, sd=2.0, p=0.49, claim=an_id(801), first=a_day(9))

        assert score(9, PANEL, later).assessed.day == DAY
        both = a_level(2.0, sd=2.0, p=0.65, claim=an_id(802), first=a_day(9))
        assert score(9, PANEL, later, both).assessed.day == a_day(9)

    def test_is_put_in_words(self):
        """Of 4.957347 ± 2.654639, good or friendly is 1 − F(√2·(3 − 4.957347)/2.654639) = .822."""
        scorer = a_scorer("standing")
        words = [
            scorer.words(score(number, *impacts), since=None)
            for number, impacts in ((0, [PANEL, BLOW]), (2000, [PANEL]), (0, [BLOW]))
        ]

        assert words[0] == "good or friendly (82\xa0%)"
        assert words[1].endswith(", last assessed in 2022")
        assert words[2].endswith(", level never assessed")


class TestTheStart:
    def test_is_worn_down_by_a_situation_that_is_true(self):
        """A day of war: k = 1/54, p .99. In doubt it is .99·(53/54)² + .01 of 16 + .0009."""
        start = moments_on(0, a_situation(days=1, value=-9.5, fades=False, p=0.99))[2]

        assert start == pytest.approx(16.0009 * (0.99 * (53 / 54) ** 2 + 0.01))


class TestTheScale:
    """A level between −9 and 9 with mean m has a variance of at most (9 − m)(9 + m)."""

    def holds(self, pulls: list[Pull], **changed) -> None:
        scorer = a_scorer("standing", **changed)
        for knot in scorer.knots(pulls):
            for days in (0, 1, 365, 36_500):
                found = scorer.at(knot, knot.day + timedelta(days=days))
                assert abs(knot.moments[0]) <= 9 + ROUNDING
                assert found.sd**2 <= (9 - found.value) * (9 + found.value) + ROUNDING

    @given(impacts=histories(most=12), start_sd=st.sampled_from(["4", "9"]))
    def test_bounds_the_variance_of_random_histories(self, impacts, start_sd):
        self.holds(pulls_of(*impacts), start_sd=start_sd)


class TestARecord:
    def test_grows_more_doubtful_with_recent_conflict(self):
        """.0009 from the day before, and one day after R = .36: .0009 + .00986842·.36·.99810277 =
        .0044459. The level is −.6, so the room is 1 − .36/81."""
        scorer = a_scorer("standing", start_sd="0")
        pulls = pulls_of(an_act(value=-6.0))

        found = score_of(scorer, pulls, a_day(1))

        assert found.sd**2 == pytest.approx(0.0009 + 0.0044459 * (1 - 0.36 / 81), abs=1e-8)

    def test_of_an_archive_names_no_band_before_an_assessment(self):
        archive = {"against_usual": True}
        panel = a_level(6.0, sd=2.5, first=a_day(5))

        assert score(9, BLOW, **archive).likely is None
        assert score(9, BLOW, panel._replace(p=0.49), **archive).likely is None
        assert score(9, BLOW, panel, **archive).likely is not None

    def test_of_an_archive_loses_the_usual_act(self):
        """Days of one support each, I .3. After n days the usual act is the sum of those before,
        .3·n, over n + 30: 0, .3/31, .6/32. So the third day adds .3 − .6/32 = .28125, and k is
        (.3 + .6/32)/9; the second adds .3 − .3/31."""
        days = [an_act(claim=an_id(n), first=a_day(n), roots=()) for n in range(3)]
        second = (1 - (0.3 + 0.3 / 31) / 9) * 0.3 + 0.3 - 0.3 / 31

        found = score(2, *days, against_usual=True)

        assert found.value == pytest.approx((1 - (0.3 + 0.6 / 32) / 9) * second + 0.28125)


class TestACrowdedDay:
    """Two certain wars begin on one day: I = −6, k = 2/3 each, so K = 4/3 and what they do is
    divided by it. −12/(4/3) = −9, and nothing is left of before."""

    WARS = tuple(an_act(claim=an_id(n), first=a_day(1), value=-10.0) for n in (1, 2))

    def test_moves_no_level_beyond_its_range(self):
        found = score(1, *self.WARS)

        assert (found.value, found.low) == (-9, -9)

    def test_is_shared_by_its_claims(self):
        pulls = pulls_of(an_act(claim=an_id(3)), *self.WARS)
        found = a_scorer("standing").contributions(pulls, a_day(1))

        assert [part.amount for part in found.parts] == pytest.approx([-4.5, -4.5, 0])

    def test_is_not_pushed_out_of_the_range_by_rounding(self):
        # the sum over the day comes out as −9.000000000000002
        acts = [(-10.0, 0.99, 0.6), (-9.5, 0.97, 1), (-9.5, 0.97, 0.6), (-9.0, 0.97, 1)]
        acts.append((-9.0, 0.99, 0.6))
        scorer = a_scorer("standing", shared_days=0)
        (knot,) = scorer.knots(
            pulls_of(
                *(
                    an_act(claim=an_id(n), value=value, p=p, weight=weight, roots=(an_id(900 + n),))
                    for n, (value, p, weight) in enumerate(acts)
                )
            )
        )

        assert scorer.at(knot, DAY).value == -9


class TestKnots:
    def test_stop_where_they_are_told_to(self):
        pulls = pulls_of(a_situation(days=9))

        days = [knot.day for knot in a_scorer("standing").knots(pulls, until=a_day(2))]
        assert days == [DAY, a_day(1), a_day(2)]

    def test_of_later_days_are_refused(self):
        (knot,) = a_scorer("standing").knots(pulls_of(an_act()))

        with pytest.raises(WrongKnot, match="2022-03-01 comes after 2022-02-28"):
            a_scorer("standing").at(knot, a_day(-1))

    def test_are_not_needed_to_know_nothing(self):
        found = a_scorer("standing").at(None, DAY)

        assert (found.value, found.sd) == (0, 4)
        assert (found.low, found.high) == pytest.approx((-4 * REACH, 4 * REACH))
