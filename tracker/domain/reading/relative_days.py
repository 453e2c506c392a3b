"""Days that a text gives in relation to the day of its document, or to a date before them: "last
Thursday", "this week", "three days later". Where several days are possible, the answer spans all.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.domain.dates.edtf import SEASONS, BadDate, bounds

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WEEKDAY = "|".join(WEEKDAYS)
_UNIT = "day|week|month|year"
_NUMBERS = {
    word: number
    for number, word in enumerate(
        [
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
        ],
        start=1,
    )
} | {"a": 1, "an": 1}
_NUMBER = rf"{'|'.join(_NUMBERS)}|[0-9]{{1,2}}"
_VAGUE_NUMBERS = ("a few", "few", "several", "a couple of", "couple of", "some")
FEW_OR_NUMBER = rf"{'|'.join(_VAGUE_NUMBERS)}|(?i:{_NUMBER})"
# How far away "a few" of a unit can be, in days. "Years" can be any number.
_FEW = {"day": 13, "week": 60, "month": 365}
# By how many days "two weeks ago" can be off.
_VAGUE = {"day": 0, "week": 3, "month": 15, "year": 183}


@dataclass(frozen=True, slots=True, kw_only=True)
class Clue:
    """What decides which day a phrase means: the first and the last day on which the document can
    be from; whether the sentence looks ahead; whether the phrase is a limit ("by March"), which
    includes all days before it; the first and last day of the date before it."""

    first: date
    last: date
    ahead: bool
    by: bool = False
    base: tuple[date, date] | None = None


type Resolve = Callable[[re.Match[str], Clue], str | None]


def span(first: date, last: date) -> str:
    """Return the EDTF of one day from the first to the last."""
    return str(first) if first == last else f"[{first}..{last}]"


def _shifted(clue: Clue, first: int, last: int | None = None) -> str:
    """One day in the document's days, shifted by numbers of days."""
    return span(
        clue.first + timedelta(days=first),
        clue.last + timedelta(days=first if last is None else last),
    )


def moved(day: date, number: int, unit: str) -> date:
    """Return a day a number of units later; in a shorter month its last day.

    :raises BadDate: if it is not in the calendar.
    """
    try:
        if unit in ("day", "week"):
            return day + timedelta(days=number * (7 if unit == "week" else 1))
        year, month = divmod(
            day.year * 12 + day.month - 1 + number * (12 if unit == "year" else 1), 12
        )
        return date(year, month + 1, min(day.day, monthrange(max(1, year), month + 1)[1]))
    except (OverflowError, ValueError):
        raise BadDate("years run from 0001 to 9999") from None


_NEAR: Mapping[str, int] = {
    "the day before yesterday": -2,
    "yesterday": -1,
    "last night": -1,
    "earlier today": 0,
    "later today": 0,
    "tonight": 0,
    "tomorrow": 1,
    "the day after tomorrow": 2,
}


_STEPS = {"last": -1, "previous": -1, "this": 0, "next": 1}


def _near(match: re.Match[str], clue: Clue) -> str:
    return _shifted(clue, _NEAR[match["near"].casefold()])


def _weekday(match: re.Match[str], clue: Clue) -> str:
    """The latest such day that is not after the document, or the first from it on."""
    if match["week"]:
        return _in_week(match, clue)
    which = (match["which"] or "").casefold()
    ahead = which in ("next", "this coming") or (which in ("", "this") and clue.ahead)
    number = WEEKDAYS.index(match["weekday"])
    if ahead:
        return _coming(number, clue, skips=which == "next")
    latest = clue.last - timedelta(days=(clue.last.weekday() - number) % 7)
    if which == "last" and latest == clue.last:
        latest -= timedelta(days=7)
    earliest = clue.first - timedelta(days=(clue.first.weekday() - number) % 7)
    if which == "last" and _may_be_week_before(latest, clue.last):
        earliest = latest - timedelta(days=7)
    return _either(min(earliest, latest), latest)


def _may_be_week_before(day: date, document: date) -> bool:
    """Whether "last Monday" can also be the day a week before: on a Wednesday, not on a Sunday,
    when the week is over."""
    days = (document - day).days
    return days == 1 or (days < document.weekday() < 5)


def _in_week(match: re.Match[str], clue: Clue) -> str:
    """ "On Thursday of last week"."""
    days = WEEKDAYS.index(match["weekday"]) + 7 * _STEPS[match["week"]]
    first, last = (day + timedelta(days=days - day.weekday()) for day in (clue.first, clue.last))
    return _either(first, last)


