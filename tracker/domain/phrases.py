"""Dates as people type them become EDTF, its bounds, and an echo of what was understood.

Nothing is guessed: what can mean two things is refused with the reason and the way out.
"""

import re
from dataclasses import dataclass
from typing import NoReturn

from tracker.domain.datephrase import AROUND, MONTH, YEAR, read
from tracker.domain.dateranges import read_range
from tracker.domain.dates import LONGEST, BadDate, Bounds, bounds, parse
from tracker.domain.datewords import describe

__all__ = ["UNKNOWN", "Reading", "describe", "from_phrase"]

EXAMPLES = (
    "write one such as '11 May 2022', 'late March 2022', 'around 2020', 'Q1 2022',"
    " 'between 21 and 31 March 2022', 'from 21 March 2022 to 31 March 2022',"
    " 'since 24 February 2022', 'before 24 May 2022', 'May or June 2022', 'unknown', or EDTF"
)

_UNKNOWN = {"unknown", "date unknown", "unknown date", "no date", "undated", "not known", "n.d."}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was understood: the EDTF (empty: unknown), its bounds, and both said in English."""

    edtf: str
    bounds: Bounds
    says: str


UNKNOWN = Reading(edtf="", bounds=Bounds(earliest=None, latest=None), says="the date is unknown")


def from_phrase(text: str) -> Reading:
    """Read a date as people type it: "late March 2022" is one day in 21–31 March 2022.

    EDTF means itself, so that 2021-22 is the summer of 2021, as the echo says.

    :raises BadDate: if it is no date, or can mean two; says why, and what to write instead.
    """
    phrase = _normal(text)
    if phrase in _UNKNOWN:
        return UNKNOWN
    try:
        parse(edtf := text.strip())
    except BadDate as problem:
        edtf = read(phrase) or read_range(phrase) or _refuse(phrase, no_edtf=problem)
    return Reading(edtf=edtf, bounds=bounds(edtf), says=describe(edtf))


def _normal(text: str) -> str:
    """Lower case, one kind of space, and an en dash between the two ends of a range."""
    if len(text) > LONGEST:
        raise BadDate(f"the date has {len(text)} characters; at most {LONGEST} are allowed")
    phrase = " ".join(re.sub(r"[()]", " ", text.casefold()).split())
    if not phrase:
        raise BadDate(f"the date is empty: {EXAMPLES}")
    phrase = re.sub(r" ?[–—−] ?| - ", "–", phrase)
    for end in (r"[0-9]{1,2}", YEAR, MONTH):
        phrase = re.sub(rf"(?<![\w-])({end})-({end})(?![\w-])", r"\1–\2", phrase)
    return re.sub(rf"\b({MONTH}|{AROUND})\.", r"\1", phrase)


def _refuse(phrase: str, *, no_edtf: BadDate) -> NoReturn:
    if re.fullmatch(r"[][{}0-9xyzste?~%:.,/+ -]+", phrase):
        raise no_edtf
    if re.search(r"\b(today|yesterday|tomorrow|now|ago|last|this|next|recently)\b", phrase):
        why = "it hangs on the day it was written, write the day itself, '11 May 2022'"
    elif re.search(rf"\b({MONTH})\b", phrase) and not re.search(YEAR, phrase):
        why = "which year? Write '11 May 2022'"
    else:
        why = EXAMPLES
    raise BadDate(f"{phrase!r} is not a date: {why}")
