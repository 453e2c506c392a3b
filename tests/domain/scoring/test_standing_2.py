"""Version 2 of `standing` worked by hand from the formulas."""

import math
import random
from datetime import timedelta
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.scoring.test_seed import ROWS
from tests.kit.impact_strategies import histories
from tests.kit.impacts import DAY, a_day, a_level, a_scorer, a_situation, an_act, an_id, pulls_of
from tests.kit.impacts import score as score_of
from tracker.domain.scoring.evidence import Impact, Pull
from tracker.domain.scoring.moments import Score, latest

ROUNDING = 1e-9
VISIT, CALL = "plover-2.0/CONSULT/visit", "plover-2.0/CONSULT/phone"
THIRD_PARTY = "plover-2.0/CONSULT/third-party"
# Quantile .95 of t with 4 degrees of freedom, over its sd √2 (any table of t).
REACH = 2.13184678632665 / sqrt(2)

# The panel's +6 ± 2.5 of day 0, from a source that is right with .65; ten days later Russia's kind
# of threat (−6), a month after that support (5), which is likely.
PANEL = a_level(6.0, sd=2.5, p=0.65)
BLOW = an_act(value=-6.0, p=0.65, first=a_day(10))
SUPPORT = an_act(claim=an_id(2), value=5.0, p=0.8, first=a_day(40), roots=(an_id(901),))


# Seeds; in the first three the level itself would leave the scale.
FEUDS = (163, 249, 282, 0, 1, 2)


def score(number: int, *impacts: Impact, **changed) -> Score:
    """The score of the undirected pair on day `number`."""
    return score_of(a_scorer("standing", version=2, **changed), pulls_of(*impacts), a_day(number))


def moments_on(number: int, *impacts: Impact, **changed) -> tuple[float, ...]:
    knots = a_scorer("standing", version=2, **changed).knots(pulls_of(*impacts))
    knot = latest(knots, a_day(number))
    assert knot is not None
    return knot.moments


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
        scorer = a_scorer("standing", version=2)

        explained = scorer.contributions(pulls_of(PANEL, BLOW, SUPPORT), a_day(40))

        assert [part.claim for part in explained.parts] == [an_id(800), an_id(1), an_id(2)]
        amounts = [part.amount for part in explained.parts]
        assert amounts == pytest.approx([4.616062, -0.3796, 0.24], abs=1e-6)
        assert explained.start == 0


class TestAMovement:
    """From the panel's 4.957347 through the blow and the support, in points:

        neither 0 (p .35·.2)        the support 4.957347·29/30 + .3 − 4.957347 = .134755 (.35·.8)
        the blow 4.957347·14/15 − .6 − 4.957347 = −.930490 (.65·.2)        both −.764718 (.65·.8)

    In all .65·.2·(−.930490) + .35·.8·.134755 + .65·.8·(−.764718) = −.480886.
    """

    def between(self, first: int, last: int, *impacts: Impact):
        scorer = a_scorer("standing", version=2)
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

    def test_of_three_claims_adds_up_eight_worlds(self):
        """From 0, three supports (I .3, k 1/30), p .5 each: 0, .3, .59 or .870333 with chances of
        1, 3, 3 and 1 in 8; in all 9·(1 − (59/60)³) = .442541."""
        three = [
            an_act(claim=an_id(n), p=0.5, first=a_day(n), roots=(an_id(900 + n),))
            for n in (1, 2, 3)
        ]

        found = self.between(0, 9, *three)

        assert found == pytest.approx((0.442541, 0, 0.870333, 0, 7 / 8), abs=1e-6)

    def test_of_more_than_eight_certain_draws_is_certain(self):
        nine = [an_act(claim=an_id(n), first=a_day(n), roots=()) for n in range(1, 10)]

        found = self.between(0, 9, *nine)

        moved = 9 * (1 - (29 / 30) ** 9)
        assert found[:3] == pytest.approx((moved, moved, moved))
        assert found[3:] == pytest.approx((0, 1), abs=1e-9)

    def test_of_more_than_eight_draws_in_doubt_is_normal_in_what_is_not_worked_out(self):
        """Ten supports with p = .5. One makes .3·(29/30)ⁿ for n true ones before it, so the level
        is 9·(1 − (29/30)ᴮ), B binomial, with the mean 9·(1 − (59/60)¹⁰). B is at most 2 with .055
        and at most 7 with .945: from .59 to 2.14 for 8, in steps of about .25."""
        ten = [an_act(claim=an_id(n), p=0.5, first=a_day(n), roots=()) for n in range(1, 11)]

        found = self.between(0, 10, *ten)

        assert found.value == pytest.approx(9 * (1 - (59 / 60) ** 10))
        assert (found.low, found.high) == pytest.approx((0.59, 2.14), abs=0.25)
        assert (found.fell, found.rose) == pytest.approx((0, 1 - 0.5**10), abs=2e-3)

    def test_of_many_calls_is_none(self):
        calls = [
            an_act(claim=an_id(n), p=0.5, first=a_day(n), code=CALL, roots=()) for n in range(1, 11)
        ]

        assert self.between(0, 10, *calls) == (0, 0, 0, 0, 0)

    def test_is_not_made_by_an_assessment(self):
        later = PANEL._replace(claim=an_id(801), value=-6.0, first=a_day(20), last=a_day(20))

        assert self.between(0, 30, PANEL, later) == (0, 0, 0, 0, 0)


