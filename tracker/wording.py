"""How numbers, days and countries are written in sentences: on pages, in the terminal, in briefs.

A number has a leading zero and a true minus, and no sign where it rounds to nothing.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from babel.lists import format_list
from django.utils.translation import get_language, ngettext, to_locale
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from tracker import country_names
from tracker.domain import percentages
from tracker.domain.triads import Edge, Triad
from tracker.language_formats import day_name, decimal, grouped, is_english

SIGNS = {
    "positive": lazy("positive"),
    "negative": lazy("negative"),
    "undetermined": lazy("sign not known"),
}
# The words before a percentage.
_NEAR = {
    "about": lazy("about %(chance)s"),
    "over": lazy("over %(chance)s"),
    "under": lazy("under %(chance)s"),
}
# The sign of a pair without a claim.
NO_CLAIMS = lazy("no claims")
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
# Names that take "the" in a sentence, by their first or last word, and the others by name.
_ARTICLE_FIRST = ("United", "Democratic", "Republic")
_ARTICLE_LAST = ("Emirates", "Federation", "Islands", "Kingdom", "Republic", "Territories", "Union")
_ARTICLE = {"Bahamas", "Comoros", "Gambia", "Holy See", "Maldives", "Netherlands", "Philippines"}


def signed(value: float, places: int = 1) -> str:
    """A number with its sign: "−0.5", "+1.0", "0.0"."""
    text = f"{value:+.{places}f}".replace("-", "−")
    return decimal(text[1:] if not text.strip("+−0.") else text)


def percent(p: float) -> str:
    """A probability in percent: "65 %". Only 0 and 1 become "0 %" and "100 %"."""
    return _in_language(percentages.percent(p))


def about(p: float) -> str:
    """A share of worlds to the nearest 5 %: "about 85 %", "under 5 %", "over 95 %"."""
    return _in_language(percentages.about(p))


def _in_language(text: str) -> str:
    """A percentage in English, "65 %" or "over 99 %", in the language of the page."""
    word, _, chance = text.partition(" ")
    return str(_NEAR[word]) % {"chance": chance} if chance else text


def in_words(number: int) -> str:
    """Small numbers as words: "three", "1,204". In other languages the word would depend on what
    is counted, so they have digits."""
    return _NUMBERS[number] if number < len(_NUMBERS) and is_english() else grouped(number)


def counted(number: int, noun: str, plural: str = "") -> str:
    """ "1 row", "1,204 rows": in English, for the desk and the terminal."""
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"


def claims_in_words(number: int) -> str:
    """ "1 claim", "1,204 claims"."""
    return ngettext("%(number)s claim", "%(number)s claims", number) % {"number": grouped(number)}


def sources_in_words(number: int) -> str:
    """ "1 source", "12 sources"."""
    return ngettext("%(number)s source", "%(number)s sources", number) % {"number": grouped(number)}


def independent_sources_in_words(number: int) -> str:
    """ "1 independent source", "12 independent sources"."""
    text = ngettext("%(number)s independent source", "%(number)s independent sources", number)
    return text % {"number": grouped(number)}


def day_in_words(day: date) -> str:
    """ "24 May 2022"."""
    return day_name(day)


def listed(parts: Sequence[str]) -> str:
    """ "A", "A and B", "A, B and C"."""
    if not is_english():
        return format_list(parts, locale=to_locale(get_language() or "en"))
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def capitalised(text: str) -> str:
    """The text with a capital at its start, the rest as it is."""
    return text[:1].upper() + text[1:]


def sentence(message: object) -> str:
    """A message with a capital and a full stop."""
    text = capitalised(str(message))
    return text if text.endswith((".", "!", "?")) else f"{text}."


def with_article(country: str) -> str:
    """A country's name as a sentence has it: "the United States", "Russia"."""
    if not is_english():
        return country
    words = country.split()
    if country in _ARTICLE or (words[:1] and words[0] in _ARTICLE_FIRST):
        return f"the {country}"
    return f"the {country}" if len(words) > 1 and words[-1] in _ARTICLE_LAST else country


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The countries' names by code; an unknown one goes by its code."""

    by_code: Mapping[str, str]

    def country(self, code: str) -> str:
        """The name for a label, without an article, in the language of the page: "United
        States"."""
        return country_names.in_language(code) or self.by_code.get(code, code)

    def in_sentence(self, code: str) -> str:
        """The name as a sentence has it: "the United States"."""
        return with_article(self.country(code))

    def direction(self, name: str, *, first: bool = True) -> str:
        """A direction at the beginning of a sentence or a row, or within one if not `first`:
        "Kazakhstan and Russia", "Russia towards the United States"."""
        one, other = (self.in_sentence(code) for code in re.split("[>-]", name))
        text = _("%(one)s towards %(other)s") if ">" in name else _("%(one)s and %(other)s")
        text %= {"one": one, "other": other}
        return capitalised(text) if first else text

    def joined(self, name: str) -> str:
        """The same in short: "Kazakhstan–Russia", "Russia – United States"."""
        if ">" in name:
            return self.direction(name)
        called = [self.country(code) for code in name.split("-")]
        return (" – " if any(" " in one for one in called) else "–").join(called)


