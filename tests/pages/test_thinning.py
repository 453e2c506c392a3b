"""What is left out of a line is on it."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tracker.pages.pair_chart import ChartPoint
from tracker.pages.picture import TOLERANCE, thinned

START = date(2022, 1, 1)


def a_line(*values):
    return [
        ChartPoint(day=START + timedelta(days=n), value=one, low=one - 1, high=one + 1)
        for n, one in enumerate(values)
    ]


class TestThinned:
    def test_keeps_the_ends_and_the_bends(self):
        line = a_line(0, 1, 2, 3, 3, 3, 2, 1)

        assert [one.value for one in thinned(line, top=9)] == [0, 3, 3, 1]

    def test_keeps_what_is_hardly_a_line(self):
        assert thinned([], top=9) == []
        assert thinned(a_line(1, 2), top=9) == a_line(1, 2)

    @given(st.lists(st.floats(-9, 9), min_size=3, max_size=60))
    def test_passes_by_nothing_that_it_leaves_out(self, values):
        line = a_line(*values)
        left = thinned(line, top=9)

        for one in line:
            before = max((p for p in left if p.day <= one.day), key=lambda p: p.day)
            after = min((p for p in left if p.day >= one.day), key=lambda p: p.day)
            days = (after.day - before.day).days or 1
            share = (one.day - before.day).days / days
            assert abs(before.value + share * (after.value - before.value) - one.value) <= (
                9 * TOLERANCE + 1e-9
            )
