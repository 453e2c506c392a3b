"""The picture of a pair as a spec: a line with its interval, and the events below it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from tracker.charts import lane_layers, plot, plot_notes
from tracker.charts.drawing import LINE, QUIET, Spec, letters
from tracker.charts.lane_layers import Mark
from tracker.charts.plot import RIM, ChartPoint, Frame, PlotSize, Scale
from tracker.charts.plot_notes import APART
from tracker.domain.levels import TOP
from tracker.domain.scoring import bands
from tracker.language_formats import decimal
from tracker.wording import day_in_words, signed

__all__ = ["MIDDLE", "NARROW", "WIDE", "ChartPoint", "Mark", "Notes", "PlotSize", "Scale"]

WIDE = PlotSize(width=860, height=300)
MIDDLE = PlotSize(width=560, height=260, text=13)
NARROW = PlotSize(width=270, height=220, wide=False, text=13, rows=3)
# What the plot of a card leaves for its values at both sides, and for the axis and a row of events.
CARD_BESIDE, CARD_BELOW = 90, 66
# The distance of the middle of the interval's label from the end of the interval.
CAPTION = 13.0


def card_size(width: float, height: float) -> PlotSize:
    """The plot that a card has room for."""
    return PlotSize(
        width=round(width - CARD_BESIDE), height=round(height - CARD_BELOW), wide=False, rows=1
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AnchorMark:
    """The level at which a line begins, and its day."""

    day: date
    level: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelMark:
    """A level that a claim assessed, with its sd, drawn on `day`; it holds as of `assessed`."""

    day: date
    assessed: date
    value: float
    sd: float
    title: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """Annotations of a line: its anchor, and assessed `levels`. It is dashed after the day of the
    last source (`reported`). Its value is shown at its end if that is the day of the page
    (`valued`). The mark of several claims leads to `several`."""

    anchor: AnchorMark | None = None
    levels: Sequence[LevelMark] = ()
    reported: date | None = None
    valued: bool = True
    several: str = ""


PLAIN = Notes()


def pair_chart(
    points: Sequence[ChartPoint],
    marks: Sequence[Mark],
    *,
    scale: Scale,
    size: PlotSize = WIDE,
    notes: Notes = PLAIN,
) -> Spec:
    """A line with its interval, and in a lane below it claims as marks that link to the claim."""
    frame = _frame(points, scale, size)
    placed = lane_layers.places(marks, frame)
    frame = _frame(points, scale, size, rows=max((one.row + 1 for one in placed), default=0))
    lane = lane_layers.layers(marks, placed, frame, several=notes.several)
    dated = _dated(points, lane, frame, notes)
    ends = plot_notes.ends(points, [(mark.day, mark.at) for mark in marks], notes.reported, frame)
    for layer in dated:
        layer["encoding"]["x"] = {"field": "day"}
    return {
        "width": size.width,
        "height": round(frame.height),
        # The values at the lower and the upper edge, and those with a label.
        "low": frame.floor,
        "top": scale.top,
        "ticks": [*scale.ticked],
        # The size of the labels' letters.
        "text": size.text,
        "data": {"values": [point.row() for point in points]},
        "layer": [*_bands(frame), *_zero(frame), *dated, *ends],
    }


def _dated(
    points: Sequence[ChartPoint], lane: Sequence[Spec], frame: Frame, notes: Notes
) -> list[Spec]:
    """The layers with days."""
    return [
        *plot_notes.without_source(points, notes.reported, frame),
        *lane,
        _band(),
        *_line(points, notes.reported),
        *(_values(points[-1], frame) if notes.valued else []),
        *(_caption(points, frame) if frame.size.wide else []),
        *(_anchor(notes.anchor, frame) if notes.anchor else []),
        *(_levels(notes.levels, frame) if notes.levels else []),
    ]


def _frame(points: Sequence[ChartPoint], scale: Scale, size: PlotSize, *, rows: int = 0) -> Frame:
    return Frame(start=points[0].day, end=points[-1].day, scale=scale, size=size, rows=rows)


def _bands(frame: Frame) -> list[Spec]:
    """The bands of levels behind a line, with their names at the left."""
    if not frame.scale.banded:
        return []
    low, high = frame.scale.least, frame.scale.top
    edges = [-TOP, *bands.scale(TOP)[1], TOP]
    tints, names = [], []
    for place, (name, *ends) in enumerate(zip(bands.BANDS, edges, edges[1:], strict=False)):
        start, end = (max(low, min(high, edge)) for edge in ends)
        if end <= start:
            continue
        row = {"from": start, "to": end, "at": (start + end) / 2, "text": _(name)}
        tints.append(_tint(f"tint_{place}", row, opacity=0.04 if place % 2 else 0.12))
        if (end - start) / frame.unit >= APART:
            names.append(row)
    side: Spec = {"align": "left", "dx": 6, "color": QUIET}
    layer = plot.text("caption_bands", names, size=frame.size.text, **side)
    layer["encoding"]["x"] = {"value": 0}
    return [*tints, *([layer] if names else [])]


def _tint(name: str, row: dict[str, Any], *, opacity: float) -> Spec:
    return {
        "name": name,
        "data": {"values": [row]},
        "mark": {"type": "rect", "color": QUIET, "opacity": opacity, "aria": False},
        "encoding": {"y": {"field": "from"}, "y2": {"field": "to"}},
    }


def _zero(frame: Frame) -> list[Spec]:
    if not frame.scale.least <= 0 <= frame.scale.top:
        return []
    rule: Spec = {"type": "rule", "color": QUIET, "strokeWidth": 1, "aria": False}
    return [
        {
            "name": "zero",
            "data": {"values": [{"zero": 0}]},
            "mark": rule,
            "encoding": {"y": {"field": "zero"}},
        }
    ]


def _band() -> Spec:
    return {
        "name": "band",
        "mark": {"type": "area", "color": LINE, "opacity": 0.16, "aria": False},
        "encoding": {"y": {"field": "low"}, "y2": {"field": "high"}},
    }


def _line(points: Sequence[ChartPoint], reported: date | None) -> list[Spec]:
    """Solid up to the day of the last report, which must be one of the points; dashed after it."""
    until = reported or date.max
    return [
        {
            "name": name,
            "data": {"values": [point.row() for point in own]},
            "mark": {"type": "line", "color": LINE, "strokeWidth": 2.5, "aria": False, **dashes},
            "encoding": {"y": {"field": "value"}},
        }
        for name, own, dashes in (
            ("line", [point for point in points if point.day <= until], {}),
            (
                "line_unreported",
                [point for point in points if point.day >= until],
                {"strokeDash": [5, 5]},
            ),
        )
        if own
    ]


def _anchor(anchor: AnchorMark, frame: Frame) -> list[Spec]:
    """A diamond where the line begins, with its level and day."""
    says = _("Starting level %(level)s, %(day)s") % {
        "level": signed(anchor.level),
        "day": day_in_words(anchor.day),
    }
    row = {"day": anchor.day.isoformat(), "at": anchor.level, "text": says}
    point = {"type": "point", "shape": "diamond", "size": 170, "color": LINE}
    diamond = {
        "name": "anchor_diamond",
        "data": {"values": [row]},
        "mark": {**point, "aria": False},
        "encoding": {"y": {"field": "at"}},
    }
    side: Spec = {"align": "left", "dx": 11, "dy": -9}
    rim = plot.text("rim_anchor", [row], size=frame.size.text, **side, **RIM)
    caption = plot.text("anchor_caption", [row], size=frame.size.text, **side, color=QUIET)
    return [diamond, rim, caption]


def _levels(marks: Sequence[LevelMark], frame: Frame) -> list[Spec]:
    """A diamond with a whisker of one sd each way for each assessed level, which links to its
    claim; on wide pictures with its value, sd and day."""
    rows = [_level_row(mark, frame) for mark in marks]
    whisker: Spec = {
        "name": "level_whiskers",
        "data": {"values": rows},
        "mark": {"type": "rule", "color": LINE, "strokeWidth": 1.5, "aria": False},
        "encoding": {"y": {"field": "low"}, "y2": {"field": "high"}},
    }
    layers = [whisker, plot.marks("levels", rows, shape="diamond", size=150, color=LINE)]
    for left in (False, True) if frame.size.wide else ():
        own = [row for row in rows if row["left"] is left]
        side = {"align": "right" if left else "left", "dx": -11 if left else 11, "dy": -12}
        if own:
            size = frame.size.text
            # A rim, because the line may pass behind.
            layers.append(plot.text(f"rim_levels_{side['align']}", own, size=size, **side, **RIM))
            layers.append(
                plot.text(f"level_caption_{side['align']}", own, size=size, **side, color=QUIET)
            )
    return layers


def _level_row(mark: LevelMark, frame: Frame) -> dict[str, Any]:
    """The data of an assessed level, within the picture."""
    low, high = frame.scale.least, frame.scale.top
    return {
        "day": mark.day.isoformat(),
        "at": max(low, min(high, mark.value)),
        "low": max(low, min(high, mark.value - mark.sd)),
        "high": max(low, min(high, mark.value + mark.sd)),
        "text": f"{_level(mark)}, {day_in_words(mark.assessed)}",
        "title": f"{_level(mark)}: {mark.title}",
        "url": mark.url,
        "left": frame.x(mark.day) > frame.size.width / 2,
    }


def _level(mark: LevelMark) -> str:
    """An assessed level; an arrow points to one of a day before the picture."""
    earlier = "← " if mark.assessed < mark.day else ""
    return earlier + _("Level %(value)s ± %(sd)s") % {
        "value": signed(mark.value),
        "sd": decimal(f"{mark.sd:.1f}"),
    }


def _values(last: ChartPoint, frame: Frame) -> list[Spec]:
    """The value and its interval where the line ends."""

    def rows(values: Sequence[float]) -> list[dict[str, Any]]:
        day = last.day.isoformat()
        return [{"day": day, "at": value, "text": signed(value)} for value in values]

    value, limits = rows([last.value]), rows(_limits(last, frame))
    size = frame.size.text
    bold = {"size": size + 5, "fontWeight": 600}
    layers = [plot.text("value", value, align="left", dx=7, color=LINE, **bold)]
    if limits:
        layers.append(plot.text("limits", limits, size=size, align="left", dx=7, color=QUIET))
    return layers


def _limits(last: ChartPoint, frame: Frame) -> list[float]:
    """The ends of the interval, without one whose text would cover the value."""
    least = (APART + 2) * frame.unit
    return [limit for limit in (last.low, last.high) if abs(limit - last.value) > least]


def _caption(points: Sequence[ChartPoint], frame: Frame) -> list[Spec]:
    """The label of the interval, inside it at its end, where it has room and meets no line."""
    last, unit = points[-1], frame.unit
    says, size = _("90 % interval"), frame.size.text
    right = frame.size.width - 8
    span = right - plot_notes.LETTER * letters(says) * size / 12, right
    for at, middle, place in (
        (last.high, last.high - CAPTION * unit, {"baseline": "top", "dy": 7}),
        (last.low, last.low + CAPTION * unit, {"baseline": "bottom", "dy": -6}),
    ):
        inside = all(
            abs(middle - number) > 1.2 * CAPTION * unit
            for number in (last.value, last.low + last.high - at)
        )
        if inside and not plot_notes.is_crossed(points, frame, *span, middle):
            row = {"day": last.day.isoformat(), "at": at, "text": says}
            side: Spec = {"align": "right", "dx": -8, "color": QUIET, **place}
            return [plot.text("caption", [row], size=size, **side)]
    return []
