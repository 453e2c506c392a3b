"""The last year of a series that would move, as a small picture: as it is, and as it would be."""

from dataclasses import dataclass
from datetime import date, timedelta

from tracker.queries.evidence.preview import Move, Preview

WIDTH, HEIGHT = 120, 28
WEEKS = 52
FIRST = "standing@"
# Nothing moves less than this visibly.
_LEAST = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Spark:
    """Two lines of an SVG of `WIDTH` by `HEIGHT`, and where they end."""

    before: str
    after: str
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A series that would move, and its year."""

    move: Move
    spark: Spark


def rows(effect: Preview | None, *, today: date) -> list[tuple[str, list[Row]]]:
    """The moves of each lens; the one that readers see first comes first."""
    found: dict[str, list[Row]] = {}
    for move in effect.moves if effect else ():
        found.setdefault(move.lens, []).append(Row(move=move, spark=spark(move, today=today)))
    return sorted(found.items(), key=lambda one: (not one[0].startswith(FIRST), one[0]))


def spark(move: Move, *, today: date) -> Spark:
    """Draw the last 52 weeks up to a day."""
    days = [today - timedelta(weeks=weeks) for weeks in range(WEEKS, -1, -1)]
    two = [[series.on(day).score.value for day in days] for series in move.series]
    low, high = min(map(min, two)), max(map(max, two))
    room = max(high - low, _LEAST)
    middle = (high + low) / 2
    before, after = (_line(values, middle, room) for values in two)
    says = f"The last year: {two[0][0]:+.2f} to {two[0][-1]:+.2f} now, {two[1][-1]:+.2f} with it"
    return Spark(before=before, after=after, says=says)


def _line(values: list[float], middle: float, room: float) -> str:
    """The corners of a line, two units away from each edge."""
    step = (WIDTH - 4) / (len(values) - 1)
    return " ".join(
        f"{2 + place * step:.1f},{HEIGHT / 2 - (value - middle) / room * (HEIGHT - 4):.1f}"
        for place, value in enumerate(values)
    )
