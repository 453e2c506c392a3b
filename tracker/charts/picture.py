"""The pictures of a series: how far acts moved it, where its level is, or the course of its value;
the days that they show, and the claims that they mark."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Protocol

from django.utils.translation import gettext as _

from tracker.charts import pair_chart, scales
from tracker.charts.drawing import Spec
from tracker.charts.lane_layers import Mark, Way
from tracker.charts.pair_chart import WIDE, AnchorMark, LevelMark, Notes
from tracker.charts.plot import ChartPoint, PlotSize, Scale
from tracker.charts.thinning import kept_places
from tracker.domain.dates import day_before
from tracker.domain.lenses import LensVersion
from tracker.domain.movements import WindowMovement
from tracker.domain.scoring.evidence import Pull
from tracker.queries.scores import movements
from tracker.queries.scores.pairs import Series

BEFORE, AFTER = timedelta(days=30), timedelta(days=90)
# A line of more days than these is drawn by week, and on the days where it bends.
DAILY = 400
MOST_BENDS = 600
# A movement has at most about so many points. Its line begins some days before it, at least so many
# and this part of all of them.
MOST_MOVED = 300
LEAD, LEAD_SHARE = timedelta(days=5), 25
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
    """A claim that is marked by its number in the list, 0 for none."""

    @property
    def number(self) -> int: ...
    @property
    def day(self) -> date: ...
    @property
    def title(self) -> str: ...
    @property
    def link(self) -> str: ...
    @property
    def pull(self) -> Pull: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """The claims that are marked below a line, and those that assess a level, the latest first.
    `reported` is the day of the latest source; `several` is where a mark of several claims
    leads."""

    claims: Sequence[MarkedClaim]
    levels: Sequence[MarkedClaim] = ()
    reported: date | None = None
    several: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureSpan:
    """The first and the last day of a picture."""

    start: date
    end: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """What a picture shows: a line with its interval, marks, a scale and notes. `all_marked`:
    every event of its days has a mark."""

    points: Sequence[ChartPoint]
    marks: Sequence[Mark]
    scale: Scale
    notes: Notes
    all_marked: bool = True

    def specs(self, sizes: Sequence[PlotSize]) -> list[Spec]:
        """The picture as specs of some sizes."""
        return [
            pair_chart.pair_chart(
                self.points, self.marks, scale=self.scale, size=size, notes=self.notes
            )
            for size in sizes
        ]


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


def of_movement(
    series: Series,
    pulls: Sequence[Pull],
    span: PictureSpan,
    marked: Marked,
    *,
    moved: WindowMovement,
    since: date | None,
) -> Picture:
    """How far acts moved a level, up to the end of the span or of `moved`, whichever is first. The
    line begins at 0, and ends at `moved`, which is the movement since a day, if that was given."""
    end = min(max(span.end, moved.since + AFTER), moved.until)
    days = _moved_days(series, PictureSpan(start=moved.since, end=end), marked.reported)
    course = movements.course_of(series, pulls, days, since=since)
    course = [*course[:-1], moved._replace(until=end)]
    points = [
        ChartPoint(day=one.until, value=one.value, low=one.low, high=one.high) for one in course
    ]
    if since is None:
        lead = max(LEAD, (end - moved.since) // LEAD_SHARE)
        points.insert(0, replace(points[0], day=moved.since - lead))
    scale = scales.of_movement(
        points, top=series.lens.model.top, ends=(_("further apart"), _("closer"))
    )
    drawn = _thinned(points, reach=TOLERANCE * (scale.top - scale.least), kept=marked.reported)
    marks = _marks(points, marked.claims)
    return Picture(
        points=drawn,
        marks=marks[:MOST_MARKS],
        all_marked=len(marks) <= MOST_MARKS,
        scale=scale,
        notes=Notes(reported=marked.reported, several=marked.several),
    )


def of_levels(series: Series, span: PictureSpan, marked: Marked, *, day: date) -> Picture:
    """The level of a series from the last assessment before its first act on, or else from the
    first one, with the bands behind the line, up to a day or to the end of the span, whichever is
    first."""
    end = max(min(span.end, day), span.start)
    known = [one.day for one in marked.levels if one.day <= end]
    before = [day for day in known if day <= span.start]
    anchor = _anchor(series, span)
    start = max(before) if before else min(known, default=span.start)
    drawn_span = PictureSpan(start=min(start, end), end=end)
    levels = _levels(drawn_span, marked.levels)
    points = _points(series, drawn_span, marked.reported)
    values = [one.value for one in levels] + ([anchor.level] if anchor else [])
    return Picture(
        points=points,
        marks=(),
        scale=scales.of_levels(points, values, top=series.lens.model.top),
        notes=Notes(anchor=anchor, levels=levels, reported=marked.reported, valued=end == day),
    )


def of_values(series: Series, span: PictureSpan, marked: Marked, *, day: date) -> Picture:
    """The course of a score over a span, for a page of a `day`."""
    points = _points(series, span, marked.reported)
    anchor, top = _anchor(series, span), series.lens.model.top
    levels = _levels(span, marked.levels)
    whiskers = [
        ChartPoint(day=one.day, value=one.value, low=one.value - one.sd, high=one.value + one.sd)
        for one in levels
    ]
    silent = series.score_on(span.end).silent
    marks = _marks(points, [one for one in marked.claims if one.pull.sd is None])
    return Picture(
        points=points,
        marks=marks[:MOST_MARKS],
        all_marked=len(marks) <= MOST_MARKS,
        scale=scales.of_values([*points, *whiskers], top=top, ends=ends(series.lens)),
        notes=Notes(
            anchor=anchor,
            levels=levels,
            reported=marked.reported,
            valued=span.end == day and not silent,
            several=marked.several,
        ),
    )


def specs(
    series: Series,
    span: PictureSpan,
    marked: Marked,
    *,
    day: date,
    reported: date | None,
    sizes: Sequence[PlotSize] = (WIDE,),
) -> list[Spec]:
    """The course of a score as specs of some sizes, for a page of a `day`; `reported` is
    the day of the latest source."""
    return of_values(series, span, replace(marked, reported=reported), day=day).specs(sizes)


def _moved_days(series: Series, span: PictureSpan, reported: date | None) -> list[date]:
    """The days on which a movement may change, and those before them; of very many only some. With
    the first and the last day, and that of the last source."""
    days = sorted(
        {
            day
            for knot in series.knots
            for day in (day_before(knot.day), knot.day)
            if span.start < day < span.end
        }
    )
    some = days[:: 1 + len(days) // MOST_MOVED]
    fixed = {reported} if reported and span.start < reported < span.end else set()
    return sorted({span.start, *some, *fixed, span.end})


def _marks(points: Sequence[ChartPoint], claims: Sequence[MarkedClaim]) -> list[Mark]:
    """Marks of the claims within the days of the line."""
    days = [point.day for point in points]
    return [
        Mark(
            day=claim.day,
            at=points[bisect_right(days, claim.day) - 1].value,
            way=_way(claim.pull),
            label=str(claim.number) if claim.number else "",
            title=claim.title,
            url=claim.link,
        )
        for claim in claims
        if days[0] <= claim.day <= days[-1]
    ]


def _way(pull: Pull) -> Way:
    """Which way a claim pulls: neither, if it weighs nothing."""
    if not pull.value * pull.weight:
        return "neither"
    return "better" if pull.value > 0 else "worse"


def _levels(span: PictureSpan, levels: Sequence[MarkedClaim]) -> list[LevelMark]:
    """The assessed levels within the picture, and the last one before it at its left edge."""
    marks = []
    for claim in levels:
        if claim.day <= span.end:
            marks.append(
                LevelMark(
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


def _anchor(series: Series, span: PictureSpan) -> AnchorMark | None:
    anchor = series.anchor
    if anchor is None or anchor.day != span.start:
        return None
    return AnchorMark(day=anchor.day, level=float(anchor.level))


def _points(series: Series, span: PictureSpan, reported: date | None) -> Sequence[ChartPoint]:
    """The points of the line, with one for the day of the last source, so that the line can change
    its style there."""
    drawn = points(series, span)
    if reported is None or not span.start <= reported <= span.end:
        return drawn
    if reported in {point.day for point in drawn}:
        return drawn
    return sorted([*drawn, _point(series, reported)], key=lambda point: point.day)


def points(
    series: Series, span: PictureSpan, *, every: int | None = None, near: float = TOLERANCE
) -> list[ChartPoint]:
    """The points of the line, without those that lie on a straight line, up to a distance `near`.
    Small pictures take only one point in `every` so many days."""
    days = stepped(span, every) if every else _days(series, span)
    return _thinned([_point(series, day) for day in days], reach=near * top(series))


def scale(series: Series) -> Scale:
    """The whole scale of a series, and the names of its ends."""
    return Scale(top=top(series), ends=ends(series.lens))


def ends(lens: LensVersion) -> tuple[str, str]:
    """The names of the low and the high end of a lens's scale."""
    low, high = ENDS.get(lens.lens.model, ENDS["tone"])
    return _(low), _(high)


def top(series: Series) -> float:
    """The largest value of a series' scale."""
    return series.lens.model.top


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


def _thinned(
    points: Sequence[ChartPoint], *, reach: float, kept: date | None = None
) -> list[ChartPoint]:
    """The points without those whose three numbers lie on the straight line between their
    neighbours; that of the day `kept` stays."""
    days = [point.day.toordinal() for point in points]
    values, lows, highs = ([getattr(point, name) for point in points] for name in NUMBERS)
    places = {*kept_places(days, (values, lows, highs), reach=reach)}
    places |= {place for place, point in enumerate(points) if point.day == kept}
    return [points[place] for place in sorted(places)]
