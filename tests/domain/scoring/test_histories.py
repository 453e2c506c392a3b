"""Histories on which an earlier method failed, with figures worked out from the formulas of
docs/method.md, section 3. docs/decisions/0118-the-worlds-of-a-level.md has what it gave for each.
"""

import math
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

import pytest

from tests.kit.levels import STILL, mean, sd, worlds
from tests.kit.pulls import BEGIN, USUAL, act, assessed, still, war
from tracker.domain.scoring import bands
from tracker.domain.scoring.evidence import Pull
from tracker.domain.scoring.tables import N

# The same without what nobody reported.
LEVEL = still()
# Nearly certain: the level is 0 or 3 in all worlds.
LATER = date(2010, 1, 1)
AT_0, AT_3 = (assessed(900, "1999-12-31", value, 1e-6, root=90) for value in (0.0, 3.0))


def fell(pulls: Sequence[Pull], since: str, until: str) -> float:
    days = (date.fromisoformat(one) for one in (since, until))
    return LEVEL.movement([AT_0, *pulls], *days).fell


class TestADoubtfulWar:
    """True in 166 of 256 worlds (p .65). There it begins with a blow, −2, and leaves .75 of the
    way to −9 each month."""

    HISTORY = (AT_0, war(1, "2000-01-01", "2007-12-31", p=0.65))

    @pytest.mark.parametrize(
        ("since", "until", "moved"),
        [
            (date(1999, 12, 31), date(2003, 12, 31), 9 - 4.75 * 0.75**47),
            # Where it is true the level is at the end after four years, and moves no more.
            (date(2003, 12, 31), date(2007, 12, 31), 4.75 * (0.75**47 - 0.75**95)),
        ],
    )
    def test_moves_a_level_by_what_the_level_changes(
        self, since: date, until: date, moved: float
    ) -> None:
        found = LEVEL.movement(self.HISTORY, since, until)
        assert found.value == pytest.approx(-moved * 166 / N, abs=1e-5)

    def test_moves_it_in_58_months_as_in_each_of_them(self) -> None:
        ends = [date(2000 + n // 12, n % 12 + 1, 1) - timedelta(days=1) for n in range(59)]
        moved = [LEVEL.movement(self.HISTORY, *month).value for month in pairwise(ends)]
        assert sum(moved) == pytest.approx(-(9 - 4.75 * 0.75**57) * 166 / N, abs=1e-5)


class TestManyBlows:
    @pytest.mark.parametrize("number", [15, 30])
    @pytest.mark.parametrize(("value", "doubt"), [(0.0, 1.0), (3.0, 0.3)])
    def test_do_not_keep_a_level_from_what_a_panel_says(
        self, number: int, value: float, doubt: float
    ) -> None:
        # A blow a month, from 0: −9 · (1 − (7/9)^15) = −8.79; after 30 it is −9.00.
        blows = [act(n + 1, "assault", f"20{n // 12:02}-{n % 12 + 1:02}-05") for n in range(number)]
        low = worlds([AT_0, *blows], "2003-01-01", STILL)
        assert low == pytest.approx([-9 * (1 - (7 / 9) ** number)] * N, abs=1e-4)
        # V is 2². Left of the level is r²/(4 + r²) of the way from what the panel says, −1.76 and
        # −.25 or more, but no more than r/2.
        panel = assessed(99, "2003-01-01", value, doubt, root=2)
        found = worlds([AT_0, *blows, panel], "2003-01-01", STILL)
        assert mean(found) == pytest.approx(value - doubt / 2, abs=0.01)
        assert sd(found) == pytest.approx(doubt, abs=0.01)


class TestSilenceAfterAWar:
    def test_widens_the_level_for_ever(self) -> None:
        # Three years of a sure war leave .75^36 of any start: −9. A walk that stops there is as far
        # from it as the size of a normal number, of which 1 − 2/π of the variance is left:
        # √(10 · .57² · .363) = 1.09, a little more by jumps.
        history = [war(1, "1950-01-01", "1952-12-31")]
        found = [USUAL.on(history, date(year, 12, 31)).sd for year in (1952, 1962, 2002)]
        assert found[0] < 0.2
        assert found[1] == pytest.approx(1.09, abs=0.15)
        # In 50 years, √(50 · .57² · .363) = 2.43.
        assert found[2] == pytest.approx(2.43, abs=0.25)

    def test_goes_on_each_january_after_three_years(self) -> None:
        history = [assessed(1, "1990-01-01", 2.0, 2.5)]
        days = [date(2003, 1, 1), date(2003, 12, 31), date(2004, 1, 1), date(2010, 1, 1)]
        found = [USUAL.on(history, day).sd for day in days]
        assert found[0] == found[1] != found[2]
        # √(2.5² + 20 · .57²) = 3.57, less what the end of the scale cuts off.
        assert found[3] == pytest.approx(3.57, abs=0.3)

    def test_for_twenty_years_is_not_changed_by_the_claim_that_ends_it(self) -> None:
        history = [assessed(1, "1950-01-01", 0.0, 1.0)]
        later = [*history, act(2, "aid", "1970-05-05")]
        days = [date(year, 1, 31) for year in range(1950, 1970)]
        one, other = (
            [USUAL.worlds(some, day).tolist() for day in days] for some in (history, later)
        )
        assert one == other


class TestEachEventTwice:
    # Jan +.6, Feb .6 − (.6/9 · .6 + .6) = −.04.
    EVENTS = (act(1, "aid", "2000-01-05"), act(2, "sanction", "2000-02-05"))

    @pytest.mark.parametrize("root", [1, 2])
    def test_is_once(self, root: int) -> None:
        again = [
            act(3, "aid", "2000-01-09", root=root),
            act(4, "sanction", "2000-02-09", root=root),
        ]
        found = worlds([AT_0, *self.EVENTS, *again], "2000-02-29", STILL)
        assert found == pytest.approx([-0.04] * N, abs=1e-4)

    def test_by_a_second_root_makes_a_doubtful_one_likelier(self) -> None:
        # True in half of the worlds by one root, in three quarters by two, give or take chance.
        pulls = [act(n, "sanction", "2000-01-05", p=0.5, root=n) for n in (1, 2)]
        assert mean(worlds([AT_0, *pulls[:1]], "2000-01-31", STILL)) == pytest.approx(
            -0.3, abs=1e-4
        )
        assert mean(worlds([AT_0, *pulls], "2000-01-31", STILL)) == pytest.approx(-0.45, abs=0.04)


class TestTenSanctions:
    @pytest.mark.parametrize("roots", [1, 10])
    def test_move_a_level_as_one_claim_of_them_does(self, roots: int) -> None:
        ten = [act(n, "sanction", "2000-01-10", root=1 + n % roots) for n in range(1, 11)]
        for claims in (ten[:1], ten):
            # 3 − (.6/9 · 3 + .6).
            assert worlds([AT_3, *claims], "2000-01-31", STILL) == pytest.approx(
                [2.2] * N, abs=1e-4
            )


class TestSixClaimsOfANewsletter:
    @pytest.mark.parametrize(
        ("chances", "true"),
        [
            ([0.65] * 6, 166),
            # Three of them are checkable.
            ([0.65, 0.9435] * 3, 242),
            ([0.65, 0.70, 0.75, 0.68, 0.72, 0.66], 192),
        ],
    )
    def test_are_wrong_together(self, chances: list[float], true: int) -> None:
        six = [act(n, "sanction", "2000-01-10", p=p) for n, p in enumerate(chances, start=1)]
        # It fell where the likeliest of them is true: in the share p of the worlds.
        assert fell(six, "2000-01-09", "2000-01-31") == true / N


class TestARootThatAssessesEachYear:
    def test_leaves_its_own_error(self) -> None:
        yearly = [assessed(n, f"{2000 + n}-01-01", 1.0, 2.5) for n in range(10)]
        # Its error is one number: each year meets 1 + 2.5·e, and says the same. What drifts is
        # pulled back to it, and at most r/2 = 1.25 of it are left.
        assert sd(worlds(yearly, "2009-01-01", STILL)) == pytest.approx(2.5, abs=1e-5)
        assert 2.5 <= USUAL.on(yearly, date(2009, 1, 1)).sd < math.hypot(2.5, 1.25)


class TestThreeRumoursOfADay:
    def test_leave_the_share_in_which_none_is_true(self) -> None:
        # Three roots, p .5 each, of which the largest counts: −2 in 7/8 of the worlds, so −1.75 ±
        # 2 · √(7/64) = .66, give or take chance.
        rumours = [act(n, "assault", "2000-01-10", p=0.5, root=n) for n in (1, 2, 3)]
        found = worlds([AT_0, *rumours], "2000-01-31", STILL)
        assert {round(value, 3) for value in found} == {0.0, -2.0}
        assert mean(found) == pytest.approx(-1.75, abs=0.1)
        assert sd(found) == pytest.approx(0.66, abs=0.1)


class TestAnAssessedLevel:
    def test_starts_where_it_was_assessed(self) -> None:
        found = USUAL.on([assessed(1, "2000-01-01", 5.0, 2.0, p=0.8)], date(2000, 1, 1))
        assert found.value == pytest.approx(5.0, abs=1e-9)
        # Doubt widens: .8 · 2² + .2 · 4² = 6.4; the end of the scale cuts some of it off.
        assert 2.0 < found.sd < math.sqrt(6.4)


class TestALevelByStructure:
    """A rivalry or a pact says where a pair starts: on the day before the first act on record, at
    the latest. Figures without drift."""

    @staticmethod
    def of(rung: str, table: str, value: float, sd: float) -> Pull:
        return assessed(1, table, value, sd, root=80)._replace(code=f"structural-1/{rung}")

    def test_of_a_later_table_erases_no_war(self) -> None:
        """Of Georgia and Russia in August 2008: −2 ± 2.5 is the start, and not the level of the end
        of 2018."""
        war_of_2008 = war(2, "2008-08-07", "2008-08-12", p=0.97)
        rung = self.of("lesser-rivalry", "2018-12-31", -2.0, 2.5)
        days = [date(2008, 8, 6), date(2008, 8, 31), date(2018, 12, 31), date(2018, 12, 30)]
        start, after, *later = (LEVEL.on([war_of_2008, rung], day) for day in days)
        assert start.value == pytest.approx(-2.0, abs=1e-6)
        # The blow takes 2 · (9 − 2)/9 on average, and the six days .25 · 6/31 of the way to −9.
        assert after.value == pytest.approx(-2 - 248 / N * (2 + 0.25 * 6 / 31 * 9) * 7 / 9, abs=0.1)
        assert [one.value for one in later] == [after.value] * 2

    def test_without_an_act_stands_on_the_day_of_its_table(self) -> None:
        rung = self.of("pact", "2018-12-31", 3.0, 2.5)
        assert LEVEL.on([rung], date(2018, 12, 30)).assessed == bands.NEVER
        assert LEVEL.on([rung], date(2018, 12, 31)).value == pytest.approx(3.0)

    def test_of_an_earlier_table_stands_there_too(self) -> None:
        rung = self.of("pact", "2018-12-31", 3.0, 2.5)
        later = act(2, "aid", "2022-03-01")
        assert LEVEL.on([rung, later], date(2019, 1, 1)).value == pytest.approx(3.0)


class TestAFirstAssessment:
    """Of +2 ± 2.5 after a hundred blows, which leave −9. V is 4², so .28 of 11 would be left of
    them, and r/2 = 1.25 is, in the worlds where it is true."""

    BLOWS = tuple(act(n + 10, "assault", BEGIN.toordinal() + 31 * n) for n in range(100))

    @pytest.mark.parametrize("p", [0.25, 0.4999, 0.5, 0.75, 1.0])
    def test_leaves_the_blows_where_it_is_not_true(self, p: float) -> None:
        found = USUAL.on([*self.BLOWS, assessed(1, "2010-01-01", 2.0, 2.5, p=p, root=7)], LATER)
        assert found.value == pytest.approx(-9 + p * (2 - 1.25 + 9), abs=0.35)
