"""The distributions against tables and numerical integration."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.scoring.distributions import (
    NORMAL,
    T4,
    Clipped,
    normal_cdf,
    t4_cdf,
    t4_quantile,
)
from tracker.domain.scoring.worlds import normal_cdfs

probabilities = st.floats(1e-9, 1 - 1e-9)
distributions = st.builds(
    Clipped,
    shape=st.sampled_from([NORMAL, T4]),
    mean=st.floats(-9, 9),
    sd=st.floats(0.05, 30),
)
outcomes = st.floats(-9, 9)


def integral(function, low, high, steps=4_000):
    """The midpoint rule."""
    width = (high - low) / steps
    return width * math.fsum(function(low + (n + 0.5) * width) for n in range(steps))


def by_integration(one, outcome):
    """The CRPS from its definition, in two parts, since the integrand jumps at the outcome."""
    below = integral(lambda x: one.rank(x) ** 2, one.low, outcome)
    return below + integral(lambda x: (1 - one.rank(x)) ** 2, outcome, one.high)


class TestQuantilesOfT4:
    @pytest.mark.parametrize(
        ("q", "t"),
        [(0.75, 0.741), (0.9, 1.533), (0.95, 2.132), (0.975, 2.776), (0.995, 4.604)],
    )
    def test_agree_with_the_printed_table(self, q, t):
        assert t4_quantile(q) == pytest.approx(t, abs=5e-4)
        assert t4_quantile(1 - q) == pytest.approx(-t, abs=5e-4)

    def test_of_a_half_is_0(self):
        assert t4_quantile(0.5) == pytest.approx(0.0, abs=1e-15)

    @given(probabilities)
    def test_are_the_inverse_of_the_cdf(self, q):
        assert t4_cdf(t4_quantile(q)) == pytest.approx(q, rel=1e-12)

    @pytest.mark.parametrize("q", [0.0, 1.0, -0.1, math.nan])
    def test_refuse_what_is_no_probability(self, q):
        with pytest.raises(ValueError, match="between 0 and 1"):
            t4_quantile(q)


class TestCdf:
    @given(st.floats(-1e6, 1e6))
    def test_of_t4_is_the_closed_form(self, t):
        root = math.sqrt(1 + t * t / 4)
        expected = 0.5 + 3 / 8 * t / root * (1 - t * t / (12 * root * root))

        assert t4_cdf(t) == pytest.approx(expected, abs=1e-14)

    def test_of_t4_is_exact_in_the_tail(self):
        """For t → −∞ 1 − |t|/√(4 + t²) is 2/t², and F(t) = 3/4 · (2/t²)² = 3/t⁴."""
        assert t4_cdf(-1e3) == pytest.approx(3e-12, rel=1e-5)
        assert t4_cdf(-1e200) == 0.0

    @pytest.mark.parametrize(("x", "p"), [(0, 0.5), (1.644854, 0.95), (-1.959964, 0.025)])
    def test_of_the_normal_agrees_with_the_printed_table(self, x, p):
        assert normal_cdf(x) == pytest.approx(p, abs=1e-6)


class TestCrps:
    def test_of_an_unclipped_standard_normal_at_its_mean(self):
        """Gneiting & Raftery: σ·(2φ(0) − 1/√π) = .7979 − .5642 = .2337."""
        one = Clipped(shape=NORMAL, mean=0.0, sd=1.0)

        assert one.crps(0.0) == pytest.approx(0.2337, abs=5e-5)

    @given(distributions, outcomes)
    def test_is_the_integral_of_its_definition(self, one, outcome):
        assert one.crps(outcome) == pytest.approx(by_integration(one, outcome), abs=2e-4)

    @given(st.sampled_from([NORMAL, T4]), st.floats(-8, 8), st.floats(-8, 8))
    def test_of_a_sharp_distribution_is_the_error(self, shape, mean, outcome):
        one = Clipped(shape=shape, mean=mean, sd=1e-4)

        assert one.crps(outcome) == pytest.approx(abs(mean - outcome), abs=2e-4)


class TestRank:
    def test_of_t4_has_the_given_sd(self):
        """At the mean + t.95 · sd/√2 = 2 + 2.132 · 1/√2."""
        one = Clipped(shape=T4, mean=2.0, sd=1.0)

        assert one.rank(2 + 2.131847 / math.sqrt(2)) == pytest.approx(0.95, abs=1e-6)


class TestManyNumbers:
    def test_have_the_same_probabilities_to_seven_decimals(self):
        numbers = np.linspace(-6, 6, 241)

        found = normal_cdfs(numbers)

        assert found.tolist() == pytest.approx([normal_cdf(x) for x in numbers], abs=2e-7)
