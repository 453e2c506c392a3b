"""The picture of a series: the days that it shows, and the marks of claims on its line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from tracker.charts import pair_chart
from tracker.charts.drawing import Spec
from tracker.charts.pair_chart import WIDE, ChartPoint, PlotSize, Scale
from tracker.charts.thinning import kept_places
from tracker.domain.dates import day_before
from tracker.domain.lenses import LensVersion
from tracker.domain.scoring.evidence import Pull
from tracker.lens_names import reader_name
from tracker.level_wording import shown
from tracker.queries.scores.pairs import Series
from tracker.wording import day_in_words, signed

BEFORE, AFTER = timedelta(days=30), timedelta(days=90)
# A line of more days than these is drawn by week, and on the days where it bends.
DAILY = 400
MOST_BENDS = 600
# More marks would cover one another.
MOST_MARKS = 12
# The names of the low and the high end of each model's scale.
ENDS = {"standing": ("confrontation", "friendship"), "tone": ("conflict", "cooperation")}
# The distance of a line from a point that is left out, as a share of the scale: less than a quarter
# of a dot on the largest picture.
TOLERANCE = 0.001
# The numbers of a point.
NUMBERS = ("value", "low", "high")


class MarkedClaim(Protocol):
    """A claim that is marked on the line by its number in the list."""

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
    @property
    def pull(self) -> Pull: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """The claims that are marked on a line, and those that assess a level, the latest first."""

    claims: Sequence[MarkedClaim]
    levels: Sequence[MarkedClaim] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureSpan:
    """The first and the last day of a picture."""

    start: date
    end: date


def span_of(series: Series, *, today: date) -> PictureSpan | None:
    """The days from the anchor, or a month before the first act, to three months after the last
    one: longer pauses would flatten the rest. Levels that were assessed earlier do not lengthen it.
    Without an act, the days since a level was first assessed. None where nothing is recorded."""
    if not series.knots:
        return None
    first, last = series.knots[0].day, series.knots[-1].day
    if series.lens.model.levels:
        acts = [knot.day for knot in series.knots if knot.claims]
        if not acts:
            return PictureSpan(start=first, end=max(first, today))
        first = acts[0]
    start = first if series.anchored(first) else (first - BEFORE).replace(day=1)
    return PictureSpan(start=start, end=max(first, min(today, last + AFTER)))


def specs(
    series: Series,
    span: PictureSpan,
    marked: Marked,
    *,
    day: date,
    reported: date | None,
    sizes: Sequence[PlotSize] = (WIDE,),
) -> list[Spec]:
    """The picture as Vega-Lite specs of some sizes, for a page of a `day`; `reported` is the day of
    the latest source."""
    silent = series.score_on(span.end).silent
    notes = pair_chart.Notes(
        anchor=_anchor(series, span),
        levels=_levels(span, marked.levels),
        reported=reported,
        valued=span.end == day and not silent,
    )
    drawn = _with_day(points(series, span), reported, series, span)
    marks = _marks(series, span, [one for one in marked.claims if one.pull.sd is None])
    return [
        pair_chart.pair_chart(drawn, marks, scale=scale(series), size=size, notes=notes)
        for size in sizes
    ]


def _marks(
    series: Series, span: PictureSpan, causes: Sequence[MarkedClaim]
) -> list[pair_chart.Mark]:
    return [
        pair_chart.Mark(
            day=cause.day,
            at=series.on(cause.day).score.value,
            good=cause.good,
            label=str(cause.number),
            title=cause.title,
            url=cause.link,
        )
        for cause in causes[:MOST_MARKS]
        if span.start <= cause.day <= span.end
    ]


def _levels(span: PictureSpan, levels: Sequence[MarkedClaim]) -> list[pair_chart.LevelMark]:
    """The assessed levels within the picture, and the last one before it at its left edge."""
    marks = []
    for claim in levels:
        if claim.day <= span.end:
            marks.append(
                pair_chart.LevelMark(
                    day=max(claim.day, span.start),
                    assessed=claim.day,
                    value=claim.pull.value,
                    sd=claim.pull.sd or 0.0,
                    title=claim.title,
                    url=claim.link,
                )
            )
        if claim.day < span.start:
            break
    return marks


def _anchor(series: Series, span: PictureSpan) -> pair_chart.AnchorMark | None:
    anchor = series.anchor
    if anchor is None or anchor.day != span.start:
        return None
    return pair_chart.AnchorMark(day=anchor.day, level=float(anchor.level))


def _with_day(
    drawn: Sequence[ChartPoint], day: date | None, series: Series, span: PictureSpan
) -> Sequence[ChartPoint]:
    """The points with one for a day added, so that the line can change its style there."""
    if day is None or not span.start <= day <= span.end or day in {point.day for point in drawn}:
        return drawn
    return sorted([*drawn, _point(series, day)], key=lambda point: point.day)


def points(
    series: Series, span: PictureSpan, *, every: int | None = None, near: float = TOLERANCE
) -> list[ChartPoint]:
    """The points of the line, without those that lie on a straight line, up to a distance `near`.
    Small pictures take only one point in `every` so many days."""
    days = stepped(span, every) if every else _days(series, span)
    return _thinned([_point(series, day) for day in days], reach=near * top(series))


def scale(series: Series) -> Scale:
    """The largest value of a series' scale, and the names of its ends."""
    return Scale(top=top(series), ends=ends(series.lens))


