"""The rows of the table of pairs: where each is, which way it moved, and its course as a spark."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from tracker.charts import axes, picture
from tracker.charts.thinning import kept_places
from tracker.domain.lenses import LensVersion
from tracker.domain.shifts import Shift
from tracker.level_wording import is_assessed
from tracker.pages import request_params
from tracker.pages.request_params import InvalidParameter, LinkChoice, PageParams
from tracker.queries.scores.pairs import Series
from tracker.queries.scores.table import RankedPair
from tracker.wording import Names, day_in_words, signed

TREND = timedelta(days=90)
# The box of a spark: its width, the height of its middle, and the distance from there to an edge.
SPARK_WIDTH, SPARK_MIDDLE, SPARK_REACH = 120, 14, 12
# As a share of that distance: a third of a dot.
SPARK_TOLERANCE = 0.03
# The width of the box of an interval.
BOX = 180
# Placeholders for the countries of a pair in its address.
_ENDS = ("AAA", "ZZZ")


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """The values of a pair on some days of its picture, from its first day to its last."""

    series: Series
    days: Sequence[date]
    values: Sequence[float]


@dataclass(frozen=True, slots=True, kw_only=True)
class PairLine:
    """A pair in the table. `low`, `at` and `high` are positions in a box of width 180, of a flow
    the same three times. `sway` is the class of its number, empty where its sign is not known;
    `valued`: it has a number."""

    row: RankedPair
    name: str
    link: str
    low: float
    at: float
    high: float
    sway: str
    valued: bool
    trend: float
    spark: Sparkline | None


def _strength(row: RankedPair) -> tuple[bool, float]:
    """Pairs with acts first, each by distance from 0."""
    return not row.claims, -abs(row.score.value)


def _newest(row: RankedPair) -> tuple[bool, int]:
    """Pairs with news first: a pair with only an assessed level has none."""
    return not row.claims, -(row.last_claim_day or date.min).toordinal()


ORDERS: dict[str, Callable[[RankedPair], Any]] = {
    "latest": _newest,
    "strongest": _strength,
    "claims": lambda row: -row.claims,
    "name": lambda row: row.pair,
}


def ordered(rows: Sequence[RankedPair], order: str) -> list[RankedPair]:
    """The rows in one of the orders of the table.

    :raises InvalidParameter: for an unknown order.
    """
    if order not in ORDERS:
        raise InvalidParameter(_("order is one of %(names)s") % {"names": ", ".join(ORDERS)})
    return sorted(rows, key=lambda row: (ORDERS[order](row), row.pair))


def order_choices(path: str, params: PageParams) -> list[LinkChoice]:
    labels = {
        "latest": _("latest news"),
        "strongest": _("strongest"),
        "claims": _("most claims"),
        "name": _("name"),
    }
    return [
        LinkChoice(
            label=labels[name],
            link=request_params.address(
                path, params, order=name if name != "latest" else "", page=""
            ),
            chosen=params.order == name,
        )
        for name in ORDERS
    ]


def course(series: Series, *, until: date) -> Course | None:
    """The course of a pair up to a day; None if nothing is on record by then."""
    span = picture.span_of(series, today=until)
    if span is None or span.end <= span.start:
        return None
    days = picture.stepped(span, 1 + (span.end - span.start).days // SPARK_WIDTH)
    return Course(series=series, days=days, values=series.values(days))


def common_reach(courses: Sequence[Course | None], lens: LensVersion) -> float:
    """The value at the upper edge of all sparks of a table, so that they can be compared: at least
    1, at most the end of the scale."""
    return min(lens.model.top, axes.of_sparks(one.values for one in courses if one))


def spark(drawn: Course, shifts: Sequence[Shift], *, reach: float) -> Sparkline:
    """Draw a course; `reach` is the value at the upper edge."""
    start, end = drawn.days[0], drawn.days[-1]
    days = tuple([day.toordinal() for day in drawn.days])
    places = _kept_places(days, tuple(drawn.values), SPARK_TOLERANCE * reach)

    def place(day: date, value: float) -> tuple[float, float]:
        x = SPARK_WIDTH * (day - start).days / (end - start).days
        return x, SPARK_MIDDLE - value * SPARK_REACH / reach

    marks = []
    for shift in shifts:
        if start <= shift.peak <= end:
            x, y = place(shift.peak, drawn.series.score_on(shift.peak).value)
            amount, day = signed(shift.amount), day_in_words(shift.peak)
            label = (
                _("shifted slowly %(amount)s by %(day)s")
                if shift.kind == "slow"
                else _("shifted %(amount)s by %(day)s")
            ) % {"amount": amount, "day": day}
            marks.append(
                SparkMark(x=round(x, 1), y=round(y, 1), good=shift.amount > 0, label=label)
            )
    line = (place(drawn.days[n], drawn.values[n]) for n in places)
    return Sparkline(points=" ".join(f"{x:.1f},{y:.1f}" for x, y in line), marks=marks)


@lru_cache(maxsize=500)
def _kept_places(days: Sequence[int], values: Sequence[float], reach: float) -> Sequence[int]:
    """The places of the points of a spark. They are kept: a table is drawn again after each event,
    mostly with the same courses."""
    return kept_places(days, [values], reach=reach)


def lines(
    rows: Sequence[RankedPair],
    series: Mapping[str, Series],
    marks: Mapping[str, Sequence[Shift]],
    country_names: Names,
    params: PageParams,
    day: date,
) -> list[PairLine]:
    """The lines of rows of the table, on a day."""
    courses = {row.pair: course(series[row.pair], until=day) for row in rows}
    if not rows:
        return []
    links = pair_links([row.pair for row in rows], params)
    reach = common_reach(list(courses.values()), series[rows[0].pair].lens)
    return [
        _line(
            row,
            series[row.pair],
            spark(drawn, marks.get(row.pair, ()), reach=reach)
            if (drawn := courses[row.pair])
            else None,
            country_names,
            links[row.pair],
            day,
        )
        for row in rows
    ]


def _line(
    row: RankedPair,
    series: Series,
    drawn: Sparkline | None,
    country_names: Names,
    link: str,
    day: date,
) -> PairLine:
    score = row.score
    low, high = (position(end, series.lens) for end in score.ends)
    return PairLine(
        row=row,
        name=country_names.direction(row.pair),
        link=link,
        low=low,
        at=position(score.value, series.lens),
        high=high,
        sway={1: "better", -1: "worse", 0: ""}[score.sign],
        valued=not score.silent and is_assessed(score),
        trend=series.score_on(day).value - series.score_on(day - TREND).value,
        spark=drawn,
    )


def position(value: float, lens: LensVersion) -> float:
    """The place of a value in a box of width 180, which the scale fills."""
    return round(BOX * (value + lens.model.top) / (2 * lens.model.top), 1)


def pair_links(pairs: Iterable[str], params: PageParams) -> dict[str, str]:
    """The addresses of the pages of pairs with the reader's choices, without those of the table.
    Only one is looked up, since there may be hundreds."""
    path = reverse("pages:pair", args=_ENDS)
    link = request_params.address(path, params, country="", order="", page="")
    return {pair: link.replace("-".join(_ENDS), pair, 1) for pair in pairs}
