"""Dates that were found in a text, and from which of them a later phrase counts: "two days later",
"the day after the vote"."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain, islice, takewhile
from typing import Literal

from tracker.domain.dates.edtf import bounds

type Basis = Literal["stated", "inferred"]

# From a date further before nothing is counted.
_NEAREST = 800
# An event has the date that is so near to it, of so many before the phrase.
_BESIDE, _MOST_DATED = 40, 40
_LONGEST = timedelta(days=31)
# The dates that a phrase may count from.
_MOST = 3
# "The treaty of 1975", but not "the night of 31 March".
_OF = re.compile(r"(?<!day)(?<!night)(?<!evening)(?<!morning)(?<!afternoon)(?<!hours) of $")
# "…, who left in 1991"
_ASIDE = re.compile(r"\b(?:which|who|whose|where) [^,.;:\n]*$")
_SENTENCE_END = re.compile(r"[.!?;\n]")


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFound:
    """A date in a text, whose words are `phrase`, `text[start:end]`. What is written in full is
    `stated`; what follows from the document's day or an earlier date is `inferred`. `others` are
    the EDTF of what the phrase may mean besides: of "by 10 October" that day."""

    start: int
    end: int
    phrase: str
    edtf: str
    basis: Basis
    others: tuple[str, ...] = ()


def is_of_a_noun(text: str, start: int) -> bool:
    """Return whether a date at a place is that of a thing, not of what happens."""
    return _OF.search(text, max(0, start - 16), start) is not None


def bases(
    text: str, match: re.Match[str], document: date, found: Sequence[DayFound]
) -> tuple[tuple[date, date], ...]:
    """Return the first and the last day of the dates from which a phrase may count, the likeliest
    first: that of the event that it names, then the last ones before it that are not after the
    document."""
    event = match.groupdict().get("event")
    beside = _beside(text, match.start(), event, found[-_MOST_DATED:]) if event else ()
    days = chain(_told(text, beside, document), _near(text, match, document, found))
    return tuple(dict.fromkeys(islice(days, _MOST)))


def _near(
    text: str, match: re.Match[str], document: date, found: Sequence[DayFound]
) -> Iterator[tuple[date, date]]:
    near = takewhile(lambda one: match.start() - one.end <= _NEAREST, reversed(found))
    return _told(text, near, document)


def _told(text: str, found: Iterable[DayFound], document: date) -> Iterator[tuple[date, date]]:
    """The days of what is told, in order, up to a year or another long time. Passed over are dates
    of things, dates on lines of their own, and the long ones of "since 1996" and of asides."""
    for one in found:
        if is_of_a_noun(text, one.start) or _is_line(text, one):
            continue
        limits = bounds(one.others[0] if _is_open(one) and one.others else one.edtf)
        first, last = limits.earliest, limits.latest
        if first and last and last - first <= _LONGEST:
            if first <= document:
                yield first, last
        elif not (_is_open(one) or _ASIDE.search(text, max(0, one.start - 80), one.start)):
            return


def _is_open(one: DayFound) -> bool:
    return one.edtf.startswith("[..") or one.edtf.endswith("/..")


def _is_line(text: str, one: DayFound) -> bool:
    before, after = text[max(0, one.start - 1) : one.start], text[one.end : one.end + 1]
    return before in ("", "\n") and after == "\n"


def _beside(text: str, end: int, event: str, found: Sequence[DayFound]) -> Sequence[DayFound]:
    """The date that is nearest to a word before a place, in the same sentence."""
    words_at = re.compile(rf"\b{event}\b").finditer
    reach = _BESIDE + len(event) + 1
    near = [
        (len(between), place, one)
        for place, one in enumerate(found)
        for word in words_at(text, max(0, one.start - reach), min(end, one.end + reach))
        for between in (text[min(word.end(), one.end) : max(word.start(), one.start)],)
        if len(between) <= _BESIDE and not _SENTENCE_END.search(between)
    ]
    return [min(near)[2]] if near else []
