"""What moves the worlds of a level; `test_level_laws` has what holds for every history."""

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import permutations
from uuid import UUID

import pytest

from tests.kit.levels import RULES, STILL, folded, mean, sd, worlds
from tests.kit.pulls import act, assessed, day, war
from tracker.domain.scoring.moves import Assessed
from tracker.domain.scoring.tables import DRIFT, NORMAL, N


class TestTheTables:
    @pytest.mark.parametrize("table", [NORMAL, DRIFT])
    def test_have_mean_0_and_variance_1(self, table: Sequence[float]) -> None:
        assert len(table) == N
        assert math.fsum(table) == 0
        assert math.fsum(value * value for value in table) / N == pytest.approx(1, abs=1e-6)

    def test_of_drift_has_a_jump_in_one_world_of_twelve(self) -> None:
        assert sum(1 for value in DRIFT if value) in (20, 21)


class TestSilence:
    def test_widens_the_interval_and_leaves_the_mean(self) -> None:
        begin = [assessed(1, "2000-01-01", 2.0, 1.0)]
        first, later = worlds(begin, "2000-01-01"), worlds(begin, "2010-01-01")
        # 10 years of drift: 1² + 10 · .57² = 4.249, and sampling of 120 months moves it a little.
        assert sd(first) == pytest.approx(1.0, abs=0.001)
        assert sd(later) == pytest.approx(math.sqrt(4.249), abs=0.25)
        assert mean(later) == pytest.approx(2.0, abs=0.1)


class TestAnAct:
    def test_moves_a_level_by_its_class(self) -> None:
        # From 0: +.6; then a sanction from .6: .6 − (.6/9 · .6 + .6) = −.04.
        pulls = [act(1, "aid", "2000-01-05"), act(2, "sanction", "2000-02-05")]
        assert worlds(pulls, "2000-03-01", STILL) == pytest.approx([-0.04] * N)

    def test_of_one_month_and_class_counts_once(self) -> None:
        # The larger of two sanctions, the accusation, and the aid: all meet the level of the
        # month's start.
        pulls = [
            act(1, "accuse", "2000-01-05"),
            act(2, "sanction", "2000-01-06", weight=0.5),
            act(3, "sanction", "2000-01-07"),
            act(4, "aid", "2000-01-08", weight=0.5),
        ]
        assert worlds(pulls, "2000-01-31", STILL) == pytest.approx([0.3 - 0.3 - 0.6] * N)

    def test_counts_where_the_larger_one_is_not_true(self) -> None:
        # The full sanction is true in half of the worlds, the partial one of another root in all.
        pulls = [
            act(1, "sanction", "2000-01-05", root=2, weight=0.5),
            act(2, "sanction", "2000-01-06", p=0.5),
        ]
        values = worlds(pulls, "2000-01-31", STILL)
        assert sorted(values) == pytest.approx([-0.6] * 128 + [-0.3] * 128)

    def test_is_in_the_level_of_its_day_and_not_before(self) -> None:
        course = folded(
            [act(1, "aid", "2000-01-05"), act(2, "aid", "2000-01-20")], "2000-02-01", STILL
        )
        assert [
            mean(course.at(day(on)).tolist())  # type: ignore[union-attr]
            for on in ("2000-01-05", "2000-01-19")
        ] == pytest.approx([0.6, 0.6])
        assert course.at(day("2000-01-04")) is None

    def test_is_followed_to_the_last_day_there_is(self) -> None:
        course = folded([act(1, "aid", "9999-11-05")], date.max.toordinal(), STILL)
        assert [date.fromordinal(close.day).month for close in course.closes] == [11, 12]


