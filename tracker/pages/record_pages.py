"""The pages of claims, documents and sources, with their history, and the list of shifts: the
scores that moved more than their own history explains; and what would change a finding."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from tracker import change_wording, log
from tracker.date_wording import described
from tracker.domain import decisive
from tracker.domain.decisive import DecisiveSet
from tracker.domain.disclosure import Reader
from tracker.domain.lenses import pair_of
from tracker.domain.records import MOST_REPRESENTED
from tracker.pages import pair_page, request_params, structured_data
from tracker.pages.page_cache import begin_long_work, cached_page, logged_in, render_page, today
from tracker.pages.pair_context import PairContext
from tracker.queries import moment
from tracker.queries.claims import by_record, detail, erased, history, listing, recent
from tracker.queries.claims.detail import Sheet
from tracker.queries.claims.listing import ClaimEntry, Filters
from tracker.queries.evidence import what_would_change
from tracker.queries.evidence.explanation import Effect, effects
from tracker.queries.evidence.what_would_change import GradeEffect, WhatWouldChange
from tracker.queries.moment import At
from tracker.queries.records import catalogue, names
from tracker.queries.scores import forecasts, shifts, uncounted
from tracker.queries.scores.shifts import ExplainedShift
from tracker.vocabulary import word
from tracker.wording import Names, capitalised

MOST = 200
_NONE = {
    "actor": lazy("there is no actor %(id)s"),
    "document": lazy("there is no document %(id)s"),
    "source": lazy("there is no source %(id)s"),
}


def _no_claim(claim_id: UUID) -> str:
    """Why there is no claim with an id."""
    if found := erased.erasure(claim_id):
        text = _(
            "The claim was erased, by order of: %(authority)s. Reason: %(reason)s (position"
            " %(position)s of the log)."
        )
        return text % found._asdict()
    return _("there is no claim %(id)s") % {"id": claim_id}


@cached_page("as_of")
def claim(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    as_of = request_params.read(request.GET).as_of
    sheet = detail.sheet(claim_id, as_of=as_of, reader=Reader.PUBLIC)
    if sheet is None:
        raise Http404(_no_claim(claim_id))
    position = as_of.past
    if sheet.filed.masked:
        return render_page(request, "pages/withheld.html", {"says": _mask(), "hidden": True})
    claim_effects = effects(claim_id, as_of=as_of, reader=Reader.PUBLIC)
    described = history.described_events(claim_id, as_of=as_of, reader=Reader.PUBLIC)
    context: dict[str, Any] = {
        "sheet": sheet,
        "position": position,
        "says": _description(sheet),
        "effects": claim_effects,
        "uncounted": uncounted.uncounted_collections([sheet.claim.collection])
        if position is None
        else (),
        **_pair_links(claim_effects),
        "history": described,
        "structured": structured_data.of_claim(request, sheet, described, says=_description(sheet)),
        "hidden": unsafe_as_title(sheet),
        "named": logged_in(request) and getattr(request.user, "is_staff", False),
    }
    return render_page(request, "pages/claim.html", context)


def _description(sheet: Sheet) -> str:
    """The claim's kind, date and publishers: other sites print it beside the title of a link."""
    publishers = [
        citation.provenance[0].name for citation in sheet.citations if citation.provenance
    ]
    source = ", ".join(dict.fromkeys(filter(None, publishers)))
    day = described(sheet.claim.occurred.edtf) if sheet.claim.occurred else ""
    parts = (
        capitalised(word(sheet.claim.kind)),
        day,
        source and _("by %(source)s") % {"source": source},
    )
    return ", ".join(filter(None, parts)) + "."


def _mask() -> str:
    """Why a claim is not shown, from `MASK`."""
    return _(
        "Withheld: this claim accuses a person or company of a serious act. It will be shown once"
        " two independent sources or an official finding support it and a second editor has"
        " approved it."
    )


