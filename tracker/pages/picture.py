"""From a series to its picture: which days are shown, and where the claims stand on the line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from tracker.domain import scoring
from tracker.domain.lenses import LensVersion
from tracker.pages import charts
from tracker.pages.charts import WIDE, Scale, Size
from tracker.pages.drawing import Spec
from tracker.pages.thinning import NEAR, thinned
from tracker.pages.words import day_in_words, signed
from tracker.queries.pairs import Reading, Series

BEFORE, AFTER = timedelta(days=30), timedelta(days=90)
# Beyond so many days a line is drawn from its weeks, and from the days on which it bends.
DAILY = 400
MOST_BENDS = 600
# Marks beyond these would hide one another.
MOST_MARKS = 12
# What the ends of each model's scale are called.
ENDS = {"standing": ("confrontation", "friendship"), "tone": ("conflict", "cooperation")}


class Cause(Protocol):
    """A claim that is to be marked on the line, by the number that it has in the list."""

    @property
    def number(self) -> int: ...
    @property
    def day(self) -> date: ...
    @property
    def good(self) -> bool: ...
    @property
    def title(self) -> str: ...
    @property
    def link(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The days that are shown, both counted."""

    start: date
    end: date


def span_of(series: Series, *, today: date) -> Span | None:
    """From a month before the first claim to three months after the last; years in which nothing
    was recorded would flatten the rest. None where nothing ever was."""
    if not series.knots:
        return None
    first, last = series.knots[0].day, series.knots[-1].day
    start = (first - BEFORE).replace(day=1)
    return Span(start=start, end=max(first, min(today, last + AFTER)))


def spec(series: Series, span: Span, causes: Sequence[Cause], *, size: Size = WIDE) -> Spec:
    """The picture as a spec."""
    marks = [
        charts.Mark(
            day=one.day,
            at=series.on(one.day).score.value,
            good=one.good,
            label=str(one.number),
            title=one.title,
            url=one.link,
        )
        for one in causes[:MOST_MARKS]
        if span.start <= one.day <= span.end
    ]
    return charts.pair_chart(points(series, span), marks, scale=scale(series), size=size)


def points(
    series: Series, span: Span, *, every: int | None = None, near: float = NEAR
) -> list[charts.Point]:
    """The days that are drawn, without those that lie on a straight line, or as `near` to one as
    the size of the picture allows. Small pictures are drawn from `every` so many days alone."""
    days = _stepped(span, every) if every else _days(series, span)
    return thinned([_point(series.on(day)) for day in days], top=top(series), near=near)


def scale(series: Series) -> Scale:
    """How far the scale of a series goes, and what its ends are called."""
    return Scale(top=top(series), ends=ends(series.lens))


def ends(lens: LensVersion) -> tuple[str, str]:
    """What the low and the high end of a lens's scale are called."""
    return ENDS.get(lens.lens.model, ENDS["tone"])


def top(series: Series) -> float:
    """How far the scale of a series goes."""
    return scoring.MODELS[series.lens.lens.model].top


def says(called: str, series: Series, span: Span) -> str:
    """The picture in one sentence, for whoever does not see it."""
    first, last = series.on(span.start).score, series.on(span.end).score
    return (
        f"{called}, {span.start:%B %Y} to {span.end:%B %Y}: the {series.lens.lens.name} goes"
        f" from {signed(first.value)} to {signed(last.value)}; at the end its 90 % interval"
        f" reaches from {signed(last.low)} to {signed(last.high)}."
    )


def after(series: Series, span: Span, day: date) -> str:
    """What became of the score between the end of the picture and a day; nothing where the picture
    reaches it."""
    if day <= span.end:
        return ""
    score = series.on(day).score
    return (
        f"Nothing that was recorded moves it after that; by {day_in_words(day)} it is"
        f" {signed(score.value)}, with an interval of {signed(score.low)} to {signed(score.high)}."
    )


def _point(reading: Reading) -> charts.Point:
    score = reading.score
    return charts.Point(day=reading.day, value=score.value, low=score.low, high=score.high)


def _days(series: Series, span: Span) -> list[date]:
    """Every day of a short span; of a long one the weeks, and the days around each bend."""
    length = (span.end - span.start).days
    step = 1 if length <= DAILY else 7 * (1 + length // 4_000)
    return sorted({*_stepped(span, step), *_bends(series, span)})


def _stepped(span: Span, step: int) -> list[date]:
    length = (span.end - span.start).days
    return [*(span.start + timedelta(days=n) for n in range(0, length, step)), span.end]


def _bends(series: Series, span: Span) -> Iterator[date]:
    if len(series.knots) > MOST_BENDS:
        return
    for knot in series.knots:
        for day in (knot.day - timedelta(days=1), knot.day):
            if span.start <= day <= span.end:
                yield day