class TestAWar:
    def test_goes_a_quarter_of_the_way_to_the_end_each_month(self) -> None:
        # Its first day is a blow, −2, and January takes a quarter of the way from 0, −2.25; what is
        # left of the way after February is .75.
        pulls = [war(1, "2000-01-01", "2000-02-29")]
        assert worlds(pulls, "2000-03-31", STILL) == pytest.approx([-9 + (9 - 4.25) * 0.75] * N)

    def test_of_half_a_month_counts_by_its_days(self) -> None:
        pulls = [war(1, "2000-04-01", "2000-04-15")]
        assert worlds(pulls, "2000-04-30", STILL) == pytest.approx([-2 - 9 * 0.25 / 2] * N)

    @pytest.mark.parametrize(
        ("last", "level"),
        [
            # From 2: a blow takes 2 + 2 · 2/9, each of 31 days its part of .25 · (9 + 2).
            ("2000-01-01", 2 - 22 / 9 - 0.25 * 11 / 31),
            ("2000-01-05", 2 - 22 / 9 - 0.25 * 11 * 5 / 31),
        ],
    )
    def test_is_at_least_a_blow(self, last: str, level: float) -> None:
        start = assessed(9, "1999-12-31", 2.0, 1e-6)
        found = worlds([start, war(1, "2000-01-01", last)], "2000-01-31", STILL)
        assert found == pytest.approx([level] * N, abs=1e-4)

    def test_that_two_report_is_one(self) -> None:
        one = [war(1, "2000-01-01", "2000-03-31", p=0.6)]
        two = [*one, war(2, "2000-01-01", "2000-03-31", p=0.6)]
        assert worlds(two, "2000-03-31") == worlds(one, "2000-03-31")

    def test_after_an_assessment_counts_by_the_days_after_it(self) -> None:
        # Assessed for certain on 15 April, with no doubt to speak of: then half a month of war.
        pulls = [war(1, "2000-04-01", "2000-04-30"), assessed(2, "2000-04-15", 0.0, 0.0001)]
        values = worlds(pulls, "2000-04-30", STILL)
        assert values == pytest.approx([-9 * 0.25 / 2] * N, abs=0.001)

    def test_is_true_or_false_for_good(self) -> None:
        # After four years of a war with p .65, 166 worlds of 256 are at the end and 90 at 0.
        values = worlds([war(1, "2000-01-01", "2003-12-31", p=0.65)], "2003-12-31", STILL)
        # 47 months after the first, of −4.25.
        assert sorted(values)[165] == pytest.approx(-9 + (9 - 4.25) * 0.75**47)
        assert values.count(0.0) == 90


