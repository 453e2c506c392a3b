"""What is new, as Atom feeds: claims of a pair or of all, and shifts."""

import hashlib
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.http import condition

from tracker.domain.disclosure import Reader
from tracker.domain.shifts import Shift
from tracker.pages.page_cache import page_with
from tracker.queries import progress
from tracker.queries.claims import listing, worklists
from tracker.queries.claims.listing import Filed
from tracker.queries.evidence import impacts
from tracker.queries.records import pair_names
from tracker.queries.scores import lenses, shifts
from tracker.queries.scores.shifts import Found
from tracker.wording import day_in_words, signed

USUAL = "standing"
# So long ago shifts may have been seen.
SHIFTS_SINCE = timedelta(days=90)
MOST_SHIFTS = 50
# Goes up whenever the same record would make another feed.
VERSION = "3"


class Feed(Atom1Feed):
    """An Atom feed whose id stays when its address changes. Before the first entry it was updated
    when the record began to count."""

    content_type = "application/atom+xml; charset=utf-8"

    def latest_post_date(self) -> datetime:
        dates = [item["updateddate"] for item in self.items]
        return max(dates, default=datetime(1970, 1, 1, tzinfo=UTC))


def _etag(stamp: Callable[[], str]) -> Callable[..., str]:
    def tag(request: HttpRequest, **_: Any) -> str:
        text = f"{VERSION} {request.build_absolute_uri()} {stamp()} {timezone.now().date()}"
        return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'

    return tag


@page_with("lens")
@condition(etag_func=_etag(progress.of_views))
def of_pair(request: HttpRequest, one: str, other: str) -> HttpResponse:
    """The claims that concern a pair."""
    try:
        pair = pair_names.named(one, other)
        found = worklists.recent_of_pair(pair, lens=_lens(request), reader=Reader.PUBLIC)
    except (pair_names.NoSuchPair, lenses.NoSuchLens) as problem:
        raise Http404(str(problem)) from problem
    page = reverse("pages:pair", args=pair.split("-"))
    feed = _feed(request, f"pair/{pair}", title=f"Entente: {_called(pair)}", page=page)
    return _answer(_with_claims(request, feed, found))


@page_with("lens")
@condition(etag_func=_etag(progress.of_log))
def of_claims(request: HttpRequest) -> HttpResponse:
    """The claims that a lens looks at."""
    try:
        found = worklists.recent_of_lens(_lens(request), reader=Reader.PUBLIC)
    except lenses.NoSuchLens as problem:
        raise Http404(str(problem)) from problem
    page = reverse("pages:overview")
    feed = _feed(request, "claims", title="Entente: claims and retractions", page=page)
    return _answer(_with_claims(request, feed, found))


@page_with("lens")
@condition(etag_func=_etag(progress.of_tables))
def of_shifts(request: HttpRequest) -> HttpResponse:
    """The scores that moved further than their history lets one expect."""
    today = timezone.now().date()
    wanted = shifts.Wanted(start=today - SHIFTS_SINCE, end=today)
    try:
        listed = shifts.listed(
            wanted,
            lens=_lens(request),
            as_of=None,
            after=None,
            limit=MOST_SHIFTS,
            reader=Reader.PUBLIC,
        )
    except lenses.NoSuchLens as problem:
        raise Http404(str(problem)) from problem
    except impacts.CatchingUp as problem:
        return HttpResponse(str(problem), status=503, headers={"Retry-After": "30"})
    feed = _feed(request, "shifts", title="Entente: what shifted", page=reverse("pages:overview"))
    claims = {one.claim for each in listed.found for one in each.claims}
    titles = listing.titles(claims, reader=Reader.PUBLIC)
    for one in listed.found:
        _add_shift(request, feed, one, titles=titles, lens=listed.lens.label)
    return _answer(feed)


def _lens(request: HttpRequest) -> str:
    return request.GET.get("lens") or USUAL


