"""The pictures of a series: how far it moved, where its level is, or the course of its value;
the days that they show, and the claims that they mark."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import chain
from typing import Any

from django.utils.translation import gettext as _

from tracker.charts import axes
from tracker.charts.axes import ChartPoint
from tracker.charts.event_lane import MarkedClaim
from tracker.charts.pair_chart import Picture
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


def span_of(series: Series, *, today: date) -> PictureSpan | None:
    """The days from a month before the first act, to three months after the last
    one: longer pauses would flatten the rest. Levels that were assessed earlier do not lengthen it.
    Without an act, the days since a level was first assessed. None where nothing is recorded."""
    if not series.knots:
        return None
    first, last = series.knots[0].day, series.recorded[-1]
    if series.lens.model.levels:
        acts = [knot.day for knot in series.knots if knot.claims]
        if not acts:
            return PictureSpan(start=first, end=max(first, today))
        first = acts[0]
    start = (first - BEFORE).replace(day=1)
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
    """How far a level moved, up to the end of the span or of `moved`, whichever is first; `moved`
    is the movement since a day, if that was given. The line begins at 0."""
    end = min(max(span.end, moved.since + AFTER), moved.until)
    days = _moved_days(series, PictureSpan(start=moved.since, end=end), marked.reported)
    points = [
        ChartPoint(day=one.until, value=one.value, low=one.low, high=one.high)
        for one in movements.course_of(series, pulls, days, since=since)
    ]
    if since is None:
        lead = max(LEAD, (end - moved.since) // LEAD_SHARE)
        points.insert(0, replace(points[0], day=moved.since - lead))
    scale = axes.of_movement(
        points, top=series.lens.model.top, ends=(_("further apart"), _("closer"))
    )
    reach = TOLERANCE * (scale.top - scale.low)
    return Picture(
        points=_thinned(points, reach=reach, kept=marked.reported),
        scale=scale,
        reported=marked.reported,
        **_lane(points, marked.claims, marked.several),
    )


def of_levels(series: Series, span: PictureSpan, marked: Marked, *, day: date) -> Picture:
    """The level of a series from the last assessment before its first act on, or else from the
    first one, with the bands behind the line, up to a day or to the end of the span, whichever is
    first."""
    end = max(min(span.end, day), span.start)
    known = [one.day for one in marked.levels if one.day <= end]
    before = [day for day in known if day <= span.start]
    start = max(before) if before else min(known, default=span.start)
    drawn_span = PictureSpan(start=min(start, end), end=end)
    points = _points(series, drawn_span, marked.reported)
    values = [one.pull.value for one in _levels(drawn_span, marked.levels)]
    return Picture(
        points=points,
        levels=marked.levels,
        scale=axes.of_levels(points, values, top=series.lens.model.top),
        reported=marked.reported,
        valued=end == day,
    )


def of_values(series: Series, span: PictureSpan, marked: Marked, *, day: date) -> Picture:
    """The course of a flow over a span, for a page of a `day`."""
    points = _points(series, span, marked.reported)
    return Picture(
        points=points,
        scale=axes.of_values(points, top=series.lens.model.top, ends=ends(series.lens)),
        interval=False,
        reported=marked.reported,
        valued=span.end == day and not series.score_on(span.end).silent,
        **_lane(points, marked.claims, marked.several),
    )


def _moved_days(series: Series, span: PictureSpan, reported: date | None) -> list[date]:
    """The days of which a claim tells, the others on which a movement may change, and those before
    them; of very many only some. With the first and the last day, and that of the last source."""
    told = _with_days_before(series.recorded, span)
    others = _with_days_before((knot.day for knot in series.knots), span)
    some = (days[:: 1 + len(days) // MOST_MOVED] for days in (told, others))
    fixed = {reported} if reported and span.start < reported < span.end else set()
    return sorted({span.start, *chain(*some), *fixed, span.end})


def _with_days_before(days: Iterable[date], span: PictureSpan) -> list[date]:
    """Some days within a span, and those before them, in order."""
    both = {day for one in days for day in (day_before(one), one)}
    return sorted(day for day in both if span.start < day < span.end)


def _lane(
    points: Sequence[ChartPoint], claims: Sequence[MarkedClaim], several: str
) -> dict[str, Any]:
    """What a picture says of the claims within the days of its line."""
    shown = [one for one in claims if points[0].day <= one.day <= points[-1].day]
    return {
        "claims": shown[:MOST_MARKS],
        "all_marked": len(shown) <= MOST_MARKS,
        "several": several,
    }


def _levels(span: PictureSpan, levels: Sequence[MarkedClaim]) -> list[MarkedClaim]:
    """The assessed levels within a span, and the last one before it."""
    inside = [one for one in levels if span.start <= one.day <= span.end]
    return inside + [one for one in levels if one.day < span.start][:1]


def _points(series: Series, span: PictureSpan, reported: date | None) -> Sequence[ChartPoint]:
    """The points of the line, with one for the day of the last source, so that the line can change
    its style there."""
    drawn = _thinned(
        [_point(series, day) for day in _days(series, span)],
        reach=TOLERANCE * series.lens.model.top,
    )
    if reported is None or not span.start <= reported <= span.end:
        return drawn
    if reported in {point.day for point in drawn}:
        return drawn
    return sorted([*drawn, _point(series, reported)], key=lambda point: point.day)


def ends(lens: LensVersion) -> tuple[str, str]:
    """The names of the low and the high end of a lens's scale."""
    low, high = ENDS.get(lens.lens.model, ENDS["tone"])
    return _(low), _(high)


def _point(series: Series, day: date) -> ChartPoint:
    score = series.score_on(day)
    low, high = score.ends
    return ChartPoint(day=day, value=score.value, low=low, high=high)


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
    inside = [day for day in series.recorded if span.start <= day <= span.end]
    if len(inside) > MOST_BENDS:
        return
    for day in inside:
        yield from (one for one in (day_before(day), day) if span.start <= one)


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
