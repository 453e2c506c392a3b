"""The timeline of a country: its claims by month, what goes on, and when scores shifted."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tracker.domain import evidence
from tracker.domain import state as f
from tracker.domain.disclosure import Reader
from tracker.domain.lenses import LensVersion
from tracker.domain.shifts import Shift
from tracker.language_formats import month_name
from tracker.pages import request_params
from tracker.pages.page_cache import page_cached_by, render_page, today
from tracker.pages.request_params import InvalidParameter
from tracker.pages.timeline_picture import (
    Going,
    Month,
    NamedShift,
    draw_timeline,
    month_end,
    months_between,
)
from tracker.queries import moment, progress
from tracker.queries.claims import by_record, voices
from tracker.queries.claims.by_record import DatedClaim, TimelineFilter
from tracker.queries.claims.detail import Sheet
from tracker.queries.records import names, states
from tracker.queries.scores import lenses, shifts, table
from tracker.queries.scores.shifts import ShiftFilter
from tracker.queries.scores.table import Order
from tracker.wording import Names, day_in_words, signed

DEFAULT_LENS = "standing"
PARAMETERS = ("partner", "year", "page", "lens")
# Claims of a page, and the last page. Only archives have more claims in a year, and these are
# searched by pair.
CLAIMS, MOST_PAGES = 40, 50
MOST_SITUATIONS, MOST_SHIFTS, MOST_PARTNERS = 8, 24, 80
# A picture has at least so many months.
LEAST_MONTHS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelinePage:
    code: str
    name: str
    headline: str
    months: Sequence[Month]
    going: Sequence[Going]
    shifts: Sequence[NamedShift]
    pictures: Sequence[str]
    partners: Sequence[tuple[str, str]]
    partner: str
    year: str
    lens: str
    newer: str
    older: str
    more_pages: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineParams:
    """The parameters of the page."""

    partner: str
    year: int | None
    page: int
    lens: str = DEFAULT_LENS

    def address(self, code: str, **changes: str) -> str:
        own = {
            "partner": self.partner,
            "year": str(self.year or ""),
            "page": str(self.page) if self.page > 1 else "",
            "lens": self.lens if self.lens != DEFAULT_LENS else "",
        }
        path = reverse("pages:timeline", args=[code])
        return request_params.with_parameters(path, **(own | changes))


def read(query: QueryDict) -> TimelineParams:
    """Read the parameters.

    :raises InvalidParameter: for the first that cannot be read.
    """
    year, page = query.get("year", ""), request_params.read(query).page
    if year and not re.fullmatch(r"[12][0-9]{3}", year, re.ASCII):
        raise InvalidParameter(
            _("The year %(year)s cannot be read. Write four digits, such as 2022.")
            % {"year": repr(year[:40])}
        )
    if page > MOST_PAGES:
        raise InvalidParameter(
            _("A timeline has at most %(most)d pages: choose a year or a partner.")
            % {"most": MOST_PAGES}
        )
    partner = query.get("partner", "").upper()
    if partner and not re.fullmatch(r"[A-Z]{3}", partner):
        raise InvalidParameter(
            _("The partner %(partner)s cannot be read. Write the code of a country, such as RUS.")
            % {"partner": repr(partner[:40])}
        )
    return TimelineParams(
        partner=partner,
        year=int(year) if year else None,
        page=page,
        lens=query.get("lens", DEFAULT_LENS),
    )


def build(actor: f.ActorState, params: TimelineParams, *, today: date) -> TimelinePage:
    """Build the page.

    :raises InvalidParameter: for a partner that is not on record.
    """
    code = actor.actor.code or ""
    wanted = _filter(actor, params, today=today)
    claims = by_record.claims_by_day(
        wanted, skipped=(params.page - 1) * CLAIMS, limit=CLAIMS + 1, reader=Reader.PUBLIC
    )
    shown, more = claims[:CLAIMS], len(claims) > CLAIMS
    days = _days(wanted, shown, params)
    lens = _lens(params.lens)
    partners = _partners(lens, code)
    named = Names(by_code=names.countries({code, *partners, *filter(None, [params.partner])}))
    found = _shifts(lens, code, params, days, named)
    going = _going(wanted, days)
    months = _months(shown)
    headline = _headline(code, params, named, shown, more=more)
    return TimelinePage(
        code=code,
        name=named.country(code),
        headline=headline,
        months=months,
        going=going,
        shifts=found,
        pictures=_pictures(days, months, going, found, headline),
        partners=sorted((named.country(one), one) for one in partners),
        partner=params.partner,
        year=str(params.year or ""),
        lens=params.lens if params.lens != DEFAULT_LENS else "",
        newer=_page_link(code, params, -1) if params.page > 1 else "",
        older=_page_link(code, params, 1) if more and params.page < MOST_PAGES else "",
        more_pages=more and params.page == MOST_PAGES,
    )


def _months(claims: Sequence[DatedClaim]) -> list[Month]:
    return [
        Month(first=month, claims=[one.entry for one in own])
        for month, own in groupby(claims, key=lambda one: one.day.replace(day=1))
    ]


def _pictures(
    days: tuple[date, date] | None,
    months: Sequence[Month],
    going: Sequence[Going],
    found: Sequence[NamedShift],
    label: str,
) -> list[str]:
    """The wide and the narrow picture of some days; none without days."""
    if days is None:
        return []
    return [
        draw_timeline(days, months, going, found, label=label, wide=wide) for wide in (True, False)
    ]


def _page_link(code: str, params: TimelineParams, step: int) -> str:
    """The address of the page `step` further on."""
    number = params.page + step
    return params.address(code, page=str(number) if number > 1 else "")


def _filter(actor: f.ActorState, params: TimelineParams, *, today: date) -> TimelineFilter:
    partners = None
    if params.partner:
        state = states.countries([params.partner]).get(params.partner)
        if state is None:
            raise InvalidParameter(
                _("No country on record has the code %(code)s.") % {"code": params.partner}
            )
        partners = voices.voices_of(state.id)
    start, end = date(1, 1, 1), today
    if params.year:
        start, end = date(params.year, 1, 1), date(params.year, 12, 31)
    return TimelineFilter(
        actors=voices.voices_of(actor.id), partners=partners, start=start, end=end
    )


def _days(
    wanted: TimelineFilter, claims: Sequence[DatedClaim], params: TimelineParams
) -> tuple[date, date] | None:
    """The months of the picture: those of the listed claims, or the chosen year."""
    if not claims:
        return (wanted.start, wanted.end) if params.year else None
    start, end = claims[-1].day.replace(day=1), month_end(claims[0].day)
    while months_between(start, end) < LEAST_MONTHS and start > date(2, 1, 1):
        start = (start - timedelta(days=1)).replace(day=1)
    return start, end


def _partners(lens: LensVersion | None, code: str) -> list[str]:
    """The countries that share most claims with a country."""
    if lens is None:
        return []
    rows = table.page(
        lens, Order(column="claims", descending=True, country=code), limit=MOST_PARTNERS
    )
    return [next(end for end in row.pair.split("-") if end != code) for row in rows]


def _lens(name: str) -> LensVersion | None:
    """The lens whose shifts are shown; None before the default one is defined."""
    try:
        return lenses.find(name, position=moment.now().position)
    except lenses.NoSuchLens:
        if name != DEFAULT_LENS:
            raise
        return None


def _shifts(
    lens: LensVersion | None,
    code: str,
    params: TimelineParams,
    days: tuple[date, date] | None,
    named: Names,
) -> list[NamedShift]:
    if lens is None or days is None:
        return []
    pair = "-".join(sorted((code, params.partner))) if params.partner else None
    wanted = ShiftFilter(start=days[0], end=days[1], country=code, pair=pair)
    found = []
    for name, shift in shifts.of_filter(lens, wanted, limit=MOST_SHIFTS):
        other = next(end for end in name.split("-") if end != code)
        link = request_params.with_parameters(
            reverse("pages:pair", args=name.split("-")),
            lens=params.lens if params.lens != DEFAULT_LENS else "",
            day=shift.peak.isoformat(),
        )
        says = _shift_in_words(shift, named.in_sentence(other))
        found.append(NamedShift(shift=shift, says=says, link=link))
    return found


def _shift_in_words(shift: Shift, other: str) -> str:
    """ "With Russia: worse by 24 March 2022, −1.1"."""
    told = {"country": other, "day": day_in_words(shift.peak), "amount": signed(shift.amount)}
    if shift.amount > 0:
        return _("With %(country)s: better by %(day)s, %(amount)s") % told
    return _("With %(country)s: worse by %(day)s, %(amount)s") % told


def _going(wanted: TimelineFilter, days: tuple[date, date] | None) -> list[Going]:
    if days is None:
        return []
    shown = TimelineFilter(
        actors=wanted.actors, partners=wanted.partners, start=days[0], end=days[1]
    )
    sheets = by_record.situations(shown, limit=MOST_SITUATIONS, reader=Reader.PUBLIC)
    return [Going(sheet=sheet, reported=_reported(sheet)) for sheet in sheets]


def _reported(sheet: Sheet) -> date | None:
    """The day of the last document that supports a claim."""
    documents = {cited.document.id: cited.document.document for cited in sheet.citations}
    return max(evidence.cited_on([sheet.filed.state], documents), default=None)


def _headline(
    code: str, params: TimelineParams, named: Names, claims: Sequence[DatedClaim], *, more: bool
) -> str:
    country = named.in_sentence(code)
    if params.partner:
        country = _("%(one)s and %(other)s") % {
            "one": country,
            "other": named.in_sentence(params.partner),
        }
    if not claims:
        return _("Nothing is on record about %(country)s for this choice.") % {"country": country}
    told = {
        "country": country,
        "start": month_name(claims[-1].day),
        "end": month_name(claims[0].day),
        "number": len(claims),
    }
    if (more or params.page > 1) and told["start"] == told["end"]:
        return _("What was reported about %(country)s in %(end)s.") % told
    if more or params.page > 1:
        return _("What was reported about %(country)s from %(start)s to %(end)s.") % told
    return (
        ngettext(
            "One dated report about %(country)s is on file, of %(end)s.",
            "%(number)d dated reports about %(country)s are on file, the newest of %(end)s.",
            len(claims),
        )
        % told
    )


@page_cached_by(progress.of_tables, PARAMETERS)
def show(request: HttpRequest, code: str) -> HttpResponse:
    state = states.countries([code.upper()]).get(code.upper())
    if state is None:
        raise Http404(_("no country on record has the code %(code)s") % {"code": code})
    page = build(state, read(request.GET), today=today())
    return render_page(request, "pages/timeline.html", {"page": page})
