"""Distributions of a score: normal, and Student's t with 4 degrees of freedom.

`t4_cdf` and `t4_quantile` use only sums, products, quotients and square roots, so that they give
the same bits on every machine. Formulas: Shaw (2006), Sampling Student's T distribution, Journal of
Computational Finance 9.
"""

import math

# Each step doubles the digits; the start has one.
_STEPS = 6
_SQRT_2 = math.sqrt(2)


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