def _coming(number: int, clue: Clue, *, skips: bool) -> str:
    """The first such weekday from the document on. "Next Friday" on a Tuesday can also be the one
    after it."""
    first = clue.first + timedelta(days=(number - clue.first.weekday()) % 7 or 7 * skips)
    last = clue.last + timedelta(days=(number - clue.last.weekday()) % 7 or 7 * skips)
    same_week = last.isocalendar().week == clue.last.isocalendar().week
    return _either(first, last + timedelta(days=7 * (skips and same_week)))


def _either(first: date, last: date) -> str:
    """One of two days a week apart, or one day in a longer time."""
    if last - first == timedelta(days=7):
        return f"[{first},{last}]"
    return span(first, last)


def _calendar(match: re.Match[str], clue: Clue) -> str:
    """ "Last month", "late last year", "earlier this week": a part of a unit of the calendar."""
    part, which, unit = ((match[name] or "").casefold() for name in ("part", "which", "unit"))
    step = _STEPS[which]
    if unit == "week":
        return _week(step, clue, part)
    first, last = (moved(_start(day, unit), step, unit) for day in (clue.first, clue.last))
    if first != last:
        return span(first, _end(last, unit))
    return _part(
        {"earlier": "early", "later": "late"}.get(part, part) if step else part, first, unit, clue
    )


def _start(day: date, unit: str) -> date:
    return day.replace(day=1) if unit == "month" else day.replace(month=1, day=1)


def _end(day: date, unit: str) -> date:
    if unit == "month":
        return day.replace(day=monthrange(day.year, day.month)[1])
    return day.replace(month=12, day=31)


def _week(step: int, clue: Clue, part: str) -> str:
    monday = clue.first - timedelta(days=clue.first.weekday() - 7 * step)
    sunday = clue.last + timedelta(days=6 - clue.last.weekday() + 7 * step)
    if step:
        return span(monday, sunday)
    if part == "later" or clue.ahead:
        return span(clue.first, sunday)
    # A column of a Tuesday may call the last seven days "this week".
    return span(min(monday, clue.first - timedelta(days=6)), clue.last)


THIRDS = {"early": 0, "start": 0, "beginning": 0, "mid": 1, "middle": 1, "late": 2, "end": 2}


def _part(part: str, first: date, unit: str, clue: Clue) -> str:
    """A part of the month or year that begins on a day."""
    last = _end(first, unit)
    if part == "earlier":
        return span(first, min(last, clue.last))
    if part == "later":
        return span(max(first, clue.first), last)
    if part not in THIRDS:
        return str(first)[: 7 if unit == "month" else 4]
    third = THIRDS[part]
    if unit == "year":
        return f"{first.year:04}-{37 + third}"
    return span(
        first.replace(day=1 + 10 * third),
        last if third == 2 else first.replace(day=10 + 10 * third),
    )


def _part_of(match: re.Match[str], clue: Clue) -> str | None:
    """ "At the start of the year": of that of the date before it, if there is one. A part of the
    document's year that is still to come can be meant, or that of the year before."""
    unit, which = match["unit"], match["which"]
    near = clue.base[1] if clue.base and which == "the" else clue.last
    first = moved(_start(near, unit), _STEPS.get(which, 0), unit)
    edtf = _part(match["part"].casefold(), first, unit, clue)
    begins = bounds(edtf).earliest
    if which == "the" and begins and begins > clue.last and not clue.ahead:
        return None
    return edtf


def _lately(match: re.Match[str], clue: Clue) -> str | None:
    """ "Over the past year": a period up to the document; "in the past week": one day in it."""
    number, unit = match["number"] or "one", match["unit"]
    back = match["which"] in ("past", "last", "previous")
    if number in _VAGUE_NUMBERS:
        if unit not in _FEW:
            return None
        count, unit = _FEW[unit], "day"
    else:
        count = _count(number)
    first = moved(clue.first, -count, unit) if back else clue.first
    last = clue.last if back else moved(clue.last, count, unit)
    if match["length"].casefold() in ("over", "during", "throughout", "for"):
        return f"{first}/{last}"
    return span(first, last)


def from_date(base: tuple[date, date], number: str | None, unit: str, sign: int) -> str | None:
    """ "Three days after" or "in the weeks before" a date from a first to a last day; `sign` is 1
    or −1. The number is missing or "few" where only the unit says how far away it is."""
    if number and number not in _VAGUE_NUMBERS:
        return _around(*base, sign * _count(number), unit)
    if unit not in _FEW:
        return None
    first, last = base
    if sign > 0:
        return span(first, moved(last, _FEW[unit], "day"))
    return span(moved(first, -_FEW[unit], "day"), last)


def _count(number: str) -> int:
    word = number.casefold()
    return _NUMBERS[word] if word in _NUMBERS else int(word)