class TestAnAssessment:
    def test_that_is_certain_replaces_a_start_of_which_nothing_is_known(self):
        mean, _, start, *_ = moments_on(0, a_level(5.0, sd=2.0))

        assert mean == pytest.approx(5)
        assert start == pytest.approx(4)

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

    @given(impacts=histories(most=4), day=st.integers(0, 90), sd=st.sampled_from([1.0, 2.5]))
    def test_is_linear_in_its_value(self, impacts, day, sd):
        """The gain depends on variances alone."""
        impacts = [one for one in impacts if one.sd is None]
        low, middle, high = (
            score(day, *impacts, a_level(value, sd=sd, first=a_day(day), p=0.65)).value
            for value in (-4.0, 0.0, 4.0)
        )

        assert high - middle == pytest.approx(middle - low, abs=ROUNDING)

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
        scorer = a_scorer("standing", version=2)
        words = [
            scorer.words(score(number, *impacts), since=None)
            for number, impacts in ((0, [PANEL, BLOW]), (2000, [PANEL]), (0, [BLOW]))
        ]

        assert words[0] == "good or friendly (82\xa0%)"
        assert words[1].endswith(", last assessed in 2022")
        assert words[2].endswith(", level never assessed")


class TestTheStart:
    @given(impacts=histories(kinds=(False,)))
    def test_is_not_better_known_for_acts(self, impacts):
        """Acts do not shrink it; that the scale ends can."""
        acts = [one._replace(value=one.value / 4) for one in impacts if one.sd is None]
        knots = a_scorer("standing", version=2).knots(pulls_of(*acts))
        starts = [knot.moments[2] for knot in knots]

        assert starts == sorted(starts)

    def test_is_worn_down_by_a_situation_that_is_true(self):
        """A day of war: k = 1/54, p .99. In doubt it is .99·(53/54)² + .01 of 16 + .0009."""
        start = moments_on(0, a_situation(days=1, value=-9.5, fades=False, p=0.99))[2]

        assert start == pytest.approx(16.0009 * (0.99 * (53 / 54) ** 2 + 0.01))


class TestTheScale:
    """A level between −9 and 9 with mean m has a variance of at most (9 − m)(9 + m)."""

    def holds(self, pulls: list[Pull], **changed) -> None:
        scorer = a_scorer("standing", version=2, **changed)
        for knot in scorer.knots(pulls):
            for days in (0, 1, 365, 36_500):
                found = scorer.at(knot, knot.day + timedelta(days=days))
                assert abs(knot.moments[0]) <= 9 + ROUNDING
                assert found.sd**2 <= (9 - found.value) * (9 + found.value) + ROUNDING

    @given(impacts=histories(most=12), start_sd=st.sampled_from(["4", "9"]))
    def test_bounds_the_variance_of_random_histories(self, impacts, start_sd):
        self.holds(pulls_of(*impacts), start_sd=start_sd)

    @pytest.mark.parametrize("pair", ROWS)
    def test_bounds_the_variance_of_the_seed(self, pair):
        self.holds(pulls_of(*ROWS[pair]))

    def test_bounds_wars_of_many_roots(self):
        wars = [
            a_situation(
                claim=an_id(n),
                days=1735,
                value=-9.5,
                p=0.3 + n / 10,
                fades=False,
                roots=(an_id(900 + n),),
            )
            for n in range(6)
        ]
        self.holds(pulls_of(*wars))


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
    """So many strong claims that draws, and the level, are limited to what the scale allows."""

    def test_stays_on_the_scale_and_is_explained(self):
        scorer = a_scorer("standing", version=2)
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
        parts = a_scorer("standing", version=2).contributions(pulls_of(*impacts), a_day(9999)).parts
        amounts = {part.claim: part.amount for part in parts}
        # What is left at the end is worn by the acts after it.
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
        last = a_scorer("standing", version=2).knots(pulls)[-1]

        assert last.moments[:2] == (0, 0)
        assert last.claims == 120
        assert score_of(a_scorer("tone"), pulls, last.day).value > 1

    @pytest.mark.parametrize("p", [0.65, 1.0])
    @pytest.mark.parametrize("of_year", [2, 12, 52])
    @pytest.mark.parametrize("apart", [True, False])
    def test_bounds_visits_of_ten_years(self, of_year, p, apart):
        """An act weighs x = p/(1 + n) ≤ 1, and log₂(1 + n) grows by log₂(1 + x) ≥ x. It falls by
        less than log₂(e) = 1.44 a year, and n is never above k/(1 − 1/e) = 1.59·k. So k visits a
        year, spread or at once, weigh at most log₂(1 + 1.59·k) + 14.4 full acts in ten years, each
        of which adds at most .24."""
        visits = [
            an_act(
                claim=an_id(n),
                value=4.0,
                code=VISIT,
                p=p,
                first=a_day(n * 365 // of_year if apart else n // of_year * 365),
                roots=(),
            )
            for n in range(10 * of_year)
        ]

        found = score(3650, *visits).value

        assert 0 < found < 0.24 * (math.log2(1 + 1.59 * of_year) + 14.5)


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
        knots = a_scorer("standing", version=2).knots(pulls_of(a_situation(days=300)))

        assert knots[-1].day == a_day(68)


class TestARecord:
    def test_grows_more_doubtful_with_recent_conflict(self):
        """.0009 from the day before, and one day after R = .36: .0009 + .00986842·.36·.99810277 =
        .0044459. The level is −.6, so the room is 1 − .36/81."""
        scorer = a_scorer("standing", version=2, start_sd="0")
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
