"""Days that a text gives in relation to the day of its document, or to a date before them: "last
Thursday", "this week", "three days later". Where several days are possible, the answer spans all.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.domain.dates.description import MONTHS
from tracker.domain.dates.edtf import SEASONS, BadDate, bounds
from tracker.domain.reading.counted_days import (
    COUNTED,
    FEW,
    FEW_OR_NUMBER,
    NUMBER,
    ORDINAL_DAY,
    VAGUE_NUMBERS,
    around,
    as_day,
    as_number,
    end_of,
    moved,
    span,
    start_of,
)

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WEEKDAY = "|".join(WEEKDAYS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clue:
    """What decides which day a phrase means.

    `first` and `last` are the days between which the document is from, `bases` those of the dates
    before the phrase, the likeliest first. The words before the phrase look `ahead`, have a verb in
    the `past`, or one in the present that can be of `plans`. `by`: the phrase is a limit ("by
    March"), which includes all days before it. `exact`: "two weeks ago" is exactly 14 days ago.
    """

    first: date
    last: date
    ahead: bool
    past: bool
    plans: bool
    by: bool
    bases: tuple[tuple[date, date], ...] = ()
    exact: bool = False

    @property
    def base(self) -> tuple[date, date] | None:
        """The likeliest of the bases."""
        return self.bases[0] if self.bases else None


type Resolve = Callable[[re.Match[str], Clue], str | None]


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
    shift = timedelta(days=_NEAR[match["near"].casefold()])
    return span(clue.first + shift, clue.last + shift)


def _today(_match: re.Match[str], clue: Clue) -> str | None:
    """ "Today" is also "nowadays", unless something happened."""
    return span(clue.first, clue.last) if clue.past else None


def _day_of_month(match: re.Match[str], clue: Clue) -> str | None:
    """ "On the 20th": of the month of the date before it, or the latest that is not after the
    document."""
    number = as_day(match["day"])
    if match["that"] and not clue.base:
        return None
    near = clue.base[1] if clue.base else clue.last
    if not clue.base and number > near.day:
        near = moved(near, -1, "month")
    if number > end_of(near, "month").day:
        raise BadDate(f"{match[0]!r} is not in the calendar")
    return str(near.replace(day=number))


def _weekend(match: re.Match[str], clue: Clue) -> str | None:
    """The weekend before the document, or the one after it. On a Friday "next weekend" can be
    either of two; on a Saturday "the weekend" is that of the document."""
    which = match["which"].casefold()
    at_weekend = clue.last.weekday() >= 5
    sunday = _sunday_before(clue.last)
    if which == "next":
        return span(sunday + timedelta(days=13 if at_weekend else 6), sunday + timedelta(days=14))
    if which != "last" and (clue.ahead or at_weekend):
        return span(sunday + timedelta(days=6), sunday + timedelta(days=7))
    if which == "this" and not clue.past:
        return None
    return span(_sunday_before(clue.first) - timedelta(days=1), sunday)


def _sunday_before(day: date) -> date:
    return day - timedelta(days=day.weekday() + 1)


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
    if which in ("", "this") and clue.plans and not clue.past:
        # "Ministers meet on Monday."
        return _either(earliest, latest + timedelta(days=7))
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
    first, last = (moved(start_of(day, unit), step, unit) for day in (clue.first, clue.last))
    if first != last:
        return span(first, end_of(last, unit))
    if step:
        part = part.replace("earlier", "early").replace("later", "late")
    return _part(part, first, unit, clue)


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
    last = end_of(first, unit)
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
    first = moved(start_of(near, unit), _STEPS.get(which, 0), unit)
    edtf = _part(match["part"].casefold(), first, unit, clue)
    begins = bounds(edtf).earliest
    if which == "the" and begins and begins > clue.last and not clue.ahead:
        return None
    return edtf


def _lately(match: re.Match[str], clue: Clue) -> str | None:
    """ "Over the past year": a period up to the document; "in the past week": one day in it."""
    unit = match["unit"]
    number = match["number"] or ("few" if match["several"] else "one")
    back = match["which"] in ("past", "last", "previous")
    if number in VAGUE_NUMBERS:
        if unit not in FEW:
            return None
        count, unit = FEW[unit], "day"
    else:
        count = as_number(number)
    first = moved(clue.first, -count, unit) if back else clue.first
    last = clue.last if back else moved(clue.last, count, unit)
    if match["length"].casefold() in ("over", "during", "throughout", "for"):
        return f"{first}/{last}"
    return span(first, last)


def _week_before_last(_match: re.Match[str], clue: Clue) -> str:
    return _week(-2, clue, "")


def _ago(match: re.Match[str], clue: Clue) -> str:
    number = -as_number(match["number"])
    return around(clue.first, clue.last, number, match["unit"], exact=clue.exact)


def _named_month(match: re.Match[str], clue: Clue) -> str:
    """ "Last March": in May that of this year or of the last; in January only the latter."""
    number, which = MONTHS.index(match["month"]) + 1, match["which"].casefold()
    year, month = clue.last.year, clue.last.month
    if which == "last":
        years = (year - 1, year) if number < month else (year - 1,)
    elif which == "next":
        years = (year, year + 1) if number > month else (year + 1,)
    else:
        years = (year,)
    months = [f"{year:04}-{number:02}" for year in years]
    return f"[{','.join(months)}]" if len(months) > 1 else months[0]


_SEASON = {"spring": 21, "summer": 22, "autumn": 23, "fall": 23, "winter": 24}


# "This winter" in April is over; "this autumn" in April is to come.
_JUST_OVER = timedelta(days=92)


def _season(match: re.Match[str], clue: Clue) -> str:
    """A northern season: the latest that began, with "last" the latest that is over, with "next"
    the first to come."""
    code, which = _SEASON[match["season"].casefold()], match["which"].casefold()
    year = clue.last.year - (clue.last.month < SEASONS[str(code)][1])
    ends = bounds(f"{year:04}-{code}").latest or clue.first
    is_over = ends < clue.first
    to_come = clue.ahead or (which == "this" and clue.first - ends > _JUST_OVER)
    if which in ("next", "this coming") or (is_over and to_come and which != "last"):
        year += 1
    elif which == "last" and not is_over:
        year -= 1
    return f"{year:04}-{code}"


_WHEN = r"(?: (?:morning|afternoon|evening|night))?"
_NO_NAME = r"(?<!Black )(?<!Good )(?<!Bloody )(?<!Super )(?<!Ash )(?<!Palm )(?<!Easter )(?<!every )"
# Counted from another date, if there is one.
_NO_OTHER = r"(?<!following )(?<!previous )(?<!same )"
RULES: tuple[tuple[str, Resolve], ...] = (
    (r"(?i:today)(?!['’])", _today),
    (
        (
            rf"(?i:on) the (?P<day>{ORDINAL_DAY})(?:(?P<that> of that month)|(?! [A-Z]))(?! (?:of"
            r"|century|floor|day|time|anniversary|birthday|round|session|meeting|congress|summit|parallel"
            r"|largest)\b)"
        ),
        _day_of_month,
    ),
    (r"(?:(?i:at|over|on|during) )?(?P<which>(?i:last|this|next|the)) weekend", _weekend),
    (rf"(?P<near>(?i:{'|'.join(_NEAR)})){_WHEN}", _near),
    (
        (
            rf"{_NO_NAME}{_NO_OTHER}(?:(?i:on) )?"
            rf"(?:(?P<which>(?i:this coming|this past|last|this|next)) )?"
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
            rf"(?P<unit>{COUNTED})(?P<several>s)?(?! of\b)"
        ),
        _lately,
    ),
    (rf"(?P<number>(?i:{NUMBER})) (?P<unit>{COUNTED})s? ago", _ago),
    (r"(?:(?i:in) )?(?:(?i:the) )week before last", _week_before_last),
    (
        rf"(?:(?i:in) )?(?P<which>(?i:last|this|next)) (?P<month>{'|'.join(MONTHS)})(?! [0-9])",
        _named_month,
    ),
    (
        rf"(?:(?i:in) )?(?P<which>(?i:last|this coming|this|next)) (?P<season>{'|'.join(_SEASON)})",
        _season,
    ),
    (
        (
            r"(?(lead)|(?i:in|during|at) )(?:the (?:start|beginning|middle|end) of )?(?P<which>the)"
            rf" (?P<season>{'|'.join(_SEASON)})(?! of)"
        ),
        _season,
    ),
)
