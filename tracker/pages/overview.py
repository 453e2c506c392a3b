"""What the first page shows: every pair on record, those that say most at the top."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import erf, sqrt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from tracker.domain import scoring
from tracker.domain.disclosure import Reader
from tracker.domain.lenses import Lens, LensVersion
from tracker.domain.shifts import Shift
from tracker.pages import picture, request_params, sparks, standings
from tracker.pages.page_cache import kept, shown, today
from tracker.pages.request_params import Asked, Choice, Unclear
from tracker.pages.sparks import Spark
from tracker.pages.standings import LINES, Stand, Standings
from tracker.queries.claims import listing
from tracker.queries.claims.listing import Filters
from tracker.queries.records import names
from tracker.queries.scores import pairs, shifts, uncounted
from tracker.queries.scores.pairs import Series
from tracker.queries.scores.triads import LEVEL
from tracker.wording import Names, capitalised, counted, day_in_words, in_words, listed, signed

NAMED = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Mover:
    """A pair that shifted by `amount` points since a day; `sd` is that of its earlier changes."""

    called: str
    amount: float
    sd: float
    since: date

    @property
    def weight(self) -> float:
        """Its size times how surely it is no chance: the probability that a normal variable of
        this sd stays within the amount."""
        sure = erf(abs(self.amount) / self.sd / sqrt(2)) if self.sd else 1.0
        return abs(self.amount) * sure


def headline(
    day: date | None, shifted: Sequence[Mover], latest: date | None, *, whole: bool = True
) -> str:
    """Say what shifted in the two weeks to `day`, by size times certainty; else of which day the
    `latest` event is. `whole`: whether `shifted` has all that did, so that they can be counted."""
    if day is None or (not shifted and latest is None):
        return "Nothing is on record yet."
    if shifted:
        ordered = sorted(shifted, key=lambda one: (-one.weight, one.called))
        named = [f"{one.called} moved {signed(one.amount)}" for one in ordered[:NAMED]]
        since = day_in_words(min(one.since for one in ordered))
        return f"{listed([*named, *_others(ordered, whole=whole)])} since {since}."
    assert latest is not None  # noqa: S101 # else nothing is on record
    return (
        f"No major change in the two weeks to {day_in_words(day)}."
        f" The latest event on record dates from {day_in_words(latest)}."
    )


def then(day: date | None, latest: date | None) -> str:
    """Say how new the record was, as far as was known then. Past shifts are not kept."""
    if day is None or latest is None:
        return "Nothing was on record yet."
    return (
        f"As known on {day_in_words(day)}, the latest event on record dated from"
        f" {day_in_words(latest)}."
    )


def _others(ordered: Sequence[Mover], *, whole: bool) -> list[str]:
    others = len(ordered) - NAMED
    if others <= 0:
        return []
    return [f"{in_words(others)} more shifted" if whole else "others shifted"]


# What is said of pairs, one or several, of which neither a level nor a sign is known.
NOT_ANCHORED = (
    "has no absolute level; only its change is known",
    "have no absolute level; only their changes are known",
)
NO_SIGN = ("may be positive or negative", "may each be positive or negative")
# Of more claims it is only said that there are more.
MOST_COUNTED = 10_001
# Days over which the trend goes.
TREND = timedelta(days=90)


ORDERS: dict[str, tuple[str, Callable[[Stand], Any]]] = {
    "strongest": ("strongest", lambda one: (one.score.band is None, -abs(one.score.value))),
    "claims": ("most claims", lambda one: -one.claims),
    "latest": ("latest", lambda one: -(one.last_claim_day or date.min).toordinal()),
    "name": ("name", lambda one: one.pair),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A pair in the table. `low`, `at`, `high` are places in a box 180 wide."""

    row: Stand
    called: str
    link: str
    low: float
    at: float
    high: float
    trend: float | None
    spark: Spark | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    headline: str
    lead: str
    lines: Sequence[Line]
    count: int
    lens: LensVersion
    day: date | None
    position: int | None
    now: str
    top: float
    ends: tuple[str, str]
    lenses: Sequence[Choice]
    orders: Sequence[Choice]
    earlier: str
    later: str
    countries: Sequence[tuple[str, str]]
    country: str


