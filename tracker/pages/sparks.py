"""The course of a pair in small, with the places where it shifted."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from tracker.domain.shifts import Shift
from tracker.pages import picture
from tracker.pages.picture import thinned
from tracker.queries.scores.pairs import Series
from tracker.wording import day_in_words, signed

WIDTH, MIDDLE, REACH = 120, 14, 12
# A third of a dot of the twelve from the middle to the edge.
NEAR = 0.03


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A shift at its peak: where it is in the box, and which way it went."""

    x: float
    y: float
    good: bool
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Spark:
    """The points of an SVG polyline in a box of 120 × 28, and the marks on it."""

    points: str
    marks: Sequence[Mark]


def spark(series: Series, shifts: Sequence[Shift], *, until: date) -> Spark | None:
    """None where nothing is on record by then."""
    span = picture.span_of(series, today=until)
    if span is None or span.end <= span.start:
        return None
    days = (span.end - span.start).days
    found = picture.points(series, span, every=1 + days // WIDTH)
    reach = min(picture.top(series), max(1.0, *(abs(one.value) for one in found)))
    # The interval is not drawn, so it bends nothing.
    bare = [replace(one, low=one.value, high=one.value) for one in found]
    values = [(one.day, one.value) for one in thinned(bare, top=reach, near=NEAR)]
    scale = REACH / reach

    def place(day: date, value: float) -> tuple[float, float]:
        return WIDTH * (day - span.start).days / days, MIDDLE - value * scale

    marks = []
    for one in shifts:
        if span.start <= one.peak <= span.end:
            x, y = place(one.peak, series.on(one.peak).score.value)
            says = f"shifted {signed(one.amount)} by {day_in_words(one.peak)}"
            marks.append(Mark(x=round(x, 1), y=round(y, 1), good=one.amount > 0, says=says))
    written = (place(day, value) for day, value in values)
    return Spark(points=" ".join(f"{x:.1f},{y:.1f}" for x, y in written), marks=marks)
