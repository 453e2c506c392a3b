"""The worlds of a level hold the laws of docs/method.md."""

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.pulls import ACTS, BEGIN, CODES, HISTORIES, act, assessed, day, war
from tracker.domain.scoring import parts, rows
from tracker.domain.scoring.course import Course, Rules
from tracker.domain.scoring.evidence import Pull
from tracker.domain.scoring.tables import DRIFT, NORMAL, N

RULES = Rules(
    steps={
        "cooperation in words": 0.2,
        "cooperation in deeds": 0.4,
        "conflict in words": -0.3,
        "conflict in deeds": -0.6,
        "violence": -2.0,
    },
    war=0.25,
    drift=0.57,
    unknown=4.0,
    floor=2.0,
)
# Nothing happens unreported, and a level starts at 0.
STILL = replace(RULES, drift=0.0, unknown=0.0)


def folded(pulls: Sequence[Pull], until: str | int, rules: Rules = RULES, **how: Any) -> Course:
    at = day(until) if isinstance(until, str) else until
    return Course(rules, "AAA-BBB", **how).fold(pulls, until=at)


def worlds(pulls: Sequence[Pull], until: str | int, rules: Rules = RULES) -> list[float]:
    course = folded(pulls, until, rules)
    return course.at(course.closes[-1].day).tolist()  # type: ignore[union-attr]


def mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values)


def sd(values: Sequence[float]) -> float:
    middle = mean(values)
    return math.sqrt(mean([(value - middle) ** 2 for value in values]))


