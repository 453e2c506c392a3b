"""Rows of 256 numbers, one for each world, with the same bits in numpy and in plain Python.

A score must be recomputable without numpy (`tools/verify.py`), and fast where it is there. The fold
is written once, over the operators that both kinds of rows have and the functions of `Rows`. Each
of them works number by number, so that the order of sums is the same in both.
"""

import importlib.util
import math
import operator
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any, NamedTuple, Protocol

from tracker.domain.scoring.tables import N, permutation

# A row of floats or of truth values; numpy's arrays and `PlainRow` have the same operators.
type Row = Any

# The quantiles that are kept, and the inner edges of the bands of a level (`bands.BANDS`).
QUANTILES = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
EDGES = (-6.0, -3.0, 0.0, 3.0, 6.0)
# The sorted worlds stand at (i + ½)/256: the one below each quantile, and how far it is beyond it.
PLACES = [(int(N * q - 0.5), N * q - 0.5 - int(N * q - 0.5)) for q in QUANTILES]


class Summary(NamedTuple):
    """What is kept of the worlds at the close of a day: mean and sd, `QUANTILES`, and the share of
    the worlds below each of the `EDGES`, where one on an edge counts half."""

    mean: float
    sd: float
    quantiles: tuple[float, ...]
    below: tuple[float, ...]


class Rows(Protocol):
    """What the fold needs beside operators."""

    def row(self, values: Iterable[float]) -> Row:
        """Make a row."""
        ...

    def order(self, purpose: str) -> Row:
        """Return the order of the worlds for a purpose (`tables.permutation`)."""
        ...

    def in_order(self, row: Row, order: Row) -> Row:
        """Return the numbers of a row in an order."""
        ...

    def larger(self, one: Row, other: Row | float) -> Row:
        """Return the larger number of two in each world."""
        ...

    def smaller(self, one: Row, other: Row | float) -> Row:
        """Return the smaller number of two in each world."""
        ...

    def where(self, truth: Row, one: Row | float, other: Row | float) -> Row:
        """Return the first number where something is true, else the second."""
        ...

    def root(self, row: Row) -> Row:
        """The square roots of a row."""
        ...

    def ascending(self, row: Row) -> Row:
        """Return the numbers of a row from the smallest to the largest."""
        ...

    def total(self, row: Row) -> float:
        """The sum: halves are added to each other, until one number is left."""
        ...

    def sums(self, places: Row, row: Row, size: int) -> Sequence[float]:
        """Sum the numbers of a row by the place that each world has, in the order of the worlds;
        those with a place below 0 belong nowhere."""
        ...

    def summaries(self, some: Sequence[Row]) -> list["Summary"]:
        """Return what is kept of rows."""
        ...


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
