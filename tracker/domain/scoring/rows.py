"""Rows of 256 numbers, one for each world, with the same bits in numpy and in plain Python.

A score must be recomputable without numpy (`tools/verify.py`), and fast where it is there. The fold
is written once, over the operators that both kinds of rows have and the functions of `Rows`. Each
of them works number by number, so that the order of sums is the same in both.
"""

import hashlib
import importlib.util
import math
import operator
from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache
from typing import Any, Protocol

from tracker.domain.scoring.tables import N, permutation

# A row of floats or of truth values; numpy's arrays and `PlainRow` have the same operators.
type Row = Any


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

    def larger(self, one: Row, other: Row | float) -> Row: ...

    def smaller(self, one: Row, other: Row | float) -> Row: ...

    def where(self, truth: Row, one: Row | float, other: Row | float) -> Row: ...

    def root(self, row: Row) -> Row:
        """The square roots of a row."""
        ...

    def ascending(self, row: Row) -> Row: ...

    def total(self, row: Row) -> float:
        """The sum: halves are added to each other, until one number is left."""
        ...

    def sums(self, places: Row, row: Row, size: int) -> Sequence[float]:
        """Sum the numbers of a row by the place that each world has, in the order of the worlds;
        those with a place below 0 belong nowhere."""
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

    def __le__(self, other: Any) -> Any:
        return _each(operator.le, self, other)

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

    @staticmethod
    @lru_cache(maxsize=50_000)
    def order(purpose: str) -> Row:
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


PLAIN: Rows = _Plain()


@cache
def fastest() -> Rows:
    """Rows of numpy where it is installed, else plain ones."""
    return with_numpy() if importlib.util.find_spec("numpy") else PLAIN


@cache
def with_numpy() -> Rows:
    """Rows of numpy.

    :raises ImportError: if it is not installed.
    """
    import numpy as np  # noqa: PLC0415 # not everybody who verifies a score has it

    class Numpy:
        larger = staticmethod(np.maximum)
        smaller = staticmethod(np.minimum)
        root = staticmethod(np.sqrt)
        ascending = staticmethod(np.sort)

        def row(self, values: Iterable[float]) -> Row:
            return np.array([*values], dtype=np.float64)

        @staticmethod
        @lru_cache(maxsize=50_000)
        def order(purpose: str) -> Row:
            digest = hashlib.shake_128(purpose.encode()).digest(4 * N)
            return np.argsort(np.frombuffer(digest, dtype="<u4"), kind="stable")

        def in_order(self, row: Row, order: Row) -> Row:
            return row[order]

        def where(self, truth: Row, one: Row | float, other: Row | float) -> Row:
            return np.where(truth, one, other)

        def total(self, row: Row) -> float:
            while len(row) > 1:
                half = len(row) // 2
                row = row[:half] + row[half:]
            return float(row[0])

        def sums(self, places: Row, row: Row, size: int) -> Sequence[float]:
            found = np.bincount(places + 1, weights=row, minlength=size + 1)
            return [float(value) for value in found[1:]]

    return Numpy()
