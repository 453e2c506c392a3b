"""Knots of a series as columns of bytes, which is how they are stored.

Numbers follow one another without separators, big-endian: days are int4 ordinals (1 is 0001-01-01,
0 is no day), counts are int4, and moments are float8, all those of a knot together.
"""

import struct
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date

from tracker.domain.scoring.moments import Knot

# The most knots of a stored block. A series is cut into blocks from its first knot on, so that its
# bytes do not depend on when they were written.
BLOCK = 256
_INT, _FLOAT = 4, 8


@dataclass(frozen=True, slots=True)
class KnotColumns:
    """Some knots of a series, in order."""

    days: bytes = b""
    moments: bytes = b""
    claims: bytes = b""
    roots: bytes = b""
    state_roots: bytes = b""
    newest: bytes = b""

    @property
    def number(self) -> int:
        return len(self.days) // _INT

    def day(self, place: int) -> date:
        """Return the day of the knot at a place; −1 is the last."""
        return date.fromordinal(self._ordinal(place % self.number))

    def _ordinal(self, place: int) -> int:
        return _integer(self.days, place)

    def up_to(self, day: date) -> int:
        """Return the number of knots up to a day, included."""
        number = self.number
        if number and self._ordinal(number - 1) <= day.toordinal():
            return number
        return bisect_right(range(number), day.toordinal(), key=self._ordinal)

    def part(self, start: int, end: int) -> "KnotColumns":
        """Return the knots from one place up to another, which is not included."""
        number = self.number or 1
        columns = (getattr(self, field.name) for field in fields(self))
        widths = ((column, len(column) // number) for column in columns)
        return KnotColumns(*(column[start * width : end * width] for column, width in widths))

    def followed_by(self, others: "KnotColumns") -> "KnotColumns":
        """Return these knots and later ones of the series."""
        return KnotColumns(
            *(getattr(self, field.name) + getattr(others, field.name) for field in fields(self))
        )

    def blocks(self) -> Iterator["KnotColumns"]:
        """Cut the knots into blocks."""
        if self.number <= BLOCK:
            yield from [self] if self.number else []
            return
        for start in range(0, self.number, BLOCK):
            yield self.part(start, start + BLOCK)

    def knots(self) -> list[Knot]:
        """Return the knots one by one."""
        if not self.number:
            return []
        size = len(self.moments) // _FLOAT // self.number
        moments = struct.iter_unpack(f">{size}d", self.moments)
        counts = (_integers(column) for column in (self.claims, self.roots, self.state_roots))
        rows = zip(_integers(self.days), moments, *counts, _integers(self.newest), strict=True)
        return [
            Knot(
                day=date.fromordinal(day),
                moments=state,
                claims=claims,
                roots=roots,
                state_roots=state_roots,
                newest=date.fromordinal(newest) if newest else None,
            )
            for day, state, claims, roots, state_roots, newest in rows
        ]

    def knot(self, place: int) -> Knot:
        """Return the knot at a place; −1 is the last."""
        number = self.number
        place %= number
        size = len(self.moments) // _FLOAT // number
        newest = _integer(self.newest, place)
        return Knot(
            day=self.day(place),
            moments=struct.unpack_from(f">{size}d", self.moments, place * size * _FLOAT),
            claims=_integer(self.claims, place),
            roots=_integer(self.roots, place),
            state_roots=_integer(self.state_roots, place),
            newest=date.fromordinal(newest) if newest else None,
        )


def knot_columns(knots: Iterable[Knot]) -> KnotColumns:
    """Return knots of a series as columns."""
    some = list(knots)
    return KnotColumns(
        _packed([knot.day.toordinal() for knot in some]),
        b"".join(struct.pack(f">{len(knot.moments)}d", *knot.moments) for knot in some),
        _packed([knot.claims for knot in some]),
        _packed([knot.roots for knot in some]),
        _packed([knot.state_roots for knot in some]),
        _packed([knot.newest.toordinal() if knot.newest else 0 for knot in some]),
    )


def _integer(column: bytes, place: int) -> int:
    return int.from_bytes(column[place * _INT : (place + 1) * _INT], "big")


def _packed(numbers: Sequence[int]) -> bytes:
    return struct.pack(f">{len(numbers)}i", *numbers)


def _integers(column: bytes) -> tuple[int, ...]:
    return struct.unpack(f">{len(column) // _INT}i", column)
