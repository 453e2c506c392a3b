"""The beta distribution: its cumulative function, quantiles, and intervals for a share.

The incomplete beta is a continued fraction, evaluated after Lentz (Press et al. 2007, *Numerical
Recipes*, 6.4). The interval for k of n is that of Jeffreys' prior (Brown, Cai, DasGupta 2001).
"""

from math import exp, lgamma, log

# The share of the probability inside an interval, as everywhere in Entente.
LEVEL = 0.90
_TINY = 1e-300
_CLOSE = 1e-14
# Halvings of the unit interval: the last is below the distance of two floats near 1.
_HALVINGS = 60


def cumulative(x: float, a: float, b: float) -> float:
    """Return the probability that a Beta(a, b) is at most x, for 0 ≤ x ≤ 1 and a, b > 0."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(1 - x))
    # The fraction converges fast below the mean; above it the other tail is used.
    if x < (a + 1) / (a + b + 2):
        return front * _fraction(x, a, b) / a
    return 1 - front * _fraction(1 - x, b, a) / b


def quantile(share: float, a: float, b: float) -> float:
    """Return the x below which a Beta(a, b) is with probability `share`, by halving."""
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if cumulative(middle, a, b) < share:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def interval(a: float, b: float) -> tuple[float, float]:
    """Return the two ends of the central 90 % of a Beta(a, b)."""
    tail = (1 - LEVEL) / 2
    return quantile(tail, a, b), quantile(1 - tail, a, b)


def jeffreys(k: float, n: float) -> tuple[float, float]:
    """Return the 90 % interval of a share of which k in n were seen: that of Beta(k+½, n−k+½).

    It reaches 0 where none was seen, and 1 where all were.
    """
    low, high = interval(k + 0.5, n - k + 0.5)
    return (low if k > 0 else 0.0), (high if k < n else 1.0)


def _fraction(x: float, a: float, b: float) -> float:
    """The continued fraction of the incomplete beta, term by term from the front."""
    c, d = 1.0, 1 / _nonzero(1 - (a + b) * x / (a + 1))
    value, change, m = d, 0.0, 0
    while abs(change - 1) > _CLOSE:
        m += 1
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d = 1 / _nonzero(1 + term * d)
            c = _nonzero(1 + term / c)
            change = d * c
            value *= change
    return value


def _nonzero(number: float) -> float:
    return number if abs(number) > _TINY else _TINY
