"""Fast and slow shifts, by hand. Of a slow one σ is the root mean square of the 180-day rises (or
falls) up to the base; allowance σ/2 in 180 days, threshold max(.5, 2σ)."""

from datetime import date
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.impacts import DAY, a_day
from tests.kit.pulls import USUAL, act, still, war
from tests.kit.pulls import assessed as a_level
from tracker.domain.scoring import level
from tracker.domain.scoring.level import DEFAULTS
from tracker.domain.shifts import Shift, assessed, changed, daily, shifts, unreported

# Steps in eighths are exact in binary, so that sums and mirrors are too.
STEPS = st.sampled_from([0.0] * 12 + [0.125, -0.125, 0.375, -0.375, 0.75, -0.75, 2.0, -2.5])
SERIES = st.lists(STEPS, min_size=60, max_size=260).map(lambda steps: [*accumulate(steps)])


def flat(*stretches: tuple[float, int]) -> list[float]:
    """Values that stay for some days each: `flat((0, 30), (1, 2))`."""
    return [value for value, days in stretches for _ in range(days)]


def found_in(values: list[float]) -> list[Shift]:
    return shifts(values, first=DAY)


def days_of(shift: Shift) -> tuple[int, int, int]:
    return (shift.start - DAY).days, (shift.seen - DAY).days, (shift.peak - DAY).days


class TestChanged:
    def test_is_the_last_close_less_that_of_so_many_days_before(self):
        values = flat((0, 10), (1, 7), (3, 1))

        assert changed(values, 7, start=0) == 2
        assert changed(values, 8, start=0) == 3

    def test_of_a_series_that_is_younger_is_from_its_start(self):
        assert changed([0.5, 0.75], 7, start=0.25) == 0.5
        assert changed([], 7, start=0.25) == 0


class TestShifts:
    def test_are_moves_of_more_than_half_a_point_where_all_was_quiet(self):
        (shift,) = found_in(flat((0, 73), (0.501, 1)))

        assert days_of(shift) == (72, 73, 73)
        assert (shift.amount, shift.sd) == (0.501, 0)

    @pytest.mark.parametrize("amount", [0.5, -0.5])
    def test_are_not_made_by_half_a_point(self, amount):
        assert found_in(flat((0, 90), (amount, 30))) == []

    def test_need_thirty_changes_before_their_window(self):
        # on day 73 the window is days 60–73, and changes end on days 30–59
        assert found_in(flat((0, 72), (0.6, 1))) == []
        assert found_in([]) == []

    def test_are_held_against_the_changes_of_the_series(self):
        # Changes: 30 of +.4, 30 of −.4 by day 89, the day before the window of day 103: sd .4,
        # and 2.5·.4 = 1. Moves of .4 are below .5 wherever the sd is less.
        waves = flat((0, 30), (0.4, 30), (0, 30), (0.4, 13))

        assert found_in([*waves, 0.999]) == []
        (shift,) = found_in([*waves, 1.001])
        assert days_of(shift) == (89, 103, 103)
        assert shift.amount == pytest.approx(1.001)
        assert shift.sd == pytest.approx(0.4)

    def test_may_build_up_over_fourteen_days_and_not_over_fifteen(self):
        # .04 a day is .56 in 14 days and .52 in 13; changes of a quiet series have sd 0
        slope = [0.04 * n for n in range(15)]
        (shift,) = found_in([*flat((0, 90)), *slope])

        assert days_of(shift) == (90, 103, 104)
        assert shift.amount == pytest.approx(0.56)
        assert found_in([*flat((0, 90)), *(0.035 * n for n in range(15))]) == []

    def test_are_one_where_their_windows_overlap(self):
        (shift,) = found_in(flat((0, 100), (-0.6, 5), (-1.2, 60)))

        assert days_of(shift) == (99, 100, 105)
        assert shift.amount == -1.2

    def test_are_two_where_a_quiet_time_parts_them(self):
        # On day 140 changes end on days 30–126, 27 of 97 are −.6: sd .6·√(27·70)/97 = .269
        one, two = found_in(flat((0, 100), (-0.6, 40), (-1.4, 10)))

        assert [days_of(shift) for shift in (one, two)] == [(99, 100, 100), (139, 140, 140)]
        assert two.amount == pytest.approx(-0.8)
        assert two.sd == pytest.approx(0.6 * (27 * 70) ** 0.5 / 97)

    @pytest.mark.parametrize(
        ("quiet", "rises"), [(12, [(99, 100, 100)]), (13, [(99, 100, 100), (113, 114, 114)])]
    )
    def test_are_one_if_a_single_day_is_in_both_windows(self, quiet, rises):
        # a spike on day 100 and one on day 113, whose window is days 100–113, or on day 114
        found = found_in(flat((0, 100), (0.6, 1), (0, quiet), (0.6, 1)))

        assert [days_of(shift) for shift in found if shift.amount > 0] == rises

    def test_there_and_back_are_two(self):
        up, down = found_in(flat((0, 100), (0.6, 3), (0, 30)))

        assert (days_of(up), up.amount) == ((99, 100, 100), 0.6)
        assert (days_of(down), down.amount) == ((102, 103, 103), -0.6)

    @given(values=SERIES, cut=st.integers(0, 260))
    def test_do_not_look_ahead(self, values, cut):
        def begun(found):
            return [(shift.start, shift.seen, shift.sd) for shift in found]

        whole = [shift for shift in found_in(values) if shift.seen < a_day(cut)]

        assert begun(found_in(values[:cut])) == begun(whole)

    def test_take_time_that_grows_with_the_days_alone(self):
        short, long = (_reads(days) for days in (1_000, 10_000))

        assert long < 11 * short


