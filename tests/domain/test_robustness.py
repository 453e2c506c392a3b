"""How far a level depends on settings that could be others, worked out by hand.

With p 1/2 a claim is true in 128 of 256 worlds, with log odds 1/2 lower (.37754) in 97, and with
log odds 1/2 higher (.62246) in 159."""

from datetime import date
from itertools import combinations, product

import pytest

from tests.kit.impacts import DAY, a_scorer
from tests.kit.pulls import USUAL, act, assessed, still, still_parameters, war
from tracker.domain import robustness as module
from tracker.domain.robustness import (
    FACTORS,
    OWN,
    SETTINGS,
    NotWorkedOut,
    Robustness,
    Spread,
    level_spread,
    robustness,
    work,
)
from tracker.domain.scoring import level
from tracker.domain.scoring.evidence import Pull
from tracker.domain.scoring.level import Level

LESS, HALF, MORE = 97 / 256, 128 / 256, 159 / 256
STILL = still()
END = date(2000, 12, 31)
NOUGHT = Spread(0.0, 0.0, 0.0, None)


def worked_out(*pulls: Pull, since: date | None = None) -> Robustness:
    found = robustness(STILL, pulls, END, since=since)
    assert isinstance(found, Robustness)
    return found


def spread_of(*pulls: Pull, scorer: Level = STILL) -> Spread:
    found = level_spread(scorer, pulls, END)
    assert found
    return found


class TestTheSettings:
    def test_are_27_with_the_lenss_own(self):
        assert len({*SETTINGS}) == len(SETTINGS) == 27
        assert OWN in SETTINGS

    def test_have_each_combination_of_three_factors_once(self):
        assert [len(factor.choices) for factor in FACTORS] == [3] * 4
        for places in combinations(range(4), 3):
            found = [tuple(setting[place] for place in places) for setting in SETTINGS]
            assert sorted(found) == [*product(range(3), repeat=3)]


class TestALevel:
    @pytest.mark.parametrize(
        ("pull", "value", "low", "high"),
        [
            (act(1, "sanction", "2000-03-05", p=0.5), -0.6 * HALF, -1.2 * MORE, -0.3 * LESS),
            (act(1, "aid", "2000-03-05", p=0.5), 0.6 * HALF, 0.3 * LESS, 1.2 * MORE),
            # A month of war: a blow on its first day, and part of the way to −9.
            (
                war(1, "2000-03-01", "2000-03-31", p=0.5),
                (-2 - 9 * 0.25) * HALF,
                (-4 - 9 * 0.5) * MORE,
                (-1 - 9 * 0.125) * LESS,
            ),
        ],
    )
    def test_of_one_claim_is_a_step_in_the_worlds_where_it_is_true(self, pull, value, low, high):
        assert spread_of(pull) == pytest.approx((value, low, high, 1.0))

    def test_whose_sign_depends_on_the_steps(self):
        """Both are true in the same worlds. With +.8, +.4 and +.2 and with −.3, −.6 and −1.2 six of
        nine sums are below 0."""
        found = spread_of(
            act(1, "aid", "2000-03-05", p=0.5, weight=2 / 3),
            act(2, "sanction", "2000-03-05", p=0.5),
        )

        assert found == pytest.approx((-0.2 * HALF, -1.0 * MORE, 0.5 * MORE, 6 / 9))

    def test_never_has_a_p_above_99(self):
        """p .985 becomes .99 and not .991: 253 worlds and not 254. Its own are 252."""
        found = spread_of(act(1, "sanction", "2000-03-05", p=0.985))

        assert (found.value, found.low) == pytest.approx((-0.6 * 252 / 256, -1.2 * 253 / 256))

    def test_never_goes_more_than_half_of_the_way_in_a_month_of_war(self):
        found = spread_of(
            war(1, "2000-03-01", "2000-03-31", p=0.5),
            scorer=level.read({**still_parameters(), "war": "0.4"}),
        )

        assert found.low == pytest.approx((-4 - 9 * 0.5) * MORE)

    def test_never_leaves_the_scale(self):
        """Twice the assault and twice the war take 6 and 4.5 from 0."""
        found = spread_of(
            act(1, "assault", "2000-12-05"),
            war(2, "2000-12-01", "2000-12-31"),
            scorer=still(violence="-3"),
        )

        assert found.low == -9

    def test_that_is_nought_has_no_sign(self):
        assert spread_of(act(1, "aid", "2000-03-05", weight=0.0)) == NOUGHT

    def test_has_the_bits_of_the_score_under_the_lenss_own_settings(self):
        acts = [act(n, "accuse", f"2000-0{n}-05", p=0.65, root=n) for n in range(1, 9)]
        pulls = [*acts, assessed(9, "2000-04-01", 3.0, 2.0)]

        assert spread_of(*pulls, scorer=USUAL).value == USUAL.on(pulls, END).value


