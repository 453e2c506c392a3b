"""Days that a text counts from a date or an event that it names before: "three days later", "within
a week", "four days after the vote"; and holidays.
"""

import re
from datetime import date, timedelta

from tracker.domain.dates.description import MONTHS
from tracker.domain.reading.counted_days import (
    COUNTED,
    FEW_OR_NUMBER,
    NUMBER,
    UNIT,
    as_number,
    end_of,
    from_date,
    moved,
    span,
    start_of,
)
from tracker.domain.reading.relative_days import WEEKDAY, WEEKDAYS, Clue, Resolve


def _later(match: re.Match[str], clue: Clue) -> str | None:
    """ "Three days later": after the date before it."""
    if clue.base is None:
        return None
    sign = -1 if match["way"] in ("earlier", "before that", "before then", "before") else 1
    number, unit = (match["number"] or "few").casefold(), match["unit"].casefold()
    return from_date(clue.base, number, unit, sign, exact=clue.exact)


def _after_event(match: re.Match[str], clue: Clue) -> str | None:
    """ "Four days after the vote", of a vote that the text has dated."""
    if clue.base is None:
        return None
    sign = -1 if match["way"] == "before" else 1
    is_one = match["one"] and not match["several"]
    number = (match["number"] or ("one" if is_one else "few")).casefold()
    return from_date(clue.base, number, match["unit"].casefold(), sign, exact=clue.exact)


def _within(match: re.Match[str], clue: Clue) -> str | None:
    """ "Within a day", "within two months": from the date before it on."""
    if clue.base is None:
        return None
    number = 1 if match["number"].casefold() == "the" else as_number(match["number"])
    first, last = clue.base
    ends = moved(last, number, match["unit"])
    if match["unit"] in ("month", "year"):
        return f"[{first:%Y-%m}..{ends:%Y-%m}]"
    return span(first, ends)


def _holiday(match: re.Match[str], clue: Clue) -> str:
    """The latest such day that is not after the document, or the first to come."""
    month, day = _HOLIDAYS[match["holiday"].replace("’", "'")]
    found = date(clue.last.year, month, day)
    if clue.ahead and found < clue.first:
        found = moved(found, 1, "year")
    elif not clue.ahead and found > clue.last:
        found = moved(found, -1, "year")
    return str(found)


_HOLIDAYS = {
    "New Year's Day": (1, 1),
    "New Year's Eve": (12, 31),
    "Valentine's Day": (2, 14),
    "May Day": (5, 1),
    "Christmas Day": (12, 25),
    "Christmas Eve": (12, 24),
    "Christmas": (12, 25),
    "Boxing Day": (12, 26),
}


def _same_day(_match: re.Match[str], clue: Clue) -> str | None:
    """ "Hours later", "that evening": on the day of the date before it."""
    return span(*clue.base) if clue.base else None


def _part_of_that(match: re.Match[str], clue: Clue) -> str | None:
    """ "Earlier that month", "later the same day": before or after the date before it."""
    if clue.base is None:
        return None
    (first, last), unit = clue.base, match["unit"]
    if unit == "day":
        return span(first, last)
    if unit == "week":
        first, last = (
            first - timedelta(days=first.weekday()),
            last + timedelta(days=6 - last.weekday()),
        )
    else:
        first, last = start_of(first, unit), end_of(last, unit)
    is_later = match["way"].casefold() == "later"
    return span(clue.base[0], last) if is_later else span(first, clue.base[1])


def _eve(_match: re.Match[str], clue: Clue) -> str | None:
    """ "On the eve of the vote": the day before the date before it."""
    if clue.base is None:
        return None
    return span(*(day - timedelta(days=1) for day in clue.base))


def _following(match: re.Match[str], clue: Clue) -> str | None:
    """ "The next day", "the following week", "the same month", after a date before it."""
    if clue.base is None:
        return None
    unit = match["unit"].casefold()
    unit = unit if unit in UNIT.split("|") else "day"
    sign = {"same": 0, "that": 0, "previous": -1}.get(match["which"].casefold(), 1)
    first, last = (moved(day, sign, unit) for day in clue.base)
    if unit == "day":
        return span(first, last)
    if unit == "week":
        return span(
            first - timedelta(days=first.weekday()), last + timedelta(days=6 - last.weekday())
        )
    return span(start_of(first, unit), end_of(last, unit))


