"""Atom feeds of claims, of a pair or of all, of shifts, corrections and monthly digests."""

import hashlib
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import condition

from tracker import change_wording, country_names
from tracker.date_wording import described
from tracker.domain.disclosure import Reader
from tracker.domain.shifts import Shift
from tracker.language_formats import is_english
from tracker.lens_names import labelled, reader_name
from tracker.pages.page_cache import begin_long_work, page_cached_by, page_with
from tracker.pages.templatetags.changes import corrected, digest_in_short
from tracker.queries import moment, progress, seals
from tracker.queries.claims import by_record, corrections, listing, recent, voices
from tracker.queries.claims.listing import ClaimEntry
from tracker.queries.evidence import impacts
from tracker.queries.records import pair_names, states
from tracker.queries.scores import digests, lenses, shifts
from tracker.queries.scores.shifts import ExplainedShift
from tracker.wording import day_in_words, listed, sentence, signed

DEFAULT_LENS = "standing"
# The feed has the shifts of this time.
SHIFTS_SINCE = timedelta(days=90)
MOST_SHIFTS = 50
MOST_CORRECTIONS = 50
MOST_DIGESTS = 6
MOST_OF_COUNTRY = 50
# Increase it whenever the same record would make another feed.
VERSION = "10"


class AtomFeed(Atom1Feed):
    """An Atom feed. Its id does not depend on its address. An empty feed has a fixed date."""

    content_type = "application/atom+xml; charset=utf-8"

    def latest_post_date(self) -> datetime:
        dates = [item["updateddate"] for item in self.items]
        return max(dates, default=datetime(1970, 1, 1, tzinfo=UTC))


def _etag(stamp: Callable[[], str]) -> Callable[..., str]:
    def tag(request: HttpRequest, **_place: Any) -> str:
        text = f"{VERSION} {request.build_absolute_uri()} {stamp()} {timezone.now().date()}"
        return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'

    return tag


@page_with("lens")
@condition(etag_func=_etag(progress.of_views))
def of_pair(request: HttpRequest, first: str, second: str) -> HttpResponse:
    """The claims that concern a pair."""
    try:
        pair = pair_names.pair_name(first, second)
        claims = recent.recent_of_pair(pair, lens=_lens(request), reader=Reader.PUBLIC)
    except (pair_names.NoSuchPair, lenses.NoSuchLens) as problem:
        raise Http404(str(problem)) from problem
    page = reverse("pages:pair", args=pair.split("-"))
    feed = _feed(request, f"pair/{pair}", title=f"Entente: {_called(pair)}", page=page)
    return _response(_with_claims(request, feed, claims))


@page_with()
@condition(etag_func=_etag(progress.of_log))
def of_country(request: HttpRequest, code: str) -> HttpResponse:
    """The latest claims about a country."""
    state = states.countries([code.upper()]).get(code.upper())
    if state is None:
        raise Http404(_("No country on record has the code %(code)s.") % {"code": code})
    claims = by_record.claims_about(
        voices.voices_of(state.id), limit=MOST_OF_COUNTRY, reader=Reader.PUBLIC
    )
    page = reverse("pages:timeline", args=[state.actor.code])
    name = country_names.in_language(code.upper()) or state.actor.name
    feed = _feed(request, f"actor/{code.upper()}", title=f"Entente: {name}", page=page)
    return _response(_with_claims(request, feed, claims))


@page_with("lens")
@condition(etag_func=_etag(progress.of_log))
def of_claims(request: HttpRequest) -> HttpResponse:
    """The claims of the collections that a lens counts."""
    try:
        claims = recent.recent_of_lens(_lens(request), reader=Reader.PUBLIC)
    except lenses.NoSuchLens as problem:
        raise Http404(str(problem)) from problem
    page = reverse("pages:overview")
    feed = _feed(request, "claims", title=_("Entente: claims and retractions"), page=page)
    return _response(_with_claims(request, feed, claims))


