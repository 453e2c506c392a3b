"""The tables of worlds and their orders, by the formulas that docs/trust.md gives to others."""

from hashlib import shake_128
from math import sqrt
from statistics import NormalDist

from tracker.domain.scoring.tables import DRIFT, NORMAL, N, permutation


def scaled(numbers: list[float]) -> list[float]:
    """With a mean square of 1 over all worlds."""
    size = sqrt(sum(one * one for one in numbers) / N)
    return [round(one / size, 6) for one in numbers]


def quantiles(number: int) -> list[float]:
    return [NormalDist().inv_cdf((place + 0.5) / number) for place in range(number)]


class TestTables:
    def test_have_quantiles_of_the_normal_distribution(self):
        jumps = scaled(quantiles(21))

        assert [*NORMAL] == scaled(quantiles(N))
        assert [*DRIFT] == [*jumps[:10], *[0.0] * 236, *jumps[11:]]

    def test_are_put_in_order_by_a_hash_of_the_name(self):
        name = "root 7f3c4f6e-6f0b-4a52-9a39-3f1b0a5d1c11"
        data = shake_128(name.encode()).digest(1_024)
        numbers = [int.from_bytes(data[4 * world : 4 * world + 4], "little") for world in range(N)]

        assert [numbers[world] for world in permutation(name)] == sorted(numbers)
