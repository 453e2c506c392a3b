"""Distributions of a score: normal, and Student's t with 4 degrees of freedom, on a bounded scale.

`t4_cdf` and `t4_quantile` use only sums, products, quotients and square roots, so that they give
the same bits on every machine. Formulas: Shaw (2006), Sampling Student's T distribution, Journal of
Computational Finance 9; the CRPS is Gneiting & Raftery (2007), Strictly proper scoring rules, JASA
102, eq. 20.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

# Each step doubles the digits; the start has one.
_STEPS = 6
_SQRT_2, _SQRT_PI = math.sqrt(2), math.sqrt(math.pi)


def normal_cdf(x: float) -> float:
    """The probability that a standard normal variable is at most `x`. It uses the C library's
    `erfc`, whose last bit can differ between machines."""
    return math.erfc(-x / _SQRT_2) / 2


def t4_cdf(t: float) -> float:
    """The probability that a variable of t with 4 degrees of freedom (scale 1, sd √2) is at most
    `t`."""
    root = math.sqrt(4 + t * t)
    # 1 − |t|/root, without cancellation.
    tail = 4 / (root * (root + abs(t)))
    beyond = tail * tail * (3 - tail) / 4
    return beyond if t < 0 else 1 - beyond


def t4_quantile(q: float) -> float:
    """The number that a variable of t with 4 degrees of freedom (scale 1, sd √2) exceeds with the
    probability 1 − `q`.

    :raises ValueError: if `q` is not between 0 and 1.
    """
    if not 0 < q < 1:
        raise ValueError(f"q is {q}; a quantile needs a number between 0 and 1")
    target = 4 * min(q, 1 - q)
    # Solve tail²·(3 − tail) = target, for the tail of `t4_cdf`, by Newton's method.
    tail = math.sqrt(target / 3)
    for _ in range(_STEPS):
        tail -= (tail * tail * (3 - tail) - target) / (tail * (6 - 3 * tail))
    distance = 2 * (1 - tail) / math.sqrt(tail * (2 - tail))
    return -distance if q < 0.5 else distance


def _normal_squares(x: float) -> float:
    """An antiderivative of the square of the normal CDF."""
    below, density = normal_cdf(x), math.exp(-x * x / 2) / (_SQRT_2 * _SQRT_PI)
    return x * below * below + 2 * below * density - normal_cdf(_SQRT_2 * x) / _SQRT_PI


def _t4_squares(t: float) -> float:
    """An antiderivative of the square of the CDF of t with 4 degrees of freedom."""
    below, half = t4_cdf(t), t / 2
    u = 1 + half * half
    fourth = half / (6 * u * u * u) + 5 * half / (24 * u * u) + 5 * half / (16 * u)
    fourth += 5 / 16 * math.atan(half)
    return t * below * below + below / (u * math.sqrt(u)) - 3 / 4 * fourth


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A family of distributions around 0: its CDF, an antiderivative of the square of its CDF, and
    the sd of the variable that these describe."""

    name: str
    cdf: Callable[[float], float]
    squares: Callable[[float], float]
    sd: float


NORMAL = Shape(name="normal", cdf=normal_cdf, squares=_normal_squares, sd=1.0)
T4 = Shape(name="t4", cdf=t4_cdf, squares=_t4_squares, sd=_SQRT_2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clipped:
    """A distribution with a mean and an sd before it is clipped to `low`..`high`: what lies beyond
    an end lies on it. All numbers are in points of the scale, and `sd` is above 0."""

    shape: Shape
    mean: float
    sd: float
    low: float = -9.0
    high: float = 9.0

    def rank(self, x: float) -> float:
        """The probability of at most `x` before clipping (the probability integral transform)."""
        return self.shape.cdf(self._standard(x))

    def crps(self, x: float) -> float:
        """The continuous ranked probability score of an outcome `x` in `low`..`high`: the integral
        of (F − 1[outcome at most]) squared, in points. Smaller is better; with an sd of almost 0
        it is the absolute error."""
        squares, at = self.shape.squares, self._standard(x)
        below = squares(at) - squares(self._standard(self.low))
        # 1 − F(x) = F(−x).
        above = squares(-at) - squares(-self._standard(self.high))
        return (below + above) * self._scale

    @property
    def _scale(self) -> float:
        return self.sd / self.shape.sd

    def _standard(self, x: float) -> float:
        return (x - self.mean) / self._scale
