"""Movements of several series on one picture: what triangles, comparisons and stories share."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from uuid import UUID

from django.utils.translation import gettext as _

from tracker.charts import moved_lines
from tracker.charts.axes import ChartPoint, PlotSize
from tracker.charts.known_ways import Way, way_in_words, way_of
from tracker.charts.moved_lines import ClaimMark, MovedLine
from tracker.domain.disclosure import Reader
from tracker.domain.movements import WindowMovement
from tracker.domain.scoring.evidence import Pull
from tracker.domain.scoring.moments import Knot
from tracker.findings import moves
from tracker.findings.moves import Move
from tracker.level_wording import interval, since_when
from tracker.queries.claims import disclosure
from tracker.queries.evidence import impacts, what_if
from tracker.queries.records import states
from tracker.queries.scores import movements
from tracker.queries.scores.pairs import Series
from tracker.wording import signed

# A picture ends this long after its last act.
AFTER = timedelta(days=60)
# Rows of the table below a picture.
MOST_ROWS = 36
LETTERS = "ABCD"


@dataclass(frozen=True, kw_only=True)
class MovedPair:
    """A series on a day, with its claims unless they are too many to read (`pulls` is None), and
    how it moved `since` a day."""

    series: Series
    pulls: Sequence[Pull] | None
    day: date
    since: date | None

    @cached_property
    def course(self) -> Sequence[WindowMovement]:
        """The movement on the days of its acts; empty without acts, or for other models."""
        if self.pulls is None:
            return []
        return movements.course_until(self.series, self.pulls, self.day, since=self.since)

    @cached_property
    def movement(self) -> WindowMovement | None:
        """The movement up to the day. Of claims that are too many to read it may be known without
        its course."""
        if self.course or self.pulls is not None or self.since:
            return self.course[-1] if self.course else None
        return movements.found_by_search(self.series, self.day)

    @cached_property
    def move(self) -> Move | None:
        """The movement with the part of each act, by which a sentence may name it; None where they
        are too many to read."""
        if self.pulls is None or self.movement is None:
            return None
        chosen = self.since is not None
        return moves.find(self.series, self.pulls, self.movement, chosen=chosen, months=False)

    @property
    def way(self) -> Way:
        """Which way it went. Unsure of a model that tells no movements."""
        if self.movement is None and any(knot.claims for knot in self._knots):
            return "unsure"
        return "unsure" if self.torn else way_of(self.movement)

    @property
    def torn(self) -> bool:
        """Whether acts pulled both ways, so that no way stands for them."""
        return self.move is not None and self.move.torn

    @property
    def one_source(self) -> bool:
        """Whether what it says rests on the word of one source."""
        return self.way in ("better", "worse") and self.move is not None and self.move.on_one_source

    @property
    def _knots(self) -> Sequence[Knot]:
        """The knots up to the day."""
        return [knot for knot in self.series.knots if knot.day <= self.day]

    @property
    def cause(self) -> tuple[UUID, float] | None:
        """The act that moved it most in its direction, of those that may be shown."""
        return cause_of(self.move, self.series.position) if self.move else None

    @cached_property
    def reported(self) -> date | None:
        """The day of the latest document, up to the day of the page, behind its latest claims that
        may be shown."""
        if self.pulls is None:
            return None
        end = self.day.toordinal()
        begun = (pull for pull in self.pulls if pull.first <= end)
        ordered = sorted(begun, key=lambda one: (-min(one.last, end), -one.first, one.claim))
        claims = [pull.claim for pull in ordered[: states.MOST]]
        at = self.series.position
        shown = disclosure.first_disclosed(claims, at=at, reader=Reader.PUBLIC)
        return states.last_report(shown, at=at, until=self.day)


def cause_of(move: Move, position: int) -> tuple[UUID, float] | None:
    """The act that contributed most to a move in its direction, with its points, of those that may
    be shown."""
    along = {part.claim: part.amount for part in move.along if not part.assesses}
    shown = disclosure.first_disclosed([*along], at=position, reader=Reader.PUBLIC, most=1)
    return next(((claim, along[claim]) for claim in shown), None)


def moved_pairs(
    series: Sequence[Series], day: date, *, since: date | None = None
) -> list[MovedPair]:
    """Read the claims of some series, and how they moved up to a day.

    :raises movements.NoWindow:
    """
    movements.check_window(since, day)
    counts: dict[tuple[str, str], int] = {}
    for view in {one.lens.lens.view.id for one in series}:
        names = {one.pair for one in series if one.lens.lens.view.id == view}
        counts |= {(view, pair): n for pair, n in impacts.count(view, [*names]).items()}
    return [
        MovedPair(
            series=one,
            pulls=what_if.pulls_of(one)
            if counts.get((one.lens.lens.view.id, one.pair), 0) <= movements.MOST_READ
            else None,
            day=day,
            since=since,
        )
        for one in series
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class LegendLine:
    """A line of the picture: its place from 1 on, its letter, its name and page, and what is known
    of it in words."""

    place: int
    letter: str
    name: str
    link: str
    way: Way
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedRow:
    """The movements at the end of a day, as text, one for each line."""

    day: date
    cells: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class MovementPicture:
    """The lines as SVG for wide and narrow pages, and as a table."""

    wide: str
    narrow: str
    legend: Sequence[LegendLine]
    rows: Sequence[MovedRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedPair:
    """What a line shows, with its name and the address of its page."""

    pair: MovedPair
    name: str
    link: str


def movement_picture(
    named: Sequence[NamedPair],
    day: date,
    *,
    marks: Sequence[ClaimMark] = (),
    wide: PlotSize = moved_lines.WIDE,
) -> MovementPicture | None:
    """Draw the movements of some series; None if nothing moved any of them. A line without acts has
    its place in the legend only."""
    drawn = [one for one in named if one.pair.course]
    if not drawn:
        return None
    end = _end(drawn, day)
    lines = [
        MovedLine(
            letter=LETTERS[named.index(one)],
            name=one.name,
            points=[
                ChartPoint(day=step.until, value=step.value, low=step.low, high=step.high)
                for step in one.pair.course
                if step.until <= end
            ],
            reported=one.pair.reported,
        )
        for one in drawn
    ]
    legend = [_legend(one, drawn, LETTERS[place]) for place, one in enumerate(named)]
    label = " ".join(f"{one.name}: {one.says}." for one in legend)
    large, small = (
        moved_lines.moved_lines(lines, label=label, size=size, end=end, marks=marks)
        for size in (wide, moved_lines.NARROW)
    )
    return MovementPicture(
        wide=large,
        narrow=small,
        legend=legend,
        rows=_rows(lines, end),
    )


def says(pair: MovedPair) -> str:
    """ "▼ worse, −0.8 since March 2022 (90 % interval −1.3 to −0.1)"; "? no reported act"."""
    moved = pair.movement
    if moved is None or pair.way == "silent":
        return way_in_words(pair.way, moved)
    told = {
        "way": way_words(pair),
        "value": signed(moved.value),
        "when": since_when(moved, chosen=pair.since is not None),
        "interval": interval(moved.low, moved.high),
    }
    if pair.one_source:
        text = _("%(way)s, one source reports: %(value)s %(when)s (90 %% interval %(interval)s)")
    else:
        text = _("%(way)s, %(value)s %(when)s (90 %% interval %(interval)s)")
    return text % told


def way_words(pair: MovedPair) -> str:
    """ "▼ worse", "? probably worse, about 85 %", "? signals in both directions"."""
    return _("? signals in both directions") if pair.torn else way_in_words(pair.way, pair.movement)


def points(pair: MovedPair) -> float:
    """The movement in points; 0 without one."""
    return pair.movement.value if pair.movement else 0.0


def _legend(one: NamedPair, drawn: Sequence[NamedPair], letter: str) -> LegendLine:
    return LegendLine(
        place=drawn.index(one) + 1 if one in drawn else 0,
        letter=letter,
        name=one.name,
        link=one.link,
        way=one.pair.way,
        says=says(one.pair),
    )


def _end(drawn: Sequence[NamedPair], day: date) -> date:
    """The last day of the picture: some weeks after the last act, if the day is later."""
    acts = [told for one in drawn for told in one.pair.series.recorded if told <= day]
    return min(day, max(acts, default=day) + AFTER)


def _rows(lines: Sequence[MovedLine], end: date) -> list[MovedRow]:
    """The ends of months and the last day, the latest first; of many every so many."""
    start = min(line.points[0].day for line in lines)
    days = [end, *_month_ends(start, end)]
    step = 1 + len(days) // MOST_ROWS
    return [
        MovedRow(day=day, cells=[_cell(line.points, day) for line in lines]) for day in days[::step]
    ]


def _month_ends(start: date, end: date) -> list[date]:
    """The last days of the months from `start` up to the day before `end`, the latest first."""
    found = []
    day = end.replace(day=1) - timedelta(days=1)
    while day >= start:
        found.append(day)
        day = day.replace(day=1) - timedelta(days=1)
    return found


def _cell(points: Sequence[ChartPoint], day: date) -> str:
    """The movement up to the close of a day; empty before the first act."""
    known = [point for point in points if point.day <= day]
    if not known:
        return ""
    last = known[-1]
    return f"{signed(last.value, 2)} ({interval(last.low, last.high, 2)})"
