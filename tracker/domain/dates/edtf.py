"""EDTF dates: points, sets and intervals of any precision, with digits left open.

Years run from 0001 to 9999. The qualifiers `?`, `~` and `%` do not widen the bounds. The seasons
21–24 are northern, and a season that begins in December ends with the following February.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import product
from typing import Literal

# code: name, first month, number of months
SEASONS: dict[str, tuple[str, int, int]] = {
    "21": ("spring", 3, 3),
    "22": ("summer", 6, 3),
    "23": ("autumn", 9, 3),
    "24": ("winter", 12, 3),
    "25": ("northern spring", 3, 3),
    "26": ("northern summer", 6, 3),
    "27": ("northern autumn", 9, 3),
    "28": ("northern winter", 12, 3),
    "29": ("southern spring", 9, 3),
    "30": ("southern summer", 12, 3),
    "31": ("southern autumn", 3, 3),
    "32": ("southern winter", 6, 3),
    "33": ("the first quarter of", 1, 3),
    "34": ("the second quarter of", 4, 3),
    "35": ("the third quarter of", 7, 3),
    "36": ("the fourth quarter of", 10, 3),
    "37": ("the first four months of", 1, 4),
    "38": ("the middle four months of", 5, 4),
    "39": ("the last four months of", 9, 4),
    "40": ("the first half of", 1, 6),
    "41": ("the second half of", 7, 6),
}

WAYS = "write it as 2022-05-11, 2022-05, 2022, [2022-03-21..2022-03-31] or 2022-03-21/.."

_POINT = re.compile(
    r"([?~%]?)([0-9X]{4})([?~%]?)"
    r"(?:-([?~%]?)([0-9X]{2})([?~%]?)"
    r"(?:-([?~%]?)([0-9X]{2})([?~%]?))?)?"
)
_YEARS = "years run from 0001 to 9999, in four digits"
_MISTAKES = (
    (r"(?s).*\s.*", "EDTF has no spaces"),
    (r"[Y+-].*|[0-9]{5,}.*|[0-9]{1,3}(-.*)?", _YEARS),
    (r"[0-9]{4}-[0-9]{2}-[0-9]{2}T.*", "times of day are not supported, write only the day"),
    (r"[0-9]{4}S[0-9]+", "significant digits are not supported, write 195X or [1950..1959]"),
    (r"[0-9]{4}-([0-9]|[0-9]{2}-[0-9])(-.*)?", "months and days have two digits"),
)


class BadDate(ValueError):
    """A text that is not a supported date; the message names the mistake and the fix."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """The first and the last day that a date can mean; None on a side that is open or unknown."""

    earliest: date | None
    latest: date | None

    @property
    def days(self) -> int | None:
        """The number of days from the first to the last, both included."""
        if self.earliest is None or self.latest is None:
            return None
        return (self.latest - self.earliest).days + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """`year`, `month` and `day` may contain X, and are empty beyond the precision of the text.

    `doubt` contains the qualifiers; `doubt_in_part` is true if they do not cover the whole date.
    """

    year: str
    month: str
    day: str
    doubt: str
    doubt_in_part: bool
    bounds: Bounds

    @property
    def season(self) -> str:
        """The code of the season, quarter or half in the place of the month, or an empty string."""
        return self.month if self.month in SEASONS else ""

    @property
    def masked(self) -> bool:
        return "X" in self.year + self.month + self.day

    @property
    def unit(self) -> Literal["year", "month", "day"]:
        if self.day:
            return "day"
        return "month" if self.month else "year"


def point(text: str) -> Point:
    """Parse one date.

    :raises BadDate: if it is not a date of the calendar.
    """
    match = _POINT.fullmatch(text)
    if match is None:
        raise BadDate(f"{text!r} is not a date: {_mistake(text)}")
    marks = [match[group] or "" for group in (1, 3, 4, 6, 7, 9)]
    if any(left and right for left, right in zip(marks[::2], marks[1::2], strict=True)):
        raise BadDate(f"{text!r}: a year, month or day can have only one of ?, ~ and %")
    year, month, day = (match[group] or "" for group in (2, 5, 8))
    doubt = "".join(marks)
    if month in SEASONS:
        if day or doubt or "X" in year:
            raise BadDate(f"{text!r}: a season or quarter requires a plain year: write 2022-21")
        limits = _season_bounds(text, int(year), month)
    else:
        limits = _bounds(text, year, month, day)
    return Point(
        year=year,
        month=month,
        day=day,
        doubt=doubt,
        doubt_in_part=_uneven(marks[: 2 * sum(map(bool, (year, month, day)))]),
        bounds=limits,
    )


def _uneven(marks: list[str]) -> bool:
    """Whether the qualifiers differ between the parts of a date.

    A qualifier to the left of a part covers that part; one to the right, all parts so far.
    """
    lefts, rights = marks[::2], marks[1::2]
    return len({frozenset([left, *rights[i:]]) - {""} for i, left in enumerate(lefts)}) > 1


def _mistake(text: str) -> str:
    for pattern, what in _MISTAKES:
        if re.fullmatch(pattern, text):
            return f"{what}; {WAYS}"
    return WAYS


def _season_bounds(text: str, year: int, code: str) -> Bounds:
    _, first, length = SEASONS[code]
    over, last = divmod(first + length - 2, 12)
    if not 1 <= year <= year + over <= 9999:
        raise BadDate(f"{text!r}: {_YEARS}")
    return Bounds(
        earliest=date(year, first, 1),
        latest=date(year + over, last + 1, monthrange(year + over, last + 1)[1]),
    )


def _bounds(text: str, year: str, month: str, day: str) -> Bounds:
    """The bounds of the days that match the masks; a year of four X has none."""
    month, day = month or "XX", day or "XX"
    if next(_matching(year, top=9999), None) is None:
        raise BadDate(f"{text!r}: {_YEARS}")
    if next(_matching(month, top=12), None) is None:
        raise BadDate(f"{text!r}: months are 01 to 12, seasons, quarters and halves 21 to 41")
    # A leap year has every possible day, so it stands in for an unknown year.
    earliest = next(_days("2000" if year == "XXXX" else year, month, day), None)
    if earliest is None:
        raise BadDate(f"{text!r} is not in the calendar: correct it, or write only the month")
    if year == "XXXX":
        return Bounds(earliest=None, latest=None)
    return Bounds(earliest=earliest, latest=next(_days(year, month, day, backwards=True)))


def _days(year: str, month: str, day: str, *, backwards: bool = False) -> Iterator[date]:
    for y in _matching(year, top=9999, backwards=backwards):
        for m in _matching(month, top=12, backwards=backwards):
            for d in _matching(day, top=monthrange(y, m)[1], backwards=backwards):
                yield date(y, m, d)


def _matching(mask: str, *, top: int, backwards: bool = False) -> Iterator[int]:
    """The numbers from 1 to `top` that match the mask, in order."""
    digits = "9876543210" if backwards else "0123456789"
    for choice in product(*(digits if sign == "X" else sign for sign in mask)):
        if 1 <= (number := int("".join(choice))) <= top:
            yield number


LONGEST = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """`a..b` in a set; None for an open end. The ends are plain and of one precision."""

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
    """`[…]`, one of its members, or `{…}`, all of them."""

    every: bool
    members: tuple[Point | Range, ...]

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
    """`a/b`: a period. A side is a point, `..` if it is open, or empty if it is unknown."""

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

    :raises BadDate: if it is not supported EDTF.
    """
    return parse(edtf).bounds