class TestAMovement:
    SANCTION = act(1, "sanction", "2000-03-05")

    def test_begins_at_the_level_that_was_assessed(self):
        """From 5 on average the sanction takes .6/9 of it, and .6."""
        found = worked_out(assessed(2, "2000-02-01", 5.0, 1.0), self.SANCTION)

        assert (found.since, found.day, found.settings) == (date(2000, 3, 4), END, 27)
        assert found.movement
        assert found.movement.value == pytest.approx(-0.6 * (1 + 5 / 9))
        assert (found.movement.same_sign, found.level.same_sign) == (1.0, 1.0)

    def test_is_over_one_window_under_all_settings(self):
        """What the assessment tells of the level is no movement, however probable it is."""
        early = act(3, "aid", "2000-01-05", weight=0.0)
        found = worked_out(early, assessed(2, "2000-02-01", 5.0, 1.0, p=0.6), self.SANCTION)

        assert found.since == date(2000, 1, 4)
        assert found.movement
        assert found.movement.high < 0

    def test_over_a_window_that_begins_after_the_act_is_nought(self):
        found = worked_out(self.SANCTION, since=date(2000, 3, 5))

        assert (found.since, found.movement) == (date(2000, 3, 5), NOUGHT)

    def test_is_none_without_an_act(self):
        assert worked_out() == Robustness(
            day=END, settings=27, level=NOUGHT, since=None, movement=None
        )


class TestWhatIsRefused:
    def test_other_models_have_no_settings(self):
        scorer = a_scorer("tone")

        found = robustness(scorer, [], DAY)

        assert isinstance(found, NotWorkedOut)
        assert found.reason == "no settings"
        assert level_spread(scorer, [], DAY) is None

    def test_work_counts_months_claims_and_days_of_war_up_to_the_day(self):
        """Three months, twice three claims, and 34 more days of war. The fourth claim is later."""
        pulls = [
            act(1, "aid", "2000-01-05"),
            act(2, "aid", "2000-03-05"),
            act(3, "aid", "2000-04-05"),
            war(4, "2000-02-10", "2000-05-30"),
        ]

        assert work(STILL, pulls, date(2000, 3, 15)) == 3 + 2 * (3 + 34)
        assert work(a_scorer("tone"), pulls, date(2000, 3, 15)) == 0

    def test_too_many_days_of_war_are_too_much_work(self, monkeypatch):
        """One month, and twice 31 days."""
        pulls, day = [war(1, "2000-01-01", "2000-01-31")], date(2000, 1, 31)
        monkeypatch.setattr(module, "MOST_WORK", 63)
        assert isinstance(robustness(STILL, pulls, day), Robustness)
        monkeypatch.setattr(module, "MOST_WORK", 62)

        found = robustness(STILL, pulls, day)

        assert isinstance(found, NotWorkedOut)
        assert found.reason == "too much work"
        assert "Choose an earlier day" in found.detail
