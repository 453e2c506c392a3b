"""The table of a pair by month: the numbers of its picture, on the page and as files."""

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.domain.movements import WindowMovement
from tracker.pages.pair_context import PairContext
from tracker.queries.scores import movements
from tracker.queries.scores.pairs import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthRow:
    """The score at the end of a month, and how far it had moved by then: None for models
    without movements, and before the window."""

    reading: Reading
    moved: WindowMovement | None


def months(pair: PairContext) -> Sequence[MonthRow]:
    """The months of the picture, up to the day of the page; empty without a picture."""
    if pair.span is None:
        return []
    end = max(pair.span.start, min(pair.span.end, pair.day))
    readings = pair.series.over(pair.span.start, end, every="month")
    by_day = {}
    if pair.moved:
        days = [reading.day for reading in readings if reading.day > pair.moved.since]
        found = (
            movements.course_of(pair.series, pair.pulls, days, since=pair.params.since)
            if days
            else []
        )
        by_day = {one.until: one for one in found}
    return [MonthRow(reading=reading, moved=by_day.get(reading.day)) for reading in readings]
