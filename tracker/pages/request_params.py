"""The query parameters of a page's address: read, normalised, and written into links."""

import re
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django import urls
from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from tracker import lens_names
from tracker.charts.picture import PictureSpan
from tracker.domain.lenses import LensVersion, directions
from tracker.domain.problems import BadParameter
from tracker.queries import moment
from tracker.queries.moment import At
from tracker.queries.scores import lenses
from tracker.queries.scores.pairs import Series
from tracker.wording import Names, listed

# The parameters of a view of one pair, and those of other views.
OF_PAIR = ("lens", "direction", "as_of", "day", "since")
OF_COUNTRIES = ("lens", "as_of", "day", "since")
# The tabs of a pair's page.
TABS = {
    "chart": lazy("Chart"),
    "table": lazy("Table"),
    "sources": lazy("Sources"),
    "download": lazy("Download"),
}
# Parameters that mailers and other sites add to track readers. They are dropped.
# Longer paths lead nowhere, and what is kept of paths is bounded.
LONGEST_PATH = 300
TRACKING = re.compile(
    r"utm_[a-z_]{1,20}|mc_[ce]id|[a-z]{1,5}clid|igshid|_hs[a-z]{1,5}|mtm_[a-z]{1,20}"
)


class InvalidParameter(BadParameter):
    """A parameter is unknown or cannot be read. The message names it and gives the right form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageParams:
    """The parameters of a page. A missing one is None; the default lens is `standing`. Movements
    are those since the end of the day `since`, by default of the day before the first act."""

    lens: str
    direction: str | None
    as_of: At
    as_of_text: str
    day: date | None
    country: str | None
    show: str = "chart"
    order: str = "latest"
    page: int = 1
    since: date | None = None


def normalise(request: HttpRequest, known: Collection[str]) -> None:
    """Normalise a request's parameters, so that one page has one address.

    Of a repeated parameter the last value is kept. Empty and tracking parameters are dropped. The
    query string is sorted by name.

    :raises InvalidParameter: if the page has no such parameter.
    """
    query = request.GET
    if not query:
        return
    kept = QueryDict(mutable=True)
    for name in query:
        if name in known:
            if value := query[name].strip():
                kept[name] = value
        elif not TRACKING.fullmatch(name):
            raise InvalidParameter(_not_known(name[:40], known))
    request.META["QUERY_STRING"] = urlencode(sorted(kept.items()))
    request.GET = kept  # type: ignore[assignment] # a cached property


def _not_known(name: str, known: Collection[str]) -> str:
    if not known:
        return _("This page has no parameter %(name)s. It takes none.") % {"name": name}
    text = _("This page has no parameter %(name)s. It takes %(accepted)s.")
    return text % {"name": name, "accepted": listed(list(known))}


def read(query: QueryDict) -> PageParams:
    """Read the parameters of a page.

    :raises InvalidParameter: for the first that cannot be read.
    """
    text = query.get("as_of", "").strip()
    return PageParams(
        lens=query.get("lens") or "standing",
        direction=query.get("direction") or None,
        as_of=_as_of(text),
        as_of_text=text,
        day=_day("day", query.get("day", "").strip()),
        since=_day("since", query.get("since", "").strip()),
        country=query.get("country", "").strip().upper() or None,
        show=query.get("show") or "chart",
        order=query.get("order") or "latest",
        page=_page(query.get("page", "")),
    )


def _as_of(text: str) -> At:
    try:
        return moment.at(moment.read_moment(text) if text else None)
    except moment.NoMoment as problem:
        message = _(
            "The moment as_of=%(given)r is neither a position of the log (118) nor a time with UTC"
            " offset (2022-05-24T12:00:00Z) nor a day (2022-05-24)."
        )
        raise InvalidParameter(message % {"given": text[:40]}) from problem


def _page(text: str) -> int:
    if not text:
        return 1
    if not re.fullmatch(r"[1-9][0-9]{0,4}", text):
        message = _("The page %(given)r cannot be read. Write a number from 1 on.")
        raise InvalidParameter(message % {"given": text[:40]})
    return int(text)


def _day(name: str, text: str) -> date | None:
    try:
        return moment.read_day(text) if text else None
    except moment.DayOutOfRange as problem:
        message = _("In %(name)s, %(day)s is not between %(first)s and %(last)s.")
        ends = {"first": f"{moment.FIRST_YEAR}-01-01", "last": f"{moment.LAST_YEAR}-12-31"}
        given = {"day": text, "name": name} | ends
        raise InvalidParameter(message % given) from problem
    except moment.NoDay as problem:
        message = _("In %(name)s, %(given)r is not a day (2022-05-24).")
        raise InvalidParameter(message % {"name": name, "given": text[:40]}) from problem


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkChoice:
    """A link among alternatives; `chosen` marks the current one. `parts` are alternatives within
    it."""

    label: str
    link: str
    chosen: bool = False
    parts: Sequence["LinkChoice"] = ()


def address(path: str, params: PageParams, **changes: str) -> str:
    """A path with some changes and those of the current parameters that its view takes; default
    values are left out."""
    taken = getattr(cached_view(path), "parameters", ())
    current = {name: text for name, text in _current(params).items() if name in taken}
    return with_parameters(path, **(current | changes))


def cached_view(path: str) -> Any:
    """How the page at an address, which may begin with a language, is cached; None if it is
    not."""
    return None if len(path) > LONGEST_PATH else _cached_view(path)


@lru_cache(maxsize=10_000)
def _cached_view(path: str) -> Any:
    language = translation.get_language_from_path(path) or settings.LANGUAGE_CODE
    with suppress(urls.Resolver404), translation.override(language):
        return getattr(urls.resolve(path).func, "cached", None)
    return None


def kept(params: PageParams, *, without: str) -> dict[str, str]:
    """The current parameters except one, for the hidden fields of a form that asks for it."""
    return {name: text for name, text in _current(params).items() if text and name != without}


def _current(params: PageParams) -> dict[str, str]:
    """The current parameters as text; empty where they have their default."""
    return {
        "lens": params.lens if params.lens != "standing" else "",
        "direction": params.direction or "",
        "as_of": params.as_of_text,
        "day": params.day.isoformat() if params.day else "",
        "since": params.since.isoformat() if params.since else "",
        "country": params.country or "",
        "order": params.order if params.order != "latest" else "",
        "page": str(params.page) if params.page > 1 else "",
        "show": params.show if params.show != "chart" else "",
    }


def with_parameters(path: str, **parameters: str) -> str:
    """A path with the parameters that are not empty."""
    query = {name: value for name, value in parameters.items() if value}
    return f"{path}?{urlencode(query)}" if query else path


def lens_choices(path: str, params: PageParams, *, model: str | None = None) -> list[LinkChoice]:
    """The lenses in readers' words, of all models or one. Two that count a bloc of sources and all
    others are one choice, with the two as its parts."""
    every = lens_names.in_order(lenses.latest())
    latest = [lens for lens in every if model in (None, lens.lens.model)]
    pairs = lens_names.two_sides(latest)
    paired = {lens.id for pair in pairs for lens in pair}
    single = [_lens_choice(path, params, lens) for lens in latest if lens.id not in paired]
    return [*single, *(_both_sides(path, params, pair) for pair in pairs)]


def _lens_choice(path: str, params: PageParams, lens: LensVersion) -> LinkChoice:
    name = lens.lens.name
    return LinkChoice(
        label=lens_names.reader_name(lens),
        link=address(path, params, lens=name if name != "standing" else ""),
        chosen=params.lens.partition("@")[0] == name,
    )


def _both_sides(path: str, params: PageParams, pair: tuple[LensVersion, LensVersion]) -> LinkChoice:
    sides = [_lens_choice(path, params, lens) for lens in pair]
    return LinkChoice(
        label=lens_names.compare_name(),
        link=sides[0].link,
        chosen=any(side.chosen for side in sides),
        parts=sides,
    )


def tab_choices(path: str, params: PageParams) -> list[LinkChoice]:
    return [
        LinkChoice(
            label=str(label),
            link=address(path, params, show=name if name != "chart" else ""),
            chosen=params.show == name,
        )
        for name, label in TABS.items()
    ]


def direction_choices(
    path: str, params: PageParams, series: Series, country_names: Names
) -> list[LinkChoice]:
    return [
        LinkChoice(
            label=country_names.direction(direction) if ">" in direction else _("both ways"),
            link=address(path, params, direction=direction if ">" in direction else ""),
            chosen=direction == series.direction,
        )
        for direction in directions(series.pair)
    ]


def api_links(
    params: PageParams, series: Series, span: PictureSpan | None, day: str
) -> Sequence[LinkChoice]:
    """Links to the same numbers in the API."""
    ends = series.pair.split("-")
    common = {"lens": params.lens, "direction": series.direction, "as_of": params.as_of_text}
    links = []
    if span:
        dates = {"from": span.start.isoformat(), "to": span.end.isoformat(), "every": "month"}
        links.append(
            LinkChoice(label=_("scores as JSON"), link=_api("scores", ends, common | dates))
        )
    links.append(
        LinkChoice(
            label=_("explanation as JSON"), link=_api("explanation", ends, common | {"day": day})
        )
    )
    return links


def proof_link(series: Series, day: date) -> str:
    """The address of a score with its proof. What it has never changes."""
    fixed = {"day": day.isoformat(), "lens": series.lens.label, "as_of": str(series.position)}
    parameters = {"direction": series.direction} | fixed
    return _api("scores-proof", series.pair.split("-"), parameters)


def _api(view: str, ends: Sequence[str], parameters: Mapping[str, str]) -> str:
    return with_parameters(reverse(f"api:{view}", args=ends), **parameters)