def _feed(request: HttpRequest, name: str, *, title: str, page: str) -> Feed:
    lens = _lens(request)
    return Feed(
        title=title if lens == USUAL else f"{title} ({lens})",
        link=request.build_absolute_uri(page),
        description="",
        language="en",
        author_name="Entente",
        feed_url=request.build_absolute_uri(),
        feed_guid=_tag(request, f"feed/{name}" if lens == USUAL else f"feed/{name}/{lens}"),
    )


def _tag(request: HttpRequest, specific: str) -> str:
    """An id that is the same for ever (RFC 4151)."""
    authority = settings.FEED_AUTHORITY or request.get_host().partition(":")[0]
    return f"tag:{authority},2026:{specific}"


def _with_claims(request: HttpRequest, feed: Feed, found: Iterable[Filed]) -> Feed:
    """An entry for each claim, which is updated whenever something happens to it; and one more for
    each retraction, for readers that pass updates over."""
    for one in found:
        if one.last.kind == "ClaimRetracted":
            _add_claim(request, feed, one, f"retraction/{one.last.position}")
        _add_claim(request, feed, one, f"claim/{one.state.id}")
    return feed


def _add_claim(request: HttpRequest, feed: Feed, one: Filed, specific: str) -> None:
    retraction = specific.startswith("retraction/")
    retracted = one.state.status == "retracted"
    feed.add_item(
        title=one.title,
        link=request.build_absolute_uri(reverse("pages:claim", args=[one.state.id])),
        description=_said(one),
        unique_id=_tag(request, specific),
        pubdate=(one.last if retraction else one.first).recorded_at,
        updateddate=one.last.recorded_at,
        categories=(one.state.claim.kind, *(["retracted"] if retracted else [])),
    )


def _said(one: Filed) -> str:
    claim = one.state.claim
    when = f"Date: {claim.occurred.edtf}." if claim.occurred else "Without a date."
    was = {"ClaimAsserted": "put on record", "ClaimCorrected": "corrected"}
    did = was.get(one.last.kind, _words_of(one.last.kind))
    retracted = " It is retracted and moves no score." if one.state.status == "retracted" else ""
    day = day_in_words(one.last.recorded_at.date())
    return f"{when} Last {did} on {day} (position {one.last.position} of the record).{retracted}"


def _words_of(kind: str) -> str:
    return {
        "ClaimRetracted": "retracted",
        "ClaimReinstated": "reinstated",
        "CitationAdded": "cited",
        "VerdictGiven": "judged",
        "ClaimReviewed": "reviewed",
        "ForecastResolved": "resolved",
    }.get(kind, "changed")


def _add_shift(request: HttpRequest, feed: Feed, one: Found, *, titles: Any, lens: str) -> None:
    seen = datetime.combine(one.shift.seen, time(), UTC)
    place = f"shift/{lens}/{one.pair}/{one.shift.seen}/{one.shift.start}"
    page = reverse("pages:pair", args=one.pair.split("-"))
    name = lens.partition("@")[0]
    feed.add_item(
        title=f"{_called(one.pair)} moved {signed(one.shift.amount)}",
        link=request.build_absolute_uri(f"{page}?lens={name}&day={one.shift.peak}"),
        description=_moved(one.shift, [titles[each.claim] for each in one.claims], lens),
        unique_id=_tag(request, place),
        pubdate=seen,
        updateddate=seen,
        categories=(one.pair,),
    )


def _moved(shift: Shift, by: list[str], lens: str) -> str:
    why = f" Most of it by: {'; '.join(by)}" if by else ""
    return f"From {shift.start} to {shift.peak}, under {lens}.{why}"


def _called(pair: str) -> str:
    return pair.replace("-", "–")


def _answer(feed: Feed) -> HttpResponse:
    return HttpResponse(
        feed.writeString("utf-8"),
        content_type=Feed.content_type,
        headers={"Cache-Control": "public, max-age=60"},
    )
