"""The names of countries in the languages of the pages, from CLDR."""

from collections.abc import Mapping
from functools import cache

from babel import Locale
from django.utils.translation import get_language, to_locale

from tracker.domain.facts import rows


def in_language(code: str) -> str:
    """The name of a country in the language of the page. Empty in English, since the record has the
    English name, and for a country that CLDR does not know.

    :param code: three letters, "KAZ".
    """
    language = get_language() or "en"
    return "" if language.startswith("en") else _names(language).get(code, "")


@cache
def _names(language: str) -> Mapping[str, str]:
    called = Locale.parse(to_locale(language)).territories
    return {row["iso3"]: called[row["iso2"]] for row in rows("countries") if row["iso2"] in called}