def three(triad: Triad, named: Names) -> str:
    """ "China, Kazakhstan and Russia"."""
    return capitalised(_three(triad, named))


def _three(triad: Triad, named: Names) -> str:
    codes = sorted({code for edge in triad.edges for code in edge.pair.split("-")})
    return listed([named.in_sentence(code) for code in codes])


def balance(triad: Triad) -> str:
    """ "balanced, about 80 %", "unbalanced, over 95 %", or that neither is more probable."""
    if triad.balance == "undetermined":
        return _("as likely balanced as not")
    chance = {"chance": about(max(triad.balanced, 1 - triad.balanced))}
    if triad.balance == "balanced":
        return _("balanced, %(chance)s") % chance
    return _("unbalanced, %(chance)s") % chance


def sign(edge: Edge) -> str:
    """ "positive"; with its probability where the interval contains 0: "negative, about
    60 %"."""
    if edge.sign != "undetermined":
        return str(SIGNS[edge.sign])
    if percentages.even(edge.positive):
        return str(SIGNS["undetermined"])
    if edge.positive > 0.5:
        return _("positive, %(chance)s") % {"chance": about(edge.positive)}
    return _("negative, %(chance)s") % {"chance": about(1 - edge.positive)}


def balance_sentence(triad: Triad, named: Names) -> str:
    """Whether three countries are in balance, with its probability, and why."""
    called = _three(triad, named)
    if triad.balance == "undetermined":
        text = _("%(three)s are as likely in balance as under strain.")
        return text % {"three": capitalised(called)}
    negative = [edge for edge in triad.edges if edge.value < 0]
    given = {
        "three": capitalised(called),
        "chance": about(max(triad.balanced, 1 - triad.balanced)),
    }
    if triad.balance == "balanced":
        text = _("%(three)s are in balance, with a probability of %(chance)s: %(why)s.")
        return text % (given | {"why": _balanced(triad.edges, negative, named)})
    text = _("%(three)s are under strain, with a probability of %(chance)s: %(why)s.")
    return text % (given | {"why": _unbalanced(negative, named)})


def _balanced(edges: Sequence[Edge], negative: Sequence[Edge], named: Names) -> str:
    if not negative:
        return _("all three relations are positive")
    friends = next(edge for edge in edges if edge.value > 0)
    third = {code for edge in negative for code in edge.pair.split("-")} - {
        *friends.pair.split("-")
    }
    against = named.in_sentence(third.pop())
    text = _("%(pair)s positive, both at odds with %(third)s")
    return text % {"pair": named.joined(friends.pair), "third": against}


def _unbalanced(negative: Sequence[Edge], named: Names) -> str:
    if len(negative) == 1:
        text = _("%(pair)s at odds, though both get on with the third")
        return text % {"pair": named.joined(negative[0].pair)}
    return _("all three relations are negative")
