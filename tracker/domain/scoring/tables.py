"""The tables of 256 numbers that the worlds of a level are drawn from.

There is no generator: each purpose (a root and a year, a pair and a month) has an order of the 256
worlds, from a hash of its name, and takes a table in that order. So every machine has the same
numbers, and a figure never depends on what was computed before it.

The digits are stored, since the C library's logarithm differs between machines. `NORMAL` has the
quantiles of the normal distribution at (i + ½)/256, scaled to variance 1. `DRIFT` is what happens
unreported in a month: 236 zeros, and 20 quantiles of the normal distribution, scaled to variance 1
as well. So a jump comes in one month of twelve, and has the variance of a year.
"""

import hashlib
import struct
from functools import lru_cache

N = 256
_UPPER_DIGITS = """
    0.004908 0.014725 0.024543 0.034363 0.044187 0.054015 0.063848 0.073688 0.083534 0.093389
    0.103252 0.113126 0.12301 0.132907 0.142816 0.15274 0.162678 0.172632 0.182604 0.192593
    0.202602 0.212631 0.222682 0.232754 0.242851 0.252972 0.263118 0.273292 0.283494 0.293726
    0.303988 0.314282 0.32461 0.334972 0.34537 0.355805 0.366279 0.376793 0.387348 0.397947 0.40859
    0.41928 0.430018 0.440805 0.451643 0.462534 0.473481 0.484484 0.495545 0.506668 0.517853
    0.529103 0.54042 0.551806 0.563264 0.574796 0.586404 0.598092 0.609862 0.621716 0.633658
    0.64569 0.657816 0.670039 0.682363 0.69479 0.707325 0.719972 0.732735 0.745617 0.758624
    0.771759 0.785029 0.798437 0.81199 0.825693 0.839551 0.853573 0.867763 0.882129 0.896679
    0.91142 0.926361 0.94151 0.956877 0.972473 0.988308 1.004393 1.020741 1.037365 1.054279
    1.071499 1.089041 1.106923 1.125164 1.143786 1.16281 1.182263 1.202172 1.222566 1.243479
    1.264948 1.287013 1.30972 1.333119 1.357268 1.382232 1.408083 1.434906 1.462797 1.491869
    1.522253 1.554103 1.587603 1.622977 1.660495 1.700494 1.743399 1.789758 1.840294 1.895991
    1.958242 2.02911 2.111859 2.212132 2.341113 2.526849 2.892901
"""
_JUMP_DIGITS = """
    0.430554 0.867384 1.317435 1.789177 2.293988 2.848713 3.481269 4.245373 5.272647 7.127742
"""
_UPPER, _JUMPS = (tuple(map(float, digits.split())) for digits in (_UPPER_DIGITS, _JUMP_DIGITS))
NORMAL = (*(-value for value in reversed(_UPPER)), *_UPPER)
DRIFT = (*(-value for value in reversed(_JUMPS)), *[0.0] * (N - 2 * len(_JUMPS)), *_JUMPS)

type Permutation = tuple[int, ...]


@lru_cache(maxsize=50_000)
def permutation(purpose: str) -> Permutation:
    """Return an order of the worlds: those of a hash of the purpose, smallest first."""
    keys = struct.unpack(f"<{N}I", digest(purpose))
    return tuple(sorted(range(N), key=keys.__getitem__))


def digest(purpose: str) -> bytes:
    """Return 32 bits for each world, little-endian."""
    return hashlib.shake_128(purpose.encode()).digest(4 * N)
