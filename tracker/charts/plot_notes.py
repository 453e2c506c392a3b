"""Notes in a plot where the lines leave room: the ends of the scale, and the days without
sources."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from tracker.charts import plot
from tracker.charts.drawing import QUIET, Spec, letters
from tracker.charts.plot import ChartPoint, Frame

# The least distance of two texts, one above the other, and the mean width of a letter.
APART, LETTER = 17.0, 6.7
# How far a text is from the edge of the plot, and from an upright line.
INSIDE, BESIDE = 11, 3.0
# The places that are tried for a text, from left to right.
PLACES = 5

type Span = tuple[float, float]


def ends(
    points: Sequence[ChartPoint],
    stems: Sequence[tuple[date, float]],
    reported: date | None,
    frame: Frame,
) -> list[Spec]:
    """The names of the ends of the scale, above and below, where they meet neither the line, nor
    the `stems` that go down from a value on a day."""
    low, high = frame.scale.ends
    written = _source_note(points, reported, frame)
    above = _free(points, high, INSIDE, [written] if written else [], frame)
    floor = frame.scale.least + INSIDE * frame.unit
    uprights = [frame.x(day) for day, value in stems if value > floor]
    below = _free(points, low, -INSIDE, [(x - BESIDE, x + BESIDE) for x in uprights], frame)
    layers = []
    for name, at, says, start, down in (
        ("ceiling", frame.scale.top, high, above, INSIDE),
        ("floor", frame.scale.least, low, below, -INSIDE),
    ):
        if start is not None:
            row = {"at": at, "text": says}
            side: Spec = {"align": "left", "dy": down, "color": QUIET}
            layer = plot.text(name, [row], size=frame.size.text, **side)
            layer["encoding"]["x"] = {"value": start}
            layers.append(layer)
    return layers


def _free(
    points: Sequence[ChartPoint], says: str, down: float, taken: Sequence[Span], frame: Frame
) -> float | None:
    """Where a text at the upper or the lower edge may begin; None for no text, or no room."""
    long = LETTER * letters(says) * frame.size.text / 12
    edge = frame.scale.top if down > 0 else frame.scale.least
    middle = edge - down * frame.unit
    for part in range(PLACES) if says else ():
        start = 5 + (frame.size.width - long - 10) * part / (PLACES - 1)
        if any(left < start + long and start < right for left, right in taken):
            continue
        if not is_crossed(points, frame, start, start + long, middle):
            return start
    return None


def without_source(points: Sequence[ChartPoint], reported: date | None, frame: Frame) -> list[Spec]:
    """The days after the last source: a shade, which says so where it has room."""
    if reported is None or reported >= frame.end:
        return []
    row = {
        "day": max(reported, frame.start).isoformat(),
        "until": frame.end.isoformat(),
        "at": frame.scale.top,
        "low": frame.scale.least,
        "text": _("no later source"),
    }
    shade: Spec = {
        "name": "unsourced",
        "data": {"values": [row]},
        "mark": {"type": "rect", "color": QUIET, "opacity": 0.07, "aria": False},
        "encoding": {"x2": {"field": "until"}, "y": {"field": "at"}, "y2": {"field": "low"}},
    }
    if not _source_note(points, reported, frame):
        return [shade]
    side: Spec = {"align": "left", "dx": 5, "dy": INSIDE, "color": QUIET}
    return [shade, plot.text("caption_unsourced", [row], size=frame.size.text, **side)]


def _source_note(points: Sequence[ChartPoint], reported: date | None, frame: Frame) -> Span | None:
    """The ends of the note that there is no later source; None without room for it."""
    if reported is None or reported >= frame.end:
        return None
    left = frame.x(max(reported, frame.start)) + 5
    right = left + LETTER * letters(_("no later source")) * frame.size.text / 12
    middle = frame.scale.top - INSIDE * frame.unit
    if right > frame.size.width or is_crossed(points, frame, left, right, middle):
        return None
    return left, right


def is_crossed(
    points: Sequence[ChartPoint], frame: Frame, start: float, end: float, at: float
) -> bool:
    """Whether the line meets a text of one line at a height, from `start` to `end`."""
    reach = APART / 2 * frame.unit
    before = points[0].value
    for point in points:
        x = frame.x(point.day)
        if x >= start:
            low, high = min(before, point.value), max(before, point.value)
            if low - reach < at < high + reach:
                return True
        if x > end:
            return False
        before = point.value
    return False
