"""The year of a date that is written without one, and the grammar of dates in articles."""

import re
from contextlib import suppress
from datetime import date, timedelta
from functools import lru_cache

from tracker.domain.dates.edtf import BadDate, bounds
from tracker.domain.dates.phrases import from_phrase
from tracker.domain.reading.date_patterns import OTHER_YEARS, YEARS, has_year
from tracker.domain.reading.relative_days import Clue

# A date without a year is ambiguous if both of its days are plausible: one within a month ahead
# and one nearly a year ago; or one within three months ago and one most of a year ahead.
_SOON, _LONG_AGO, _LATELY, _FAR = (timedelta(days=days) for days in (31, 300, 92, 270))
_YEARS_TRIED = 9


def dated(phrase: str, clue: Clue | None, year: str | None = None) -> str | None:
    """Return a phrase with its year; None without a document, or if its year is ambiguous. `year`
    is the word for it, if there is one: "last", "this" and "next" year, or "that" of the date
    before it."""
    if has_year(phrase):
        return phrase
    if clue is None:
        return None
    return _in_year(phrase, year.casefold(), clue) if year else _likely(phrase, clue)


def _likely(phrase: str, clue: Clue) -> str | None:
    """The phrase with the year that people would mean."""
    last, first = clue.last.year, clue.first.year
    past = _first_valid(phrase, range(last, last - _YEARS_TRIED, -1), clue)
    to_come = _first_valid(phrase, range(first, first + _YEARS_TRIED), clue)
    if past == to_come or past is None or to_come is None:
        return past or to_come
    since, until = clue.last - last_day(grammar(past)), first_day(grammar(to_come)) - clue.first
    if clue.ahead:
        return None if until > _FAR and since < _LATELY and not clue.by else to_come
    if until <= _SOON and since > _LONG_AGO:
        # A limit that is soon includes what a limit long ago does.
        return to_come if clue.by else past if clue.past else None
    return past


def _in_year(phrase: str, year: str, clue: Clue) -> str | None:
    step = YEARS.get(year)
    if step is not None:
        return f"{phrase} {clue.last.year + step:04}"
    if clue.base is None:
        return None
    return f"{phrase} {clue.base[1].year + OTHER_YEARS[year]:04}"


def _first_valid(phrase: str, years: range, clue: Clue) -> str | None:
    """The phrase with the first of some years in which it is in the calendar, and not on the wrong
    side of the document."""
    for year in years:
        with suppress(BadDate):
            with_year = f"{phrase} {year:04}"
            edtf = grammar(with_year)
            if first_day(edtf) <= clue.last if years.step < 0 else last_day(edtf) >= clue.first:
                return with_year
    return None


def first_day(edtf: str) -> date:
    """Return the first day of a date, or the first of the calendar."""
    return bounds(edtf).earliest or date.min


def last_day(edtf: str) -> date:
    """Return the last day of a date, or the last of the calendar."""
    return bounds(edtf).latest or date.max


# The words of the date grammar for those of articles.
_PARTS = tuple(
    (re.compile(pattern, re.IGNORECASE), word)
    for pattern, word in (
        (r"\b(?:start|beginning) of\b", "early"),
        (r"\bmiddle of\b", "mid"),
        (r"\bend of\b", "late"),
        (r"\b(early|mid|late) in\b", r"\1"),
    )
)


@lru_cache(maxsize=4096)
def grammar(phrase: str) -> str:
    """Return the EDTF of a phrase of the date grammar, with the words of articles for its own.

    :raises BadDate: if it is not a date, or ambiguous.
    """
    for pattern, word in _PARTS:
        phrase = pattern.sub(word, phrase)
    return from_phrase(phrase).edtf
