"""Levels against all worlds, in each of which every draw is true or not."""

import time
from collections.abc import Sequence
from datetime import date
from itertools import product

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
from tests.kit.simulations import all_worlds
from tests.kit.tables import each
from tracker.domain.scoring.evidence import Impact

# Without drift, habit and a limit on situations, only truths remain.
BARE = {
    "omega": "0",
    "conflict_drift": "0",
    "habituation_fade": "0",
    "situation_steps": "0",
}
CHANCES = [0.3, 0.65, 0.99]
DAYS = [60, 1735]


def war(**given) -> Impact:
    return a_situation(**{"days": 1735, "value": -9.5, "fades": False, **given})


def sanctions(**given) -> Impact:
    return a_situation(**{"days": 730, "value": -6.0, "p": 0.65, **given})


def acts(*values: float, first: int, p: float, number: int, root: int) -> list[Impact]:
    """Acts of one root, ten days apart."""
    return [
        an_act(
            claim=an_id(number + n),
            first=a_day(first + 10 * n),
            value=value,
            p=p,
            roots=(an_id(root),),
        )
        for n, value in enumerate(values)
    ]


def compared(groups: Sequence[Sequence[Impact]], day: date, *, start_sd: int):
    """The score, and the mean and sd over all worlds."""
    scorer = a_scorer("standing", **BARE, start_sd=str(start_sd))
    found = score(scorer, pulls_of(*(one for group in groups for one in group)), day)
    worlds = all_worlds([pulls_of(*group) for group in groups], day, start_sd=start_sd)
    return found, worlds


class TestOneDraw:
    """The moments are exact."""

    @each(("p", "days"), product(CHANCES, DAYS))
    def test_of_a_war_has_the_mean_and_the_sd_of_the_worlds(self, p, days):
        found, worlds = compared([[war(p=p)]], a_day(days - 1), start_sd=4)

        assert (found.value, found.sd) == pytest.approx(worlds, abs=1e-9)

    @each("p", CHANCES)
    def test_of_acts_of_one_root_has_the_mean_and_the_sd_of_the_worlds(self, p):
        group = acts(-6.0, 5.0, -9.0, -9.5, 9.0, first=0, p=p, number=1, root=900)

        found, worlds = compared([group], a_day(50), start_sd=0)

        assert (found.value, found.sd) == pytest.approx(worlds, abs=1e-9)

    def test_stays_exact_beside_acts_of_their_own(self):
        group = acts(-6.0, -9.0, 9.0, first=0, p=0.65, number=1, root=900)
        alone = an_act(claim=an_id(11), first=a_day(15), value=-9.5, p=0.4, roots=())

        found, worlds = compared([group, [alone]], a_day(20), start_sd=0)

        assert (found.value, found.sd) == pytest.approx(worlds, abs=1e-9)


class TestSeveralDraws:
    """What a level is if two draws are true is approximated: by the product of the distances from
    the end of the scale to which both moved it, or by the sum of what each moved."""

    @each("days", DAYS)
    def test_of_three_situations_are_near_the_worlds(self, days):
        groups = [
            [sanctions(p=0.85)],
            [sanctions(claim=an_id(2), value=8.0, roots=(an_id(901),))],
            [sanctions(claim=an_id(3), value=-6.0, weight=0.6, roots=(an_id(902),))],
        ]

        found, worlds = compared(groups, a_day(days - 1), start_sd=4)

        assert (found.value, found.sd) == pytest.approx(worlds, abs=0.005)

    @each(("p", "days"), product(CHANCES, DAYS))
    def test_of_two_wars_are_near_the_worlds(self, p, days):
        """Sums would put the level of two wars with p = .3 at −8.9 after five years; it is −4.6."""
        groups = [[war(p=p)], [war(claim=an_id(2), p=p, roots=(an_id(901),))]]

        found, worlds = compared(groups, a_day(days - 1), start_sd=0)

        assert (found.value, found.sd) == pytest.approx(worlds, abs=0.015)

    @each(("p", "days"), product(CHANCES, DAYS))
    def test_of_acts_beside_a_war_are_near_the_worlds(self, p, days):
        """The first act is its own draw; the second and the third share one."""
        groups = [
            [war(p=p, roots=())],
            acts(-6.0, first=10, p=0.65, number=2, root=901),
            acts(5.0, 9.0, first=20, p=0.65, number=3, root=902),
        ]

        found, worlds = compared(groups, a_day(days - 1), start_sd=0)

        assert (found.value, found.sd) == pytest.approx(worlds, abs=0.005)

    def test_that_do_not_act_on_a_day_change_with_the_level(self):
        """The first draw acts before and after the second, and both act again at the end."""
        first = acts(-9.0, -9.0, -9.0, -9.0, first=0, p=0.5, number=1, root=900)
        second = acts(-9.5, -9.0, -9.0, -9.0, first=4, p=0.5, number=11, root=901)

        found, worlds = compared([first, second], a_day(40), start_sd=0)

        assert (found.value, found.sd) == pytest.approx(worlds, abs=0.03)


