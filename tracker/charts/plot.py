"""The frame of a picture of a pair: its size, its scale, its days, and the room below the plot."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tracker.charts.drawing import Spec

RIM: Spec = {"stroke": "white", "strokeWidth": 3, "strokeJoin": "round", "color": "white"}
# The height of a row of the lane of events, and the distance of the first row from the plot.
ROW, ABOVE_LANE = 21.0, 7.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PlotSize:
    """The size of a plot without its lane, in points, and the size of its letters. A `wide` plot
    has notes in words; `rows` is the most rows of the lane below it."""

    width: int
    height: int
    wide: bool = True
    text: float = 12
    rows: int = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """The largest and the least value (by default −`top`), the ticks between them (by default a few
    at equal distances), and the names of the low and the high end. A `banded` one is of levels, and
    has their bands behind the line."""

    top: float
    ends: tuple[str, str] = ("", "")
    low: float | None = None
    ticks: Sequence[float] = ()
    banded: bool = False

    @property
    def least(self) -> float:
        return -self.top if self.low is None else self.low

    @property
    def ticked(self) -> Sequence[float]:
        parts = 3 if self.top == 9 else 2
        return self.ticks or [self.top * part / parts for part in range(-parts, parts + 1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartPoint:
    """The value at the end of a day, with its interval."""

    day: date
    value: float
    low: float
    high: float

    def row(self) -> dict[str, Any]:
        """The point as a row of data."""
        return {
            "day": self.day.isoformat(),
            "value": round(self.value, 4),
            "low": round(self.low, 4),
            "high": round(self.high, 4),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A picture between two days. The lane below the plot has `rows`. The scale continues there, so
    that the whole picture has one system of coordinates."""

    start: date
    end: date
    scale: Scale
    size: PlotSize
    rows: int = 0

    @property
    def height(self) -> float:
        """The height of the plot and the lane, in points."""
        return self.size.height + (ABOVE_LANE + ROW * self.rows if self.rows else 0.0)

    @property
    def unit(self) -> float:
        """The value of one point upwards."""
        return (self.scale.top - self.scale.least) / self.size.height

    @property
    def floor(self) -> float:
        """The value at the lower edge of the lane."""
        return self.scale.least - (self.height - self.size.height) * self.unit

    def row(self, number: int) -> float:
        """The value in the middle of a row of the lane."""
        return self.scale.least - (ABOVE_LANE + ROW * (number + 0.5)) * self.unit

    def x(self, day: date) -> float:
        """The distance of a day from the left, in points."""
        return (day - self.start).days / ((self.end - self.start).days or 1) * self.size.width


def text(name: str, rows: Sequence[dict[str, Any]], *, size: float = 12, **mark: Any) -> Spec:
    """A layer of texts, each at the value `at` of its row."""
    return {
        "name": name,
        "data": {"values": [*rows]},
        "mark": {"type": "text", "fontSize": size, "aria": False, **mark},
        "encoding": {"y": {"field": "at"}},
    }


def marks(name: str, rows: Sequence[dict[str, Any]], **mark: Any) -> Spec:
    """A layer of marks at the value `at` of its row, each a link with its title."""
    return {
        "name": name,
        "data": {"values": [*rows]},
        "mark": {"type": "point", **mark},
        "encoding": {"y": {"field": "at"}, "href": {"field": "url"}},
    }
