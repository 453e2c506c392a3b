"""From a series to its picture: which days are shown, and where the claims stand on the line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from tracker.domain import scoring
from tracker.domain.lenses import LensVersion
from tracker.pages import pair_chart
from tracker.pages.drawing import Spec
from tracker.pages.pair_chart import WIDE, Point, Scale, Size
from tracker.queries.scores.pairs import Reading, Series
from tracker.wording import day_in_words, signed

# How far a line may pass by a point that is left out, as a share of the scale: less than a quarter
# of a dot on the largest picture.
NEAR = 0.001


def thinned(points: Sequence[Point], *, top: float, near: float = NEAR) -> list[Point]:
    """The points without those that lie on the straight line between their neighbours, as do the
    ends of their intervals, but for `near` of the way from 0 to `top`."""
    if len(points) < 3:
        return list(points)
    kept = {0, len(points) - 1}
    stretches = [(0, len(points) - 1)]
    while stretches:
        first, last = stretches.pop()
        far, place = max(
            ((_off(points, first, last, n), n) for n in range(first + 1, last)),
            default=(0.0, first),
        )
        if far > near * top:
            kept.add(place)
            stretches += [(first, place), (place, last)]
    return [points[n] for n in sorted(kept)]


def _off(points: Sequence[Point], first: int, last: int, place: int) -> float:
    """How far a point is from the line between two others, in any of its three numbers."""
    one, other, at = points[first], points[last], points[place]
    share = (at.day - one.day).days / (other.day - one.day).days
    return max(
        abs(at.value - (1 - share) * one.value - share * other.value),
        abs(at.low - (1 - share) * one.low - share * other.low),
        abs(at.high - (1 - share) * one.high - share * other.high),
    )


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
    """From the anchor, or a month before the first claim, to three months after the last; years in
    which nothing was recorded would flatten the rest. None where nothing ever was."""
    if not series.knots:
        return None
    first, last = series.knots[0].day, series.knots[-1].day
    start = first if series.anchored(first) else (first - BEFORE).replace(day=1)
    return Span(start=start, end=max(first, min(today, last + AFTER)))


def spec(
    series: Series,
    span: Span,
    causes: Sequence[Cause],
    *,
    day: date,
    reported: date | None,
    size: Size = WIDE,
) -> Spec:
    """The picture as a spec, for a page of a `day`; `reported` is the day of the latest source."""
    marks = [
        pair_chart.Mark(
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
    notes = pair_chart.Notes(
        anchor=_anchor(series, span), reported=reported, valued=span.end == day
    )
    return pair_chart.pair_chart(
        _with(points(series, span), reported, series, span),
        marks,
        scale=scale(series),
        size=size,
        notes=notes,
    )


def _anchor(series: Series, span: Span) -> pair_chart.Anchor | None:
    anchor = series.anchor
    if anchor is None or anchor.day != span.start:
        return None
    return pair_chart.Anchor(day=anchor.day, level=float(anchor.level))


def _with(
    drawn: Sequence[pair_chart.Point], day: date | None, series: Series, span: Span
) -> Sequence[pair_chart.Point]:
    """The points with that of a day among them, so that the line can change there."""
    if day is None or not span.start <= day <= span.end or day in {one.day for one in drawn}:
        return drawn
    return sorted([*drawn, _point(series.on(day))], key=lambda one: one.day)


def points(
    series: Series, span: Span, *, every: int | None = None, near: float = NEAR
) -> list[pair_chart.Point]:
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
    """The picture in a sentence, for readers who do not see it."""
    name, end = series.lens.lens.name, signed(series.on(span.end).score.value)
    what = f"{called}, {span.start:%B %Y} to {span.end:%B %Y}"
    if series.anchor and series.anchored(span.start):
        start = f"begins at the anchor, {signed(float(series.anchor.level))}"
    else:
        start = "begins at 0 because nothing earlier is known"
    return f"{what}: the line of {name} {start}, and ends at {end}."


def after(series: Series, span: Span, day: date, *, reported: date | None) -> str:
    """What follows the last source, and where the score is on a day that the picture does not
    reach."""
    said = []
    if reported and reported < span.end:
        said.append(f"Dashed after the last source, dated {day_in_words(reported)}.")
    if day > span.end:
        end = signed(series.on(day).score.value)
        said.append(f"No later claim moves it; on {day_in_words(day)} it is {end}.")
    return " ".join(said)


def _point(reading: Reading) -> pair_chart.Point:
    score = reading.score
    return pair_chart.Point(day=reading.day, value=score.value, low=score.low, high=score.high)


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
