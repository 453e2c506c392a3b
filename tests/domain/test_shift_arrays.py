"""A series that is passed over without a search has no shift, and closes over arrays are those of
the pure domain, to the last bit."""

import random
from datetime import date
from itertools import accumulate

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.test_shifts import SERIES
from tests.kit.impact_strategies import pairs
from tests.kit.impacts import DAY, a_day, an_act, an_id, pulls_of, usual
from tests.kit.pulls import act
from tracker.domain import shift_arrays, shifts
from tracker.domain.scoring import MODELS
from tracker.domain.scoring.evidence import series
from tracker.domain.scoring.knot_columns import knot_columns
from tracker.domain.shift_arrays import Daily
from tracker.domain.shifts import BLOCK, WINDOW, YOUTH, Shift


def bits(found: list[Shift]) -> list[tuple[object, ...]]:
    return [(s.kind, s.start, s.seen, s.peak, float(s.amount).hex(), s.sd.hex()) for s in found]


def agree(series: list[list[float]], *, slow: bool = False) -> int:
    """Check that both ways find the same shifts, and return how many they are."""
    found = [shift_arrays.find(Daily(DAY, np.array(values)), slow=slow) for values in series]
    pure = [shifts.shifts(values, first=DAY, slow=slow) for values in series]
    assert [bits(some) for some in found] == [bits(some) for some in pure]
    return sum(shift.kind == ("slow" if slow else "fast") for some in pure for shift in some)


def a_walk(chance: random.Random, days: int, *, often: float, step: float = 0.6) -> list[float]:
    """A level that mostly stays and sometimes jumps."""
    steps = (chance.gauss(0, step) if chance.random() < often else 0.0 for _ in range(days))
    return [max(-9.0, min(9.0, level)) for level in accumulate(steps)]


class TestShifts:
    @given(series=st.lists(SERIES, max_size=4))
    def test_are_those_of_the_pure_domain(self, series):
        agree(series)

    def test_are_the_same_for_series_of_all_lengths(self):
        chance = random.Random(5)  # noqa: S311 # chooses numbers
        lengths = [1, YOUTH, YOUTH + 1, YOUTH + BLOCK, 400, 401, 900]
        series = [a_walk(chance, days, often=often) for days in lengths for often in (0.01, 0.1)]

        assert agree([*series, [0.0] * 500]) > 10

    def test_that_are_slow_are_those_of_the_pure_domain(self):
        chance = random.Random(7)  # noqa: S311 # chooses numbers
        lengths = [1, 74, 359, 360, 361, 700, 1500, 1501, 3000]
        series = [a_walk(chance, days, often=0.05, step=0.2) for days in lengths for _ in range(3)]

        assert agree(series, slow=True) > 10

    def test_without_the_steps_of_assessments_are_the_same(self):
        chance = random.Random(11)  # noqa: S311 # chooses numbers
        levels = [a_walk(chance, 1500, often=0.03, step=0.3) for _ in range(20)]
        daily = [Daily(DAY, np.array(level), (80, 411, 412, 900)) for level in levels]

        found = [shift_arrays.find(one, slow=True) for one in daily]

        pure = [
            shifts.shifts(level, first=DAY, slow=True, assessed=(80, 411, 412, 900))
            for level in levels
        ]
        assert [bits(some) for some in found] == [bits(some) for some in pure]
        assert {shift.kind for some in pure for shift in some} == {"fast", "slow"}

    def test_are_found_between_two_blocks(self):
        start = YOUTH - WINDOW + BLOCK

        assert agree([[0.0] * start + [level] * 60 for level in (1.0, -1.0)]) == 2


class TestDaily:
    def test_names_the_days_on_which_a_level_was_assessed(self):
        scorer = usual(MODELS["standing"])
        levels = [
            an_act(claim=an_id(n), first=a_day(n), value=3.0, p=p)._replace(sd=2.0)
            for n, p in ((1, 1.0), (4, 0.1), (9, 1.0))
        ]
        knots = knot_columns(scorer.knots(series(levels, initiator=None, levels=True)))

        assert shift_arrays.daily(scorer, knots, until=a_day(6)).assessed == [3]

    def test_names_the_days_on_which_nobody_reported_what_moved_it(self):
        scorer = usual(MODELS["standing"])
        knots = scorer.knots([act(1, "aid", "2000-01-05"), act(2, "aid", "2000-03-01")])

        found = shift_arrays.daily(scorer, knot_columns(knots), until=date(2000, 6, 1)).unreported

        assert found == [day for day in shifts.unreported(scorer, knots) if day <= 148]

    @given(
        impacts=pairs(least=1, most=4),
        model=st.sampled_from([*MODELS]),
        until=st.integers(0, 400).map(a_day),
    )
    def test_is_that_of_the_pure_domain(self, impacts, model, until):
        scorer = usual(MODELS[model])
        knots = scorer.knots(pulls_of(*impacts))
        until = max(until, knots[0].day)

        found = shift_arrays.daily(scorer, knot_columns(knots), until=until)

        pure = shifts.daily(scorer, knots, until=until)
        assert found.first == knots[0].day
        assert [value.hex() for value in found.values.tolist()] == [
            float(value).hex() for value in pure
        ]
        for days in (0, 7, 30):
            assert found.changed(days, start=0.5) == shifts.changed(pure, days, start=0.5)
