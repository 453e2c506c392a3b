"""What is left out of a line is on it."""

from hypothesis import given
from hypothesis import strategies as st

from tracker.charts.thinning import kept_places

REACH = 0.01


def kept(*lines):
    """The places that are kept of lines with a number on each day."""
    return kept_places(range(700_000, 700_000 + len(lines[0])), lines, reach=REACH)


class TestALine:
    def test_keeps_its_ends_and_its_bends(self):
        assert kept([0, 1, 2, 3, 3, 3, 2, 1]) == [0, 3, 5, 7]

    def test_keeps_what_is_hardly_a_line(self):
        assert kept([]) == []
        assert kept([1, 2]) == [0, 1]

    def test_keeps_the_bend_of_another(self):
        assert kept([0, 1, 2, 3, 4], [0, 0, 0, 1, 2]) == [0, 2, 4]

    def test_is_measured_in_days(self):
        """It rises by 1 a day, although the third point is a week later."""
        assert kept_places([1, 2, 9], [[0, 1, 8]], reach=REACH) == [0, 2]

    @given(st.lists(st.floats(-9, 9), min_size=3, max_size=60))
    def test_passes_by_nothing_that_it_leaves_out(self, values):
        places = kept(values)

        for n, value in enumerate(values):
            before = max(place for place in places if place <= n)
            after = min(place for place in places if place >= n)
            share = (n - before) / (after - before or 1)
            on_the_line = values[before] + share * (values[after] - values[before])
            assert abs(on_the_line - value) <= REACH + 1e-9
