"""One date in English, without "from", "between" or "or", becomes EDTF. Phrases are lower case."""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, NoReturn

from tracker.domain.dates.edtf import LONGEST, BadDate, Bounds, Point, bounds, parse
from tracker.domain.dates.words import MONTHS, describe

_NAMES = {name.casefold(): number for number, name in enumerate(MONTHS, start=1)}
_NUMBERS = _NAMES | {name[:3]: number for name, number in _NAMES.items()} | {"sept": 9}

MONTH = "|".join(sorted(_NUMBERS, key=len, reverse=True))
YEAR = "[0-9]{4}"
AROUND = "around|about|circa|ca|c|approximately|approx|roughly|~"

_SEASONS = {"spring": 21, "summer": 22, "autumn": 23, "fall": 23}
_SOUTHERN = {"spring": 29, "autumn": 31, "fall": 31, "winter": 32}
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_FILLERS = {"a", "an", "the", "of", "on", "in", "some", "one", "month", "year"}


def read(phrase: str) -> str | None:
    """Return the EDTF of "late march 2022" or "around 2020", or None if the phrase is no date.

    :raises BadDate: if the phrase can mean two things, or a doubt that EDTF cannot keep.
    """
    for words, mark in ((AROUND, "~"), ("uncertain|probably|possibly|perhaps|maybe", "?")):
        if found := re.fullmatch(rf"(?:(?:in|on|at) or )?(?:{words}) ?(.+)", phrase):
            return _doubted(_read_plain(found[1]), mark, phrase)
    return _read_plain(phrase)


def _doubted(edtf: str | None, mark: str, phrase: str) -> str | None:
    if edtf is None:
        return None
    dated = parse(edtf)
    if not isinstance(dated, Point) or dated.season:
        raise BadDate(f"{phrase!r}: only a day, month or year can be uncertain; leave that out")
    return edtf + mark


def _read_plain(phrase: str) -> str | None:
    words = [word for word in phrase.replace(",", " ").split() if word not in _FILLERS]
    text = re.sub(r"\b([0-9]{1,2})(?:st|nd|rd|th)\b", r"\1", " ".join(words))
    for pattern, write in _FORMS:
        if found := re.fullmatch(pattern, text):
            return write(found)
    return None


def _day(found: re.Match[str]) -> str:
    return f"{_month(found)}-{int(found['day']):02}"


def _month(found: re.Match[str]) -> str:
    return f"{found['year']}-{_NUMBERS[found['month']]:02}"


def _third(found: re.Match[str]) -> str:
    """Early, mid and late are the days 1–10, 11–20 and 21 to the end."""
    month = _month(found)
    if found["third"] == "early":
        return f"[{month}-01..{month}-10]"
    if found["third"] == "mid":
        return f"[{month}-11..{month}-20]"
    end = monthrange(max(1, int(found["year"])), _NUMBERS[found["month"]])[1]
    return f"[{month}-21..{month}-{end}]"


def _season(found: re.Match[str]) -> str:
    return f"{found['year']}-{_SEASONS[found['season']]}"


def _southern(found: re.Match[str]) -> str:
    return f"{found['year']}-{_SOUTHERN[found['season']]}"


def _winter(found: re.Match[str]) -> str:
    """A northern winter belongs to the year of its December."""
    year, after = int(found["year"]), found["after"]
    if f"{year + 1:04}"[-len(after) :] != after:
        raise BadDate(f"winter {found['year']}/{after} is not a winter: write winter 2021/22")
    return f"{found['year']}-24"


def _which_winter(found: re.Match[str]) -> str:
    year = int(found["year"])
    raise BadDate(
        f"'{found[0]}' can be January and February {year} or the winter that begins in December:"
        f" write 'winter {year - 1}/{year % 100:02}' or 'winter {year}/{(year + 1) % 100:02}'"
    )


def _which_days(found: re.Match[str]) -> str:
    raise BadDate(
        f"{found[0]!r}: only months have early, mid and late: write 'Q4 2022',"
        " 'between October and December 2022' or 'late March 2022'"
    )