def ends(lens: LensVersion) -> tuple[str, str]:
    """The names of the low and the high end of a lens's scale."""
    return ENDS.get(lens.lens.model, ENDS["tone"])


def top(series: Series) -> float:
    """The largest value of a series' scale."""
    return series.lens.model.top


def description(name: str, series: Series, span: PictureSpan) -> str:
    """The picture in a sentence, for readers who cannot see it."""
    lens, end = reader_name(series.lens), series.score_on(span.end)
    title = f"{name}, {span.start:%B %Y} to {span.end:%B %Y}"
    if series.anchor and series.anchored(span.start):
        start = f"begins at the anchor, {signed(float(series.anchor.level))}"
    elif series.lens.model.levels:
        start = f"begins at {signed(series.score_on(span.start).value)}"
    else:
        start = "begins at 0 because nothing earlier is known"
    ending = f"with {shown(end)}" if end.silent else f"at {shown(end)}"
    return f"{title}: the line of “{lens}” {start}, and ends {ending}."


def after(series: Series, span: PictureSpan, day: date, *, reported: date | None) -> str:
    """Explain the dashed part after the last source, and give the score of a day after the end of
    the picture."""
    sentences = []
    if reported and reported < span.end:
        sentences.append(f"Dashed after the last source, dated {day_in_words(reported)}.")
    if day > span.end:
        end = series.score_on(day)
        state = f"there is {shown(end)}" if end.silent else f"it is {shown(end)}"
        sentences.append(f"No later claim moves it; on {day_in_words(day)} {state}.")
    return " ".join(sentences)


def _point(series: Series, day: date) -> ChartPoint:
    score = series.score_on(day)
    return ChartPoint(day=day, value=score.value, low=score.low, high=score.high)


def _days(series: Series, span: PictureSpan) -> list[date]:
    """Every day of a short span; for a long one, one day a week and the days around each bend."""
    length = (span.end - span.start).days
    step = 1 if length <= DAILY else 7 * (1 + length // 4_000)
    return sorted({*stepped(span, step), *_bends(series, span)})


def stepped(span: PictureSpan, step: int) -> list[date]:
    """One day in `step`, and the last."""
    length = (span.end - span.start).days
    return [*(span.start + timedelta(days=n) for n in range(0, length, step)), span.end]


def _bends(series: Series, span: PictureSpan) -> Iterator[date]:
    if len(series.knots) > MOST_BENDS:
        return
    for knot in series.knots:
        for day in (day_before(knot.day), knot.day):
            if span.start <= day <= span.end:
                yield day


def _thinned(points: Sequence[ChartPoint], *, reach: float) -> list[ChartPoint]:
    """The points without those whose three numbers lie on the straight line between their
    neighbours."""
    days = [point.day.toordinal() for point in points]
    values, lows, highs = ([getattr(point, name) for point in points] for name in NUMBERS)
    return [points[place] for place in kept_places(days, (values, lows, highs), reach=reach)]
