"""The picture of a timeline: claims by month, shifts, and situations as bars."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from textwrap import shorten

from django.urls import reverse
from django.utils.translation import ngettext

from tracker.domain.shifts import Shift
from tracker.language_formats import month_name, year_name
from tracker.queries.claims.detail import Sheet
from tracker.queries.claims.listing import ClaimEntry

# In points: the picture's widths, its edges, the heights of its lanes, and the letters of a title.
WIDE, NARROW = 860, 340
EDGE, LANE, COLUMNS, FOOT = 10, 36, 70, 26
LETTERS, FEW_LETTERS = 90, 40
# In points: a letter, with those of small screens, and the texts of a month and of a year.
LETTER, MONTH_TEXT, YEAR_TEXT = 7.0, 60, 34
MOST_TICKS, FEW_TICKS = 10, 3


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """The number of claims of a month, as a column."""

    x: float
    y: float
    width: float
    height: float
    count: int
    says: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A situation: whole up to the last report (`known`), broken after it up to `end`."""

    x: float
    known: float
    end: float
    y: float
    title: str
    title_x: float
    anchor: str
    says: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftMark:
    x: float
    good: bool
    says: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    x: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelinePicture:
    """A picture in a box of `width` × `height` points; columns stand on `floor`, shifts on
    `lane`."""

    width: int
    height: float
    floor: float
    lane: float
    columns: Sequence[Column]
    marks: Sequence[ShiftMark]
    bars: Sequence[Bar]
    ticks: Sequence[Tick]


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
    wide: bool,
) -> TimelinePicture:
    """Columns of claims by month, below them a lane of shifts, and the situations as bars."""
    width = WIDE if wide else NARROW
    place = _Place(days, width)
    floor = COLUMNS + 14.0
    lane = floor + (24.0 if found else 0.0)
    bars = [
        _bar(one, place, lane + LANE * (number + 1) - 6, letters=LETTERS if wide else FEW_LETTERS)
        for number, one in enumerate(going)
    ]
    return TimelinePicture(
        width=width,
        height=lane + LANE * len(bars) + FOOT,
        floor=floor,
        lane=lane - 8,
        columns=_columns(months, place, floor),
        marks=[
            ShiftMark(x=place(one.shift.peak), good=one.good, says=one.says, link=one.link)
            for one in found
        ],
        bars=bars,
        ticks=_ticks(days, place, most=MOST_TICKS if wide else FEW_TICKS),
    )


def _columns(months: Sequence[Month], place: _Place, floor: float) -> list[Column]:
    most = max((len(month.claims) for month in months), default=1)
    columns = []
    for month in months:
        left, right = place(month.first), place(month_end(month.first))
        count = len(month.claims)
        height = round(COLUMNS * count / most, 1)
        columns.append(
            Column(
                x=left + 1,
                y=floor - height,
                width=round(max(1.5, right - left - 2), 1),
                height=height,
                count=count,
                says=ngettext(
                    "%(number)d report in %(month)s", "%(number)d reports in %(month)s", count
                )
                % {"number": count, "month": month_name(month.first)},
                link=f"#{month.first:%Y-%m}",
            )
        )
    return columns


def _bar(one: Going, place: _Place, y: float, *, letters: int) -> Bar:
    """The bar of a situation. Its last day is that of its last report, if it has no other."""
    start, end = one.start or place.start, one.end or place.end
    known = min(end, one.reported or end)
    title = one.sheet.filed.title
    # A cut would remove the verdict at the end of a title.
    cut = "" if title.endswith("]") else shorten(title, letters, placeholder=" …")
    shown = title if len(title) <= letters else cut
    # A title begins with its bar; without room for that it ends where the picture ends.
    fits = place(start) + LETTER * len(shown) <= place(place.end)
    return Bar(
        x=place(start),
        known=max(place(start) + 4, place(known)),
        end=max(place(start) + 4, place(end)),
        y=y,
        title=shown,
        title_x=place(start) if fits else place(place.end),
        anchor="start" if fits else "end",
        says=title,
        link=reverse("pages:claim", args=[one.sheet.filed.state.id]),
    )


def _ticks(days: tuple[date, date], place: _Place, *, most: int) -> list[Tick]:
    """The first days of months, or of years where there are many."""
    start, end = days
    months = months_between(start, end)
    step = 1 + (months - 1) // most
    if step > 6:
        step = 12 * (1 + (step - 1) // 12)
    room = place(end) - (YEAR_TEXT if step >= 12 else MONTH_TEXT)
    ticks = []
    for number in range(0, months, step):
        index = 12 * start.year + start.month - 1 + number
        day = date(index // 12, index % 12 + 1, 1)
        if place(day) <= room:
            text = year_name(day.year) if step >= 12 else month_name(day, short=True)
            ticks.append(Tick(x=place(day), text=text))
    return ticks


def months_between(start: date, end: date) -> int:
    return 12 * (end.year - start.year) + end.month - start.month + 1


def month_end(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
