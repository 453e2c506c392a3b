"""Slow shifts, by hand: σ is the root mean square of the 180-day rises (or falls) up to the base;
allowance σ/2 in 180 days, threshold max(.5, 2σ)."""

from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.test_shifts import days_of, flat
from tests.kit.impacts import DAY, a_day
from tracker.domain.shifts import Shift, shifts

# Steps in eighths are exact in binary, so that sums and mirrors are too.
STEPS = [0.0] * 60 + [0.125, -0.125, 0.25, -0.25, 0.375, -0.375, 1.0, -1.0]


@st.composite
def levels(draw: st.DrawFn) -> list[float]:
    """A level that mostly stays, over one to four years."""
    chance, days = draw(st.randoms(use_true_random=False)), draw(st.integers(400, 1300))
    return [*accumulate(chance.choice(STEPS) for _ in range(days))]


def slow_ones(values: list[float]) -> list[Shift]:
    return [shift for shift in shifts(values, first=DAY, slow=True) if shift.kind == "slow"]


class TestSlowShifts:
    def test_add_up_what_no_fortnight_shows(self):
        # Nothing before, so σ = 0, and .5 decides.
        values = flat((0, 360), (0.3, 40), (0.6, 30))

        (shift,) = shifts(values, first=DAY, slow=True)

        assert days_of(shift) == (359, 400, 400)
        assert (shift.kind, shift.amount, shift.sd) == ("slow", 0.6, 0)
        assert shifts(values, first=DAY) == []

    def test_need_a_year_of_history(self):
        # The first base is day 359, with changes that end on days 180–359.
        assert slow_ones(flat((0, 359), (0.3, 40), (0.6, 30))) == []

    def test_of_a_steady_rise_are_seen_when_it_has_added_up(self):
        # .6 in 180 days: .5 after exactly 150 days
        rising = [0.6 / 180 * n for n in range(1, 300)]

        (shift,) = slow_ones([*flat((0, 360)), *rising])

        assert days_of(shift) == (359, 359 + 151, 359 + 299)

    @pytest.mark.parametrize(("pause", "found"), [(179, 1), (180, 0)])
    def test_do_not_add_up_over_a_pause_of_half_a_year(self, pause, found):
        # the first step is on day 360, the second so many days later, with 180 or more of pause
        values = flat((0, 360), (0.3, pause + 1), (0.6, 30))

        assert len(slow_ones(values)) == found

    def test_are_held_against_the_changes_of_their_own_way(self):
        # All rises that end on days 180–359 are .8, so σ = .8: allowance .4, threshold 1.6. On day
        # 480: 1.6 − .4·121/180 = 1.331; on day 520: 2 − .4·161/180 = 1.642.
        begin = ((0.0, 180), (0.8, 180))
        rise = slow_ones(flat(*begin, (1.2, 40), (1.6, 40), (2.0, 40), (2.4, 40), (2.8, 9)))
        # Nothing fell before.
        fall = slow_ones(flat(*begin, (0.5, 40), (0.2, 9)))

        assert [days_of(s) for s in rise] == [(359, 520, 520)]
        assert [s.sd for s in rise] == pytest.approx([0.8])
        assert [(days_of(s), s.sd) for s in fall] == [((359, 400, 400), 0)]

    def test_go_on_to_their_furthest_day(self):
        (shift,) = slow_ones(flat((0, 360), (0.3, 40), (0.6, 100), (0.9, 50), (0.8, 50)))

        assert (days_of(shift), shift.amount) == ((359, 400, 500), 0.9)

    def test_are_over_after_180_days_without_a_further_day(self):
        # The base of the second is day 580. By then rises were .3 on 40 days, .6 on 140 and .3 on
        # 40: σ² = (40·.09 + 140·.36 + 40·.09)/401, 2σ = .758. From day 580 on: .45 and .85.
        values = flat((0, 360), (0.3, 40), (0.6, 181), (1.05, 30), (1.45, 30))

        one, two = slow_ones(values)

        assert days_of(one) == (359, 400, 400)
        assert days_of(two) == (580, 611, 611)
        assert two.sd == pytest.approx((57.6 / 401) ** 0.5)

    def test_start_again_when_the_level_is_back(self):
        # day 400 is back at the level of day 359
        assert slow_ones(flat((0, 360), (0.3, 40), (0, 1), (0.3, 40), (0.45, 40))) == []

    @pytest.mark.parametrize("blow", [-0.8, 0.8])
    def test_start_again_with_a_fast_shift(self, blow):
        # Without the blow, .3 and .3 again make a slow shift.
        values = flat((0, 360), (0.3, 20), (0.3 + blow, 20), (0.6 + blow, 20))

        (shift,) = shifts(values, first=DAY, slow=True)

        assert shift.kind == "fast"
        assert shift.amount == pytest.approx(blow)

    @given(values=levels())
    def test_mirror_and_do_not_depend_on_the_level(self, values):
        found = slow_ones(values)
        mirrored = slow_ones([-value for value in values])

        assert slow_ones([value + 3 for value in values]) == found
        assert {(*days_of(s), -s.amount, s.sd) for s in mirrored} == {
            (*days_of(s), s.amount, s.sd) for s in found
        }

    @given(values=levels(), share=st.floats(0.3, 1))
    def test_do_not_look_ahead(self, values, share):
        cut = int(share * len(values))
        before = [s for s in slow_ones(values) if s.seen < a_day(cut)]

        assert [(s.start, s.seen, s.sd) for s in slow_ones(values[:cut])] == [
            (s.start, s.seen, s.sd) for s in before
        ]
