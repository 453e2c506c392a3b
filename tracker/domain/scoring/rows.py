"""Rows of 256 numbers, one for each world: what `plain_rows` and `array_rows` both do.

A score must be recomputable without numpy (`tools/verify.py`), and fast where it is there. The fold
is written once, over the operators that both kinds of rows have and the functions of `Rows`. Each
of them works number by number, so that both give the same bits.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, Protocol

from tracker.domain.scoring.tables import N

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

    def in_orders(self, row: Row, purpose: str, numbers: range) -> Row:
        """Return the sum of a row in the orders for a purpose with one or more numbers, added one
        after the other."""
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
