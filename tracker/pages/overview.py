"""The first page: the table of all pairs, with a headline and the course of each pair."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from tracker.charts import picture
from tracker.charts.thinning import kept_places
from tracker.domain.disclosure import Reader
from tracker.domain.lenses import Lens, LensVersion
from tracker.domain.movements import WindowMovement
from tracker.domain.shifts import Shift
from tracker.findings.moves import LEAST_MOVE
from tracker.level_wording import which_way
from tracker.pages import findings, pair_list, request_params
from tracker.pages.findings import Finding
from tracker.pages.page_cache import cached_page, render_page, today
from tracker.pages.pair_list import LINES, PairList
from tracker.pages.request_params import InvalidParameter, LinkChoice, PageParams
from tracker.queries.claims import listing
from tracker.queries.claims.listing import Filters
from tracker.queries.records import names
from tracker.queries.scores import movements, pairs, shifts, uncounted
from tracker.queries.scores.pairs import Series
from tracker.queries.scores.table import RankedPair
from tracker.queries.scores.triads import LEVEL
from tracker.wording import Names, capitalised, counted, day_in_words, in_words, signed

# Endings of a sentence about one pair, or several, without a known level or sign.
NO_LEVEL = (
    "has no absolute level; only its change is known",
    "have no absolute level; only their changes are known",
)
NO_SIGN = ("may be positive or negative", "may each be positive or negative")
# Movements that the lead names.
MOST_MOVED = 3
# Claims are counted up to this number.
MOST_COUNTED = 10_001
TREND = timedelta(days=90)
# The box of a spark: its width, the height of its middle, and the distance from there to an edge.
SPARK_WIDTH, SPARK_MIDDLE, SPARK_REACH = 120, 14, 12
# As a share of that distance: a third of a dot.
SPARK_TOLERANCE = 0.03


@dataclass(frozen=True, slots=True, kw_only=True)
class SparkMark:
    """A shift at its peak: its place in the box, and whether the score rose."""

    x: float
    y: float
    good: bool
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sparkline:
    """The points of an SVG polyline in a box of 120 × 28, and the marks on it."""

    points: str
    marks: Sequence[SparkMark]


def spark(series: Series, shifts: Sequence[Shift], *, until: date) -> Sparkline | None:
    """Draw the course of a pair up to a day; None where nothing is on record by then."""
    span = picture.span_of(series, today=until)
    if span is None or span.end <= span.start:
        return None
    days = (span.end - span.start).days
    drawn = picture.stepped(span, 1 + days // SPARK_WIDTH)
    values = series.values(drawn)
    reach = min(picture.top(series), max(1.0, *map(abs, values)))
    places = kept_places(
        [day.toordinal() for day in drawn], [values], reach=SPARK_TOLERANCE * reach
    )
    scale = SPARK_REACH / reach

    def place(day: date, value: float) -> tuple[float, float]:
        return SPARK_WIDTH * (day - span.start).days / days, SPARK_MIDDLE - value * scale

    marks = []
    for shift in shifts:
        if span.start <= shift.peak <= span.end:
            x, y = place(shift.peak, series.score_on(shift.peak).value)
            pace = "slowly " if shift.kind == "slow" else ""
            label = f"shifted {pace}{signed(shift.amount)} by {day_in_words(shift.peak)}"
            marks.append(
                SparkMark(x=round(x, 1), y=round(y, 1), good=shift.amount > 0, label=label)
            )
    line = (place(drawn[n], values[n]) for n in places)
    return Sparkline(points=" ".join(f"{x:.1f},{y:.1f}" for x, y in line), marks=marks)


def _strength(row: RankedPair) -> tuple[bool, bool, float]:
    """Pairs with acts first, of version 1 of a level those with a band, each by distance from 0."""
    return not row.claims, row.score.band is None, -abs(row.score.value)


def _newest(row: RankedPair) -> tuple[bool, int]:
    """Pairs with news first: one with an assessed level alone has none."""
    return not row.claims, -(row.last_claim_day or date.min).toordinal()


ORDERS: dict[str, tuple[str, Callable[[RankedPair], Any]]] = {
    "latest": ("latest news", _newest),
    "strongest": ("strongest", _strength),
    "claims": ("most claims", lambda row: -row.claims),
    "name": ("name", lambda row: row.pair),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PairLine:
    """A pair in the table. `low`, `at` and `high` are positions in a box of width 180."""

    row: RankedPair
    name: str
    link: str
    low: float
    at: float
    high: float
    trend: float
    spark: Sparkline | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    finding: Finding
    headline: str
    lead: str
    lines: Sequence[PairLine]
    count: int
    lens: LensVersion
    day: date | None
    position: int | None
    now: str
    top: float
    ends: tuple[str, str]
    lenses: Sequence[LinkChoice]
    orders: Sequence[LinkChoice]
    earlier: str
    later: str
    countries: Sequence[tuple[str, str]]
    country: str


def build(params: PageParams, *, today: date) -> Overview:
    """Build the first page.

    :raises lenses.NoSuchLens: :raises impacts.CatchingUp: :raises moment.AheadOfLog:
    :raises moment.TooManyThen: :raises InvalidParameter:
    """
    page_pairs = pair_list.read(params, today=today)
    country_names = Names(by_code=names.countries(page_pairs.codes))
    lens = page_pairs.lens
    rows = movements.with_movements(lens, _page(page_pairs.shown, params), since=params.since)
    found = findings.table_finding(page_pairs, params, today=today)
    path = reverse("pages:overview")
    return Overview(
        finding=found,
        headline=found.text,
        lead=_lead(page_pairs, rows, country_names, chosen=params.since is not None),
        lines=_lines(page_pairs, rows, country_names, params, today),
        count=page_pairs.count,
        lens=lens,
        day=page_pairs.day,
        position=page_pairs.position,
        now=request_params.address(path, params, as_of=""),
        ends=picture.ends(lens),
        top=lens.model.top,
        lenses=request_params.lens_choices(path, params),
        orders=_orders(path, params),
        earlier=_page_link(path, params, -1) if params.page > 1 else "",
        later=_page_link(path, params, 1) if page_pairs.count > params.page * LINES else "",
        countries=sorted((country_names.country(code), code) for code in page_pairs.codes),
        country=params.country or "",
    )


def _lines(
    page_pairs: PairList,
    rows: Sequence[RankedPair],
    country_names: Names,
    params: PageParams,
    today: date,
) -> list[PairLine]:
    day, codes = page_pairs.day or today, [row.pair for row in rows]
    series = pairs.series_of_pairs(page_pairs.lens, codes, position=page_pairs.position)
    marks = {} if page_pairs.position is not None else shifts.last_shifts(page_pairs.lens, codes)
    return [
        _line(row, series[row.pair], marks.get(row.pair, ()), country_names, params, day)
        for row in rows
    ]


def _page(rows: Sequence[RankedPair], params: PageParams) -> Sequence[RankedPair]:
    if params.order not in ORDERS:
        raise InvalidParameter(f"order is one of {', '.join(ORDERS)}")
    key = ORDERS[params.order][1]
    ordered = sorted(rows, key=lambda row: (key(row), row.pair))
    return ordered[(params.page - 1) * LINES : params.page * LINES]


def _page_link(path: str, params: PageParams, by: int) -> str:
    return request_params.address(path, params, page=str(params.page + by))


def _orders(path: str, params: PageParams) -> list[LinkChoice]:
    return [
        LinkChoice(
            label=label,
            link=request_params.address(
                path, params, order=name if name != "latest" else "", page=""
            ),
            chosen=params.order == name,
        )
        for name, (label, _) in ORDERS.items()
    ]


def _lead(
    page_pairs: PairList, rows: Sequence[RankedPair], country_names: Names, *, chosen: bool
) -> str:
    """State how many claims the lens counts, and what is clear: the movements of the rows, or the
    strongest pairs. Claims are not counted for a past moment."""
    if not page_pairs.total:
        return ""
    lens = page_pairs.lens
    scored = counted(page_pairs.total, "pair")
    if page_pairs.position is None:
        first = f"{_claim_count(lens.lens)} on record, {scored} of countries with a score."
    else:
        first = f"{scored} of countries had a score."
    if lens.model.levels:
        return " ".join([first, *_moved(rows, country_names, chosen=chosen)])
    return " ".join([first, *_strongest(page_pairs, country_names, lens.lens)])


def _moved(rows: Sequence[RankedPair], country_names: Names, *, chosen: bool) -> Iterator[str]:
    """The movements that weigh most, size times certainty, of those of half a point or more whose
    intervals leave out 0."""
    certain = [
        (row.pair, row.movement)
        for row in rows
        if row.movement
        and abs(row.movement.value) >= LEAST_MOVE
        and not row.movement.low <= 0 <= row.movement.high
    ]
    largest = sorted(certain, key=lambda one: (-_weight(one[1]), one[0]))
    for pair, moved in largest[:MOST_MOVED]:
        yield f"{country_names.direction(pair)}: {which_way(moved, chosen=chosen)}."


def _weight(moved: WindowMovement) -> float:
    return abs(moved.value) * max(moved.fell, moved.rose)


def _strongest(page_pairs: PairList, country_names: Names, lens: Lens) -> Iterator[str]:
    """The strongest pairs that are clear, and how many are not.

    A pair is clear if its level has a band, or if the sign of its flow or ratio is certain.
    """
    level = lens.model == LEVEL
    clear = [
        row for row in page_pairs.clear if (row.score.band if level else _sign_is_certain(row))
    ]
    strongest = sorted(clear, key=lambda row: (-abs(row.score.value), row.pair))[:3]
    yield from (f"{country_names.direction(row.pair)}: {row.words}." for row in strongest)
    silent = sum(row.score.silent is not None for row in page_pairs.clear)
    others = len(page_pairs.clear) - len(clear) - silent
    if others and page_pairs.whole:
        pairs = f"{'more ' * bool(clear)}pair{'s' * (others > 1)}"
        rest = f"{capitalised(in_words(others))} {pairs}"
        yield f"{rest} {(NO_LEVEL if level else NO_SIGN)[others > 1]}."


def _claim_count(lens: Lens) -> str:
    """The number of standing claims that a lens counts, up to a limit: an archive takes too long to
    count."""
    collections = uncounted.admitted_collections(lens.view)
    standing = [Filters(collection=collection, status="standing") for collection in collections]
    number = sum(
        listing.count(filters, most=MOST_COUNTED, reader=Reader.PUBLIC) for filters in standing
    )
    if number >= MOST_COUNTED:
        return f"More than {MOST_COUNTED - 1:,} claims"
    return counted(number, "claim")


def _sign_is_certain(row: RankedPair) -> bool:
    return not row.score.silent and (row.score.low > 0 or row.score.high < 0)


def _line(
    row: RankedPair,
    series: Series,
    marks: Sequence[Shift],
    country_names: Names,
    params: PageParams,
    day: date,
) -> PairLine:
    top = series.lens.model.top
    low, at, high = (
        round(180 * (value + top) / (2 * top), 1)
        for value in (row.score.low, row.score.value, row.score.high)
    )
    path = reverse("pages:pair", args=row.pair.split("-"))
    return PairLine(
        row=row,
        name=country_names.direction(row.pair),
        link=request_params.address(path, params, country="", order="", page=""),
        low=low,
        at=at,
        high=high,
        trend=series.score_on(day).value - series.score_on(day - TREND).value,
        spark=spark(series, marks, until=day),
    )


@cached_page
def first_page(request: HttpRequest) -> HttpResponse:
    params = request_params.read(request.GET)
    context = {"page": build(params, today=today()), "params": params}
    return render_page(request, "pages/overview.html", context)
