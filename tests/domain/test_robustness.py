"""How far a level depends on settings that could be others, worked out by hand."""

import math
from datetime import date, timedelta
from itertools import combinations, product

import pytest

from tests.kit.impacts import DAY, a_day, a_level, a_scorer, a_situation, an_act, an_id, pulls_of
from tracker.domain.robustness import (
    MOST_WORK,
    OWN,
    SETTINGS,
    NotWorkedOut,
    Robustness,
    Spread,
    level_spread,
    robustness,
    work,
)
from tracker.domain.scoring.evidence import Impact, Pull

# p of 1/2 with log odds 1/2 lower and higher.
LESS, MORE = 0.3775406687981454, 0.6224593312018546


def worked_out(series: list[Pull], **given: date) -> Robustness:
    found = robustness(a_scorer("standing"), series, a_day(20), **given)
    assert isinstance(found, Robustness)
    return found


def another(number: int, **given) -> Impact:
    """An act with a claim and a root of its own."""
    return an_act(claim=an_id(number), roots=(an_id(900 + number),), **given)


def the_spread(*impacts: Impact, **changed) -> Spread:
    scorer = a_scorer("standing", **changed)
    spread = level_spread(scorer, pulls_of(*impacts), DAY + timedelta(days=200))
    assert spread
    return spread


class TestTheSettings:
    def test_are_54_with_the_lenss_own(self):
        assert len({*SETTINGS}) == len(SETTINGS) == 54
        assert OWN in SETTINGS

    def test_have_each_combination_of_three_factors_once_with_and_without_habituation(self):
        for places in combinations(range(4), 3):
            for habituation in (True, False):
                found = [
                    tuple(setting[place] for place in places)
                    for setting in SETTINGS
                    if setting.habituation is habituation
                ]
                assert sorted(found) == [*product(range(3), repeat=3)]


class TestALevel:
    def test_of_one_act_is_a_step_times_p(self):
        """A code of −6 is a step of −.6: lowest −.6 · 4/3 · MORE, highest −.6 · 3/4 · LESS."""
        spread = the_spread(another(1, value=-6.0, p=0.5))

        assert spread.value == pytest.approx(-0.3)
        assert spread.low == pytest.approx(-0.8 * MORE)
        assert spread.high == pytest.approx(-0.45 * LESS)
        assert spread.same_sign == 1.0

    def test_whose_sign_depends_on_the_slopes(self):
        """Of a step of +.6 and one of −.5 on one day. It is above 0 with cooperation × 3/2, and
        with cooperation as it is unless conflict is × 4/3: in five of nine."""
        spread = the_spread(another(1, value=10.0, p=0.5), another(2, value=-5.0, p=0.5))

        assert spread.value == pytest.approx(0.05)
        assert spread.low == pytest.approx(MORE * (0.3 - 0.5 * 4 / 3))
        assert spread.high == pytest.approx(MORE * (0.9 - 0.375))
        assert spread.same_sign == pytest.approx(5 / 9)

    def test_depends_on_whether_a_second_visit_counts_less(self):
        """Visits of +.3 on two days from one root, so that both are true or neither. Highest: steps
        × 3/2 and both in full, 0 → .45 → .45 · (1 − .45/9) + .45. Lowest: steps × 1/2, p .99, and
        the second weighs 1/(1 + .99·f), with f = e^(−1/365) of the first left."""
        visits = [
            an_act(claim=an_id(number), first=a_day(number), code="plover-2.0/CONSULT/visit")
            for number in (1, 2)
        ]
        spread = the_spread(*visits)

        left = math.exp(-1 / 365)
        second, doubtful = 0.3 / (1 + left), 0.15 / (1 + 0.99 * left)
        assert spread.value == pytest.approx(0.3 * (1 - second / 9) + second)
        assert spread.high == pytest.approx(0.45 * 0.95 + 0.45)
        assert spread.low == pytest.approx(0.99 * (0.15 * (1 - doubtful / 9) + doubtful))

    def test_depends_on_how_much_a_situation_adds_up_to(self):
        """Ninety days of −.6/30 that do not fade: 60 of them make two steps, 30 one."""
        spread = the_spread(a_situation(days=90, value=-6.0), situation_fade="1")

        assert spread.value == pytest.approx(-9 * (1 - (1 - 0.02 / 9) ** 60))
        assert spread.low == pytest.approx(-9 * (1 - (1 - 0.02 * 4 / 3 / 9) ** 90))
        assert spread.high == pytest.approx(-0.99 * 9 * (1 - (1 - 0.015 / 9) ** 30))

    def test_of_a_lens_without_a_limit_and_without_habituation_is_tried_with_both(self):
        spread = the_spread(
            a_situation(days=90, value=-6.0),
            situation_fade="1",
            situation_steps="0",
            habituation_fade="0",
        )
        visits = [
            another(number, first=a_day(number), code="plover-2.0/CONSULT/visit")
            for number in (1, 2)
        ]
        second = the_spread(*visits, habituation_fade="0")

        assert spread.value == pytest.approx(-9 * (1 - (1 - 0.02 / 9) ** 90))
        assert spread.low == pytest.approx(-9 * (1 - (1 - 0.02 * 4 / 3 / 9) ** 90))
        assert spread.high == pytest.approx(-0.99 * 9 * (1 - (1 - 0.015 / 9) ** 30))
        assert second.value == pytest.approx(0.3 * (1 - 0.3 / 9) + 0.3)
        last = 0.99 * 0.15 / (1 + 0.99 * math.exp(-1 / 365))
        assert second.low == pytest.approx(0.99 * 0.15 * (1 - last / 9) + last)

    def test_never_has_a_p_above_99_nor_a_step_beyond_the_scale(self):
        """p .985 becomes .99 and not .991. A step of −8 becomes −9 and not −10.7; half of it is the
        impact of an act with a weight of .5."""
        steps = [["-10", "-8"], ["0", "0"], ["10", "1"]]

        spread = the_spread(another(1, value=-10.0, p=0.985, weight=0.5), steps=steps)

        assert spread.value == pytest.approx(0.985 * -4)
        assert spread.low == pytest.approx(0.99 * -4.5)

    def test_that_is_nought_has_no_sign(self):
        assert the_spread(another(1, value=0.0)) == Spread(0.0, 0.0, 0.0, None)

    def test_has_the_bits_of_the_score_under_the_lenss_own_settings(self):
        acts = [another(number, first=a_day(number), value=-5.0, p=0.65) for number in range(1, 9)]
        pulls, day = pulls_of(*acts, a_level(3.0, sd=2.0)), a_day(40)
        scorer = a_scorer("standing")

        spread = level_spread(scorer, pulls, day)

        assert spread
        assert spread.value == scorer.at(scorer.knots(pulls, until=day)[-1], day).value


