"""The beta distribution, against values that closed formulas give."""

from math import comb, pi, sin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain import calibration

NEAR = 1e-9
sizes = st.floats(0.5, 300)


def at_least(k: int, n: int, x: float) -> float:
    """The chance of k or more successes in n trials: the cumulative Beta(k, n − k + 1) at x."""
    return sum(comb(n, i) * x**i * (1 - x) ** (n - i) for i in range(k, n + 1))


class TestCumulative:
    @pytest.mark.parametrize(
        ("k", "n", "x"), [(2, 6, 0.3), (5, 9, 0.8), (1, 1, 0.25), (30, 40, 0.7)]
    )
    def test_is_the_tail_of_the_binomial(self, k, n, x):
        assert calibration.cumulative(x, k, n - k + 1) == pytest.approx(at_least(k, n, x), abs=NEAR)

    @pytest.mark.parametrize(("x", "p"), [(-0.1, 0), (0, 0), (1, 1), (1.5, 1)])
    def test_is_0_or_1_outside(self, x, p):
        assert calibration.cumulative(x, 2, 3) == p

    def test_of_very_many_claims_is_that_of_the_normal_distribution(self):
        """One sd above the mean of Beta(40000, 10000), .8 with sd .4/√50001, is Φ(1) = .8413."""
        assert calibration.cumulative(0.8 + 0.4 / 50_001**0.5, 40_000, 10_000) == pytest.approx(
            0.8413, abs=1e-3
        )


class TestQuantile:
    @pytest.mark.parametrize("share", [0.05, 0.5, 0.95])
    def test_of_the_arcsine_distribution(self, share):
        assert calibration.quantile(share, 0.5, 0.5) == pytest.approx(
            sin(pi * share / 2) ** 2, abs=NEAR
        )

    @pytest.mark.parametrize("share", [0.05, 0.5, 0.95])
    def test_of_a_power(self, share):
        """Beta(a, 1) has the cumulative function x^a."""
        assert calibration.quantile(share, 3, 1) == pytest.approx(share ** (1 / 3), abs=NEAR)

    @given(st.floats(0.01, 0.99), sizes, sizes)
    def test_undoes_the_cumulative_function(self, share, a, b):
        assert calibration.cumulative(calibration.quantile(share, a, b), a, b) == pytest.approx(
            share, abs=1e-7
        )


class TestJeffreys:
    def test_of_none_is_all_but_the_tail_of_the_prior(self):
        assert calibration.jeffreys(0, 0)[0] == 0
        assert calibration.jeffreys(0, 0)[1] == 1

    @pytest.mark.parametrize("n", [1, 10, 500])
    def test_reaches_0_where_none_was_seen_and_1_where_all_were(self, n):
        assert calibration.jeffreys(0, n)[0] == 0
        assert 0 < calibration.jeffreys(0, n)[1] < 1
        assert calibration.jeffreys(n, n)[1] == 1
        assert 0 < calibration.jeffreys(n, n)[0] < 1

    def test_leaves_a_twentieth_on_each_side(self):
        low, high = calibration.jeffreys(7, 10)

        assert calibration.cumulative(low, 7.5, 3.5) == pytest.approx(0.05, abs=NEAR)
        assert calibration.cumulative(high, 7.5, 3.5) == pytest.approx(0.95, abs=NEAR)
