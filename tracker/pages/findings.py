"""What a headline is made of, read off a series: its value, the month that moved it most, and who
accounts for that."""

from collections.abc import Sequence
from datetime import date, timedelta

from tracker.domain.scoring import moments
from tracker.domain.scoring.evidence import Pull
from tracker.pages.headlines import LEAST_MOVE, QUIET, Apart, Facts, Measure, Move
from tracker.queries.scores.pairs import Series

MEASURES: dict[str, Measure] = {"standing": "level", "tone": "flow", "cooperation": "ratio"}
# A ratio lies on −1..1.
SMALLEST: dict[Measure, float] = {"level": LEAST_MOVE, "flow": LEAST_MOVE, "ratio": 0.005}


def facts(
    series: Series,
    pulls: Sequence[Pull],
    day: date,
    *,
    called: str,
    reported: date | None = None,
    apart: Apart | None = None,
) -> Facts:
    """Gather what can be said of a series at the end of a day. `pulls` are all that it rests on,
    `reported` is the day of the latest document that they cite."""
    reading = series.on(day)
    measure = MEASURES[series.lens.lens.model]
    months = _months(series, day)
    moved = [one for one in months if abs(one.amount) >= SMALLEST[measure]]
    return Facts(
        called=called,
        measure=measure,
        day=day,
        value=reading.score.value,
        low=reading.score.low,
        high=reading.score.high,
        band=reading.score.band,
        words=reading.words,
        claims=reading.claims,
        roots=reading.roots,
        move=_explained(series, pulls, _largest(moved, day)) if moved else None,
        reported=reported,
        apart=apart,
    )


def _before(series: Series, ended: date) -> date:
    """The day at whose close the move of a month began: the last of the month before, or the
    anchor's. To reach the anchor is no move."""
    begun = ended.replace(day=1) - timedelta(days=1)
    anchor = series.anchor
    return max(begun, anchor.day) if anchor and anchor.day <= ended else begun


def _months(series: Series, day: date) -> list[Move]:
    """The moves of the calendar months up to `day` in which a claim moved the series; fading is
    no move."""
    ends: dict[tuple[int, int], date] = {}
    for knot in series.knots:
        if knot.claims and knot.day <= day:
            ends.setdefault((knot.day.year, knot.day.month), min(day, _last(knot.day)))
    return [
        Move(ended=end, amount=_at(series, end) - _at(series, _before(series, end)))
        for end in ends.values()
    ]


def _last(day: date) -> date:
    """The last day of a day's month."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _at(series: Series, day: date) -> float:
    return series.scorer.at(moments.latest(series.knots, day), day).value


def _largest(moved: Sequence[Move], day: date) -> Move:
    """The largest of the last year's; where that was quiet, of all."""
    late = [one for one in moved if (day - one.ended).days < QUIET]
    return max(late or moved, key=lambda one: abs(one.amount))


def _explained(series: Series, pulls: Sequence[Pull], move: Move) -> Move:
    old, new = (
        {part.claim: part.amount for part in series.scorer.contributions(pulls, day).parts}
        for day in (_before(series, move.ended), move.ended)
    )
    gave = {one: new.get(one, 0.0) - old.get(one, 0.0) for one in old.keys() | new.keys()}
    return Move(
        ended=move.ended,
        amount=move.amount,
        parts=moments.largest_first(gave, start=0.0).parts,
    )