def build(asked: Asked, *, today: date) -> Overview:
    """Gather the first page.

    :raises lenses.NoSuchLens: :raises impacts.CatchingUp: :raises moment.AheadOfLog:
    :raises pasttable.TooManyThen: :raises Unclear:
    """
    found = standings.gathered(asked, today=today)
    lens, day, then = found.lens, found.day, found.position
    shown = _page(found.shown, asked)
    called = Names(by_code=names.countries(found.codes))
    series = pairs.several(lens, [one.pair for one in shown], position=then)
    marks = {} if then is not None else shifts.of_pairs(lens, [one.pair for one in shown])
    path = reverse("pages:overview")
    return Overview(
        headline=_headline(found, called),
        lead=_lead(found, called, lens.lens),
        lines=[
            _line(one, series[one.pair], marks.get(one.pair, ()), called, asked, day or today)
            for one in shown
        ],
        count=found.count,
        lens=lens,
        day=day,
        position=then,
        now=request_params.address(path, asked, as_of=""),
        ends=picture.ends(lens),
        top=scoring.MODELS[lens.lens.model].top,
        lenses=request_params.of_lens(path, asked),
        orders=_orders(path, asked),
        earlier=_turned(path, asked, -1) if asked.page > 1 else "",
        later=_turned(path, asked, 1) if found.count > asked.page * LINES else "",
        countries=sorted((called.country(code), code) for code in found.codes),
        country=asked.country or "",
    )


def _page(rows: Sequence[Stand], asked: Asked) -> Sequence[Stand]:
    if asked.order not in ORDERS:
        raise Unclear(f"order is one of {', '.join(ORDERS)}")
    key = ORDERS[asked.order][1]
    ordered = sorted(rows, key=lambda one: (key(one), one.pair))
    return ordered[(asked.page - 1) * LINES : asked.page * LINES]


def _turned(path: str, asked: Asked, by: int) -> str:
    return request_params.address(path, asked, page=str(asked.page + by))


def _orders(path: str, asked: Asked) -> list[Choice]:
    return [
        Choice(
            label=label,
            link=request_params.address(
                path, asked, order=name if name != "strongest" else "", page=""
            ),
            chosen=asked.order == name,
        )
        for name, (label, _) in ORDERS.items()
    ]


def _headline(found: Standings, called: Names) -> str:
    days = [row.last_claim_day for row in found.named if row.last_claim_day]
    latest = max(days, default=None)
    if found.position is not None:
        return then(found.day, latest)
    shifted = [
        Mover(
            called=called.joined(row.pair),
            amount=row.shift.amount,
            sd=row.shift.sd,
            since=row.shift.start,
        )
        for row in found.named
        if row.shift
    ]
    return headline(found.day, shifted, latest, whole=found.whole)


def _lead(found: Standings, called: Names, lens: Lens) -> str:
    """Say how many claims stand where the lens looks, and of which pairs something can be said;
    of a past moment the claims are not counted.

    Of a level that is its band, of a flow or a ratio its sign.
    """
    if not found.total:
        return ""
    level = lens.model == LEVEL
    scored = counted(found.total, "pair")
    if found.position is None:
        said = [f"{_recorded(lens)} on record, {scored} of countries with a score."]
    else:
        said = [f"{scored} of countries had a score."]
    clear = [row for row in found.clear if (row.score.band if level else _signed(row))]
    strongest = sorted(clear, key=lambda row: (-abs(row.score.value), row.pair))[:3]
    said += [f"{called.direction(row.pair)}: {row.words}." for row in strongest]
    others = len(found.clear) - len(clear)
    if others and found.whole:
        pairs = f"{'more ' * bool(clear)}pair{'s' * (others > 1)}"
        rest = f"{capitalised(in_words(others))} {pairs}"
        said.append(f"{rest} {(NOT_ANCHORED if level else NO_SIGN)[others > 1]}.")
    return " ".join(said)


def _recorded(lens: Lens) -> str:
    """Say how many claims stand where a lens looks. To count an archive takes too long."""
    collections = uncounted.admitted(lens.view)
    standing = [Filters(collection=one, status="standing") for one in collections]
    found = sum(listing.count(one, most=MOST_COUNTED, reader=Reader.PUBLIC) for one in standing)
    if found >= MOST_COUNTED:
        return f"More than {MOST_COUNTED - 1:,} claims"
    return counted(found, "claim")


def _signed(row: Stand) -> bool:
    return row.score.low > 0 or row.score.high < 0


def _line(
    row: Stand,
    series: Series,
    marks: Sequence[Shift],
    called: Names,
    asked: Asked,
    day: date,
) -> Line:
    top = scoring.MODELS[series.lens.lens.model].top
    low, at, high = (
        round(180 * (value + top) / (2 * top), 1)
        for value in (row.score.low, row.score.value, row.score.high)
    )
    path = reverse("pages:pair", args=row.pair.split("-"))
    return Line(
        row=row,
        called=called.direction(row.pair),
        link=request_params.address(path, asked, country="", order="", page=""),
        low=low,
        at=at,
        high=high,
        trend=series.on(day).score.value - series.on(day - TREND).score.value,
        spark=sparks.spark(series, marks, until=day),
    )


@kept
def first(request: HttpRequest) -> HttpResponse:
    wanted = request_params.read(request.GET)
    context = {"page": build(wanted, today=today()), "asked": wanted}
    return shown(request, "pages/overview.html", context)
