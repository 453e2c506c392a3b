"""Filters that format numbers, dates and names on pages."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from tracker import (
    country_names,
    date_wording,
    language_formats,
    lens_names,
    level_wording,
    vocabulary,
    wording,
)
from tracker.domain.claims import Magnitude
from tracker.domain.movements import WindowMovement
from tracker.domain.scoring.moments import Score
from tracker.domain.shifts import Shift
from tracker.findings import words
from tracker.pages import headlines
from tracker.pages.pair_context import PairContext
from tracker.pages.request_params import address, with_parameters
from tracker.queries.scores.editions import StoredEdition
from tracker.wording import Names

register = template.Library()
_FILTERS: Mapping[str, Callable[..., Any]] = {
    "about": wording.about,
    "balance": wording.balance,
    "called": Names.direction,
    "chance": level_wording.chance,
    "country": Names.country,
    "dated": date_wording.described,
    "described": lens_names.described,
    "group_name": vocabulary.group_name,
    "is_word": vocabulary.is_word,
    "known_on": headlines.known_on,
    "language_name": language_formats.language_name,
    "moment_name": language_formats.moment_name,
    "percent": wording.percent,
    "score_words": level_wording.score_words,
    "sentence": wording.sentence,
    "since_month": language_formats.since_month,
    "version_name": lens_names.version_name,
    "with_article": wording.with_article,
    "word": vocabulary.word,
}
for _name, _function in _FILTERS.items():
    register.filter(_name, _function)


@register.simple_tag
def within_pairs() -> str:
    """What stands on every list of levels of several pairs."""
    return str(level_wording.WITHIN_PAIRS)


@register.filter
def signed(value: float, places: int = 2) -> str:
    return wording.signed(value, places)


@register.filter
def arrow(change: float) -> str:
    """A change of a score with its direction, which 0.0 does not have."""
    text = wording.signed(change, 1)
    return f"{'▲' if change > 0 else '▼'} {text}" if text.strip("0.,") else text


@register.filter
def begun(moved: WindowMovement) -> str:
    """The month of the first day of a movement, after "since": "Mar 2022"."""
    return language_formats.since_month(moved.since + timedelta(days=1), short=True)


@register.filter
def months(shift: Shift) -> str:
    """The months of the days of a shift: "March 2022", "February–March 2022". Claims may not have a
    more exact date."""
    return words.months(shift.start + timedelta(days=1), shift.peak)


@register.filter
def shown(score: Score, places: int = 2) -> str:
    """A score as a number, or that it says nothing."""
    return level_wording.shown(score, places)


@register.filter
def sway(value: float, places: int = 2) -> str:
    """The CSS class of a number by its sign; empty where it rounds to 0."""
    if not wording.signed(value, places).strip("0.,"):
        return ""
    return "worse" if value < 0 else "better"


def minus(amount: Decimal | str) -> str:
    """A number with a true minus sign."""
    return language_formats.decimal(str(amount)).replace("-", "−")


@register.filter
def date_name(edtf: str | None) -> str:
    """A day, a month or a year: "28 June 1977", "1977"; nothing for none."""
    return date_wording.named(edtf) if edtf else ""


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
def short_moment(moment: datetime) -> str:
    """A moment with its month abbreviated: "4 Sep 2022, 13:05 UTC"."""
    return language_formats.moment_name(moment, short=True)


@register.filter
def unnamed(account: str) -> str:
    """The author of an event for the public: no login name of an analyst."""
    return account if account.startswith("system:") else _("the desk")


@register.filter
def did(kind: str) -> str:
    """The kind of an event as a verb: "corrected"."""
    return str(_VERBS.get(kind, _CHANGED))


@register.filter
def country_name(code: str, name: str) -> str:
    """A country in the language of the page; in English the `name` of the record."""
    return country_names.in_language(code) or name


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


@register.filter("lens_names")
def _lens_names(names: str) -> str:
    """Names of lenses for readers: "standing, tone" becomes "Overall relationship, Recent mood"."""
    return ", ".join(map(lens_names.reader_name, filter(None, names.split(", "))))


@register.filter
def at_position(position: int, page: PairContext) -> str:
    """The address of the same page as known at a position."""
    return address(page.path, page.params, as_of=str(position))


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
def now(page: PairContext) -> str:
    """The address of the same page as known now."""
    return address(page.path, page.params, as_of="")


@register.filter
def at(texts: Mapping[Any, str], key: Any) -> str:
    return texts.get(key, "")


@register.filter
def decimal(text: str) -> str:
    """A number of full precision, rounded."""
    return wording.signed(float(text))


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
    "BodyErased": pgettext_lazy("event", "erased"),
    "LogReopened": pgettext_lazy("event", "reopened"),
    "SealKeyRotated": pgettext_lazy("event", "given another key"),
}