@page_with("lens")
@condition(etag_func=_etag(progress.of_tables))
def of_shifts(request: HttpRequest) -> HttpResponse:
    """The scores that moved more than their history explains."""
    today = timezone.now().date()
    wanted = shifts.ShiftFilter(start=today - SHIFTS_SINCE, end=today)
    try:
        found = shifts.page(
            wanted,
            lens=_lens(request),
            as_of=moment.now(),
            after=None,
            limit=MOST_SHIFTS,
            reader=Reader.PUBLIC,
        )
    except lenses.NoSuchLens as problem:
        raise Http404(str(problem)) from problem
    except impacts.CatchingUp as problem:
        return HttpResponse(sentence(problem), status=503, headers={"Retry-After": "30"})
    feed = _feed(
        request, "shifts", title=_("Entente: what shifted"), page=reverse("pages:overview")
    )
    titles = listing.titles(
        {claim.claim for shift in found.shifts for claim in shift.claims}, reader=Reader.PUBLIC
    )
    for shift in found.shifts:
        _add_shift(request, feed, shift, titles=titles, lens=found.lens.label)
    return _response(feed)


@page_cached_by(progress.of_views, ())
def of_corrections(request: HttpRequest) -> HttpResponse:
    """The latest corrections, retractions, reinstatements and verdicts that changed a score."""
    found = corrections.page(before=None, limit=MOST_CORRECTIONS, reader=Reader.PUBLIC)
    page = reverse("pages:corrections")
    feed = _feed(request, "corrections", title=_("Entente: corrections"), page=page)
    place = seals.names_of_positions()
    for one in found.entries:
        changed = listed([_called(pair) for pair in one.pairs]) or _("no score")
        feed.add_item(
            title=_("%(does)s: %(claim)s") % {"does": corrected(one.kind), "claim": one.title},
            link=request.build_absolute_uri(reverse("pages:claim", args=[one.claim])),
            description=" ".join(
                filter(None, (one.why, _("Changed: %(pairs)s.") % {"pairs": changed}))
            ),
            unique_id=_tag(request, f"correction/{place(one.position)}"),
            pubdate=one.recorded_at,
            updateddate=one.recorded_at,
        )
    return _response(feed)


@page_cached_by(progress.of_tables, ())
def of_digests(request: HttpRequest) -> HttpResponse:
    """The digests of the last complete months."""
    begin_long_work(request)
    today = timezone.now().date()
    over = [month for month in digests.months(today=today) if _end(month.first) <= today]
    page = reverse("pages:digests")
    feed = _feed(request, "digests", title=_("Entente: monthly digest"), page=page)
    for month in over[:MOST_DIGESTS]:
        digest = digests.of_month(month.first, today=today, reader=Reader.PUBLIC)
        day = datetime.combine(_end(month.first), time(), UTC)
        feed.add_item(
            title=digest_in_short(digest),
            link=request.build_absolute_uri(reverse("pages:digest", args=[month.first])),
            description=_lines_of(digest),
            unique_id=_tag(request, f"digest/{month.first:%Y-%m}"),
            pubdate=day,
            # Later corrections change the digest.
            updateddate=max(day, digests.changed_at(digest) or day),
        )
    return _response(feed)


def _end(month: date) -> date:
    """The first day of the next month."""
    return (month + timedelta(days=31)).replace(day=1)


def _lines_of(digest: digests.Digest) -> str:
    """The clear changes of a digest, one after the other."""
    lines = []
    for one in (*digest.of_turn("worse"), *digest.of_turn("better")):
        why = f" {one.main.title}" if one.main else ""
        words = change_wording.moved(one.movement, one.turn, one_source=one.one_source)
        lines.append(f"{change_wording.ARROWS[one.turn]} {_called(one.pair)}: {words}.{why}")
    return " ".join(lines)


def _lens(request: HttpRequest) -> str:
    return request.GET.get("lens") or DEFAULT_LENS


def _feed(request: HttpRequest, name: str, *, title: str, page: str) -> AtomFeed:
    lens = _lens(request)
    return AtomFeed(
        title=title if lens == DEFAULT_LENS else f"{title} ({reader_name(lens)})",
        link=request.build_absolute_uri(page),
        description="",
        language=get_language() or "en",
        author_name="Entente",
        feed_url=request.build_absolute_uri(),
        feed_guid=_tag(request, f"feed/{name}" if lens == DEFAULT_LENS else f"feed/{name}/{lens}"),
    )


def _tag(request: HttpRequest, specific: str) -> str:
    """A permanent id (RFC 4151). A text in another language is another entry."""
    authority = settings.FEED_AUTHORITY or request.get_host().partition(":")[0]
    language = "" if is_english() else f"{get_language()}/"
    return f"tag:{authority},2026:{language}{specific}"