class TestAssessedDays:
    """A level that is assessed on day 100, three points higher."""

    def shifts(self, *stretches, slow=False):
        return shifts(flat((0, 100), *stretches), first=DAY, slow=slow, assessed=[100])

    def test_move_nothing(self):
        assert self.shifts((3, 400), slow=True) == []

    def test_are_not_part_of_the_changes_that_a_move_is_held_against(self):
        # The fall of .6 on day 300 is held against changes of 0.
        (found,) = self.shifts((3, 200), (2.4, 9))

        assert (days_of(found), found.sd) == ((299, 300, 300), 0)
        assert found.amount == pytest.approx(-0.6)

    def test_are_not_reached_across(self):
        # A fall on day 105 is seen when day 100 is the first close of the window, on day 114.
        (found,) = self.shifts((3, 5), (2.4, 20))

        assert days_of(found) == (104, 114, 114)

    def test_end_a_slow_run(self):
        # .3 before the assessment of day 400 and .3 after it are no slow shift
        def values(step):
            return flat((0, 360), (0.3, 40), (0.3 + step, 20), (0.6 + step, 20))

        assert len(shifts(values(0), first=DAY, slow=True)) == 1
        assert shifts(values(3), first=DAY, slow=True, assessed=[400]) == []

    @pytest.mark.parametrize("p", [1.0, 0.1])
    def test_are_those_of_the_states_after_the_first_knot(self, p):
        """However doubtful the assessment is."""
        first, last = DAY.toordinal(), DAY.toordinal() + 5
        levels = [a_level(number, day, 3.0, 2.0, p=p) for number, day in ((2, last), (3, first))]
        pulls = [act(1, "aid", DAY.toordinal() + 2), *levels]

        assert assessed(USUAL, USUAL.knots(pulls)) == [5]
        assert assessed(USUAL, []) == []


class TestUnreportedDays:
    """Nobody reports on a pair after a war: the level drifts back from the end of the scale, here
    with two to three times the usual drift, so that it does so in each half-year."""

    MODEL = level.read({**DEFAULTS, "drift": "1.5"})
    KNOTS = MODEL.knots((war(1, "2000-01-01", "2003-12-31"),))
    VALUES = daily(MODEL, KNOTS, until=date(2013, 12, 31))

    def found(self, **given):
        return shifts(self.VALUES, first=self.KNOTS[0].day, slow=True, **given)

    def test_move_nothing(self):
        quiet = unreported(self.MODEL, self.KNOTS)

        assert self.VALUES[-1] - self.VALUES[1_500] > 0.5
        assert [one for one in self.found() if one.seen.year > 2003]
        assert [one for one in self.found(unreported=quiet) if one.seen.year > 2003] == []

    def test_are_first_days_of_months_without_a_claim(self):
        pulls = [
            act(1, "aid", "2000-01-01"),
            act(2, "aid", "2000-03-01"),
            act(3, "aid", "2000-03-09"),
        ]
        days = unreported(USUAL, USUAL.knots(pulls, until=date(2000, 5, 2)))

        # 1 February, 1 April and 1 May, counted from 1 January 2000.
        assert days == [31, 91, 121]


class _Counted(list):
    """A series that counts how often it is read."""

    reads = 0

    def __getitem__(self, place):
        self.reads += 1
        return super().__getitem__(place)


def _reads(days: int) -> int:
    values = _Counted(n % 400 / 100 for n in range(days))
    shifts(values, first=date(2000, 1, 1))
    return values.reads


STILL = still()
# +.6, and three days later −.6; both meet the 0 with which the month began.
KNOTS = STILL.knots([act(1, "aid", DAY.toordinal()), act(2, "sanction", DAY.toordinal() + 3)])


class TestDaily:
    def test_gives_every_day_from_the_first_knot_on(self):
        assert daily(STILL, KNOTS, until=a_day(4)) == pytest.approx([0.6, 0.6, 0.6, 0.0, 0.0])

    def test_stops_before_knots_that_are_later(self):
        assert daily(STILL, KNOTS, until=a_day(1)) == pytest.approx([0.6, 0.6])
        assert daily(STILL, KNOTS, until=a_day(-1)) == []
        assert daily(STILL, [], until=DAY) == []


# Steps in eighths are exact in binary, so that sums and mirrors are too.
SLOW_STEPS = [0.0] * 60 + [0.125, -0.125, 0.25, -0.25, 0.375, -0.375, 1.0, -1.0]


@st.composite
def levels(draw: st.DrawFn) -> list[float]:
    """A level that mostly stays, over one to four years."""
    chance, days = draw(st.randoms(use_true_random=False)), draw(st.integers(400, 1300))
    return [*accumulate(chance.choice(SLOW_STEPS) for _ in range(days))]


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
