"""The distributions against tables and numerical integration, and the bands of a level."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.tables import each
from tracker.domain.scoring import bands
from tracker.domain.scoring.distributions import normal_cdf, t4_cdf, t4_quantile
from tracker.domain.scoring.worlds import normal_cdfs

probabilities = st.floats(1e-9, 1 - 1e-9)


class TestQuantilesOfT4:
    @pytest.mark.parametrize(
        ("q", "t"),
        [(0.75, 0.741), (0.9, 1.533), (0.95, 2.132), (0.975, 2.776), (0.995, 4.604)],
    )
    def test_agree_with_the_printed_table(self, q, t):
        assert t4_quantile(q) == pytest.approx(t, abs=5e-4)
        assert t4_quantile(1 - q) == pytest.approx(-t, abs=5e-4)

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


class TestManyNumbers:
    def test_have_the_same_probabilities_to_seven_decimals(self):
        numbers = np.linspace(-6, 6, 241)

        found = normal_cdfs(numbers)

        assert found.tolist() == pytest.approx([normal_cdf(x) for x in numbers], abs=2e-7)


class TestBands:
    @each(
        ("value", "name"),
        [
            (-9.0, "confrontation"),
            (-6.01, "confrontation"),
            (-6.0, "tension"),
            (-3.01, "tension"),
            (-3.0, "discord"),
            (-1e-17, "discord"),
            (0.0, "normal"),
            (2.99, "normal"),
            (3.0, "good"),
            (6.0, "friendly"),
            (9.0, "friendly"),
        ],
    )
    def test_hold_their_lower_edge(self, value, name):
        found = dict(zip(bands.BANDS, bands.chances(value, sd=0, top=9), strict=True))

        assert found.pop(name) == 1
        assert not any(found.values())
