"""Small pictures of the last year of a series: as it is, and as it would be with a claim."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tracker import level_wording
from tracker.domain.scoring.moments import Score
from tracker.queries.evidence.preview import DraftMove, JointPreview, Preview
from tracker.queries.scores.pairs import Series
from tracker.wording import signed

WIDTH, HEIGHT = 120, 28
WEEKS = 52
FIRST = "standing@"
# The least height of the box, in points of the score.
_LEAST_HEIGHT = 0.5
# Rows that are alike are shown as one if they are as many.
FOLDED_FROM = 4
# A smaller change is printed to two places.
SMALL = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftSpark:
    """Two lines of an SVG of `WIDTH` by `HEIGHT`, and their description."""

    before: str
    after: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SparkRow:
    """A series that would move, with its spark."""

    move: DraftMove
    spark: DraftSpark


@dataclass(frozen=True, slots=True, kw_only=True)
class AlikeRows:
    """Series that would change alike: the days, each with the change in words, such as "−0.4"; no
    days for those that change in different ways. `folded`: they are so many that the page shows
    them as one."""

    changes: tuple[tuple[date, str], ...]
    rows: list[SparkRow]

    @property
    def folded(self) -> bool:
        return bool(self.changes) and len(self.rows) >= FOLDED_FROM


def rows(
    effect: Preview | JointPreview | None, *, today: date
) -> list[tuple[str, list[AlikeRows]]]:
    """The moves by lens, those of the default lens first, the many that are alike together: an
    act of an organisation moves its members alike."""
    by_lens: dict[str, list[SparkRow]] = {}
    for move in effect.moves if effect else ():
        by_lens.setdefault(move.lens, []).append(
            SparkRow(move=move, spark=spark(move, today=today))
        )
    ordered = sorted(by_lens.items(), key=lambda item: (not item[0].startswith(FIRST), item[0]))
    return [(lens, _alike(own)) for lens, own in ordered]


def _alike(rows: list[SparkRow]) -> list[AlikeRows]:
    """The rows in groups of changes that are printed alike, if there are many, and the others
    together. Each pair has draws of its own, so that changes differ by hundredths."""
    by_changes: dict[tuple[tuple[date, str], ...], list[SparkRow]] = {}
    for row in rows:
        by_changes.setdefault(_changes(row.move), []).append(row)
    groups = [AlikeRows(changes=changes, rows=own) for changes, own in by_changes.items()]
    single = [row for group in groups if not group.folded for row in group.rows]
    rest = [AlikeRows(changes=(), rows=single)] if single else []
    return [*(group for group in groups if group.folded), *rest]


def _changes(move: DraftMove) -> tuple[tuple[date, str], ...]:
    changes = [(step.day, step.after.score.value - step.before.score.value) for step in move.on]
    return tuple((day, signed(change, 1 if abs(change) >= SMALL else 2)) for day, change in changes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spark:
    """The line of an SVG of `WIDTH` by `HEIGHT`, the height of its zero, and its description."""

    points: str
    zero: str
    label: str


def courses(shown: Sequence[Series], *, today: date) -> list[Spark]:
    """Draw the last 52 weeks of some series up to a day, on one scale that includes 0."""
    weeks = _weeks(today)
    lines = [series.values(weeks) for series in shown]
    *drawn, flat = _lines([*lines, [0.0] * len(weeks)])
    zero = flat.partition(" ")[0].partition(",")[2]
    return [
        Spark(points=points, zero=zero, label=_course(values, series.score_on(today)))
        for points, values, series in zip(drawn, lines, shown, strict=True)
    ]


def _course(values: Sequence[float], score: Score) -> str:
    """The ends of a line in words; without an assessed level, how far it moved."""
    first, now = values[0], values[-1]
    if level_wording.is_assessed(score):
        return f"The last year: {signed(first, 2)} to {signed(now, 2)}"
    return f"The last year: moved by {signed(now - first, 2)}"


def spark(move: DraftMove, *, today: date) -> DraftSpark:
    """Draw the last 52 weeks up to a day."""
    days = _weeks(today)
    lines = [[series.on(day).score.value for day in days] for series in move.series]
    before, after = _lines(lines)
    first, now, then = (signed(value, 2) for value in (lines[0][0], lines[0][-1], lines[1][-1]))
    label = f"The last year: {first} to {now} now, {then} with it"
    return DraftSpark(before=before, after=after, label=label)


def _weeks(today: date) -> list[date]:
    """The days at the ends of the last 52 weeks."""
    return [today - timedelta(weeks=weeks) for weeks in range(WEEKS, -1, -1)]


def _lines(lines: list[list[float]]) -> list[str]:
    """The points of lines on one scale."""
    low, high = min(map(min, lines)), max(map(max, lines))
    height, middle = max(high - low, _LEAST_HEIGHT), (high + low) / 2
    return [_line(values, middle, height) for values in lines]


def _line(values: list[float], middle: float, height: float) -> str:
    """The points of a line, two units away from each edge."""
    step = (WIDTH - 4) / (len(values) - 1)
    return " ".join(
        f"{2 + place * step:.1f},{HEIGHT / 2 - (value - middle) / height * (HEIGHT - 4):.1f}"
        for place, value in enumerate(values)
    )
