"""One date in English, without "from", "between" or "or", becomes EDTF. Phrases are lower case."""

import re
from calendar import monthrange
from collections.abc import Callable

from tracker.domain.datepoint import BadDate, Point
from tracker.domain.dates import parse
from tracker.domain.datewords import MONTHS

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