class TestAnAssessment:
    def test_of_three_panels_starts_a_level_by_precision(self) -> None:
        # Precisions of 1, 1/4 and 1: (2 + 4/4 + 3)/2.25 = 2.667, with the variance 1/2.25.
        given = [(2.0, 1.0), (4.0, 2.0), (3.0, 1.0)]
        found = [
            worlds(
                [
                    assessed(number, "2000-01-01", value, doubt, root=root)
                    for root, (number, (value, doubt)) in enumerate(zip(ids, given, strict=True))
                ],
                "2000-01-01",
            )
            for ids in permutations((1, 2, 3))
        ]
        assert mean(found[0]) == pytest.approx(6 / 2.25, abs=1e-9)
        # The errors of two roots correlate by chance, by up to .2 in 256 worlds.
        assert sd(found[0]) == pytest.approx(1 / 1.5, abs=0.1)
        # The ids of their claims do not matter, to the last bit.
        assert all(one == found[0] for one in found)

    def test_that_is_doubtful_adds_to_what_is_known_by_its_p(self) -> None:
        # Known to 3² = 9; one with p .3 and an sd of 3 would halve that, so 9 − .3 · 4.5 = 7.65.
        # A certain one with an sd of 1 then leaves 1/(7.65 + 1) of the level.
        rules = replace(RULES, drift=0.0)
        before = [
            assessed(1, "2000-01-01", 0.0, 3.0),
            assessed(2, "2000-01-02", 0.0, 3.0, p=0.3, root=2),
        ]
        now = assessed(3, "2000-01-03", 0.0, 1.0, root=3)
        course = folded([*before, now], "2000-01-03", rules, traced=True)
        last = [move for move in course.moves if isinstance(move, Assessed)][-1]
        kept = {round(share, 6) for share in last.kept.tolist()}
        assert kept <= {0.0, round(1 / 8.65, 6)}
        assert len(kept) == 2

    def test_keeps_its_doubt_at_an_end_of_the_scale(self) -> None:
        # 9 ± 2 is moved by half an sd at most, to 10: .69 of the worlds are at the end, and the
        # lowest twentieth is below 10 − 1.645 · 2.
        values = worlds([assessed(1, "2000-01-01", 9.0, 2.0)], "2000-01-01")
        assert sum(value == 9 for value in values) == pytest.approx(0.69 * N, abs=2)
        assert sorted(values)[N // 20] == pytest.approx(6.71, abs=0.1)

    def test_says_where_what_came_before_began_if_it_is_the_first(self) -> None:
        # From 5 on average, ± 1, the aid adds .6 · 4/9. V is 4², so the assessment keeps 1/17 of
        # that in the 166 worlds where it is true, and all of it elsewhere, from the widened start.
        before, now = act(1, "aid", "1999-05-05"), assessed(9, "2000-01-01", 5.0, 1.0, p=0.65)
        start = folded([now], "2000-01-01").at(day("2000-01-01")).tolist()  # type: ignore[union-attr]
        found = worlds([before, now], "2000-01-01")
        told = [0.6 * (9 - x) / 9 for x in start]
        kept = [(after - x) / by for after, x, by in zip(found, start, told, strict=True) if by]
        assert {round(share, 6) for share in kept} == {round(1 / 17, 6), 1.0}
        assert sum(share < 0.5 for share in kept) == pytest.approx(166, abs=12)

    @pytest.mark.parametrize("p", [0.1, 0.25, 0.4999])
    def test_that_is_rather_wrong_starts_a_pair_nearer_to_0(self, p: float) -> None:
        start = worlds([assessed(1, "2000-01-01", 3.0, 1.0, p=p)], "2000-01-01")
        assert mean(start) == pytest.approx(3.0 * p / 0.5, abs=1e-9)

    def test_by_a_second_root_that_is_wrong_changes_nothing(self) -> None:
        one, other = (assessed(n, "2000-01-01", v, 1.0, root=n) for n, v in ((1, 3.0), (2, -9.0)))
        alone, both = (
            worlds(some, "2000-01-01") for some in ([one], [one, other._replace(p=1e-6)])
        )
        assert both == pytest.approx(alone, abs=0.01)

    def test_by_ten_of_one_panel_is_one(self) -> None:
        start = [assessed(1, "1999-01-01", 0.0, 1.0)]
        one = [*start, assessed(2, "2000-01-01", 3.0, 1.0, root=2)]
        ten = [*start, *(assessed(2 + n, "2000-01-01", 3.0, 1.0, root=2) for n in range(10))]
        assert worlds(ten, "2000-01-01") == pytest.approx(worlds(one, "2000-01-01"), abs=1e-9)

    @pytest.mark.parametrize(
        ("doubt", "on", "share"),
        [
            # Known to 3²: 1/(9 + 1) of the level before is left.
            (3.0, "2000-01-02", 1 / 10),
            # Known to .3², but what acts say of a level is never surer than 2².
            (0.3, "2000-01-02", 1 / 5),
            # Known to 1² thirty years ago: 360 months of drift add .57² a year, 10.747 in all.
            (1.0, "2030-01-02", 1 / 11.747),
        ],
    )
    def test_weighs_against_what_was_known(self, doubt: float, on: str, share: float) -> None:
        start = [assessed(1, "2000-01-01", 0.0, doubt)]
        now = [assessed(2, on, 2.0, 1.0, root=2)]
        before = worlds(start, on)
        error = folded(now, on)._truths.error(UUID(int=2)).tolist()
        for x, e, y in zip(before, error, worlds([*start, *now], on), strict=True):
            # What is left of the level before is at most half a sd.
            left = max(-0.5, min(0.5, share * (x - 2.0 - e)))
            assert y == pytest.approx(max(-9, min(9, 2.0 + e + left)), abs=1e-9)


class TestReports:
    def test_of_a_root_around_new_year_are_nearly_one_witness(self) -> None:
        pulls = [act(1, "sanction", "2000-12-28", p=0.5), act(2, "sanction", "2001-01-03", p=0.5)]
        values = worlds(pulls, "2001-01-31", STILL)
        # In December the number has slid by 11/12 to that of January.
        assert values.count(0.0) > 100

    def test_of_a_root_years_apart_are_two(self) -> None:
        pulls = [act(1, "sanction", "2000-01-10", p=0.5), act(2, "sanction", "2005-01-10", p=0.5)]
        values = worlds(pulls, "2005-01-31", STILL)
        # A quarter of the worlds, give or take what 256 of them leave to chance.
        assert values.count(0.0) == pytest.approx(64, abs=20)
