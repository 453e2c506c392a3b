"""Numbers and dates as the language of the page writes them.

English ones are as in the record. Only texts use these formats: coordinates, attributes, tables for
programs and the API have a decimal point in every language.
"""

from datetime import date, datetime

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton
from django.utils import formats
from django.utils.translation import get_language, to_locale

# Patterns for days where CLDR's own would add the word for "year".
_DAYS = {"ru": ("d MMMM y", "d MMM y")}
_MONTHS = {"ru": ("LLLL y", "LLL y")}


def is_english() -> bool:
    """Whether the page is in English."""
    return (get_language() or "en").startswith("en")


def decimal(number: str) -> str:
    """A number with a decimal point as the language writes it: "0.5" is "0,5" in Russian."""
    mark = formats.get_format("DECIMAL_SEPARATOR")
    return number if mark == "." else number.replace(".", mark)


def grouped(number: int) -> str:
    """A whole number with its thousands apart: "1,204", in Russian "1 204"."""
    text = f"{number:,}"
    return text if is_english() else text.replace(",", "\N{NO-BREAK SPACE}")


def day_name(day: date, *, short: bool = False) -> str:
    """A day: "24 May 2022", "24 мая 2022", "2022年5月24日"; with `short` a short month."""
    language = get_language() or "en"
    if language.startswith("en"):
        return f"{day.day} {day:%b %Y}" if short else f"{day.day} {day:%B %Y}"
    long_one, short_one = _DAYS.get(language, ("long", "medium"))
    return format_date(day, short_one if short else long_one, locale=to_locale(language))


def month_name(day: date, *, short: bool = False) -> str:
    """The month of a day: "May 2022", "май 2022", "2022年5月"."""
    language = get_language() or "en"
    if language.startswith("en"):
        return f"{day:%b %Y}" if short else f"{day:%B %Y}"
    locale = to_locale(language)
    if language in _MONTHS:
        return format_date(day, _MONTHS[language][short], locale=locale)
    return format_skeleton("yMMM" if short else "yMMMM", day, locale=locale)


def year_name(year: int) -> str:
    """A year: "2022", "2022年"."""
    if is_english():
        return f"{year:04}"
    return format_skeleton("y", date(year, 1, 1), locale=to_locale(get_language() or "en"))


def moment_name(moment: datetime, *, short: bool = False) -> str:
    """A moment: "24 May 2022, 13:05 UTC". Moments of the record are in UTC."""
    return f"{day_name(moment.date(), short=short)}, {moment:%H:%M} UTC"


def language_name(code: str) -> str:
    """The name of the language with a short code: "Chinese", "китайский"."""
    try:
        return (
            Locale.parse(code, sep="-").get_display_name(to_locale(get_language() or "en")) or code
        )
    except (UnknownLocaleError, ValueError):
        return code
