"""The page of a country: its relations as a picture and a list, and recent claims about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from tracker.charts import drawing
from tracker.domain import state as f
from tracker.domain.disclosure import Reader
from tracker.domain.lenses import LensVersion
from tracker.domain.records import MOST_REPRESENTED
from tracker.domain.triads import Sign
from tracker.level_wording import shown
from tracker.pages import country_chart, request_params
from tracker.pages.country_chart import Neighbour
from tracker.pages.page_cache import cached_page, render_page, today
from tracker.pages.pair_list import MOST_THEN
from tracker.pages.request_params import LinkChoice, PageParams
from tracker.queries import moment
from tracker.queries.claims import by_record, voices
from tracker.queries.claims.listing import ClaimEntry
from tracker.queries.evidence import impacts
from tracker.queries.records import names, states
from tracker.queries.records.organisations import CountryMembership, memberships_of
from tracker.queries.scores import lenses, movements, table
from tracker.queries.scores.table import Order, RankedPair
from tracker.wording import SIGNS, capitalised, counted, signed, with_article

MOST_NEIGHBOURS = 40
MOST_CLAIMS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class NeighbourLine:
    """A neighbour in the list and in the picture."""

    name: str
    link: str
    row: RankedPair
    sign: Sign


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorPage:
    code: str
    name: str
    headline: str
    svg: str
    narrow: str
    lines: Sequence[NeighbourLine]
    others: int
    recent: Sequence[ClaimEntry]
    memberships: Sequence[CountryMembership]
    most_members: int
    lens: LensVersion
    lenses: Sequence[LinkChoice]
    position: int | None
    now: str
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
    :raises moment.TooManyThen:
    """
    code = actor.actor.code or ""
    pairs = _pairs_now(code, params) if params.as_of.is_now else _past_pairs(code, params, today)
    name, lines = _name_and_lines(code, pairs, params)
    ring = [_neighbour(line, pairs.lens) for line in sorted(lines, key=lambda line: line.name)]
    path = reverse("pages:actor", args=[code])
    return ActorPage(
        code=code,
        name=name,
        headline=headline(name, lines, pairs.count),
        svg=drawing.svg(country_chart.ego(name, ring)) if ring else "",
        narrow=drawing.svg(country_chart.ego(name, ring, wide=False)) if ring else "",
        lines=lines,
        others=pairs.count - len(lines),
        recent=_recent(actor) if pairs.position is None else [],
        memberships=memberships_of(actor.id, at=pairs.position),
        most_members=MOST_REPRESENTED,
        lens=pairs.lens,
        position=pairs.position,
        now=request_params.address(path, params, as_of="", day=""),
        pairs=request_params.address(reverse("pages:overview"), params, country=code),
        lenses=request_params.lens_choices(path, params),
    )


def _name_and_lines(
    code: str, pairs: _Pairs, params: PageParams
) -> tuple[str, Sequence[NeighbourLine]]:
    """The name of a country, and a line for each of its first pairs."""
    rows = movements.with_movements(pairs.lens, pairs.rows[:MOST_NEIGHBOURS], since=params.since)
    country_names = names.countries([code, *(_other(row, code) for row in rows)])
    lines = [_line(row, code, country_names, params) for row in rows]
    return country_names.get(code, code), lines


def _pairs_now(code: str, params: PageParams) -> _Pairs:
    lens = lenses.find(params.lens, position=moment.now().position)
    impacts.served_position(lens.lens.view.id)
    order = Order(column="claims", descending=True, country=code)
    rows = table.page(lens, order, limit=MOST_NEIGHBOURS)
    return _Pairs(lens=lens, rows=rows, count=table.count(lens, order))


def _past_pairs(code: str, params: PageParams, today: date) -> _Pairs:
    ranking = table.past_table(
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


def headline(name: str, lines: Sequence[NeighbourLine], count: int) -> str:
    """State with how many countries there is a score, and which signs are certain."""
    if not lines:
        return f"Nothing on record moves a relation of {with_article(name)}."
    known = [line for line in lines if line.sign != "undetermined"]
    countries = counted(count, "country", "countries")
    start = f"{capitalised(with_article(name))} has a score with {countries}"
    if not known:
        return f"{start}; none of these relations is known to be good or bad."
    named = [
        f"{line.name} {SIGNS[line.sign]} ({signed(line.row.score.value)})" for line in known[:4]
    ]
    others = len(known) - len(named)
    more = f"{others} more" if len(lines) == count else "others"
    return f"{start}; known for sure: {', '.join(named)}{f' and {more}' if others else ''}."


def _line(
    row: RankedPair, code: str, country_names: dict[str, str], params: PageParams
) -> NeighbourLine:
    other = _other(row, code)
    path = reverse("pages:pair", args=row.pair.split("-"))
    low, high = (0.0, 0.0) if row.score.silent else (row.score.low, row.score.high)
    return NeighbourLine(
        name=country_names.get(other, other),
        link=request_params.address(path, params, country="", day=""),
        row=row,
        sign="positive" if low > 0 else "negative" if high < 0 else "undetermined",
    )


def _neighbour(line: NeighbourLine, lens: LensVersion) -> Neighbour:
    value = line.row.score.value
    return Neighbour(
        name=line.name,
        value=shown(line.row.score),
        sign=line.sign,
        reach=min(1.0, abs(value) / lens.model.top),
        label=f"{line.name}: {_described(line)}",
        url=line.link,
    )


def _described(line: NeighbourLine) -> str:
    score = line.row.score
    return shown(score) if score.silent else f"{shown(score)}, {SIGNS[line.sign]}"


def _other(row: RankedPair, code: str) -> str:
    return next(other for other in row.pair.split("-") if other != code)


@cached_page
def actor(request: HttpRequest, code: str) -> HttpResponse:
    state = states.countries([code.upper()]).get(code.upper())
    if state is None:
        raise Http404(f"no country on record has the code {code}")
    params = request_params.read(request.GET)
    page = build(state, params, today=today())
    return render_page(request, "pages/actor.html", {"page": page, "params": params})