@lru_cache(maxsize=4096)
def parse(edtf: str) -> Dated:
    """Parse an EDTF text.

    :raises BadDate: if it is not supported EDTF.
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
    if any(isinstance(member, Range) and member.first is None for member in members[1:]):
        raise BadDate(f"{edtf!r}: only the first member can be open towards the past")
    if any(isinstance(member, Range) and member.last is None for member in members[:-1]):
        raise BadDate(f"{edtf!r}: only the last member can be open towards the future")
    return DateSet(every=every, members=members)


def _member(text: str) -> Point | Range:
    if ".." not in text:
        return _point_without_season(text)
    start, _, end = text.partition("..")
    first = _plain_point(start) if start else None
    last = _plain_point(end) if end else None
    if first is None and last is None:
        raise BadDate(f"{text!r} has no date on either side: write ..2022-05-24 or 2022-05-24..")
    if first and last and first.unit != last.unit:
        raise BadDate(f"{text!r} mixes days, months and years: write 2022-03-01..2022-05-24")
    range_ = Range(first=first, last=last)
    _refuse_reversed(text, range_.bounds)
    return range_


def _point_without_season(text: str) -> Point:
    parsed = point(text)
    if parsed.season:
        raise BadDate(f"{text!r}: a set cannot contain a season or quarter: write 2022-03..2022-05")
    return parsed


def _plain_point(text: str) -> Point:
    parsed = _point_without_season(text)
    if parsed.masked or parsed.doubt:
        raise BadDate(f"{text!r}: the ends of a..b cannot have X, ?, ~ or %: write plain dates")
    return parsed


def _interval(edtf: str) -> Interval:
    sides = edtf.split("/")
    if len(sides) != 2:
        raise BadDate(f"{edtf!r} has more than one slash: write 2022-03-21/2022-03-31")
    start, end = (_side(text) for text in sides)
    if isinstance(start, str) and isinstance(end, str):
        raise BadDate(f"{edtf!r} has no date on either side: write 2022-03-21/.. or ../2022-03-31")
    interval = Interval(start=start, end=end)
    _refuse_reversed(edtf, interval.bounds)
    return interval


def _side(text: str) -> Point | Literal["", ".."]:
    if text == "":
        return ""
    if text == "..":
        return ".."
    parsed = point(text)
    if parsed.season > "24":
        raise BadDate(
            f"{text!r}: only seasons 21 to 24 can begin or end an interval; write the months"
        )
    return parsed


def _refuse_reversed(text: str, limits: Bounds) -> None:
    if limits.earliest and limits.latest and limits.latest < limits.earliest:
        raise BadDate(f"{text!r} ends before it begins: write the earlier date first")
