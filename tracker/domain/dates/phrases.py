"""English date phrases become EDTF: single dates first, then ranges and lists."""

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
    """Return the EDTF of "late march 2022" or "around 2020"; None if the phrase is not a date.

    :raises BadDate: if the phrase is ambiguous, or expresses a doubt that EDTF cannot.
    """
    for words, mark in ((AROUND, "~"), ("uncertain|probably|possibly|perhaps|maybe", "?")):
        if match := re.fullmatch(rf"(?:(?:in|on|at) or )?(?:{words}) ?(.+)", phrase):
            return _with_qualifier(_read_plain(match[1]), mark, phrase)
    return _read_plain(phrase)


def _with_qualifier(edtf: str | None, mark: str, phrase: str) -> str | None:
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
        if match := re.fullmatch(pattern, text):
            return write(match)
    return None


def _day(match: re.Match[str]) -> str:
    return f"{_month(match)}-{int(match['day']):02}"


def _month(match: re.Match[str]) -> str:
    return f"{match['year']}-{_NUMBERS[match['month']]:02}"


def _third(match: re.Match[str]) -> str:
    """Early, mid and late mean the days 1–10, 11–20 and 21 to the end."""
    month = _month(match)
    if match["third"] == "early":
        return f"[{month}-01..{month}-10]"
    if match["third"] == "mid":
        return f"[{month}-11..{month}-20]"
    end = monthrange(max(1, int(match["year"])), _NUMBERS[match["month"]])[1]
    return f"[{month}-21..{month}-{end}]"


def _season(match: re.Match[str]) -> str:
    return f"{match['year']}-{_SEASONS[match['season']]}"


def _southern(match: re.Match[str]) -> str:
    return f"{match['year']}-{_SOUTHERN[match['season']]}"


def _winter(match: re.Match[str]) -> str:
    """A northern winter belongs to the year of its December."""
    year, after = int(match["year"]), match["after"]
    if f"{year + 1:04}"[-len(after) :] != after:
        raise BadDate(f"winter {match['year']}/{after} is not a winter: write winter 2021/22")
    return f"{match['year']}-24"


def _refuse_winter(match: re.Match[str]) -> str:
    year = int(match["year"])
    raise BadDate(
        f"'{match[0]}' can be January and February {year} or the winter that begins in December:"
        f" write 'winter {year - 1}/{year % 100:02}' or 'winter {year}/{(year + 1) % 100:02}'"
    )


def _refuse_part(match: re.Match[str]) -> str:
    raise BadDate(
        f"{match[0]!r}: only months have early, mid and late: write 'Q4 2022',"
        " 'between October and December 2022' or 'late March 2022'"
    )


def _quarter(match: re.Match[str]) -> str:
    return f"{match['year']}-{32 + _ORDINALS[match['number']]}"


def _half(match: re.Match[str]) -> str:
    return f"{match['year']}-{39 + _ORDINALS[match['number']]}"


def _numeric(match: re.Match[str]) -> str:
    """Parse a day and month in digits if only one order is possible."""
    first, second, year = int(match["first"]), int(match["second"]), match["year"]
    readings = [
        (month, day) for month, day in sorted({(first, second), (second, first)}) if month <= 12
    ]
    if not readings:
        raise BadDate(f"{match[0]} has no valid month: months are 1 to 12")
    ways = [f"{year}-{month:02}-{day:02}" for month, day in readings]
    if len(ways) > 1:
        raise BadDate(
            f"{match[0]} is ambiguous (day first or month first): write {' or '.join(ways)}"
        )
    return ways[0]


def _year_first(match: re.Match[str]) -> str:
    return f"{match['year']}-{int(match['month']):02}-{int(match['day']):02}"


def _refuse_short_year(match: re.Match[str]) -> str:
    raise BadDate(
        f"{match[0]} is ambiguous (which part is the year): write 2024-03-05 or '5 March 2024'"
    )