def _pair_links(claim_effects: Sequence[Effect]) -> dict[str, Any]:
    """The names of the pairs that a claim moves, by the addresses of their pages, and the names of
    their countries."""
    directions = {
        (impact.initiator, impact.recipient)
        for effect in claim_effects
        for impact in effect.evaluation.impacts
    }
    countries = names.countries({code for direction in directions for code in direction})
    named = Names(by_code=countries)
    pairs = sorted({pair_of(*direction) for direction in directions})
    links = {reverse("pages:pair", args=pair.split("-")): named.direction(pair) for pair in pairs}
    return {"named_countries": named, "pairs": links}


def unsafe_as_title(sheet: Sheet) -> bool:
    """Whether the bare title would mislead in the results of a search engine: the claim is
    attributed to a party, disputed, retracted, or not accepted by a reviewer."""
    state = sheet.filed.state
    attributed = sheet.filed.attributed
    disputed = any(verdict.verdict in ("false", "disputed") for verdict in state.verdicts)
    unreviewed = sheet.collection.collection.review and state.review != "accepted"
    return (
        attributed
        or disputed
        or unreviewed
        or state.review == "rejected"
        or state.status == "retracted"
    )


@cached_page("as_of")
def document(request: HttpRequest, record: UUID) -> HttpResponse:
    at = request_params.read(request.GET).as_of
    context = {
        "entry": _entry("document", record, at),
        "claims": _claims_from(record, at.past),
        "history": log.history([record], until=at.past, words=False),
        "position": at.past,
    }
    return render_page(request, "pages/document.html", context)


@cached_page("as_of")
def source(request: HttpRequest, record: UUID) -> HttpResponse:
    """A page of the past does not list documents and claims."""
    at = request_params.read(request.GET).as_of
    context = {
        "entry": _entry("source", record, at),
        "documents": by_record.documents_of(record, limit=MOST) if at.is_now else (),
        "claims": (
            by_record.claims_rooted(record, limit=MOST, reader=Reader.PUBLIC) if at.is_now else ()
        ),
        "forecasts": forecasts.record(record, as_of=at, reader=Reader.PUBLIC).record,
        "history": log.history([record], until=at.past, words=False),
        "position": at.past,
    }
    return render_page(request, "pages/source.html", context)


@cached_page("as_of")
def organisation(request: HttpRequest, record: UUID) -> HttpResponse:
    """An organisation with its members: those who belong to it first, then those who left."""
    at = request_params.read(request.GET).as_of
    entry = _entry("actor", record, at)
    if not isinstance(entry, catalogue.ActorEntry) or entry.actor.kind != "organisation":
        raise Http404(_("there is no organisation %(id)s") % {"id": record})
    context = {
        "entry": entry,
        "members": sorted(entry.belonging, key=_left_and_name),
        "most": MOST_REPRESENTED,
        "history": log.history([record], until=at.past, words=False),
        "position": at.past,
    }
    return render_page(request, "pages/organisation.html", context)


def _left_and_name(named: catalogue.NamedMembership) -> tuple[bool, str, str]:
    membership = named.membership
    return membership.until is not None, named.country.name, str(membership.since or "")


def _claims_from(document: UUID, at: int | None) -> list[ClaimEntry]:
    if at is None:
        return by_record.claims_from(document, limit=MOST, reader=Reader.PUBLIC)
    filters = Filters(document=document)
    return listing.listing(filters, after=None, limit=MOST, reader=Reader.PUBLIC, at=at)


def _entry(noun: str, record: UUID, at: At) -> catalogue.Entry:
    entry = catalogue.entry(noun, record, as_of=at)
    if entry is None:
        raise Http404(_NONE[noun] % {"id": record})
    return entry


SINCE = timedelta(days=366)
MOST_SHIFTS = 50
FEW = 5
MOST_CLAIMS = 20
ONLY_NOW = (
    "The list of shifts has no parameter as_of, because past shifts are not kept. The page of a"
    " pair shows what was known at an earlier moment."
)