def _month_near(match: re.Match[str], clue: Clue) -> str | None:
    """ "That October", "the following March": of the year of the date before it, or the first such
    month after it."""
    if clue.base is None:
        return None
    month, base = MONTHS.index(match["month"]) + 1, clue.base[1]
    which = match["which"].casefold()
    later = which.endswith(("following", "next")) and month <= base.month
    earlier = which.endswith("previous") and month >= base.month
    return f"{base.year + later - earlier:04}-{month:02}"


def _weekday_near(match: re.Match[str], clue: Clue) -> str | None:
    """ "That same Tuesday", "the following Monday": the first such day from the date before it on,
    after it, or before it."""
    if clue.base is None:
        return None
    which, number = match["which"].casefold(), WEEKDAYS.index(match["weekday"])
    if which.endswith("previous"):
        day = clue.base[0] - timedelta(days=1)
        return str(day - timedelta(days=(day.weekday() - number) % 7))
    day = clue.base[1] + timedelta(days=not which.startswith("that"))
    return str(day + timedelta(days=(number - day.weekday()) % 7))


def _since_then(_match: re.Match[str], clue: Clue) -> str | None:
    return f"{clue.base[0]}/.." if clue.base else None


_HOLIDAY = "|".join(_HOLIDAYS).replace("'", "['’]")
RULES: tuple[tuple[str, Resolve], ...] = (
    (rf"(?:(?i:on|at) )?(?P<holiday>{_HOLIDAY})(?! (?:tree|truce|market|message))", _holiday),
    (
        (
            r"(?:(?i:in|over|within) (?:the )?|(?:(?i:on) )?(?P<one>(?i:the)) )?"
            rf"(?:(?P<number>(?i:{FEW_OR_NUMBER})) )?"
            rf"(?P<unit>(?i:{COUNTED}))(?P<several>s)? (?P<way>after|before|following)"
            r" (?:the|that|this) (?:[a-z-]+ )?(?P<event>[a-z-]{4,})"
        ),
        _after_event,
    ),
    (rf"(?i:within) (?P<number>the|(?i:{NUMBER})) (?P<unit>{COUNTED})s?(?! of\b)", _within),
    (
        (
            rf"(?:(?P<number>(?i:{FEW_OR_NUMBER})) |(?=\w+s ))(?P<unit>(?i:{COUNTED}))s?"
            r" (?P<way>later|earlier|after that|before that|after then|before then|afterwards"
            r"|before(?=[,.;]))"
        ),
        _later,
    ),
    (
        (rf"(?:(?i:on|in) )?(?i:the) (?P<which>next|following|same|previous) (?P<unit>{UNIT})"),
        _following,
    ),
    (
        rf"(?P<way>(?i:earlier|later)) (?:that|the)(?: same)? (?P<unit>{UNIT})",
        _part_of_that,
    ),
    (r"(?i:on the eve of) (?:the|that|this|its|their) (?:[a-z-]+ )?(?P<event>[a-z-]{4,})", _eve),
    (
        (
            r"(?:(?i:on) )?(?i:the) (?P<which>next|following|previous)"
            r" (?P<unit>morning|afternoon|evening|night)"
        ),
        _following,
    ),
    (
        rf"(?:(?i:on|in|by) )?(?P<which>(?i:that)) (?:same )?(?P<unit>{UNIT})(?! [a-z]+ed\b)",
        _following,
    ),
    # "They said that May resigned": a name.
    (
        (
            r"(?:(?i:in|during) )?(?P<which>(?i:that(?: same)?(?! May)|the following|the next"
            rf"|the previous)) (?P<month>{'|'.join(MONTHS)})\b"
        ),
        _month_near,
    ),
    (
        (
            rf"(?:(?i:on) )?(?P<which>(?i:that(?: same)?|the following|the next|the previous))"
            rf" (?P<weekday>{WEEKDAY})"
        ),
        _weekday_near,
    ),
    (r"(?i:ever since|since then)(?=[ ,.;]+[a-z]|[.;])", _since_then),
    (
        (
            r"(?:(?i:before|by) (?:nightfall|dawn|noon|lunchtime|midnight|the day was out)"
            r"|(?:(?i:a few|some) )?(?i:hours) (?:later|afterwards)|(?i:within) (?:a few )?hours"
            r"|(?i:the same|that same|that) (?:morning|afternoon|evening|night))"
        ),
        _same_day,
    ),
)