_FORMS: tuple[tuple[str, Callable[[re.Match[str]], str]], ...] = (
    (rf"(?P<day>[0-9]{{1,2}})[ -](?P<month>{MONTH})[ -](?P<year>{YEAR})", _day),
    (rf"(?P<month>{MONTH}) (?P<day>[0-9]{{1,2}}) (?P<year>{YEAR})", _day),
    (rf"(?P<month>{MONTH}) (?P<year>{YEAR})", _month),
    (rf"(?P<third>early|mid|late)[ -](?P<month>{MONTH}) (?P<year>{YEAR})", _third),
    (rf"day (?P<month>{MONTH}) (?P<year>{YEAR})", lambda match: f"{_month(match)}-XX"),
    (YEAR, lambda match: match[0]),
    (rf"{YEAR}-[0-9]{{2}}(?:-[0-9]{{2}})?", lambda match: match[0]),
    (r"(?P<decade>[0-9]{3})0s", lambda match: f"{match['decade']}X"),
    (rf"(?:northern )?(?P<season>{'|'.join(_SEASONS)}) (?P<year>{YEAR})(?: northern)?", _season),
    (rf"(?P<season>{'|'.join(_SOUTHERN)}) (?P<year>{YEAR}) southern", _southern),
    (rf"southern (?P<season>{'|'.join(_SOUTHERN)}) (?P<year>{YEAR})", _southern),
    (rf"winter (?P<year>{YEAR}) ?[/–-] ?(?P<after>[0-9]{{4}}|[0-9]{{2}})", _winter),
    (rf"winter (?P<year>{YEAR})", _refuse_winter),
    (rf"(?:early|mid|late)[ -](?:(?:winter|{'|'.join(_SEASONS)}) )?{YEAR}", _refuse_part),
    (rf"q(?P<number>[1-4])[ /]?(?P<year>{YEAR})", _quarter),
    (rf"(?P<year>{YEAR})[ -]?q(?P<number>[1-4])", _quarter),
    (rf"(?P<number>{'|'.join(_ORDINALS)}) quarter (?P<year>{YEAR})", _quarter),
    (rf"h(?P<number>[12])[ /]?(?P<year>{YEAR})", _half),
    (rf"(?P<number>first|second|1|2) half (?P<year>{YEAR})", _half),
    (rf"(?P<first>[0-9]{{1,2}})[./-](?P<second>[0-9]{{1,2}})[./-](?P<year>{YEAR})", _numeric),
    (rf"(?P<year>{YEAR})[./-](?P<month>[0-9]{{1,2}})[./-](?P<day>[0-9]{{1,2}})", _year_first),
    (r"[0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{2}", _refuse_short_year),
)


def read_range(phrase: str) -> str | None:
    """Return the EDTF of a phrase such as "since 24 february 2022"; None if it is not a range.

    :raises BadDate: if one of its dates is invalid or ambiguous.
    """
    for pattern, write in _RULES:
        if match := re.fullmatch(pattern, phrase):
            return write(match)
    return None


def _required_date(*candidates: str) -> str:
    for candidate in candidates:
        if edtf := read(candidate):
            return edtf
    raise BadDate(f"{candidates[0]!r} is not a date with a year: write '11 May 2022' or 'May 2022'")


def _first_of(phrase: str, last: str) -> str:
    """Parse a date that may take its month and year from the last one."""
    month, year = _search(MONTH, last), _search(YEAR, last)
    return _required_date(phrase, f"{phrase} {year}", f"{phrase} {month} {year}")


def _last_of(phrase: str, first: str) -> str:
    """Parse a date that may take its month or year from the first one."""
    return _required_date(
        phrase, f"{phrase} {_search(YEAR, first)}", f"{_search(MONTH, first)} {phrase}"
    )


def _search(pattern: str, phrase: str) -> str:
    match = re.search(rf"\b(?:{pattern})\b", phrase)
    return match[0] if match else ""


def _both_ends(match: re.Match[str]) -> tuple[str, str]:
    return _first_of(match[1], match[2]), _last_of(match[2], match[1])


def _limit(edtf: str, end: Literal["earliest", "latest"], *, shift: int = 0) -> str:
    """The first or last day of what `read` returned, which is never open, shifted by some days."""
    day: date = getattr(bounds(edtf), end)
    try:
        return str(day + timedelta(days=shift))
    except OverflowError:
        raise BadDate("years run from 0001 to 9999") from None