def _quarter(found: re.Match[str]) -> str:
    return f"{found['year']}-{32 + _ORDINALS[found['number']]}"


def _half(found: re.Match[str]) -> str:
    return f"{found['year']}-{39 + _ORDINALS[found['number']]}"


def _numeric(found: re.Match[str]) -> str:
    """Read day and month in figures where only one order of them is possible."""
    one, other, year = int(found["one"]), int(found["other"]), found["year"]
    readings = [(month, day) for month, day in sorted({(one, other), (other, one)}) if month <= 12]
    if not readings:
        raise BadDate(f"{found[0]} has no valid month: months are 1 to 12")
    ways = [f"{year}-{month:02}-{day:02}" for month, day in readings]
    if len(ways) > 1:
        raise BadDate(
            f"{found[0]} is ambiguous (day first or month first): write {' or '.join(ways)}"
        )
    return ways[0]


def _year_first(found: re.Match[str]) -> str:
    return f"{found['year']}-{int(found['month']):02}-{int(found['day']):02}"


def _short_year(found: re.Match[str]) -> str:
    raise BadDate(
        f"{found[0]} is ambiguous (which part is the year): write 2024-03-05 or '5 March 2024'"
    )


_FORMS: tuple[tuple[str, Callable[[re.Match[str]], str]], ...] = (
    (rf"(?P<day>[0-9]{{1,2}})[ -](?P<month>{MONTH})[ -](?P<year>{YEAR})", _day),
    (rf"(?P<month>{MONTH}) (?P<day>[0-9]{{1,2}}) (?P<year>{YEAR})", _day),
    (rf"(?P<month>{MONTH}) (?P<year>{YEAR})", _month),
    (rf"(?P<third>early|mid|late)[ -](?P<month>{MONTH}) (?P<year>{YEAR})", _third),
    (rf"day (?P<month>{MONTH}) (?P<year>{YEAR})", lambda found: f"{_month(found)}-XX"),
    (YEAR, lambda found: found[0]),
    (rf"{YEAR}-[0-9]{{2}}(?:-[0-9]{{2}})?", lambda found: found[0]),
    (r"(?P<decade>[0-9]{3})0s", lambda found: f"{found['decade']}X"),
    (rf"(?:northern )?(?P<season>{'|'.join(_SEASONS)}) (?P<year>{YEAR})(?: northern)?", _season),
    (rf"(?P<season>{'|'.join(_SOUTHERN)}) (?P<year>{YEAR}) southern", _southern),
    (rf"southern (?P<season>{'|'.join(_SOUTHERN)}) (?P<year>{YEAR})", _southern),
    (rf"winter (?P<year>{YEAR}) ?[/–-] ?(?P<after>[0-9]{{4}}|[0-9]{{2}})", _winter),
    (rf"winter (?P<year>{YEAR})", _which_winter),
    (rf"(?:early|mid|late)[ -](?:(?:winter|{'|'.join(_SEASONS)}) )?{YEAR}", _which_days),
    (rf"q(?P<number>[1-4])[ /]?(?P<year>{YEAR})", _quarter),
    (rf"(?P<year>{YEAR})[ -]?q(?P<number>[1-4])", _quarter),
    (rf"(?P<number>{'|'.join(_ORDINALS)}) quarter (?P<year>{YEAR})", _quarter),
    (rf"h(?P<number>[12])[ /]?(?P<year>{YEAR})", _half),
    (rf"(?P<number>first|second|1|2) half (?P<year>{YEAR})", _half),
    (rf"(?P<one>[0-9]{{1,2}})[./-](?P<other>[0-9]{{1,2}})[./-](?P<year>{YEAR})", _numeric),
    (rf"(?P<year>{YEAR})[./-](?P<month>[0-9]{{1,2}})[./-](?P<day>[0-9]{{1,2}})", _year_first),
    (r"[0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{2}", _short_year),
)


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