@cached_page("lens", "as_of", "day", "country")
def shift_list(request: HttpRequest) -> HttpResponse:
    params = request_params.read(request.GET)
    if not params.as_of.is_now:
        raise request_params.InvalidParameter(ONLY_NOW)
    end = params.day or today()
    span = shifts.ShiftFilter(start=end - SINCE, end=end, country=params.country)
    listed = _listed(span, params.lens, MOST_SHIFTS)
    before = () if listed.shifts else _before(span, params.lens)
    every = (*listed.shifts, *before)
    titles = listing.titles(
        {claim.claim for shift in every for claim in shift.claims}, reader=Reader.PUBLIC
    )
    codes = {code for shift in every for code in shift.pair.split("-")}
    context = {
        "params": params,
        "listed": listed,
        "before": before,
        "named": Names(by_code=names.countries(codes)),
        "titles": titles,
        "start": span.start,
        "end": end,
        "recent": recent.recent_of_lens(params.lens, reader=Reader.PUBLIC, most=MOST_CLAIMS),
        "lenses": request_params.lens_choices(request.path, params),
    }
    return render_page(request, "pages/shifts.html", context)


def _before(span: shifts.ShiftFilter, lens: str) -> Sequence[ExplainedShift]:
    """The last shifts before a year without shifts."""
    earlier = shifts.ShiftFilter(start=date.min, end=span.start, country=span.country)
    return _listed(earlier, lens, FEW).shifts


def _listed(span: shifts.ShiftFilter, lens: str, most: int) -> shifts.ListedShifts:
    return shifts.page(
        span, lens=lens, as_of=moment.now(), after=None, limit=most, reader=Reader.PUBLIC
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownSet:
    """A sentence, the claims that it is about, and whether it is the smallest set."""

    says: str
    claims: list[Sheet]
    exact: bool


@cached_page(*request_params.OF_PAIR)
def show(request: HttpRequest, first: str, second: str) -> HttpResponse:
    """It may take several seconds, so it counts as long work."""
    pair = pair_page.requested_context(request, first, second)
    begin_long_work(request)
    found = what_would_change.of_series(
        pair.series, pair.day, since=pair.params.since, reader=Reader.PUBLIC
    )
    return render_page(request, "pages/what_would_change_page.html", _context(pair, found))


def _context(pair: PairContext, found: WhatWouldChange) -> dict[str, Any]:
    search = found.search
    sheets = detail.sheets_at(
        what_would_change.titles_of(found), pair.series.position, reader=Reader.PUBLIC
    )
    return {
        "pair": pair,
        # Not for search engines: it takes too long.
        "hidden": True,
        "link": request_params.address(pair.path, pair.params),
        "headline": pair_page.headline(pair),
        "sets": [*_sets(search.found, sheets)],
        "open": change_wording.open_questions(search.open),
        "search": search,
        "most_members": decisive.MOST_MEMBERS,
        "grade": found.grade,
        "grades": [*_grades(found)],
        "acts": change_wording.acts_needed(found.acts, most=decisive.MOST_ACTS),
        "now": found.now,
        "suffix": f"?as_of={pair.params.as_of_text}" if pair.params.as_of_text else "",
    }


def _sets(found: Iterable[DecisiveSet], sheets: Mapping[UUID, Sheet]) -> Iterator[ShownSet]:
    """The sets with their claims; sets with the same claims are merged."""
    alike: dict[frozenset[UUID], list[DecisiveSet]] = {}
    for one in found:
        alike.setdefault(frozenset(one.claims), []).append(one)
    for sets in alike.values():
        yield ShownSet(
            says=change_wording.hangs_on(sets),
            claims=[sheets[claim] for claim in sets[0].claims if claim in sheets],
            exact=all(one.exact for one in sets),
        )


def _grades(found: WhatWouldChange) -> Iterator[str]:
    """The finding with the next lower and the next higher grade of one source."""
    effect: GradeEffect | None = found.grade
    for one in (effect.lower, effect.higher) if effect else ():
        if one is None or effect is None:
            continue
        moved = found.values.movement is not None and one.values.movement is not None
        now, then = (
            (found.values.movement or 0.0, one.values.movement or 0.0)
            if moved
            else (found.values.level, one.values.level)
        )
        yield change_wording.regraded(effect.name, one.grade, now=now, then=then, moved=moved)
