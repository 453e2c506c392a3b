"""Filters that format numbers, dates and names on pages."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from tracker import country_names, language_formats, vocabulary
from tracker.date_wording import described as _dated
from tracker.date_wording import named as _named
from tracker.domain.claims import Magnitude
from tracker.domain.lenses import LensVersion
from tracker.domain.movements import WindowMovement
from tracker.domain.scoring.moments import Score
from tracker.domain.shifts import Shift
from tracker.domain.triads import Triad
from tracker.findings.words import months as _months
from tracker.lens_names import described as _described
from tracker.lens_names import reader_name as _reader_name
from tracker.lens_names import version_name as _version_name
from tracker.level_wording import chance as _chance
from tracker.level_wording import score_words as _score_words
from tracker.level_wording import shown as _shown
from tracker.pages import headlines
from tracker.pages.pair_context import PairContext
from tracker.pages.request_params import address, with_parameters
from tracker.queries.scores.editions import StoredEdition
from tracker.wording import Names
from tracker.wording import balance as _balance
from tracker.wording import percent as _percent
from tracker.wording import sentence as _sentence
from tracker.wording import signed as _signed
from tracker.wording import with_article as _with_article

register = template.Library()


@register.filter
def signed(value: float, places: int = 2) -> str:
    return _signed(value, places)


@register.filter
def arrow(change: float) -> str:
    """A change of a score with its direction, which 0.0 does not have."""
    text = _signed(change, 1)
    return f"{'▲' if change > 0 else '▼'} {text}" if text.strip("0.,") else text


@register.filter
def chance(moved: WindowMovement) -> str:
    """The more probable way of a movement: "fell with 88 % probability"."""
    return _chance(moved)


@register.filter
def begun(moved: WindowMovement) -> str:
    """The month of the first day of a movement, after "since": "Mar 2022"."""
    return language_formats.since_month(moved.since + timedelta(days=1), short=True)


@register.filter
def months(shift: Shift) -> str:
    """The months of the days of a shift: "March 2022", "February–March 2022". Claims may not have a
    more exact date."""
    return _months(shift.start + timedelta(days=1), shift.peak)


@register.filter
def shown(score: Score, places: int = 2) -> str:
    """A score as a number, or that it says nothing."""
    return _shown(score, places)


@register.filter
def score_words(score: Score, said: str) -> str:
    """Where a score is, in the language of the page. `said`: the same in English."""
    return _score_words(score, said)


@register.filter
def sway(value: float, places: int = 2) -> str:
    """The CSS class of a number by its sign; empty where it rounds to 0."""
    if not _signed(value, places).strip("0.,"):
        return ""
    return "worse" if value < 0 else "better"


@register.filter
def percent(p: float) -> str:
    """A probability in percent: "65 %". Only 0 and 1 become "0 %" and "100 %"."""
    return _percent(p)


@register.filter
def balance(triad: Triad) -> str:
    return _balance(triad)


@register.filter
def minus(amount: Decimal | str) -> str:
    """A number with a true minus sign."""
    return language_formats.decimal(str(amount)).replace("-", "−")


@register.filter
def spaced(text: str) -> str:
    return text.replace("_", " ")


@register.filter
def date_name(edtf: str | None) -> str:
    """A day, a month or a year: "28 June 1977", "1977"; nothing for none."""
    return _named(edtf) if edtf else ""


@register.filter
def day_name(day: date | None) -> str:
    """A day: "24 May 2022"; empty for None."""
    return language_formats.day_name(day) if day else ""


@register.filter
def short_day(day: date | None) -> str:
    """A day with its month abbreviated: "4 Sep 2022"; empty for None."""
    return language_formats.day_name(day, short=True) if day else ""


@register.filter
def month_name(day: date | None) -> str:
    """The month of a day: "May 2022"; empty for None."""
    return language_formats.month_name(day) if day else ""


@register.filter
def since_month(day: date) -> str:
    """The month of a day, after "since": "May 2022"."""
    return language_formats.since_month(day)


@register.filter
def moment_name(moment: datetime) -> str:
    """A moment: "24 May 2022, 13:05 UTC"."""
    return language_formats.moment_name(moment)


@register.filter
def short_moment(moment: datetime) -> str:
    """A moment with its month abbreviated: "4 Sep 2022, 13:05 UTC"."""
    return language_formats.moment_name(moment, short=True)


@register.filter
def word(text: str | None) -> str:
    """A word of the record, such as the kind of a claim, in the language of the page."""
    return vocabulary.word(text)


@register.filter
def unnamed(account: str) -> str:
    """The author of an event for the public: no login name of an analyst."""
    return account if account.startswith("system:") else _("the desk")


@register.filter
def did(kind: str) -> str:
    """The kind of an event as a verb: "corrected"."""
    return str(_VERBS.get(kind, _CHANGED))


@register.filter
def is_word(text: str) -> bool:
    """Whether a text is a word of the record, which `word` translates."""
    return vocabulary.is_word(text)


@register.filter
def group_name(label: str) -> str:
    """A group of judged claims: "reliability C", "0.1 to 0.2"."""
    return vocabulary.group_name(label)


@register.filter
def country_name(code: str, name: str) -> str:
    """A country in the language of the page; in English the `name` of the record."""
    return country_names.in_language(code) or name


@register.filter
def language_name(code: str) -> str:
    """A language in the language of the page: "Chinese"; its code if CLDR does not know it."""
    return language_formats.language_name(code)


@register.filter
def amount(measured: Magnitude) -> str:
    """A measured amount: "change of −5 % against 2021"."""
    given = {"value": f"{minus(measured.value)} {measured.unit}"}
    if measured.baseline:
        given["baseline"] = minus(measured.baseline)
        if measured.change:
            return _("change of %(value)s against %(baseline)s") % given
        return _("%(value)s against %(baseline)s") % given
    return _("change of %(value)s") % given if measured.change else given["value"]


@register.filter
def bar_start(amount: float, most: float) -> str:
    """Where a bar begins in a box of width 72, with 0 in the middle."""
    return f"{36 + min(0.0, _reach(amount, most)):.1f}"


@register.filter
def bar_length(amount: float, most: float) -> str:
    return f"{abs(_reach(amount, most)):.1f}"


@register.filter
def known_on(position: int) -> str:
    return headlines.known_on(position)


@register.filter
def version_name(lens: LensVersion) -> str:
    """A lens for readers, with its version."""
    return _version_name(lens)


@register.filter
def lens_names(names: str) -> str:
    """Names of lenses for readers: "standing, tone" becomes "Overall relationship, Recent mood"."""
    return ", ".join(map(_reader_name, filter(None, names.split(", "))))


@register.filter
def described(lens: LensVersion) -> str:
    """What a lens measures."""
    return _described(lens)


@register.filter
def with_article(country: str) -> str:
    return _with_article(country)


@register.filter
def sentence(problem: object) -> str:
    """A message as a sentence: with a capital and a full stop."""
    return _sentence(problem)


@register.filter
def at_position(position: int, page: PairContext) -> str:
    """The address of the same page as known at a position."""
    return address(page.path, page.params, as_of=str(position))


@register.filter
def dated(edtf: str) -> str:
    """An EDTF date in words."""
    return _dated(edtf)


@register.filter
def admiralty(grade: str) -> str:
    """The meaning of a reliability."""
    return str(_ADMIRALTY.get(grade, ""))


@register.filter
def graded(grade: str | None) -> str:
    """A source's grade with its meaning."""
    if not grade:
        return _("ungraded")
    return f"{grade}, {_ADMIRALTY[grade]}" if grade in _ADMIRALTY else grade


