"""Dates in English that are made of two, or open on a side: "between …", "since …", "May or June".

An end that EDTF does not allow there as it is (a quarter, "late March") gives its first or its
last day. Phrases are lower case, with an en dash between the ends of a range.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Literal

from tracker.domain.datephrase import MONTH, YEAR, read
from tracker.domain.dates import BadDate, Point, bounds, parse


def read_range(phrase: str) -> str | None:
    """Return the EDTF of a phrase such as "since 24 february 2022", or None if it is none.

    :raises BadDate: if one of its dates is none, or can mean two things.
    """
    for pattern, write in _RULES:
        if found := re.fullmatch(pattern, phrase):
            return write(found)
    return None


def _one(*candidates: str) -> str:
    for candidate in candidates:
        if edtf := read(candidate):
            return edtf
    raise BadDate(f"{candidates[0]!r} is not a date with a year: write '11 May 2022' or 'May 2022'")


def _first_of(phrase: str, last: str) -> str:
    """Read a date that may leave its month and year to the one that comes last."""
    month, year = _found(MONTH, last), _found(YEAR, last)
    return _one(phrase, f"{phrase} {year}", f"{phrase} {month} {year}")


def _last_of(phrase: str, first: str) -> str:
    """Read a date that may leave its month or its year to the one that came first."""
    return _one(phrase, f"{phrase} {_found(YEAR, first)}", f"{_found(MONTH, first)} {phrase}")


def _found(pattern: str, phrase: str) -> str:
    found = re.search(rf"\b(?:{pattern})\b", phrase)
    return found[0] if found else ""


def _two(found: re.Match[str]) -> tuple[str, str]:
    return _first_of(found[1], found[2]), _last_of(found[2], found[1])


def _limit(edtf: str, end: Literal["earliest", "latest"], *, shift: int = 0) -> str:
    """The first or last day of what `read` gave, which is never open, or a day beside it."""
    day: date = getattr(bounds(edtf), end)
    try:
        return str(day + timedelta(days=shift))
    except OverflowError:
        raise BadDate("years run from 0001 to 9999") from None


def _is_plain(edtf: str) -> bool:
    """Tell whether a date can be an end of `a..b` as it is.

    :raises BadDate: if it is doubted, which would be lost.
    """
    dated = parse(edtf)
    if not isinstance(dated, Point):
        return False
    if dated.doubt:
        raise BadDate(f"{edtf}: the ends of a range of days must be exact, leave out 'around'")
    return not dated.season and not dated.masked


def _is_day(edtf: str) -> bool:
    dated = parse(edtf)
    return isinstance(dated, Point) and dated.unit == "day"


def _between(found: re.Match[str]) -> str:
    first, last = _two(found)
    if all([_is_plain(first), _is_plain(last)]) and len(first) == len(last):
        return f"[{first}..{last}]"
    return f"[{_limit(first, 'earliest')}..{_limit(last, 'latest')}]"


def _side(edtf: str, end: Literal["earliest", "latest"]) -> str:
    dated = parse(edtf)
    return edtf if isinstance(dated, Point) and dated.season <= "24" else _limit(edtf, end)


def _lasted(found: re.Match[str]) -> str:
    first, last = _two(found)
    return f"{_side(first, 'earliest')}/{_side(last, 'latest')}"


def _throughout(found: re.Match[str]) -> str:
    edtf = _one(found[1])
    _is_plain(edtf)
    return f"{_limit(edtf, 'earliest')}/{_limit(edtf, 'latest')}"


def _since(found: re.Match[str]) -> str:
    return f"{_side(_one(found[1]), 'earliest')}/.."


def _until(found: re.Match[str]) -> str:
    return _up_to(_one(found[1]), start=found[2])


def _before(found: re.Match[str]) -> str:
    """Before a day leaves that day in, as the word is used; before May leaves May out."""
    edtf = _one(found[1])
    return _up_to(edtf if _is_day(edtf) else _limit(edtf, "earliest", shift=-1), start=found[2])


def _up_to(edtf: str, *, start: str | None) -> str:
    if start:
        return f"{'..' if start == 'open' else ''}/{_side(edtf, 'latest')}"
    return f"[..{edtf}]" if _is_plain(edtf) else f"[..{_limit(edtf, 'latest')}]"


def _after(found: re.Match[str]) -> str:
    edtf = _one(found[1])
    plain = _is_plain(edtf)
    return f"[{edtf if plain and _is_day(edtf) else _limit(edtf, 'latest', shift=1)}..]"


def _listed(found: re.Match[str], word: str) -> list[str]:
    """Read "May, June or July 2022"; a comma before a year belongs to its date."""
    *firsts, last = re.split(rf",? {word} |, (?!{YEAR}\b)", found[1])
    return [*(_first_of(phrase, last) for phrase in firsts), _last_of(last, firsts[0])]


def _one_of(found: re.Match[str]) -> str:
    return f"[{','.join(_member(edtf) for edtf in _listed(found, 'or'))}]"


def _member(edtf: str) -> str:
    dated = parse(edtf)
    if not isinstance(dated, Point):
        return edtf[1:-1]
    if dated.season:
        return f"{_limit(edtf, 'earliest')[:7]}..{_limit(edtf, 'latest')[:7]}"
    return edtf


def _all_of(found: re.Match[str]) -> str:
    members = _listed(found, "and")
    for edtf in members:
        if edtf != _member(edtf):
            raise BadDate(
                f"{found[0]!r}: 'and' can join only days, months or years; enter two claims instead"
            )
    return f"{{{','.join(members)}}}"


_START = r"(?:,? start (open|unknown))?"

_RULES: tuple[tuple[str, Callable[[re.Match[str]], str]], ...] = (
    (r"(.+?),? (?:point event|one day)(?:, day unknown)?", lambda found: _one(found[1])),
    (r"(?:throughout|all through|all of) (.+)", _throughout),
    (r"(.+?),? lasted(?: through the period)?", _throughout),
    (r"(?:ever )?since (.+?)(?:,? (?:ongoing|goes on|no end reported|onwards?))?", _since),
    (r"(?:from )?(.+?) (?:on|onwards?)", _since),
    (rf"(?:on or |in or )?(?:before|prior to) (.+?){_START}", _before),
    (rf"(?:until|till|by|up to|no later than|not later than) (.+?){_START}", _until),
    (r"(?:on or |in or )?after (.+)", _after),
    (r"between (.+?) and (.+)", _between),
    (r"(?:lasted )?(?:from )?(.+?) (?:to|until|till|through) (.+)", _lasted),
    (r"(?:either )?(.+ or .+)", _one_of),
    (r"(?:both )?(.+ and .+)", _all_of),
    (r"(?:one day in )?(.+?)–(.+)", _between),
)
