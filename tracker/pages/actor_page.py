"""The page of a country: its relations as a picture and a list, and recent claims about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from tracker.domain import state as f
from tracker.domain.disclosure import Reader
from tracker.domain.lenses import LensVersion
from tracker.domain.records import MOST_REPRESENTED
from tracker.domain.triads import Sign
from tracker.level_wording import is_assessed
from tracker.pages import country_chart, country_findings, relations, request_params
from tracker.pages.country_chart import Dot
from tracker.pages.country_findings import Partner
from tracker.pages.page_cache import cached_page, render_page, today
from tracker.pages.pair_list import MOST_THEN
from tracker.pages.request_params import InvalidParameter, LinkChoice, PageParams
from tracker.queries import moment
from tracker.queries.claims import by_record, voices
from tracker.queries.claims.listing import ClaimEntry
from tracker.queries.evidence import impacts, newest_reports
from tracker.queries.records import names, states
from tracker.queries.records.organisations import CountryMembership, memberships_of
from tracker.queries.scores import front, lenses, movements, past_table, table
from tracker.queries.scores.table import Order, RankedPair
from tracker.wording import Names

MOST_NEIGHBOURS = 40
MOST_CLAIMS = 20
# What the picture of a level can show.
AXES = ("level", "movement")
_SIGNS: dict[int, Sign] = {1: "positive", -1: "negative", 0: "undetermined"}


@dataclass(frozen=True, slots=True, kw_only=True)
class NeighbourLine:
    """A neighbour in the list and in the picture."""

    name: str
    link: str
    row: RankedPair
    sign: Sign

    @property
    def valued(self) -> bool:
        """Whether its number is shown: a level that nobody assessed only starts at 0."""
        return not self.row.score.silent and is_assessed(self.row.score)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorPage:
    """`axis` is what the picture shows: the score, or the level or the movement of a level.
    `undrawn` relations have no such value. `others` is the number of relations beyond the list."""

    code: str
    name: str
    headline: str
    axis: str
    axes: Sequence[LinkChoice]
    svg: str
    narrow: str
    undrawn: Sequence[str]
    lines: Sequence[NeighbourLine]
    others: int
    recent: Sequence[ClaimEntry]
    memberships: Sequence[CountryMembership]
    most_members: int
    lens: LensVersion
    lenses: Sequence[LinkChoice]
    position: int | None
    now: str
    fixed: str
    pairs: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pairs:
    """The pairs of a country, those with most claims first. `count` is the number of all pairs;
    `position` is None for now."""

    lens: LensVersion
    rows: Sequence[RankedPair]
    count: int
    position: int | None = None


def build(actor: f.ActorState, params: PageParams, *, today: date) -> ActorPage:
    """Build the page of a country. A page of the past has no recent claims.

    :raises lenses.NoSuchLens: :raises impacts.CatchingUp: :raises moment.AheadOfLog:
    :raises moment.TooManyThen: :raises InvalidParameter:
    """
    code = actor.actor.code or ""
    pairs = _pairs_now(code, params) if params.as_of.is_now else _past_pairs(code, params, today)
    name, lines = _name_and_lines(code, pairs, params)
    axis = _axis(lines, pairs.lens, params)
    path = reverse("pages:actor", args=[code])
    return ActorPage(
        code=code,
        name=name,
        headline=_headline(name, code, lines, pairs, then=_day(params, today) < today),
        axis=axis,
        axes=_axis_choices(path, params, axis) if pairs.lens.model.levels else [],
        **_pictures(lines, axis, pairs.lens),
        lines=lines,
        others=pairs.count - len(lines),
        recent=_recent(actor) if pairs.position is None else [],
        memberships=memberships_of(actor.id, at=pairs.position),
        most_members=MOST_REPRESENTED,
        lens=pairs.lens,
        position=pairs.position,
        now=request_params.address(path, params, as_of="", day=""),
        fixed=_fixed(path, params, pairs, today),
        pairs=request_params.address(reverse("pages:overview"), params, country=code, show=""),
        lenses=request_params.lens_choices(path, params),
    )


def _fixed(path: str, params: PageParams, pairs: _Pairs, today: date) -> str:
    """The address at which the page stays as it is, without recent claims; empty where that would
    need too many pairs."""
    if table.count(pairs.lens, table.BY_NAME) > MOST_THEN:
        return ""
    position = pairs.position
    if position is None:
        position = impacts.served_position(pairs.lens.lens.view.id)
    day = pairs.rows[0].day if pairs.rows else _day(params, today)
    return request_params.address(
        path, params, as_of=str(position), day=day.isoformat(), lens=pairs.lens.label
    )


def _day(params: PageParams, today: date) -> date:
    return params.day or params.as_of.day() or today


def _axis(lines: Sequence[NeighbourLine], lens: LensVersion, params: PageParams) -> str:
    """What the picture shows. For a lens that measures levels, the default is the movement unless
    most levels were assessed, since a level that nobody assessed may be anywhere."""
    if params.show not in ("chart", *AXES):
        raise InvalidParameter(_("show is one of %(names)s") % {"names": ", ".join(AXES)})
    if not lens.model.levels:
        return "score"
    if params.show in AXES:
        return params.show
    assessed = sum(is_assessed(line.row.score) for line in lines)
    return "level" if 2 * assessed > len(lines) else "movement"


def _axis_choices(path: str, params: PageParams, axis: str) -> list[LinkChoice]:
    labels = {"level": _("level"), "movement": _("movement")}
    return [
        LinkChoice(
            label=labels[one],
            link=request_params.address(path, params, show=one),
            chosen=one == axis,
        )
        for one in AXES
    ]


def _pictures(lines: Sequence[NeighbourLine], axis: str, lens: LensVersion) -> dict[str, Any]:
    """The picture in two sizes, and the names of the countries that are not in it."""
    drawn = {line.name: dot for line in lines if (dot := _dot(line, axis))}
    undrawn = [line.name for line in lines if line.name not in drawn]
    if not drawn:
        return {"svg": "", "narrow": "", "undrawn": undrawn}
    top = lens.model.top
    if axis == "movement":
        reach = max(max(abs(dot.low), abs(dot.high)) for dot in drawn.values())
        top = min(2 * top, max(1.0, reach))
    scale = country_chart.Axis(top=top, banded=axis == "level")
    dots = list(drawn.values())
    return {
        "svg": country_chart.dots(dots, scale),
        "narrow": country_chart.dots(dots, scale, wide=False),
        "undrawn": undrawn,
    }


def _dot(line: NeighbourLine, axis: str) -> Dot | None:
    """A relation in the picture; None if it has no value to show."""
    score, moved = line.row.score, line.row.movement
    if axis == "movement":
        if moved is None or not moved.acted:
            return None
        value, low, high = moved.value, moved.low, moved.high
        sure = relations.sure(moved)
        sign = _SIGNS[(sure > 0) - (sure < 0)]
    elif score.silent:
        return None
    else:
        value, (low, high), sign = score.value, score.ends, line.sign
    return Dot(
        name=line.name,
        value=value,
        low=low,
        high=high,
        sign=sign,
        says=relations.described(line.name, line.row),
        url=line.link,
    )


def _name_and_lines(
    code: str, pairs: _Pairs, params: PageParams
) -> tuple[str, Sequence[NeighbourLine]]:
    """The name of a country, and a line for each of its first pairs."""
    rows = movements.with_movements(pairs.lens, pairs.rows[:MOST_NEIGHBOURS], since=params.since)
    codes = [code, *(_other(row, code) for row in rows)]
    country_names = Names(by_code=names.countries(codes))
    lines = [_line(row, code, country_names, params) for row in rows]
    return country_names.country(code), lines


def _pairs_now(code: str, params: PageParams) -> _Pairs:
    lens = lenses.find(params.lens, position=moment.now().position)
    impacts.served_position(lens.lens.view.id)
    if params.day:
        of_day = table.rows_on_day(lens, params.day)
        rows = [row for row in of_day if code in row.pair.split("-")]
        rows.sort(key=lambda row: (-row.claims, row.pair))
        return _Pairs(lens=lens, rows=rows, count=len(rows))
    order = Order(column="claims", descending=True, country=code)
    rows = table.page(lens, order, limit=MOST_NEIGHBOURS)
    return _Pairs(lens=lens, rows=rows, count=table.count(lens, order))


def _past_pairs(code: str, params: PageParams, today: date) -> _Pairs:
    ranking = past_table.as_known(
        params.lens,
        Order(column="claims", descending=True, country=code),
        day=params.day or params.as_of.day() or today,
        as_of=params.as_of,
        most=MOST_THEN,
    )
    rows = ranking.rows
    return _Pairs(lens=ranking.lens, rows=rows, count=len(rows), position=ranking.position)


def _recent(actor: f.ActorState) -> Sequence[ClaimEntry]:
    actors = voices.voices_of(actor.id)
    return by_record.claims_about(actors, limit=MOST_CLAIMS, reader=Reader.PUBLIC)


def _headline(
    name: str, code: str, lines: Sequence[NeighbourLine], pairs: _Pairs, *, then: bool
) -> str:
    levels = pairs.lens.model.levels
    day = lines[0].row.day if lines else None
    wars = front.at_war(pairs.lens, day, at=pairs.position) if levels and day else []
    fought = [line.row.pair for line in lines if line.row.pair in wars]
    reported = (
        newest_reports.of_pairs(pairs.lens, fought, position=pairs.position, until=day)
        if day
        else {}
    )
    partners = [
        Partner(
            code=_other(line.row, code),
            name=line.name,
            row=line.row,
            reported=reported.get(line.row.pair),
        )
        for line in lines
    ]
    return country_findings.headline(
        name,
        partners,
        wars={other for pair in wars if code in pair.split("-") for other in pair.split("-")}
        - {code},
        count=pairs.count,
        levels=levels,
        then=day if then else None,
    )


def _line(row: RankedPair, code: str, country_names: Names, params: PageParams) -> NeighbourLine:
    other = _other(row, code)
    path = reverse("pages:pair", args=row.pair.split("-"))
    return NeighbourLine(
        name=country_names.country(other),
        link=request_params.address(path, params, country="", day="", show=""),
        row=row,
        sign=_SIGNS[row.score.sign],
    )


def _other(row: RankedPair, code: str) -> str:
    return next(other for other in row.pair.split("-") if other != code)


@cached_page(*request_params.OF_COUNTRIES, "show")
def actor(request: HttpRequest, code: str) -> HttpResponse:
    state = states.countries([code.upper()]).get(code.upper())
    if state is None:
        raise Http404(_("no country on record has the code %(code)s") % {"code": code})
    params = request_params.read(request.GET)
    page = build(state, params, today=today())
    return render_page(request, "pages/actor.html", {"page": page, "params": params})
