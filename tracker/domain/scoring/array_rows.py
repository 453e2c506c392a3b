"""Rows of worlds as numpy's arrays."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from tracker.domain.scoring.rows import EDGES, PLACES, QUANTILES, Row, Rows, Summary
from tracker.domain.scoring.tables import N, digest


class _Arrays:
    larger = staticmethod(np.maximum)
    smaller = staticmethod(np.minimum)
    root = staticmethod(np.sqrt)
    ascending = staticmethod(np.sort)

    def row(self, values: Iterable[float]) -> Row:
        return np.array([*values], dtype=np.float64)

    @staticmethod
    @lru_cache(maxsize=50_000)
    def order(purpose: str) -> Row:
        return np.argsort(np.frombuffer(digest(purpose), dtype="<u4"), kind="stable")

    def in_order(self, row: Row, order: Row) -> Row:
        return row[order]

    def in_orders(self, row: Row, purpose: str, numbers: range) -> Row:
        if len(numbers) == 1:
            return row[self.order(f"{purpose} {numbers[0]}")]
        return np.add.reduce(row[_orders(purpose, numbers)], axis=0)

    def where(self, truth: Row, one: Row | float, other: Row | float) -> Row:
        return np.where(truth, one, other)

    def total(self, row: Row) -> float:
        return float(_totals(row))

    def sums(self, places: Row, row: Row, size: int) -> Sequence[float]:
        found = np.bincount(places + 1, weights=row, minlength=size + 1)
        return [float(value) for value in found[1:]]

    def summaries(self, some: Sequence[Row]) -> list[Summary]:
        if not some:
            return []
        rows = np.array(some)
        means = _totals(rows) / N
        away = rows - means[:, None]
        ordered = np.sort(rows, axis=1)
        quantiles = [
            ordered[:, at] + part * (ordered[:, at + 1] - ordered[:, at]) for at, part in PLACES
        ]
        below = ((_numbers(ordered, np.less) + _numbers(ordered, np.less_equal)) / (2 * N)).T
        columns = (means, np.sqrt(_totals(away * away) / N), *quantiles, *below)
        many = len(QUANTILES) + 2
        return [
            Summary(row[0], row[1], row[2:many], row[many:])
            for row in zip(*(column.tolist() for column in columns), strict=True)
        ]


@lru_cache(maxsize=2_000)
def _orders(purpose: str, numbers: range) -> Any:
    return np.array([_Arrays.order(f"{purpose} {n}") for n in numbers])


def _numbers(ordered: Any, compare: Any) -> Any:
    """How many numbers of each sorted row are below each of the `EDGES`, or not above them, by
    halving: faster than to count them."""
    rows, edges = np.arange(len(ordered))[:, None], np.array(EDGES)
    found = np.zeros((len(ordered), len(EDGES)), dtype=np.int64)
    half = N // 2
    while half:
        found += half * compare(ordered[rows, found + half - 1], edges)
        half //= 2
    return found + compare(ordered[rows, found], edges)


def _totals(rows: Any) -> Any:
    while rows.shape[-1] > 1:
        half = rows.shape[-1] // 2
        rows = rows[..., :half] + rows[..., half:]
    return rows[..., 0]


ARRAYS: Rows = _Arrays()
