"""The page of a pair and its tabs."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from tracker.pages import asked, choices, neighbours, pairpage, witnesses
from tracker.pages.choices import Choice
from tracker.pages.ground import Ground
from tracker.pages.views.showing import embedding, kept, shown, today
from tracker.queries.claims import worklists
from tracker.queries.claims.listing import Filed
from tracker.queries.records import pair_names

MOST_BOTH = 10
FILES = {
    "The picture as SVG": ("pair-picture", "svg"),
    "The picture as PNG": ("pair-picture", "png"),
    "The scores by month as CSV": ("pair-scores", "csv"),
    "The scores by month as JSON, with the citation": ("pair-scores", "json"),
}


@kept
def pair(request: HttpRequest, one: str, other: str) -> HttpResponse:
    on = ground(request, one, other)
    if on.asked.show not in pairpage.TABS:
        raise asked.Unclear(f"show is one of {', '.join(pairpage.TABS)}")
    context = {
        "page": pairpage.build(on),
        "asked": on.asked,
        "on": on,
        "citation": pairpage.cited(on, request.build_absolute_uri(pairpage.pinned(on))),
        "card": request.build_absolute_uri(_of(on, "pair-card")) if on.span else "",
        **_TABS[on.asked.show](request, on),
    }
    return shown(request, "pages/pair.html", context)


def ground(request: HttpRequest, one: str, other: str) -> Ground:
    """What a page, picture or file of a pair is about.

    :raises pair_names.NoSuchPair: and what else cannot be shown.
    """
    wanted = asked.read(request.GET)
    return pairpage.ground(pair_names.named(one, other), wanted, today=today())


def _chart(_request: HttpRequest, on: Ground) -> dict[str, Any]:
    why = pairpage.why(on)
    return {
        "why": why,
        "moved": pairpage.moved(on),
        "both": _both(on) if not why.causes else (),
        "seen": pairpage.seen(on, why.causes),
        "known": pairpage.known(on),
        "measures": pairpage.measured(on),
        "triangles": neighbours.triangles(on),
    }


def _both(on: Ground) -> Sequence[Filed]:
    """What is on record of both countries where nothing moves their score; of the past not asked
    for."""
    if on.asked.as_of is not None:
        return ()
    return worklists.recent_of_pair(on.series.pair, lens=on.asked.lens)[:MOST_BOTH]


def _table(_request: HttpRequest, on: Ground) -> dict[str, Any]:
    return {"table": pairpage.table(on)}


def _sources(_request: HttpRequest, on: Ground) -> dict[str, Any]:
    return {"witnesses": witnesses.of_pair(on)}


def _download(request: HttpRequest, on: Ground) -> dict[str, Any]:
    found = [Choice(label=label, link=_of(on, *place)) for label, place in FILES.items()]
    return {
        "files": found if on.span else found[2:],
        "embed": embedding(request, _of(on, "embed-pair"), on.called),
    }


def _of(on: Ground, name: str, *form: str) -> str:
    """The address of something else that shows the same."""
    return choices.address(
        reverse(f"pages:{name}", args=(on.one, on.other, *form)), on.asked, show=""
    )


_TABS = {"chart": _chart, "table": _table, "sources": _sources, "download": _download}
