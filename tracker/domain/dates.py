"""EDTF text (ISO 8601-2) in, the earliest and the latest day out.

The grammar is ours, a subset of the standard's: `docs/decisions` says why no library reads it.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from tracker.domain.datepoint import WAYS, BadDate, Bounds, Point, point

__all__ = [
    "BadDate",
    "Bounds",
    "DateSet",
    "Dated",
    "Interval",
    "Point",
    "Stretch",
    "bounds",
    "is_span",
    "parse",
]

LONGEST = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """`a..b` inside a set; None at an end that is open. Its ends are plain and of one precision."""

    first: Point | None
    last: Point | None

    @property
    def bounds(self) -> Bounds:
        return Bounds(
            earliest=self.first.bounds.earliest if self.first else None,
            latest=self.last.bounds.latest if self.last else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DateSet:
    """`[…]`, one of its members, or `{…}`, every one of them."""

    every: bool
    members: tuple[Point | Stretch, ...]

    @property
    def bounds(self) -> Bounds:
        firsts = [member.bounds.earliest for member in self.members]
        lasts = [member.bounds.latest for member in self.members]
        return Bounds(
            earliest=None if None in firsts else min(day for day in firsts if day),
            latest=None if None in lasts else max(day for day in lasts if day),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """`a/b`: it lasted. A side is a point, `..` where it is open, or empty where it is unknown."""

    start: Point | Literal["", ".."]
    end: Point | Literal["", ".."]

    @property
    def bounds(self) -> Bounds:
        return Bounds(
            earliest=self.start.bounds.earliest if isinstance(self.start, Point) else None,
            latest=self.end.bounds.latest if isinstance(self.end, Point) else None,
        )


type Dated = Point | DateSet | Interval


@lru_cache(maxsize=4096)
def bounds(edtf: str) -> Bounds:
    """Return the first and the last day that an EDTF text can mean.

    :raises BadDate: if it is no EDTF text that we keep.
    """
    return parse(edtf).bounds


def is_span(edtf: str) -> bool:
    """Tell whether the text says that something lasted, rather than fell on a day of its bounds.

    :raises BadDate: if it is no EDTF text that we keep.
    """
    return isinstance(parse(edtf), Interval)


@lru_cache(maxsize=4096)
def parse(edtf: str) -> Dated:
    """Take an EDTF text apart.

    :raises BadDate: if it is no EDTF text that we keep.
    """
    if not edtf:
        raise BadDate("the date is empty: write one such as 2022-05-11, or leave it out if unknown")
    if len(edtf) > LONGEST:
        raise BadDate(f"the date has {len(edtf)} characters; at most {LONGEST} are allowed: {WAYS}")
    if not edtf.isascii():
        raise BadDate(
            f"{edtf!r} contains characters that EDTF does not have; digits are 0–9: {WAYS}"
        )
    if edtf[0] in "[{":
        return _set(edtf)
    if "/" in edtf:
        return _interval(edtf)
    return point(edtf)


def _set(edtf: str) -> DateSet:
    every = edtf[0] == "{"
    if not edtf.endswith("}" if every else "]"):
        raise BadDate(f"{edtf!r} has no closing bracket at the end: write [2022-05,2022-06]")
    members = tuple(_member(text) for text in edtf[1:-1].split(","))
    if len(members) == 1 and isinstance(members[0], Point):
        raise BadDate(f"{edtf!r} contains only one date: write it without brackets")
    if any(isinstance(other, Stretch) and other.first is None for other in members[1:]):
        raise BadDate(f"{edtf!r}: only the first member can be open towards the past")
    if any(isinstance(other, Stretch) and other.last is None for other in members[:-1]):
        raise BadDate(f"{edtf!r}: only the last member can be open towards the future")
    return DateSet(every=every, members=members)


def _member(text: str) -> Point | Stretch:
    if ".." not in text:
        return _no_season(text)
    before, _, after = text.partition("..")
    first = _plain(before) if before else None
    last = _plain(after) if after else None
    if first is None and last is None:
        raise BadDate(f"{text!r} has no date on either side: write ..2022-05-24 or 2022-05-24..")
    if first and last and first.unit != last.unit:
        raise BadDate(f"{text!r} mixes days, months and years: write 2022-03-01..2022-05-24")
    found = Stretch(first=first, last=last)
    _refuse_reversed(text, found.bounds)
    return found


def _no_season(text: str) -> Point:
    found = point(text)
    if found.season:
        raise BadDate(f"{text!r}: a set cannot contain a season or quarter: write 2022-03..2022-05")
    return found


def _plain(text: str) -> Point:
    found = _no_season(text)
    if found.masked or found.doubt:
        raise BadDate(f"{text!r}: the ends of a..b cannot have X, ?, ~ or %: write plain dates")
    return found


def _interval(edtf: str) -> Interval:
    sides = edtf.split("/")
    if len(sides) != 2:
        raise BadDate(f"{edtf!r} has more than one slash: write 2022-03-21/2022-03-31")
    start, end = (_side(text) for text in sides)
    if isinstance(start, str) and isinstance(end, str):
        raise BadDate(f"{edtf!r} has no date on either side: write 2022-03-21/.. or ../2022-03-31")
    found = Interval(start=start, end=end)
    _refuse_reversed(edtf, found.bounds)
    return found


def _side(text: str) -> Point | Literal["", ".."]:
    if text == "":
        return ""
    if text == "..":
        return ".."
    found = point(text)
    if found.season > "24":
        raise BadDate(
            f"{text!r}: only seasons 21 to 24 can begin or end an interval; write the months"
        )
    return found


def _refuse_reversed(text: str, limits: Bounds) -> None:
    if limits.earliest and limits.latest and limits.latest < limits.earliest:
        raise BadDate(f"{text!r} ends before it begins: write the earlier date first")
