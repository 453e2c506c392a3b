"""How articles write dates, as regular expressions. Months and weekdays need their capitals: "may"
and "march" are other words."""

import re

from tracker.domain.dates.description import MONTHS
from tracker.domain.dates.phrases import MONTH as KEYS
from tracker.domain.dates.phrases import YEAR as ANY_YEAR
from tracker.domain.reading.counted_days import COUNTED, FEW_OR_NUMBER
from tracker.domain.reading.relative_days import WEEKDAY

_FULL = "|".join(f"{name}\\b" for name in MONTHS)
_SHORT = "|".join(key.capitalize() for key in KEYS.split("|") if len(key) < 5)
MONTH = rf"(?:{_FULL}|(?:{_SHORT})\b\.?)"
_NO_NUMBER = "(?![,.:]?[0-9]| ?%| per ?cent)"
_DAY = rf"(?:3[01]|[12][0-9]|0?[1-9])(?:st|nd|rd|th)?\b{_NO_NUMBER}"
_YEAR = rf"(?:1[5-9]|20|21)[0-9]{{2}}\b{_NO_NUMBER}(?![–-])"
_AND_YEAR = rf"(?:,? (?:of )?{_YEAR})?"
# By how many years these differ from the document's year, and others from that of the date before.
YEARS = {"last": -1, "this": 0, "next": 1}
OTHER_YEARS = {"that": 0, "the same": 0, "the previous": -1, "the following": 1}
_OF_YEAR = rf"(?:,? (?:(?:of|in) )?(?P<of_year>{'|'.join((*YEARS, *OTHER_YEARS))}) year\b)?"
_PART = "(?:the )?(?i:early|mid|late|(?:start|beginning|middle|end) of)[ -](?:in )?"
# Dates that are found wherever they stand. Those with a day or a part of a month can lack the year.
_DATE = "|".join(
    (
        rf"(?:the )?{_DAY}(?: of)? {MONTH}{_AND_YEAR}",
        rf"{MONTH} {_DAY}{_AND_YEAR}",
        rf"{_PART}(?:{_FULL}){_AND_YEAR}",
        rf"{MONTH},? (?:of )?{_YEAR}",
        rf"(?:the )?(?:spring|summer|autumn|fall)(?: of)? {_YEAR}",
        rf"(?:the )?winter(?: of)? {ANY_YEAR}[/–-](?:[0-9]{{4}}|[0-9]{{2}})\b",
        rf"(?:the )?(?:first|second|third|fourth) quarter(?: of)? {_YEAR}",
        rf"(?:the )?(?:first|second) half of {_YEAR}",
        rf"Q[1-4] {_YEAR}",
        r"(?<![0-9./-])[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9-])",
        r"(?<![0-9./-])[0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{4}(?![0-9])",
    )
)
# Months and years: found only after certain words.
_BARE = rf"(?:{_FULL})|{_YEAR}"
LEAD = (
    "(?i:ever since|since|until|till|by|up to|no later than|not later than|before|prior to|after"
    "|throughout|all through)"
)
# "In 1940 cases", "after May resigned", "in May’s cabinet".
_NOT_COUNTED = (
    "(?! (?:cases|people|soldiers|troops|men|women|children|civilians|villages|towns|places|homes"
    r"|households|instances|tonnes|tons|dollars|euros|barrels|kilometres|miles|metres|feet)\b)"
)
_NO_PERSON = r"(?!(?<=May) [a-z]+(?:ed|es|t|d|ng|gn|ts)\b)(?!(?<=May)['’]s)"
_LINK = "(?P<link> (?:and|or|to) | ?[–—-] ?)"


def _compiled(pattern: str) -> re.Pattern[str]:
    """A pattern of whole words."""
    return re.compile(rf"(?<![\w-])(?:{pattern})(?!\w)")


SINGLE = _compiled(
    rf"(?:(?P<lead>{LEAD}|(?i:on|in|at)) )?(?:(?P<weekday>{WEEKDAY}),? )?(?P<date>{_DATE})"
    rf"{_OF_YEAR}"
)
BARE = _compiled(
    rf"(?P<lead>{LEAD}|(?i:in|during)) (?P<date>{_BARE}){_NO_PERSON}{_NOT_COUNTED}(?P<weekday>)?"
    rf"{_OF_YEAR}"
)
BETWEEN = _compiled(
    rf"(?P<lead>(?i:between)) (?P<first>{_DATE}|{_BARE}|{_DAY}) (?P<link>and)"
    rf" (?P<second>{_DATE}|{_BARE})"
)
FROM_TO = _compiled(
    rf"(?P<lead>(?i:from)) (?P<first>{_DATE}|{_BARE}|{_DAY}) (?P<link>to|until|till|through)"
    rf" (?P<second>{_DATE}|{_BARE})"
)
TWO_MONTHS = _compiled(
    rf"(?:(?P<lead>(?i:in)) )?(?P<first>{_FULL}) (?P<link>and|or)"
    rf" (?P<second>(?:{_FULL}){_AND_YEAR})"
)
DAY_FIRST = _compiled(
    rf"(?:(?i:on) )?(?P<first>{_DAY}){_LINK}(?P<second>{_DAY}) (?P<month>{MONTH})"
    rf"(?:,? (?P<year>{_YEAR}))?"
)
MONTH_FIRST = _compiled(
    rf"(?:(?i:on) )?(?P<month>{MONTH}) (?P<first>{_DAY}){_LINK}(?P<second>{_DAY})"
    rf"(?:,? (?P<year>{_YEAR}))?"
)
PART_OF_YEAR = _compiled(
    rf"(?:(?P<lead>{LEAD}|(?i:in|at)) )?(?:the )?"
    rf"(?P<part>(?i:early|mid|late|start|beginning|middle|end))[ -](?:of |in )?(?P<year>{_YEAR})"
)
PART_OF_MONTH = _compiled(
    rf"(?:(?P<lead>{LEAD}|(?i:in|at|over|during)) )?the"
    r" (?P<part>first|opening|second|third|last|final|closing) (?P<unit>days|week|fortnight|half)"
    rf" of (?P<month>{_FULL})(?P<year>{_AND_YEAR}){_OF_YEAR}"
)
WEEKS_AFTER = _compiled(
    r"(?:(?i:in|over|during|within) )?(?:the )?(?:first |next |following )?"
    rf"(?:(?P<number>{FEW_OR_NUMBER}) )?(?P<unit>{COUNTED})s?"
    r" (?P<side>after|following|since|before|preceding)"
    rf" (?:[a-z]+ing (?:[\w’'-]+ ){{0,3}}?(?:on|in) )?(?P<date>{_DATE})"
)
DECADE = _compiled("(?:(?i:in) )?(?:the )?(?P<decade>(?:1[5-9]|20)[0-9])0s")
_YEAR_IN_IT = re.compile(r"\b[0-9]{4}\b")


def relative(pattern: str) -> re.Pattern[str]:
    """Compile a pattern of `relative_days`, before which "since" and the like can stand."""
    return _compiled(rf"(?:(?P<lead>{LEAD}) )?{pattern}")


def has_year(phrase: str) -> bool:
    """Return whether a date that was found has a year."""
    return _YEAR_IN_IT.search(phrase) is not None