def _with_claims(request: HttpRequest, feed: AtomFeed, claims: Iterable[ClaimEntry]) -> AtomFeed:
    """Add an entry for each claim, updated by every event; and one more for each retraction, for
    readers that ignore updates."""
    place = seals.names_of_positions()
    for claim in claims:
        if claim.last.kind == "ClaimRetracted":
            _add_claim(request, feed, claim, f"retraction/{place(claim.last.position)}")
        _add_claim(request, feed, claim, f"claim/{claim.state.id}")
    return feed


def _add_claim(request: HttpRequest, feed: AtomFeed, filed: ClaimEntry, specific: str) -> None:
    retraction = specific.startswith("retraction/")
    retracted = filed.state.status == "retracted"
    feed.add_item(
        title=filed.title,
        link=request.build_absolute_uri(reverse("pages:claim", args=[filed.state.id])),
        description=_description(filed),
        unique_id=_tag(request, specific),
        pubdate=(filed.last if retraction else filed.first).recorded_at,
        updateddate=filed.last.recorded_at,
        categories=(filed.state.claim.kind, *(["retracted"] if retracted else [])),
    )


def _description(filed: ClaimEntry) -> str:
    claim = filed.state.claim
    occurred = (
        _("Date: %(date)s.") % {"date": described(claim.occurred.edtf)}
        if claim.occurred
        else _("Without a date.")
    )
    last = str(_LAST.get(filed.last.kind, _CHANGED))
    sentences = [occurred, last % {"day": day_in_words(filed.last.recorded_at.date())}]
    if filed.state.status == "retracted":
        sentences.append(_("It is retracted and moves no score."))
    return " ".join(sentences)


_CHANGED = lazy("Last changed on %(day)s.")
_LAST = {
    "ClaimAsserted": lazy("Last put on record on %(day)s."),
    "ClaimCorrected": lazy("Last corrected on %(day)s."),
    "ClaimRetracted": lazy("Last retracted on %(day)s."),
    "ClaimReinstated": lazy("Last reinstated on %(day)s."),
    "CitationAdded": lazy("Last cited on %(day)s."),
    "VerdictGiven": lazy("Last judged on %(day)s."),
    "ClaimReviewed": lazy("Last reviewed on %(day)s."),
    "ForecastResolved": lazy("Last resolved on %(day)s."),
}


def _add_shift(
    request: HttpRequest, feed: AtomFeed, found: ExplainedShift, *, titles: Any, lens: str
) -> None:
    titles_of_claims = [titles[claim.claim] for claim in found.claims]
    seen = datetime.combine(found.shift.seen, time(), UTC)
    place = f"shift/{lens}/{found.pair}/{found.shift.seen}/{found.shift.start}"
    page = reverse("pages:pair", args=found.pair.split("-"))
    name = lens.partition("@")[0]
    feed.add_item(
        title=_moved(found),
        link=request.build_absolute_uri(f"{page}?lens={name}&day={found.shift.peak}"),
        description=_shift_description(found.shift, titles_of_claims, lens),
        unique_id=_tag(request, place),
        pubdate=seen,
        updateddate=seen,
        categories=(found.pair,),
    )


def _moved(found: ExplainedShift) -> str:
    text = (
        _("%(pair)s slowly moved %(amount)s")
        if found.shift.kind == "slow"
        else _("%(pair)s moved %(amount)s")
    )
    return text % {"pair": _called(found.pair), "amount": signed(found.shift.amount)}


def _shift_description(shift: Shift, claims: list[str], lens: str) -> str:
    given = {
        "start": day_in_words(shift.start),
        "peak": day_in_words(shift.peak),
        "lens": labelled(lens),
        "claims": "; ".join(claims),
    }
    if claims:
        text = _("From %(start)s to %(peak)s. %(lens)s. Mostly because of: %(claims)s")
    else:
        text = _("From %(start)s to %(peak)s. %(lens)s.")
    return text % given


def _called(pair: str) -> str:
    return pair.replace("-", "–")


def _response(feed: AtomFeed) -> HttpResponse:
    return HttpResponse(
        feed.writeString("utf-8"),
        content_type=AtomFeed.content_type,
        headers={"Cache-Control": "public, max-age=60"},
    )
