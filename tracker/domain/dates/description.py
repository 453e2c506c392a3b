"""EDTF as plain English, so that people see what the program understood."""

import re
from calendar import monthrange
from datetime import date
from functools import lru_cache

from tracker.domain.dates.edtf import (
    SEASONS,
    Bounds,
    DateSet,
    Interval,
    Point,
    Range,
    bounds,
    parse,
)

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@lru_cache(maxsize=4096)
def describe(edtf: str) -> str:
    """Describe an EDTF text in English: "one day in 21–31 March 2022".

    :raises BadDate: if it is not supported EDTF.
    """
    dated = parse(edtf)
    if isinstance(dated, Interval):
        return _period_text(dated)
    if isinstance(dated, DateSet):
        glue = " and " if dated.every else " or "
        return glue.join(_member(member, every=dated.every) for member in dated.members)
    return _point_text(dated)


def date_name(edtf: str) -> str:
    """Name a day, a month or a year without its preposition: "28 June 1977", "1977".

    :raises BadDate: if it is not supported EDTF.
    """
    return _in_words(bounds(edtf))


def _period_text(interval: Interval) -> str:
    first, last = (
        _name(side) if isinstance(side, Point) else "" for side in (interval.start, interval.end)
    )
    if first and last:
        return f"lasted from {first} to {last}"
    if first:
        return f"since {first}, {'no end reported' if interval.end == '..' else 'end unknown'}"
    return f"until {last}, start {'open' if interval.start == '..' else 'unknown'}"


def _member(member: Point | Range, *, every: bool) -> str:
    if isinstance(member, Point):
        return _point_text(member)
    end, *other_end = (end for end in (member.first, member.last) if end)
    if other_end:
        return f"{'every' if every else 'one'} {end.unit} in {_in_words(member.bounds)}"
    if member.last is None:
        return (
            f"every {end.unit} from {_name(end)} on"
            if every
            else f"{_at(end)} or after {_name(end)}"
        )
    return f"every {end.unit} up to {_name(end)}" if every else f"{_at(end)} or before {_name(end)}"


def _point_text(point: Point) -> str:
    name = _name(point)
    return name if point.masked or name.startswith("around") else f"{_at(point)} {name}"


def _at(point: Point) -> str:
    return "on" if point.day else "in"


def _name(point: Point) -> str:
    approximate, uncertain = (set(marks) & set(point.doubt) for marks in ("~%", "?%"))
    name = _plain_name(point)
    if point.doubt_in_part:
        doubts = ["approximate"] * bool(approximate) + ["uncertain"] * bool(uncertain)
        return f"{name} (in part {' and '.join(doubts)})"
    return f"{'around ' if approximate else ''}{name}{' (uncertain)' if uncertain else ''}"


def _plain_name(point: Point) -> str:
    if point.season:
        return _season(point)
    mask = "-".join(part for part in (point.year, point.month, point.day) if part)
    if not point.masked or mask == "XXXX":
        return _in_words(point.bounds)
    fits = "" if re.fullmatch("[0-9-]*[X-]+", mask) else f" that fits {mask}"
    return f"one {point.unit}{fits} in {_in_words(point.bounds)}"


def _season(point: Point) -> str:
    name, first, months = SEASONS[point.season]
    over = f"/{(int(point.year) + 1) % 100:02}" if first + months > 13 else ""
    return f"{name} {point.year}{over}{' (northern)' if point.season <= '24' else ''}"


def _in_words(limits: Bounds) -> str:
    """The shortest name for all days from the first to the last: "January–September 2022"."""
    first, last = limits.earliest, limits.latest
    if first is None or last is None:
        return "an unknown year"
    if first.day == 1 and last.day == monthrange(last.year, last.month)[1]:
        if (first.month, last.month) == (1, 12):
            return _joined([f"{day.year:04}" for day in (first, last)], "–")
        return _shortened(first, last, [MONTHS[day.month - 1] for day in (first, last)])
    if (first.year, first.month) == (last.year, last.month):
        days = _joined([str(day.day) for day in (first, last)], "–")
        return f"{days} {MONTHS[first.month - 1]} {first.year:04}"
    return _shortened(first, last, [f"{day.day} {MONTHS[day.month - 1]}" for day in (first, last)])


def _shortened(first: date, last: date, names: list[str]) -> str:
    """Join two names with their years; a shared year is written once."""
    if first.year == last.year:
        dash = " – " if " " in names[0] else "–"
        return f"{_joined(names, dash)} {last.year:04}"
    return f"{names[0]} {first.year:04} – {names[1]} {last.year:04}"


def _joined(names: list[str], dash: str) -> str:
    return names[0] if names[0] == names[1] else dash.join(names)