def median(values: Sequence[float]) -> float:
    return sorted(values)[N // 2 - 1 : N // 2 + 1][0]


END = day("2015-06-15")


class TestTheTables:
    @pytest.mark.parametrize("table", [NORMAL, DRIFT])
    def test_have_mean_0_and_variance_1(self, table: Sequence[float]) -> None:
        assert len(table) == N
        assert math.fsum(table) == 0
        assert math.fsum(value * value for value in table) / N == pytest.approx(1, abs=1e-6)

    def test_of_drift_has_a_jump_in_one_world_of_twelve(self) -> None:
        assert sum(1 for value in DRIFT if value) in (20, 21)


class TestTheLaws:
    @given(HISTORIES)
    def test_numpy_and_plain_python_give_the_same_bits(self, pulls: list[Pull]) -> None:
        fast, plain = folded(pulls, END), folded(pulls, END, rows=rows.PLAIN)
        assert [(day, row.tolist()) for day, row in fast.closes] == [
            (day, row.tolist()) for day, row in plain.closes
        ]

    @given(HISTORIES, st.randoms())
    def test_neither_the_order_nor_the_ids_of_claims_matter(
        self, pulls: list[Pull], draw: Any
    ) -> None:
        ids = [pull.claim for pull in pulls]
        draw.shuffle(ids)
        renamed = [pull._replace(claim=claim) for pull, claim in zip(pulls, ids, strict=True)]
        draw.shuffle(renamed)
        if pulls:
            assert worlds(renamed, END) == pytest.approx(worlds(pulls, END), abs=1e-9)

    @given(HISTORIES, ACTS)
    def test_conflict_never_raises_and_cooperation_never_lowers(
        self, pulls: list[Pull], one: Pull
    ) -> None:
        one = one._replace(claim=UUID(int=30_000))
        without, with_ = (
            worlds([*pulls, _beginning()], END),
            worlds([*pulls, _beginning(), one], END),
        )
        for before, after in zip(without, with_, strict=True):
            if one.code in (CODES["agree"], CODES["aid"]):
                assert after >= before - 1e-9
            else:
                assert after <= before + 1e-9

    @given(HISTORIES, ACTS)
    def test_more_probable_conflict_never_raises(self, pulls: list[Pull], one: Pull) -> None:
        one = one._replace(claim=UUID(int=30_000), code=CODES["sanction"])
        pulls = [*pulls, _beginning()]
        less = worlds([*pulls, one._replace(p=0.4)], END)
        more = worlds([*pulls, one._replace(p=0.8)], END)
        assert all(two <= first + 1e-9 for first, two in zip(less, more, strict=True))

    @given(HISTORIES, st.sampled_from([-8.0, 0.0, 6.0]), st.sampled_from([0.3, 1.0, 2.0]))
    def test_the_median_ends_within_an_assessments_sd(
        self, pulls: list[Pull], value: float, doubt: float
    ) -> None:
        last = assessed(30_000, END, value, doubt, p=0.97, root=9)
        assert abs(median(worlds([*pulls, last], END)) - value) <= doubt

    @given(HISTORIES)
    def test_a_deed_told_ten_times_by_one_root_is_one(self, pulls: list[Pull]) -> None:
        acts = [pull for pull in pulls if pull.sd is None]
        again = [
            pull._replace(claim=UUID(int=30_000 + 100 * n + place))
            for n in range(9)
            for place, pull in enumerate(acts)
        ]
        if pulls:
            assert worlds([*pulls, *again], END) == worlds(pulls, END)

    @given(HISTORIES)
    def test_the_parts_sum_to_the_mean(self, pulls: list[Pull]) -> None:
        course = folded(pulls, END, traced=True)
        if pulls:
            last = mean(course.at(END).tolist())  # type: ignore[union-attr]
            assert parts.contributions(course).sum == pytest.approx(last, abs=1e-9)

    @given(HISTORIES)
    def test_steps_sum_to_the_movement(self, pulls: list[Pull]) -> None:
        pulls = [*pulls, _beginning()]
        half = day("2008-03-09")
        early, late = folded(pulls, half, traced=True), folded(pulls, END, traced=True)
        moved = mean(late.at(END).tolist()) - mean(early.at(half).tolist())  # type: ignore[union-attr]
        found = parts.steps(late).less(parts.steps(early))
        assert found.sum == pytest.approx(moved, abs=1e-9)

    @given(HISTORIES)
    def test_a_later_claim_does_not_change_an_earlier_day(self, pulls: list[Pull]) -> None:
        pulls = [*pulls, _beginning()]
        late = [pull for pull in pulls if pull.first <= day("2008-03-09")]
        assert worlds(late, "2008-03-09") == worlds(pulls, "2008-03-09")

    def test_mirrored_signs_mirror_the_level(self) -> None:
        even = replace(
            STILL,
            steps={
                "cooperation in words": 0.5,
                "cooperation in deeds": 1.0,
                "conflict in words": -0.5,
                "conflict in deeds": -1.0,
                "violence": -2.0,
            },
        )
        kinds = ["agree", "aid", "sanction", "agree", "accuse"]
        mirror = {"agree": "accuse", "aid": "sanction", "sanction": "aid", "accuse": "agree"}
        one, other = (
            worlds(
                [act(n, of[kind], f"2001-0{n}-10", p=0.7) for n, kind in enumerate(kinds, 1)],
                "2002-01-01",
                even,
            )
            for of in ({kind: kind for kind in kinds}, mirror)
        )
        assert one == [-value for value in other]


def _beginning() -> Pull:
    """An act of no weight that begins each history on the same day."""
    return act(40_000, "agree", BEGIN.toordinal(), weight=0.0, root=8)


class TestSilence:
    def test_widens_the_interval_and_leaves_the_mean(self) -> None:
        begin = [assessed(1, "2000-01-01", 2.0, 1.0)]
        first, later = worlds(begin, "2000-01-01"), worlds(begin, "2010-01-01")
        # 10 years of drift: 1² + 10 · .57² = 4.249, and sampling of 120 months moves it a little.
        assert sd(first) == pytest.approx(1.0, abs=0.001)
        assert sd(later) == pytest.approx(math.sqrt(4.249), abs=0.25)
        assert mean(later) == pytest.approx(2.0, abs=0.1)

    def test_of_fifty_years_after_a_war_widens_it(self) -> None:
        history = [war(1, "1950-01-01", "1952-12-31", p=0.97)]
        assert sd(worlds(history, "2002-12-31")) > 1.5 * sd(worlds(history, "1952-12-31"))


class TestAnAct:
    def test_moves_a_level_by_its_class(self) -> None:
        # From 0: +.4; then a sanction from .4: .4 − (.6/9 · .4 + .6) = −.22667.
        pulls = [act(1, "aid", "2000-01-05"), act(2, "sanction", "2000-02-05")]
        assert worlds(pulls, "2000-03-01", STILL) == pytest.approx([0.4 - 0.6 / 9 * 0.4 - 0.6] * N)

    def test_of_one_month_and_sign_counts_once(self) -> None:
        # The larger of two, and both signs meet the level of the month's start.
        pulls = [
            act(1, "accuse", "2000-01-05"),
            act(2, "sanction", "2000-01-06"),
            act(3, "aid", "2000-01-07"),
        ]
        assert worlds(pulls, "2000-01-31", STILL) == pytest.approx([0.4 - 0.6] * N)

    def test_counts_where_the_larger_one_is_not_true(self) -> None:
        # The sanction is true in half of the worlds, the accusation of another root in all.
        pulls = [act(1, "accuse", "2000-01-05", root=2), act(2, "sanction", "2000-01-06", p=0.5)]
        values = worlds(pulls, "2000-01-31", STILL)
        assert sorted(values) == pytest.approx([-0.6] * 128 + [-0.3] * 128)

    def test_is_in_the_level_of_its_day_and_not_before(self) -> None:
        course = folded(
            [act(1, "aid", "2000-01-05"), act(2, "aid", "2000-01-20")], "2000-02-01", STILL
        )
        assert [mean(course.at(day(on)).tolist()) for on in ("2000-01-05", "2000-01-19")] == [
            0.4,
            0.4,
        ]  # type: ignore[union-attr]
        assert course.at(day("2000-01-04")) is None

    def test_is_followed_to_the_last_day_there_is(self) -> None:
        course = folded([act(1, "aid", "9999-11-05")], date.max.toordinal(), STILL)
        assert [date.fromordinal(close.day).month for close in course.closes] == [11, 12]


class TestAWar:
    def test_goes_a_quarter_of_the_way_to_the_end_each_month(self) -> None:
        # January and February: −9 · (1 − .75²).
        pulls = [war(1, "2000-01-01", "2000-02-29")]
        assert worlds(pulls, "2000-03-31", STILL) == pytest.approx([-9 * (1 - 0.75**2)] * N)

    def test_of_half_a_month_counts_by_its_days(self) -> None:
        pulls = [war(1, "2000-04-01", "2000-04-15")]
        assert worlds(pulls, "2000-04-30", STILL) == pytest.approx([-9 * 0.25 / 2] * N)

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
        assert sorted(values)[165] == pytest.approx(-9 * (1 - 0.75**48))
        assert values.count(0.0) == 90


class TestAnAssessment:
    def test_starts_a_level_as_it_stands(self) -> None:
        values = worlds([assessed(1, "2000-01-01", 5.0, 2.0, p=0.8)], "2000-01-01")
        # Doubt widens: .8 · 2² + .2 · 4² = 6.4. The end of the scale cuts a little of it off.
        assert mean(values) == pytest.approx(5.0, abs=1e-9)
        assert 2.0 < sd(values) < math.sqrt(6.4)

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
        kept = {round(share, 6) for share in course.moves[-1].kept.tolist()}  # type: ignore[union-attr]
        assert kept <= {0.0, round(1 / 8.65, 6)}
        assert len(kept) == 2

    def test_keeps_its_doubt_at_an_end_of_the_scale(self) -> None:
        # 9 ± 2 is moved by half an sd at most, to 10: .69 of the worlds are at the end, and the
        # lowest twentieth is below 10 − 1.645 · 2.
        values = worlds([assessed(1, "2000-01-01", 9.0, 2.0)], "2000-01-01")
        assert sum(value == 9 for value in values) == pytest.approx(0.69 * N, abs=2)
        assert sorted(values)[N // 20] == pytest.approx(6.71, abs=0.1)

    def test_ends_what_came_before_if_it_is_the_first(self) -> None:
        before = [act(1, "assault", f"199{n}-05-05") for n in range(9)]
        now = [assessed(99, "2000-01-01", 5.0, 2.0)]
        assert worlds([*before, *now], "2000-01-01") == worlds(now, "2000-01-01")

    def test_moves_a_level_that_many_blows_made(self) -> None:
        start = [assessed(1, "2000-01-01", 0.0, 1.0)]
        blows = [act(2 + n, "assault", f"20{n // 12:02}-{n % 12 + 1:02}-05") for n in range(30)]
        low = worlds([*start, *blows], "2002-12-31")
        assert mean(low) < -8
        panel = [assessed(99, "2003-01-01", 0.0, 1.0, root=2)]
        values = worlds([*start, *blows, *panel], "2003-01-01")
        assert abs(median(values)) <= 1.0
        assert sd(values) > 0.5

    def test_by_one_root_each_year_leaves_its_own_error(self) -> None:
        yearly = [assessed(n, f"{2000 + n}-01-01", 1.0, 2.5) for n in range(10)]
        # What the root does not know does not go away by saying it ten times.
        assert sd(worlds(yearly, "2009-01-01")) > 2.0

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
    def test_of_one_root_in_one_month_are_one_witness(self) -> None:
        # Six claims of one newsletter with p .65: all are true in the same 166 worlds.
        pulls = [act(n, "sanction", f"2000-0{n}-10", p=0.65) for n in range(1, 2)]
        pulls += [act(9, "accuse", "2000-01-20", p=0.65)]
        assert worlds(pulls, "2000-01-31", STILL).count(0.0) == 90

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

    def test_three_rumours_of_one_day_are_no_certainty(self) -> None:
        # Three roots, p .5 each: in an eighth of the worlds none is true.
        pulls = [act(n, "assault", "2000-01-10", p=0.5, root=n) for n in (1, 2, 3)]
        values = worlds(pulls, "2000-01-31", STILL)
        assert set(values) == {0.0, -2.0}
        assert values.count(0.0) == pytest.approx(32, abs=16)
