"""The public pages: each asks one question of the queries and shows the answer."""

from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from tracker.pages import asked, overview, pairpage
from tracker.queries import chronicle, impacts, lenses, moment, pairs, sheets
from tracker.queries.effects import effects
from tracker.queries.sheets import Sheet

# What somebody asked for that cannot be shown, with the words that say why.
UNCLEAR = (asked.Unclear, pairs.NoSuchDirection, lenses.NoSuchLens, moment.NotYet, OverflowError)


@require_safe
def first(request: HttpRequest) -> HttpResponse:
    try:
        page = overview.build(asked.read(request.GET), today=_today())
    except UNCLEAR as problem:
        return _unclear(request, problem)
    except impacts.CatchingUp as problem:
        return _unclear(request, problem, status=503)
    return render(request, "pages/overview.html", {"page": page, **_common()})


@require_safe
def pair(request: HttpRequest, one: str, other: str) -> HttpResponse:
    try:
        name = pairs.named(one, other)
    except pairs.NoSuchPair as problem:
        raise Http404(str(problem)) from problem
    try:
        wanted = asked.read(request.GET)
        page = pairpage.build(name, wanted, today=_today())
    except UNCLEAR as problem:
        return _unclear(request, problem)
    except impacts.CatchingUp as problem:
        return _unclear(request, problem, status=503)
    return render(request, "pages/pair.html", {"page": page, "asked": wanted, **_common()})


@require_safe
def claim(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    try:
        as_of = asked.read(request.GET).as_of
        sheet = sheets.sheet(claim_id, as_of=as_of)
    except UNCLEAR as problem:
        return _unclear(request, problem)
    if sheet is None:
        raise Http404(f"there is no claim {claim_id}")
    hidden = _unsafe_alone(sheet)
    context: dict[str, Any] = {
        "sheet": sheet,
        "effects": effects(claim_id, as_of=as_of),
        "history": chronicle.told(claim_id, as_of=as_of),
        "hidden": hidden,
        "named": getattr(request.user, "is_staff", False),
        **_common(),
    }
    response = render(request, "pages/claim.html", context)
    if hidden:
        response["X-Robots-Tag"] = "noindex"
    return response


def _unsafe_alone(sheet: Sheet) -> bool:
    """Whether a search engine that prints the page's title would spread what nobody vouches for."""
    state = sheet.filed.state
    said = any(one.link.type == "says" and one.link.to == state.id for one in sheet.links)
    judged = any(one.verdict in ("false", "disputed") for one in state.verdicts)
    return said or judged or state.status == "retracted"


def _unclear(request: HttpRequest, problem: Exception, *, status: int = 400) -> HttpResponse:
    return render(request, "pages/unclear.html", {"problem": str(problem)}, status=status)


def _common() -> dict[str, Any]:
    """`open`: whether the API answers whoever has no token."""
    return {"open": settings.ANONYMOUS_READERS}


def _today() -> date:
    return timezone.now().date()
