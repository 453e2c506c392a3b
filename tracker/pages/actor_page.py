"""What the page of a country shows: whom it has to do with, how, and what was said of it lately."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from tracker.domain import scoring
from tracker.domain import state as f
from tracker.domain.disclosure import Reader
from tracker.domain.lenses import LensVersion
from tracker.domain.triads import Sign
from tracker.pages import country_chart, drawing, request_params
from tracker.pages.country_chart import Neighbour
from tracker.pages.page_cache import kept, shown, today
from tracker.pages.request_params import Asked, Choice
from tracker.pages.standings import MOST_THEN
from tracker.queries import moment
from tracker.queries.claims import detail, listing
from tracker.queries.claims.listing import Filed
from tracker.queries.evidence import impacts
from tracker.queries.records import names, states
from tracker.queries.scores import lenses, table
from tracker.queries.scores.table import Order, Row
from tracker.wording import SIGNS, capitalised, counted, signed, with_article

MOST_NEIGHBOURS = 40
MOST_CLAIMS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A neighbour in the list, as in the picture."""

    called: str
    link: str
    row: Row
    sign: Sign


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorPage:
    code: str
    called: str
    headline: str
    svg: str
    narrow: str
    lines: Sequence[Line]
    others: int
    recent: Sequence[Filed]
    lens: LensVersion
    lenses: Sequence[Choice]
    position: int | None
    now: str
    pairs: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Around:
    """The pairs of a country, those with most claims first; `count` is of all. `position` is the
    one as of which they are, None for now."""

    lens: LensVersion
    rows: Sequence[Row]
    count: int
    position: int | None = None


def build(actor: f.ActorState, asked: Asked, *, today: date) -> ActorPage:
    """Gather the page of a country on record. Of a past moment what was said of it lately is not
    looked for.

    :raises lenses.NoSuchLens: :raises impacts.CatchingUp: :raises moment.AheadOfLog:
    :raises pasttable.TooManyThen:
    """
    code = actor.actor.code or ""
    around = _now(code, asked) if asked.as_of is None else _then(code, asked, today)
    lens, rows, count = around.lens, around.rows[:MOST_NEIGHBOURS], around.count
    called = names.countries([code, *(_other(row, code) for row in rows)])
    lines = [_line(row, code, called, asked) for row in rows]
    ring = [_neighbour(one, lens) for one in sorted(lines, key=lambda one: one.called)]
    name = called.get(code, code)
    path = reverse("pages:actor", args=[code])
    return ActorPage(
        code=code,
        called=name,
        headline=headline(name, lines, count),
        svg=drawing.drawn(country_chart.ego(name, ring)) if ring else "",
        narrow=drawing.drawn(country_chart.ego(name, ring, wide=False)) if ring else "",
        lines=lines,
        others=count - len(lines),
        recent=_recent(actor) if around.position is None else [],
        lens=lens,
        position=around.position,
        now=request_params.address(path, asked, as_of="", day=""),
        pairs=request_params.address(reverse("pages:overview"), asked, country=code),
        lenses=request_params.of_lens(path, asked),
    )


def _now(code: str, asked: Asked) -> _Around:
    lens = lenses.named(asked.lens, position=moment.resolve(None))
    impacts.served(lens.lens.view.id)
    order = Order(column="claims", descending=True, country=code)
    rows = table.page(lens, order, limit=MOST_NEIGHBOURS)
    return _Around(lens=lens, rows=rows, count=table.count(lens, order))


def _then(code: str, asked: Asked, today: date) -> _Around:
    found = table.past_ranked(
        asked.lens,
        Order(column="claims", descending=True, country=code),
        day=asked.day or moment.day_of(asked.as_of) or today,
        as_of=asked.as_of,
        most=MOST_THEN,
    )
    rows = found.rows
    return _Around(lens=found.lens, rows=rows, count=len(rows), position=found.position)


def _recent(actor: f.ActorState) -> Sequence[Filed]:
    voices = listing.voices_of(actor.id)
    return detail.claims_about(voices, limit=MOST_CLAIMS, reader=Reader.PUBLIC)


def headline(name: str, lines: Sequence[Line], count: int) -> str:
    """Say of how many relations something is known for sure."""
    if not lines:
        return f"Nothing on record moves a relation of {with_article(name)}."
    known = [one for one in lines if one.sign != "undetermined"]
    countries = counted(count, "country", "countries")
    start = f"{capitalised(with_article(name))} has a score with {countries}"
    if not known:
        return f"{start}; none of these relations is known to be good or bad."
    said = [f"{one.called} {SIGNS[one.sign]} ({signed(one.row.score.value)})" for one in known[:4]]
    more = _more(len(known) - 4, whole=len(lines) == count)
    return f"{start}; known for sure: {', '.join(said)}{more}."


def _more(others: int, *, whole: bool) -> str:
    """Of how many more countries something is known; of a part of them only that there are."""
    if others <= 0:
        return ""
    return f" and {others} more" if whole else " and others"


def _line(row: Row, code: str, called: dict[str, str], asked: Asked) -> Line:
    other = _other(row, code)
    path = reverse("pages:pair", args=row.pair.split("-"))
    low, high = row.score.low, row.score.high
    return Line(
        called=called.get(other, other),
        link=request_params.address(path, asked, country="", day=""),
        row=row,
        sign="positive" if low > 0 else "negative" if high < 0 else "undetermined",
    )


def _neighbour(line: Line, lens: LensVersion) -> Neighbour:
    value = line.row.score.value
    return Neighbour(
        called=line.called,
        value=signed(value),
        sign=line.sign,
        reach=min(1.0, abs(value) / scoring.MODELS[lens.lens.model].top),
        says=f"{line.called}: {signed(value)}, {SIGNS[line.sign]}",
        url=line.link,
    )


def _other(row: Row, code: str) -> str:
    return next(one for one in row.pair.split("-") if one != code)


@kept
def actor(request: HttpRequest, code: str) -> HttpResponse:
    found = states.countries([code.upper()]).get(code.upper())
    if found is None:
        raise Http404(f"no country on record has the code {code}")
    wanted = request_params.read(request.GET)
    page = build(found, wanted, today=today())
    return shown(request, "pages/actor.html", {"page": page, "asked": wanted})
