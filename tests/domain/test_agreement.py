"""Krippendorff's alpha against his own examples."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.agreement import Agreement, agreement

# Krippendorff (2011), section C: four observers, twelve units, some values missing.
FOUR_OBSERVERS = [
    "1 2 3 3 2 1 4 1 2 - - -",
    "1 2 3 3 2 2 4 1 2 5 - 3",
    "- 3 3 3 2 3 4 2 2 5 1 -",
    "1 2 3 3 2 4 4 1 2 5 1 -",
]
# Section A: two observers, two categories.
MEG, OWEN = "0 1 0 0 0 0 0 0 1 0", "1 1 1 0 0 1 0 0 0 0"


def units(*rows):
    by_coder = [["" if value == "-" else value for value in row.split()] for row in rows]
    return list(zip(*by_coder, strict=True))


class TestAlpha:
    def test_of_four_observers_with_missing_values(self):
        """40 values that can be paired; the unit with a single value does not count. Eight of the
        eleven units are unanimous."""
        found = agreement(units(*FOUR_OBSERVERS))

        assert found.alpha == pytest.approx(0.743, abs=5e-4)
        assert (found.units, found.values, found.same) == (11, 40, 8)

    def test_of_two_observers(self):
        """1 − 19 · 4/(14 · 6) = .095."""
        assert agreement(units(MEG, OWEN)).alpha == pytest.approx(1 - 19 * 4 / (14 * 6))

    def test_is_1_where_all_agree(self):
        assert agreement([("a", "a"), ("b", "b")]).alpha == 1.0

    def test_is_below_0_where_coders_differ_more_than_by_chance(self):
        """Two units, each a and b: 4 ordered couples differ, of 4 values 2 and 2:
        1 − 3 · 4/8 = −.5."""
        assert agreement([("a", "b"), ("b", "a")]).alpha == -0.5

    @pytest.mark.parametrize("coded", [[], [("a", "a")], [("a", ""), ("", "b")]])
    def test_is_unknown_without_values_that_differ(self, coded):
        assert agreement(coded).alpha is None

    @given(st.lists(st.lists(st.sampled_from(["", "a", "b", "c"]), max_size=4), max_size=8))
    def test_depends_neither_on_the_order_of_units_nor_on_that_of_coders(self, coded):
        found = agreement(coded)

        assert agreement([values[::-1] for values in reversed(coded)]) == found
        assert found.alpha is None or found.alpha <= 1


class TestALowAlpha:
    @pytest.mark.parametrize(
        ("alpha", "is_low"), [(0.669, True), (0.67, False), (-1.0, True), (None, False)]
    )
    def test_is_below_67(self, alpha, is_low):
        assert Agreement(alpha=alpha, units=1, values=2, same=0).is_low is is_low
