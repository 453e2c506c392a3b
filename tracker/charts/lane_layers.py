"""The lane of events below a plot, as layers of a spec."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tracker.charts import event_lane, plot
from tracker.charts.drawing import DOWN, INK, QUIET, UP, Spec
from tracker.charts.event_lane import Lane, Place, Spot
from tracker.charts.plot import Frame

Way = Literal["better", "worse", "neither"]
# The shape and the colour of a mark by the way in which it pulls.
LOOKS: dict[Way, tuple[str, str]] = {
    "better": ("triangle-up", UP),
    "worse": ("triangle-down", DOWN),
    "neither": ("circle", QUIET),
}
# Titles that a mark of several claims names, and the letters of each.
MOST_NAMED, NAMED_LETTERS = 4, 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A claim in the lane: its day, the value of the line on it, which way it pulls, and its number
    in the list (`label`), empty for one that the list does not show."""

    day: date
    at: float
    way: Way
    label: str
    title: str
    url: str


def places(marks: Sequence[Mark], frame: Frame) -> list[Place]:
    """Where the marks stand in the lane below a plot."""
    size = frame.size
    lane = Lane(width=size.width, rows=size.rows, text=size.text, titled=size.wide)
    spots = [Spot(x=frame.x(mark.day), number=mark.label, title=mark.title) for mark in marks]
    return event_lane.arrange(spots, lane)


def layers(
    marks: Sequence[Mark], placed: Sequence[Place], frame: Frame, *, several: str
) -> list[Spec]:
    """The lines that join the marks to the plot, the marks, and their texts. The mark of several
    claims leads to `several`."""
    rows = [_row([marks[n] for n in place.spots], place, frame, several) for place in placed]
    found = [_stems(row, [one for one in rows if one["row"] == row]) for row in range(frame.rows)]
    size = frame.size.text
    for way, (shape, colour) in LOOKS.items():
        own = [row for row in rows if row["way"] == way]
        found.append(plot.marks(way, own, shape=shape, color=colour, size=130))
        for left in (False, True):
            beside = [row for row in own if row["left"] is left]
            side: Spec = {"align": "right" if left else "left", "dx": -10 if left else 10}
            name = "numbers_left" if left else "numbers"
            link = plot.text(f"{way}_{name}", beside, size=size, **side, color=INK)
            link["encoding"]["href"] = {"field": "url"}
            found.append(link)
    return [layer for layer in found if layer["data"]["values"]]


def _row(claims: Sequence[Mark], place: Place, frame: Frame, several: str) -> dict[str, Any]:
    """The data of one mark. It stands on the day of the latest of its claims."""
    latest = max(claims, key=lambda mark: mark.day)
    ways = {mark.way for mark in claims}
    one = len(claims) == 1
    return {
        "day": latest.day.isoformat(),
        "on_line": latest.at,
        "at": frame.row(place.row),
        "row": place.row,
        "way": latest.way if len(ways) == 1 else "neither",
        "left": place.left,
        "text": place.text,
        "title": latest.title if one else _title(claims),
        "url": latest.url if one else several or latest.url,
    }


def _title(claims: Sequence[Mark]) -> str:
    """Several claims in a sentence."""
    named = [event_lane.clip_title(mark.title, NAMED_LETTERS) for mark in claims[:MOST_NAMED]]
    if len(claims) > len(named):
        return _("%(count)s claims, among them: %(titles)s") % {
            "count": len(claims),
            "titles": "; ".join(named),
        }
    return ngettext("%(count)s claim: %(titles)s", "%(count)s claims: %(titles)s", len(claims)) % {
        "count": len(claims),
        "titles": "; ".join(named),
    }


def _stems(row: int, rows: Sequence[dict[str, Any]]) -> Spec:
    """The lines from the plot down to the marks of a row."""
    return {
        "name": f"stem_{row}",
        "data": {"values": [*rows]},
        "mark": {"type": "rule", "color": QUIET, "strokeWidth": 1, "opacity": 0.55, "aria": False},
        "encoding": {"y": {"field": "on_line"}, "y2": {"field": "at"}},
    }
