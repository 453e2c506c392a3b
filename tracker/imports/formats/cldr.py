"""The names of countries and months in twelve languages, from Unicode's CLDR."""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from functools import cache

from babel import Locale

from tracker.domain.dates.description import MONTHS
from tracker.domain.dates.edtf import LONGEST

# The locales of each language. Chinese has two scripts, Portuguese two spellings.
LANGUAGES: Mapping[str, tuple[str, ...]] = {
    **{language: (language,) for language in ("en", "fr", "es", "de", "ru")},
    "zh": ("zh_Hans", "zh_Hant"),
    **{language: (language,) for language in ("ko", "ar", "ja")},
    "pt": ("pt", "pt_PT"),
    **{language: (language,) for language in ("tr", "uk")},
}
# An earlier year in a table is a mistake.
EARLIEST_YEAR = 1000
# A field of a CLDR pattern, or a literal in quotes or between fields.
_PART = re.compile(r"d+ | [ML]+ | y+ | '[^']*' | [^dMLy'\s]+", re.VERBOSE)
_FIELDS = {"d": r"(?P<day>\d{1,2})(?:er|º|°|\.)?", "y": r"(?P<year>\d{4})"}


def countries(language: str) -> Iterator[tuple[str, str]]:
    """Each name of a country with its ISO alpha-2 code."""
    for locale in LANGUAGES[language]:
        for code, name in Locale.parse(locale).territories.items():
            yield name, code


@cache
def months(language: str) -> Mapping[str, int]:
    """The number of each month by its full and short names, without a final point."""
    names = {}
    for locale in map(Locale.parse, LANGUAGES[language]):
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in locale.months[context][width].items():
                    names[_month_key(name)] = number
    return names


def _month_key(name: str) -> str:
    return name.casefold().rstrip(".")


def in_english(text: str, language: str) -> str:
    """The text in lower case, with English names of months in place of the language's."""
    names = months(language)
    pattern = _month_pattern(language)
    return pattern.sub(lambda match: MONTHS[names[_month_key(match[0])] - 1], text.casefold())


@cache
def _month_pattern(language: str) -> re.Pattern[str]:
    """A name of a month that is not a part of a longer word or number. It can follow the sign for
    "year"."""
    return re.compile(rf"(?<![^\W\d_年년])(?:{_alternatives(language)})(?![^\W\d_])\.?")


def _alternatives(language: str) -> str:
    longest_first = sorted(months(language), key=len, reverse=True)
    # "2월" is not a part of "12월".
    return "|".join(
        rf"(?<!\d){re.escape(name)}" if name[0].isdigit() else re.escape(name)
        for name in longest_first
    )


def dates(text: str, language: str) -> Iterator[str]:
    """The dates that a text can be in a language, as EDTF: a day as in "12 mars 2022" or a month as
    in "mars 2022"."""
    if len(text) > LONGEST:
        return
    # A pattern takes long to refuse many spaces.
    spaced = " ".join(text.casefold().split())
    for pattern in _date_patterns(language):
        match = pattern.fullmatch(spaced)
        if match is None or int(match["year"]) < EARLIEST_YEAR:
            continue
        found = match.groupdict()
        year, month = int(found["year"]), months(language)[_month_key(found["month"])]
        day = found.get("day")
        with suppress(ValueError):
            edtf = date(year, month, int(day or 1)).isoformat()
            yield edtf if day else edtf[:7]


@cache
def _date_patterns(language: str) -> tuple[re.Pattern[str], ...]:
    locales = [Locale.parse(locale) for locale in LANGUAGES[language]]
    found = [locale.date_formats["long"].pattern for locale in locales]
    found += [locale.datetime_skeletons["yMMMM"].pattern for locale in locales]
    return tuple(_date_pattern(pattern, language) for pattern in dict.fromkeys(found))


def _date_pattern(pattern: str, language: str) -> re.Pattern[str]:
    """A pattern of CLDR such as `d 'de' MMMM 'de' y`. Literals may be missing."""
    # Where CLDR has the number of the month, the sign for "month" is a part of its names.
    parts = _PART.findall(pattern.replace("M月", "MMMM"))
    month = rf"(?P<month>{_alternatives(language)})\.?"
    fields = {"M": month, "L": month, **_FIELDS}
    whole = r"\s*".join(
        fields.get(part[0]) or rf"(?:{re.escape(part.strip("'").casefold())})?" for part in parts
    )
    return re.compile(whole)
