"""Days counted from other days, in the units and numbers that articles use. Where the words are
vague, the answer spans all days that they can mean."""

from calendar import monthrange
from datetime import date, timedelta

from tracker.domain.dates.edtf import BadDate

UNIT = "day|week|month|year"
COUNTED = f"{UNIT}|fortnight|decade"
_WORDS = ("one two three four five six seven eight nine ten eleven twelve", "a", "an")
_NUMBERS = {
    word: number for words in _WORDS for number, word in enumerate(words.split(" "), start=1)
}
NUMBER = rf"{'|'.join(_NUMBERS)}|[0-9]{{1,2}}"
VAGUE_NUMBERS = ("a few", "few", "several", "a couple of", "couple of", "some")
FEW_OR_NUMBER = rf"{'|'.join(VAGUE_NUMBERS)}|(?i:{NUMBER})"
# How far away "a few" of a unit can be, in days. "Years" can be any number.
FEW = {"day": 13, "week": 60, "fortnight": 60, "month": 365}
_MONTHS = {"month": 1, "year": 12, "decade": 120}
_DAYS = {"day": 1, "week": 7, "fortnight": 14}
# By how many days "two weeks ago" can be off.
_VAGUE = {"day": 0, "week": 3, "fortnight": 3, "month": 15, "year": 183, "decade": 730}


def span(first: date, last: date) -> str:
    """Return the EDTF of one day from the first to the last."""
    return str(first) if first == last else f"[{first}..{last}]"


def moved(day: date, number: int, unit: str) -> date:
    """Return a day a number of units later; in a shorter month its last day.

    :raises BadDate: if it is not in the calendar.
    """
    try:
        if unit in _DAYS:
            return day + timedelta(days=number * _DAYS[unit])
        year, month = divmod(day.year * 12 + day.month - 1 + number * _MONTHS[unit], 12)
        return date(year, month + 1, min(day.day, monthrange(max(1, year), month + 1)[1]))
    except (OverflowError, ValueError):
        raise BadDate("years run from 0001 to 9999") from None


def start_of(day: date, unit: str) -> date:
    """Return the first day of the month or year of a day."""
    return day.replace(day=1) if unit == "month" else day.replace(month=1, day=1)


def end_of(day: date, unit: str) -> date:
    """Return the last day of the month or year of a day."""
    if unit == "month":
        return day.replace(day=monthrange(day.year, day.month)[1])
    return day.replace(month=12, day=31)


def from_date(
    base: tuple[date, date], number: str | None, unit: str, sign: int, *, exact: bool = False
) -> str | None:
    """Return the EDTF of "three days after" or "in the weeks before" a date, which is from one day
    to another; `sign` is 1 or −1. None for an unknown number of years.

    The number is None or "few" where only the unit says how far away it is. `exact` is as in
    `around`.
    """
    if number and number not in VAGUE_NUMBERS:
        return around(*base, sign * as_number(number), unit, exact=exact)
    if unit not in FEW:
        return None
    first, last = base
    if sign > 0:
        return span(first, moved(last, FEW[unit], "day"))
    return span(moved(first, -FEW[unit], "day"), last)


ORDINALS = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
]
ORDINAL_DAY = rf"(?:3[01]|[12][0-9]|[1-9])(?:st|nd|rd|th)|{'|'.join(ORDINALS)}"


def as_day(text: str) -> int:
    """Return the day of a month that an ordinal means: "20th", "first"."""
    return ORDINALS.index(text) + 1 if text in ORDINALS else int(text[:-2])


def as_number(text: str) -> int:
    """Return the number that a word or digits mean."""
    word = text.casefold()
    return _NUMBERS[word] if word in _NUMBERS else int(word)


def around(first: date, last: date, number: int, unit: str, *, exact: bool = False) -> str:
    """Return the EDTF of the days that are about a number of units after others; `exact`: of those
    that are exactly so many days or weeks after, or of the whole months or years."""
    first, last = moved(first, number, unit), moved(last, number, unit)
    if exact:
        whole = {"month": 7, "year": 4, "decade": 4}.get(unit)
        return str(last)[:whole] if whole else span(first, last)
    vague = _VAGUE[unit]
    return span(moved(first, -vague, "day"), moved(last, vague, "day"))
