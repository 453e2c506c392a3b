"""The picture of a timeline as SVG: claims by month, shifts, and situations as bars."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from textwrap import shorten

from django.urls import reverse
from django.utils.translation import ngettext

from tracker.charts.axes import time_ticks
from tracker.charts.drawing import tag, text, titled
from tracker.domain.shifts import Shift
from tracker.language_formats import month_name
from tracker.queries.claims.detail import Sheet
from tracker.queries.claims.listing import ClaimEntry

# In points: the picture's widths, its edges, the heights of its lanes, and the letters of a title.
WIDE, NARROW = 860, 340
EDGE, LANE, COLUMNS, FOOT = 10, 36, 70, 26
LETTERS, FEW_LETTERS = 90, 40
# In points: a letter, with those of small screens, and the text of a month.
LETTER, TICK_TEXT = 7.0, 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """The claims of a month, the latest first."""

    first: date
    claims: Sequence[ClaimEntry]


@dataclass(frozen=True, slots=True, kw_only=True)
class Going:
    """A situation with the day of the last document that reports it."""

    sheet: Sheet
    reported: date | None

    @property
    def start(self) -> date | None:
        return self.sheet.dated.bounds.earliest if self.sheet.dated else None

    @property
    def end(self) -> date | None:
        return self.sheet.dated.bounds.latest if self.sheet.dated else None


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedShift:
    """A shift with the other country's name, in words."""

    shift: Shift
    says: str
    link: str

    @property
    def good(self) -> bool:
        return self.shift.amount > 0


class _Place:
    """Where a day stands in a picture, in points from the left."""

    def __init__(self, days: tuple[date, date], width: int) -> None:
        self.start, self.end = days
        self._points = (width - 2 * EDGE) / max(1, (self.end - self.start).days)

    def __call__(self, day: date) -> float:
        inside = min(max(day, self.start), self.end)
        return round(EDGE + (inside - self.start).days * self._points, 1)


def draw_timeline(
    days: tuple[date, date],
    months: Sequence[Month],
    going: Sequence[Going],
    found: Sequence[NamedShift],
    *,
    label: str,
    wide: bool,
) -> str:
    """An SVG: columns of claims by month, below them a lane of shifts, and the situations as bars;
    `label` is the picture in words."""
    width = WIDE if wide else NARROW
    place = _Place(days, width)
    floor = COLUMNS + 14.0
    lane = floor + (24.0 if found else 0.0)
    height = lane + LANE * len(going) + FOOT
    letters = LETTERS if wide else FEW_LETTERS
    shapes = [
        *_ticks(days, place, height),
        *_columns(months, place, floor),
        *(_shift(one, place(one.shift.peak), lane - 8) for one in found),
        *(
            _bar(one, place, lane + LANE * number - 6, letters=letters)
            for number, one in enumerate(going, 1)
        ),
    ]
    box = f"0 0 {width} {height:g}"
    return tag("svg", *shapes, class_="months", viewBox=box, role="group", aria_label=label)


def _link(address: str, *shapes: str) -> str:
    """A link at which the keyboard does not stop: the page lists the same below."""
    return tag("a", *shapes, href=address, tabindex="-1")


def _ticks(days: tuple[date, date], place: _Place, height: float) -> list[str]:
    """Lines at the first days of months or years, with their names where these have room."""
    room = place(days[1]) - TICK_TEXT
    shapes = []
    for day, words in time_ticks(*days, width=place(days[1])):
        x = place(day)
        if x <= room:
            shapes.append(tag("line", class_="tick", x1=x, x2=x, y1="0", y2=height - 20))
            shapes.append(text(x, height - 6, words, class_="small"))
    return shapes


def _columns(months: Sequence[Month], place: _Place, floor: float) -> list[str]:
    most = max((len(month.claims) for month in months), default=1)
    shapes = []
    for month in months:
        x, count = place(month.first) + 1, len(month.claims)
        width = max(1.5, place(month_end(month.first)) - x - 1)
        height = COLUMNS * count / most
        says = ngettext("%(number)d report in %(month)s", "%(number)d reports in %(month)s", count)
        told = titled(says % {"number": count, "month": month_name(month.first)})
        column = tag("rect", told, x=x, y=floor - height, width=width, height=height)
        shapes.append(_link(f"#{month.first:%Y-%m}", column))
        if width > 14:
            shapes.append(text(x, floor - height - 3, str(count), class_="small count"))
    return shapes


def _shift(one: NamedShift, x: float, y: float) -> str:
    sign, way = ("▲", "better") if one.good else ("▼", "worse")
    mark = tag("text", sign, titled(one.says), class_=way, x=x, y=y, text_anchor="middle")
    return _link(one.link, mark)


def _bar(one: Going, place: _Place, y: float, *, letters: int) -> str:
    """A situation: whole up to its last report, broken after it up to its end. Its last day is that
    of its last report, if it has no other."""
    x, last = place(one.start or place.start), one.end or place.end
    known = max(x + 4, place(min(last, one.reported or last)))
    end = max(x + 4, place(last))
    title = one.sheet.filed.title
    # A cut would remove the verdict at the end of a title.
    cut = "" if title.endswith("]") else shorten(title, letters, placeholder=" …")
    shown = title if len(title) <= letters else cut
    # A title begins with its bar; without room for that it ends where the picture ends.
    fits = x + LETTER * len(shown) <= place(place.end)
    at, anchor = (x, "start") if fits else (place(place.end), "end")
    shapes = [titled(title), tag("line", class_="going", x1=x, x2=known, y1=y, y2=y)]
    if end > known:
        shapes.append(tag("line", class_="going open", x1=known, x2=end, y1=y, y2=y))
    if shown:
        shapes.append(text(at, y - 8, shown, class_="small", text_anchor=anchor))
    return _link(reverse("pages:claim", args=[one.sheet.filed.state.id]), *shapes)


def months_between(start: date, end: date) -> int:
    return 12 * (end.year - start.year) + end.month - start.month + 1


def month_end(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