class TestAMovement:
    def test_begins_at_the_level_that_was_assessed(self):
        """A level of +5 ± 2 on day 0 is certain evidence: the level of which nothing was known
        becomes +5. The act of −.6 then takes p · (k · 5 + .6): with k = .6/9, .93333 · p."""
        series = pulls_of(a_level(5.0, sd=2.0), another(1, value=-6.0, p=0.5, first=a_day(10)))

        found = worked_out(series)

        assert found.movement is not None
        assert (found.since, found.day, found.settings) == (a_day(9), a_day(20), 54)
        assert found.movement.value == pytest.approx(-0.5 * 0.6 * (1 + 5 / 9))
        assert found.movement.same_sign == 1.0
        assert found.level.same_sign == 1.0
        assert found.level.high < 5

    def test_over_a_window_that_begins_after_the_act_is_nought(self):
        series = pulls_of(another(1, value=-6.0, p=0.5))

        found = worked_out(series, since=a_day(10))

        assert (found.since, found.movement) == (a_day(10), Spread(0.0, 0.0, 0.0, None))

    def test_is_none_without_an_act(self):
        assert worked_out([]) == Robustness(
            day=a_day(20), settings=54, level=Spread(0.0, 0.0, 0.0, None), since=None, movement=None
        )


class TestWhatIsRefused:
    def test_other_models_have_no_settings(self):
        scorer = a_scorer("tone")

        found = robustness(scorer, [], DAY)

        assert isinstance(found, NotWorkedOut)
        assert found.reason == "no settings"
        assert level_spread(scorer, [], DAY) is None

    def counted(self, *impacts: Impact, until: int) -> int:
        return work(a_scorer("standing"), pulls_of(*impacts), a_day(until))

    def test_work_counts_days_impacts_and_draws_up_to_the_day(self):
        """On each of four days a situation: 4 for the day, 2 for the impact, 3 for its draw. Two
        acts, one of them on a day of its own: 2 and 4 + 2. The third act and six days of the
        situation are later, but for the first of them: 2 each."""
        acts = [another(number, first=a_day(day)) for number, day in ((1, 3), (2, -1), (3, 5))]

        found = self.counted(*acts, a_situation(days=10, claim=an_id(9)), until=3)

        assert found == 4 * 9 + 2 + 6 + 2 + 2

    def test_work_counts_draws_that_are_open_on_a_day(self):
        """Nine roots with acts on days 0 and 20, and an act of its own on day 10. Days 0 and 20
        take 4, and nine times 2 + 3; day 10 takes 4 + 2, and 2 + 1 for nine open draws."""
        pairs = [
            an_act(claim=an_id(10 * day + root), first=a_day(day), roots=(an_id(900 + root),))
            for day in (0, 20)
            for root in range(1, 10)
        ]

        found = self.counted(*pairs, another(10, first=a_day(10)), until=20)

        assert found == 2 * (4 + 9 * 5) + 6 + 3

    def test_work_of_another_model_is_none(self):
        assert work(a_scorer("tone"), pulls_of(another(1)), DAY) == 0

    def test_too_many_days_are_too_much_work(self):
        """A day of a situation takes 9: 2,222 of them are allowed, and the one after, which is
        not acted on."""
        scorer, first, most = a_scorer("standing"), date(1990, 1, 1), MOST_WORK // 9
        series = pulls_of(a_situation(days=most + 1, first=first))
        last = first + timedelta(days=most)

        assert work(scorer, series, last - timedelta(days=1)) == 9 * most + 2
        assert work(scorer, series, last) == 9 * (most + 1)
        found = robustness(scorer, series, last)
        assert isinstance(found, NotWorkedOut)
        assert found.reason == "too much work"
        assert "Choose an earlier day" in found.detail

    def test_far_too_many_days_are_not_even_arranged(self):
        """A day is at least an impact of 2."""
        series = pulls_of(a_situation(days=30_000, first=date(1940, 1, 1)))

        assert work(a_scorer("standing"), series, DAY) == 2 * 30_000