@pytest.mark.long
class TestManyDraws:
    def test_take_time_in_proportion_to_their_number(self):
        """Of 64 situations eight times that of 8; a sum over pairs for each would take 512 times
        that."""
        scorer = a_scorer("standing", **BARE)

        def took(number: int) -> float:
            pulls = pulls_of(
                *(war(claim=an_id(n), days=40, roots=(an_id(900 + n),)) for n in range(number))
            )
            began = time.process_time()
            scorer.knots(pulls)
            return time.process_time() - began

        assert min(took(64) for _ in range(3)) < 32 * min(took(8) for _ in range(3))


class TestTheTable:
    """The simulations of docs/method.md (20,000 draws with ω = .04, two decimals)."""

    @each(
        ("claim", "days", "mean", "sd"),
        [
            (war(p=0.99), 265, -8.85, 0.97),
            (war(p=0.99), 1735, -8.92, 0.99),
            (war(p=0.65), 60, -3.97, 3.87),
            (war(p=0.65), 265, -5.84, 4.87),
            (war(p=0.65), 1735, -5.88, 4.98),
            (sanctions(), 730, -2.48, 3.64),
        ],
    )
    def test_is_met(self, claim, days, mean, sd):
        scorer = a_scorer("standing", omega="0.04", conflict_drift="0", situation_steps="0")

        found = score(scorer, pulls_of(claim), a_day(days - 1))

        # A standard error of the mean is .034 where the sd is 4.9.
        assert found.value == pytest.approx(mean, abs=0.035)
        assert found.sd == pytest.approx(sd, abs=0.03)


class TestWhatSharesATruth:
    def doubt(self, *impacts: Impact) -> float:
        """The variance from truths after two days."""
        scorer = a_scorer("standing", **BARE, start_sd="0")
        return score(scorer, pulls_of(*impacts), a_day(1)).sd ** 2

    def test_is_in_doubt_as_one(self):
        """Two acts of I = −.6, p = .5. The second finds 0 or −.6: apart the level is 0, −.6, −.6 or
        −.6·(1 − 1/15) − .6 = −1.16, a quarter each: mean −.59, square (2·.36 + 1.3456)/4 = .5164.
        Together it is 0 or −1.16: variance .58²."""
        both = acts(-6.0, -6.0, first=0, p=0.5, number=1, root=900)
        soon = [both[0], both[1]._replace(first=a_day(1), last=a_day(1))]
        apart = [one._replace(roots=()) for one in soon]

        assert self.doubt(*soon) == pytest.approx(0.58**2)
        assert self.doubt(*apart) == pytest.approx(0.5164 - 0.59**2)

    def test_needs_the_same_root_alone_and_the_same_p(self):
        first = an_act(value=-6.0, p=0.5)
        second = first._replace(claim=an_id(2), first=a_day(1), last=a_day(1))
        more = (an_id(900), an_id(901))

        together = self.doubt(first, second)

        assert self.doubt(first, second._replace(p=0.51)) < together
        assert self.doubt(first, second._replace(roots=more)) < together
        assert self.doubt(first._replace(roots=more), second._replace(roots=more)) < together

    @pytest.mark.parametrize(("days", "shared"), [(179, True), (180, False)])
    def test_lasts_for_so_many_days_from_the_first(self, days, shared):
        first = an_act(value=-6.0, p=0.5)
        second = first._replace(claim=an_id(2), first=a_day(days), last=a_day(days))
        scorer = a_scorer("standing", **BARE, start_sd="0")

        found = score(scorer, pulls_of(first, second), a_day(days))

        assert found.sd**2 == pytest.approx(0.58**2 if shared else 0.5164 - 0.59**2)

    def test_of_one_day_is_one_impact_of_no_more_than_the_whole_level(self):
        """Two assaults of I = −6 that are true together, k = 4/3: the level is 0 or −9."""
        found = score(
            a_scorer("standing", **BARE, start_sd="0"),
            pulls_of(*(an_act(claim=an_id(n), value=-10.0, p=0.5) for n in (1, 2))),
            DAY,
        )

        assert (found.value, found.sd) == (-4.5, 4.5)