def _is_plain(edtf: str) -> bool:
    """Return whether a date can be an end of `a..b`.

    :raises BadDate: if it has a qualifier, which would be lost.
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


def _between(match: re.Match[str]) -> str:
    first, last = _both_ends(match)
    if all([_is_plain(first), _is_plain(last)]) and len(first) == len(last):
        return f"[{first}..{last}]"
    return f"[{_limit(first, 'earliest')}..{_limit(last, 'latest')}]"


def _side(edtf: str, end: Literal["earliest", "latest"]) -> str:
    dated = parse(edtf)
    return edtf if isinstance(dated, Point) and dated.season <= "24" else _limit(edtf, end)


def _from_to(match: re.Match[str]) -> str:
    first, last = _both_ends(match)
    return f"{_side(first, 'earliest')}/{_side(last, 'latest')}"


def _throughout(match: re.Match[str]) -> str:
    edtf = _required_date(match[1])
    _is_plain(edtf)
    return f"{_limit(edtf, 'earliest')}/{_limit(edtf, 'latest')}"


def _since_date(match: re.Match[str]) -> str:
    return f"{_side(_required_date(match[1]), 'earliest')}/.."


def _until_date(match: re.Match[str]) -> str:
    return _up_to(_required_date(match[1]), start=match[2])


def _before_date(match: re.Match[str]) -> str:
    """ "Before" a day includes that day, as in common use; "before May" excludes May."""
    edtf = _required_date(match[1])
    return _up_to(edtf if _is_day(edtf) else _limit(edtf, "earliest", shift=-1), start=match[2])


def _up_to(edtf: str, *, start: str | None) -> str:
    if start:
        return f"{'..' if start == 'open' else ''}/{_side(edtf, 'latest')}"
    return f"[..{edtf}]" if _is_plain(edtf) else f"[..{_limit(edtf, 'latest')}]"


def _after_date(match: re.Match[str]) -> str:
    edtf = _required_date(match[1])
    plain = _is_plain(edtf)
    return f"[{edtf if plain and _is_day(edtf) else _limit(edtf, 'latest', shift=1)}..]"


def _listed(match: re.Match[str], word: str) -> list[str]:
    """Split "May, June or July 2022"; a comma before a year belongs to its date."""
    *firsts, last = re.split(rf",? {word} |, (?!{YEAR}\b)", match[1])
    return [*(_first_of(phrase, last) for phrase in firsts), _last_of(last, firsts[0])]


def _one_of(match: re.Match[str]) -> str:
    return f"[{','.join(_member(edtf) for edtf in _listed(match, 'or'))}]"


def _member(edtf: str) -> str:
    dated = parse(edtf)
    if not isinstance(dated, Point):
        return edtf[1:-1]
    if dated.season:
        return f"{_limit(edtf, 'earliest')[:7]}..{_limit(edtf, 'latest')[:7]}"
    return edtf


def _all_of(match: re.Match[str]) -> str:
    members = _listed(match, "and")
    for edtf in members:
        if edtf != _member(edtf):
            raise BadDate(
                f"{match[0]!r}: 'and' can join only days, months or years; enter two claims instead"
            )
    return f"{{{','.join(members)}}}"


_START = r"(?:,? start (open|unknown))?"

_RULES: tuple[tuple[str, Callable[[re.Match[str]], str]], ...] = (
    (r"(.+?),? (?:point event|one day)(?:, day unknown)?", lambda match: _required_date(match[1])),
    (r"(?:throughout|all through|all of) (.+)", _throughout),
    (r"(.+?),? lasted(?: through the period)?", _throughout),
    (r"(?:ever )?since (.+?)(?:,? (?:ongoing|goes on|no end reported|onwards?))?", _since_date),
    (r"(?:from )?(.+?) (?:on|onwards?)", _since_date),
    (rf"(?:on or |in or )?(?:before|prior to) (.+?){_START}", _before_date),
    (rf"(?:until|till|by|up to|no later than|not later than) (.+?){_START}", _until_date),
    (r"(?:on or |in or )?after (.+)", _after_date),
    (r"between (.+?) and (.+)", _between),
    (r"(?:lasted )?(?:from )?(.+?) (?:to|until|till|through) (.+)", _from_to),
    (r"(?:either )?(.+ or .+)", _one_of),
    (r"(?:both )?(.+ and .+)", _all_of),
    (r"(?:one day in )?(.+?)–(.+)", _between),
)


__all__ = ["UNKNOWN", "DateReading", "describe", "from_phrase"]

EXAMPLES = (
    "write one such as '11 May 2022', 'late March 2022', 'around 2020', 'Q1 2022',"
    " 'between 21 and 31 March 2022', 'from 21 March 2022 to 31 March 2022',"
    " 'since 24 February 2022', 'before 24 May 2022', 'May or June 2022', 'unknown', or EDTF"
)

_UNKNOWN = {"unknown", "date unknown", "unknown date", "no date", "undated", "not known", "n.d."}


@dataclass(frozen=True, slots=True, kw_only=True)
class DateReading:
    """The result: the EDTF (empty: unknown), its bounds, and both in English."""

    edtf: str
    bounds: Bounds
    says: str


UNKNOWN = DateReading(
    edtf="", bounds=Bounds(earliest=None, latest=None), says="the date is unknown"
)


def from_phrase(text: str) -> DateReading:
    """Parse a date as people type it: "late March 2022" is one day in 21–31 March 2022.

    EDTF is taken literally, so 2021-22 is the summer of 2021, as the description shows.

    :raises BadDate: if it is not a date, or ambiguous; the message states why, and what to write
        instead.
    """
    phrase = _normal(text)
    if phrase in _UNKNOWN:
        return UNKNOWN
    try:
        parse(edtf := text.strip())
    except BadDate as problem:
        edtf = read(phrase) or read_range(phrase) or _refuse(phrase, no_edtf=problem)
    return DateReading(edtf=edtf, bounds=bounds(edtf), says=describe(edtf))


def _normal(text: str) -> str:
    """Convert to lower case, single spaces, and an en dash between the ends of a range."""
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
        advice = "it depends on the current day: write the day itself, '11 May 2022'"
    elif re.search(rf"\b({MONTH})\b", phrase) and not re.search(YEAR, phrase):
        advice = "which year? Write '11 May 2022'"
    else:
        advice = EXAMPLES
    raise BadDate(f"{phrase!r} is not a date: {advice}")
