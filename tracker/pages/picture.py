"""From a series to its picture: which days are shown, and where the claims stand on the line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.domain import scoring
from tracker.pages import charts
from tracker.pages.words import signed
from tracker.queries.pairs import Reading, Series

BEFORE, AFTER = timedelta(days=30), timedelta(days=90)
# Beyond so many days a line is drawn from its weeks, and from the days on which it bends.
DAILY = 400
MOST_BENDS = 600
MOST_NUMBERS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The days that are shown, both counted."""

    start: date
    end: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A claim that is to be marked on the line, by the number that it has in the list."""

    number: int
    day: date
    good: bool
    title: str
    link: str


def span_of(series: Series, *, today: date) -> Span | None:
    """From a month before the first claim to three months after the last; years in which nothing
    was recorded would flatten the rest. None where nothing ever was."""
    if not series.knots:
        return None
    first, last = series.knots[0].day, series.knots[-1].day
    start = (first - BEFORE).replace(day=1)
    return Span(start=start, end=max(first, min(today, last + AFTER)))


def draw(series: Series, span: Span, placed: Sequence[Placed]) -> str:
    """The picture as SVG."""
    top = scoring.MODELS[series.lens.lens.model].top
    points = [_point(series.on(day)) for day in _days(series, span)]
    marks = [
        charts.Mark(
            day=one.day,
            at=series.on(one.day).score.value,
            good=one.good,
            label=str(one.number) if one.number <= MOST_NUMBERS else "",
            title=one.title,
            url=one.link,
        )
        for one in placed
        if span.start <= one.day <= span.end
    ]
    return charts.drawn(charts.pair_chart(points, charts.spread(marks, top=top), top=top))


def says(called: str, series: Series, span: Span) -> str:
    """The picture in one sentence, for whoever does not see it."""
    first, last = series.on(span.start).score, series.on(span.end).score
    return (
        f"{called}, {span.start:%B %Y} to {span.end:%B %Y}: the {series.lens.lens.name} goes"
        f" from {signed(first.value)} to {signed(last.value)}; at the end its 90 % interval"
        f" reaches from {signed(last.low)} to {signed(last.high)}."
    )


def spark(series: Series, span: Span, *, top: float) -> str:
    """A line as the points of an SVG polyline in a box of 120 × 28."""
    days = (span.end - span.start).days or 1
    values = [(day, series.on(day).score.value) for day in _days(series, span, least=8)]
    reach = max(1.0, *(abs(value) for _, value in values))
    scale = 12 / min(top, reach)
    return " ".join(
        f"{120 * (day - span.start).days / days:.1f},{14 - value * scale:.1f}"
        for day, value in values
    )


def _point(reading: Reading) -> charts.Point:
    score = reading.score
    return charts.Point(day=reading.day, value=score.value, low=score.low, high=score.high)


def _days(series: Series, span: Span, *, least: int = 1) -> list[date]:
    """Every day of a short span; of a long one the weeks, and the days around each bend."""
    length = (span.end - span.start).days
    step = max(least, 1 if length <= DAILY else 7 * (1 + length // 4_000))
    chosen = {span.start + timedelta(days=n) for n in range(0, length, step)} | {span.end}
    return sorted(chosen | set(_bends(series, span)))


def _bends(series: Series, span: Span) -> Iterator[date]:
    if len(series.knots) > MOST_BENDS:
        return
    for knot in series.knots:
        for day in (knot.day - timedelta(days=1), knot.day):
            if span.start <= day <= span.end:
                yield day