def _ago(match: re.Match[str], clue: Clue) -> str:
    return _around(clue.first, clue.last, -_count(match["number"]), match["unit"])


def _around(first: date, last: date, number: int, unit: str) -> str:
    vague = _VAGUE[unit]
    return span(
        moved(moved(first, number, unit), -vague, "day"),
        moved(moved(last, number, unit), vague, "day"),
    )


def _later(match: re.Match[str], clue: Clue) -> str | None:
    """ "Three days later": after the date before it."""
    if clue.base is None:
        return None
    sign = -1 if match["way"] in ("earlier", "before that", "before then") else 1
    return from_date(clue.base, match["number"].casefold(), match["unit"], sign)


def _following(match: re.Match[str], clue: Clue) -> str | None:
    """ "The next day", "the following week", "the same month", after a date before it."""
    if clue.base is None:
        return None
    unit = match["unit"].casefold()
    sign = {"same": 0, "previous": -1}.get(match["which"].casefold(), 1)
    first, last = (moved(day, sign, unit) for day in clue.base)
    if unit == "day":
        return span(first, last)
    if unit == "week":
        return span(
            first - timedelta(days=first.weekday()), last + timedelta(days=6 - last.weekday())
        )
    return span(_start(first, unit), _end(last, unit))


_SEASON = {"spring": 21, "summer": 22, "autumn": 23, "fall": 23, "winter": 24}


def _season(match: re.Match[str], clue: Clue) -> str:
    """A northern season: the latest that began, with "last" the latest that is over, with "next"
    the first to come."""
    code, which = _SEASON[match["season"].casefold()], match["which"].casefold()
    begins = SEASONS[str(code)][1]
    year = clue.last.year if (clue.last.month, 1) >= (begins, 1) else clue.last.year - 1
    if which == "next" or (clue.ahead and which in ("this", "this coming")):
        year += 1
    elif which == "last":
        ends = bounds(f"{year:04}-{code}").latest
        year -= bool(ends and ends >= clue.first)
    return f"{year:04}-{code}"


_WHEN = r"(?: (?:morning|afternoon|evening|night))?"
_NO_NAME = r"(?<!Black )(?<!Good )(?<!Bloody )(?<!Super )(?<!Ash )(?<!Palm )(?<!Easter )(?<!every )"
RULES: tuple[tuple[str, Resolve], ...] = (
    (rf"(?P<near>(?i:{'|'.join(_NEAR)})){_WHEN}", _near),
    (
        (
            rf"{_NO_NAME}(?:(?i:on) )?(?:(?P<which>(?i:this coming|this past|last|this|next)) )?"
            rf"(?P<weekday>{WEEKDAY})(?! (?:Times|Telegraph|Mail|Express|Mirror|prayers)){_WHEN}"
            r"(?: (?:of )?(?P<week>last|this|next) week)?"
        ),
        _weekday,
    ),
    (
        (
            r"(?:(?i:in) )?(?:(?P<part>(?i:earlier|later|early|late|mid))[ -](?:in )?)?"
            r"(?P<which>(?i:last|this|next|previous)) (?P<unit>(?i:week|month|year))"
        ),
        _calendar,
    ),
    (
        (
            r"(?:(?i:at|in|towards?) )?(?:the )?(?P<part>(?i:start|beginning|middle|end)) of"
            r" (?P<which>the|this|last|next) (?P<unit>month|year)(?! [0-9])"
        ),
        _part_of,
    ),
    (
        (
            r"(?P<length>(?i:over|in|during|within|throughout|for)) the"
            rf" (?P<which>past|last|previous|next|coming) (?:(?P<number>{FEW_OR_NUMBER}) )?"
            rf"(?P<unit>{_UNIT})s?"
        ),
        _lately,
    ),
    (rf"(?P<number>(?i:{_NUMBER})) (?P<unit>{_UNIT})s? ago", _ago),
    (
        (
            rf"(?P<number>(?i:{FEW_OR_NUMBER})) (?P<unit>{_UNIT})s?"
            r" (?P<way>later|earlier|after that|before that|after then|before then|afterwards)"
        ),
        _later,
    ),
    (
        rf"(?:(?i:on|in) )?(?i:the) (?P<which>next|following|same|previous) (?P<unit>{_UNIT})",
        _following,
    ),
    (
        rf"(?:(?i:in) )?(?P<which>(?i:last|this coming|this|next)) (?P<season>{'|'.join(_SEASON)})",
        _season,
    ),
    (
        rf"(?(lead)|(?i:in|during) )(?P<which>the) (?P<season>{'|'.join(_SEASON)})(?! of)",
        _season,
    ),
)