@register.filter
def country(named: Names, code: str) -> str:
    return named.country(code)


@register.filter
def now(page: PairContext) -> str:
    """The address of the same page as known now."""
    return address(page.path, page.params, as_of="")


@register.filter
def at(texts: Mapping[Any, str], key: Any) -> str:
    return texts.get(key, "")


@register.filter
def called(named: Names, direction: str) -> str:
    return named.direction(direction)


@register.filter
def decimal(text: str) -> str:
    """A number of full precision, rounded."""
    return _signed(float(text))


@register.filter
def pair_on(pair: str, day: date) -> str:
    """The address of a pair's page on a day."""
    return with_parameters(_pair(pair), day=day.isoformat())


@register.filter
def edition_pair(line: Sequence[str], edition: StoredEdition) -> str:
    """The address of the page of a series as of an edition."""
    pair, direction = line[:2]
    return with_parameters(
        _pair(pair),
        lens=edition.lens.label,
        direction=direction if direction != pair else "",
        as_of=str(edition.position),
        day=edition.day.isoformat(),
    )


def _pair(pair: str) -> str:
    return reverse("pages:pair", args=pair.split("-"))


def _reach(amount: float, most: float) -> float:
    return 36 * amount / most if most else 0.0


_ADMIRALTY = {
    "A": lazy("completely reliable"),
    "B": lazy("usually reliable"),
    "C": lazy("fairly reliable"),
    "D": lazy("not usually reliable"),
    "E": lazy("unreliable"),
    "F": lazy("cannot be judged"),
}
_CHANGED = pgettext_lazy("event", "changed")
_VERBS = {
    "ClaimAsserted": pgettext_lazy("event", "entered"),
    "ClaimCorrected": pgettext_lazy("event", "corrected"),
    "ClaimRetracted": pgettext_lazy("event", "retracted"),
    "ClaimReinstated": pgettext_lazy("event", "reinstated"),
    "CitationAdded": pgettext_lazy("event", "given another source"),
    "VerdictGiven": pgettext_lazy("event", "judged"),
    "ClaimReviewed": pgettext_lazy("event", "reviewed"),
    "ForecastResolved": pgettext_lazy("event", "resolved"),
    "ClaimsLinked": pgettext_lazy("event", "linked"),
    "ClaimsUnlinked": pgettext_lazy("event", "unlinked"),
    "SourceRated": pgettext_lazy("event", "graded"),
    "SourceDescribed": pgettext_lazy("event", "described"),
    "ActorDescribed": pgettext_lazy("event", "described"),
    "DocumentDescribed": pgettext_lazy("event", "described"),
    "CollectionDescribed": pgettext_lazy("event", "described"),
    "LensDefined": pgettext_lazy("event", "defined"),
    "TextWithheld": pgettext_lazy("event", "words withheld"),
    "LogReopened": pgettext_lazy("event", "reopened"),
    "SealKeyRotated": pgettext_lazy("event", "given another key"),
}
