"""Rows of worlds in plain Python, and which kind of rows is the fastest here."""

import importlib.util
import math
import operator
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from functools import cache, reduce
from typing import Any

from tracker.domain.scoring.rows import EDGES, PLACES, Row, Rows, Summary
from tracker.domain.scoring.tables import N, permutation


class PlainRow(list[Any]):
    """A row in plain Python: a list with the operators of an array."""

    __slots__ = ()

    def __add__(self, other: Any) -> Any:
        return _each(operator.add, self, other)

    def __sub__(self, other: Any) -> Any:
        return _each(operator.sub, self, other)

    def __mul__(self, other: Any) -> Any:
        return _each(operator.mul, self, other)

    def __truediv__(self, other: Any) -> Any:
        return _each(operator.truediv, self, other)

    def __radd__(self, other: Any) -> Any:
        return _each(operator.add, other, self)

    def __rsub__(self, other: Any) -> Any:
        return _each(operator.sub, other, self)

    def __rmul__(self, other: Any) -> Any:
        return _each(operator.mul, other, self)

    def __rtruediv__(self, other: Any) -> Any:
        return _each(operator.truediv, other, self)

    def __neg__(self) -> "PlainRow":
        return PlainRow(map(operator.neg, self))

    def __abs__(self) -> "PlainRow":
        return PlainRow(map(abs, self))

    def __lt__(self, other: Any) -> Any:
        return _each(operator.lt, self, other)

    def __gt__(self, other: Any) -> Any:
        return _each(operator.gt, self, other)

    def tolist(self) -> list[Any]:
        return list(self)


def _each(operation: Callable[[Any, Any], Any], one: Any, other: Any) -> PlainRow:
    first = one if isinstance(one, list) else [one] * N
    return PlainRow(map(operation, first, other if isinstance(other, list) else [other] * N))


class _Plain:
    def row(self, values: Iterable[float]) -> Row:
        return PlainRow(values)

    def order(self, purpose: str) -> Row:
        return permutation(purpose)

    def in_order(self, row: Row, order: Row) -> Row:
        return PlainRow(map(row.__getitem__, order))

    def in_orders(self, row: Row, purpose: str, numbers: range) -> Row:
        first, *others = (self.in_order(row, self.order(f"{purpose} {n}")) for n in numbers)
        return reduce(operator.add, others, first)

    def larger(self, one: Row, other: Row | float) -> Row:
        return _each(max, one, other)

    def smaller(self, one: Row, other: Row | float) -> Row:
        return _each(min, one, other)

    def where(self, truth: Row, one: Row | float, other: Row | float) -> Row:
        first = one if isinstance(one, list) else [one] * N
        second = other if isinstance(other, list) else [other] * N
        return PlainRow(a if true else b for true, a, b in zip(truth, first, second, strict=True))

    def root(self, row: Row) -> Row:
        return PlainRow(map(math.sqrt, row))

    def ascending(self, row: Row) -> Row:
        return PlainRow(sorted(row))

    def total(self, row: Row) -> float:
        left = list(row)
        while len(left) > 1:
            half = len(left) // 2
            left = [*map(operator.add, left[:half], left[half:])]
        return float(left[0])

    def sums(self, places: Row, row: Row, size: int) -> Sequence[float]:
        found = [0.0] * size
        for place, value in zip(places, row, strict=True):
            if place >= 0:
                found[place] += value
        return found

    def summaries(self, some: Sequence[Row]) -> list[Summary]:
        return [self._summary(row) for row in some]

    def _summary(self, row: Row) -> Summary:
        mean = self.total(row) / N
        away = row - mean
        ordered = sorted(row)
        return Summary(
            mean,
            math.sqrt(self.total(away * away) / N),
            tuple(ordered[at] + part * (ordered[at + 1] - ordered[at]) for at, part in PLACES),
            tuple(
                (bisect_left(ordered, edge) + bisect_right(ordered, edge)) / (2 * N)
                for edge in EDGES
            ),
        )


PLAIN: Rows = _Plain()


@cache
def fastest() -> Rows:
    """Rows of numpy where it is installed, else plain ones."""
    if not importlib.util.find_spec("numpy"):
        return PLAIN
    from tracker.domain.scoring import array_rows  # noqa: PLC0415 # it needs numpy

    return array_rows.ARRAYS
