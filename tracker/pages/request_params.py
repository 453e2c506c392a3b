"""What stands behind the question mark of a page's address."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict
from django.urls import reverse

from tracker.domain.lenses import directions
from tracker.domain.problems import BadParameter
from tracker.pages.picture import Span
from tracker.queries import moment
from tracker.queries.moment import AsOf
from tracker.queries.scores import lenses
from tracker.queries.scores.pairs import Series
from tracker.wording import Names, listed

# What `read` reads.
PARAMETERS = ("lens", "direction", "as_of", "day", "country", "show", "order", "page")
# What mailers and other sites add to an address to follow their readers: it is dropped.
TRACKING = re.compile(
    r"utm_[a-z_]{1,20}|mc_[ce]id|[a-z]{1,5}clid|igshid|_hs[a-z]{1,5}|mtm_[a-z]{1,20}"
)


class Unclear(BadParameter):
    """A parameter that cannot be read; says which, and how to write it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How a page is to be seen. What was not asked for is None; the lens is `standing`."""

    lens: str
    direction: str | None
    as_of: AsOf
    as_of_text: str
    day: date | None
    country: str | None
    show: str = "chart"
    order: str = "strongest"
    page: int = 1


def normalise(request: HttpRequest, known: Collection[str]) -> None:
    """Give a request's parameters one form, so that one page has one address: of repeated ones the
    last, without empty ones and those of trackers, and in the address in order of their names.

    :raises Unclear: if there is one that the page does not know.
    """
    given = request.GET
    if not given:
        return
    kept = QueryDict(mutable=True)
    for name in given:
        if name in known:
            if value := given[name].strip():
                kept[name] = value
        elif not TRACKING.fullmatch(name):
            raise Unclear(_unknown(name, known))
    request.META["QUERY_STRING"] = urlencode(sorted(kept.items()))
    request.GET = kept  # type: ignore[assignment] # a cached property


def _unknown(name: str, known: Collection[str]) -> str:
    taken = listed(list(known)) or "none"
    return f"This page has no parameter {name[:40]}. It takes {taken}."


def read(query: QueryDict) -> Asked:
    """Read the parameters that pages know.

    :raises Unclear: at the first that cannot be read.
    """
    text = query.get("as_of", "").strip()
    return Asked(
        lens=query.get("lens") or "standing",
        direction=query.get("direction") or None,
        as_of=_as_of(text),
        as_of_text=text,
        day=_day(query.get("day", "").strip()),
        country=query.get("country", "").strip().upper() or None,
        show=query.get("show") or "chart",
        order=query.get("order") or "strongest",
        page=_page(query.get("page", "")),
    )


def _as_of(text: str) -> AsOf:
    try:
        return moment.read_moment(text) if text else None
    except moment.NoMoment as problem:
        raise Unclear(f"The moment as_of={problem}.") from problem


def _page(text: str) -> int:
    if not text:
        return 1
    if not re.fullmatch(r"[1-9][0-9]{0,4}", text):
        raise Unclear(f"The page {text[:40]!r} cannot be read. Write a number from 1 on.")
    return int(text)


def _day(text: str) -> date | None:
    try:
        return moment.read_day(text) if text else None
    except moment.NoDay as problem:
        raise Unclear(f"The day {problem}.") from problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    label: str
    link: str
    chosen: bool = False


def address(path: str, asked: Asked, **other: str) -> str:
    """A path with the parameters that were asked for, some of them otherwise; defaults left out."""
    held = {
        "lens": asked.lens if asked.lens != "standing" else "",
        "direction": asked.direction or "",
        "as_of": asked.as_of_text,
        "day": asked.day.isoformat() if asked.day else "",
        "country": asked.country or "",
        "order": asked.order if asked.order != "strongest" else "",
        "page": str(asked.page) if asked.page > 1 else "",
        "show": asked.show if asked.show != "chart" else "",
    }
    return with_parameters(path, **(held | other))


def with_parameters(path: str, **parameters: str) -> str:
    """A path with those of the parameters that say something."""
    wanted = {name: value for name, value in parameters.items() if value}
    return f"{path}?{urlencode(wanted)}" if wanted else path


def of_lens(path: str, asked: Asked) -> list[Choice]:
    return [
        Choice(
            label=one.lens.name,
            link=address(path, asked, lens=one.lens.name if one.lens.name != "standing" else ""),
            chosen=asked.lens.partition("@")[0] == one.lens.name,
        )
        for one in lenses.latest()
    ]


def of_tab(path: str, asked: Asked, tabs: Mapping[str, str]) -> list[Choice]:
    return [
        Choice(
            label=label,
            link=address(path, asked, show=name if name != "chart" else ""),
            chosen=asked.show == name,
        )
        for name, label in tabs.items()
    ]


def of_direction(path: str, asked: Asked, series: Series, called: Names) -> list[Choice]:
    return [
        Choice(
            label=called.direction(one) if ">" in one else "both ways",
            link=address(path, asked, direction=one if ">" in one else ""),
            chosen=one == series.direction,
        )
        for one in directions(series.pair)
    ]


def of_api(asked: Asked, series: Series, span: Span | None, day: str) -> Sequence[Choice]:
    """Where a program gets the same numbers."""
    ends = series.pair.split("-")
    common = {"lens": asked.lens, "direction": series.direction, "as_of": asked.as_of_text}
    found = []
    if span:
        dates = {"from": span.start.isoformat(), "to": span.end.isoformat(), "every": "month"}
        found.append(Choice(label="scores", link=_api("scores", ends, common | dates)))
    found.append(Choice(label="explanation", link=_api("explanation", ends, common | {"day": day})))
    return found


def _api(view: str, ends: Sequence[str], parameters: Mapping[str, str]) -> str:
    return with_parameters(reverse(f"api:{view}", args=ends), **parameters)
