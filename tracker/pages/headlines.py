"""The sentence above a picture, written from numbers by rules: where a pair stands, what moved it,
who accounts for that, and how little is known."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from tracker.domain.scoring import moments
from tracker.domain.scoring.evidence import Pull
from tracker.domain.scoring.moments import Part
from tracker.queries.scores.pairs import Series
from tracker.wording import counted, day_in_words, in_words, signed

Measure = Literal["level", "flow", "ratio"]

# What rounds to nothing is no move; a wider half of the interval leaves a level unknown.
LEAST_MOVE = 0.05
# So much of a move makes "all of it"; beyond so many claims their number says little.
ALL = 0.97
FEW = 5
# A year and a day: the largest move is looked for in the last year first.
QUIET = 366
# Days after the last report from which a reader is told that there is none newer.
STALE = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """The largest move of a calendar month, by the day it ended on, and what each claim gave to
    it, in points, the largest first."""

    ended: date
    amount: float
    parts: Sequence[Part] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """Two groups of sources that put the pair apart by more than doubt: their lenses' names and
    values, in points."""

    lenses: tuple[str, str]
    values: tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of a series on `day`. `words` are the model's own; `band` is a level's name
    where it has earned one; `reported` is the day of the latest document that is cited."""

    called: str
    measure: Measure
    day: date
    value: float
    low: float
    high: float
    band: str | None
    words: str
    claims: int
    roots: int
    move: Move | None = None
    reported: date | None = None
    apart: Apart | None = None


def named_move(facts: Facts) -> Move | None:
    """The move that the headline names: none of a flow or ratio whose sign is open."""
    if facts.measure == "level" or facts.low > 0 or facts.high < 0:
        return facts.move
    return None


def headline(facts: Facts) -> str:
    """Say in one to three sentences what the numbers say."""
    if not facts.claims:
        return f"Nothing on record moves {facts.called}."
    first = _of_level(facts) if facts.measure == "level" else _of_flow(facts)
    return " ".join(filter(None, (first, _newest(facts), _apart(facts))))


def _of_level(facts: Facts) -> str:
    if facts.band:
        moved = f"; it moved {_moved(facts.move)}" if facts.move else ""
        return f"{facts.called}: {facts.band} ({signed(facts.value)}){moved}."
    if facts.move:
        return f"{facts.called} moved {_moved(facts.move)}; the level itself is not anchored."
    low, high = signed(facts.low), signed(facts.high)
    return f"{_hardly(facts)}; the score may be anything from {low} to {high}."


def _of_flow(facts: Facts) -> str:
    start = f"{facts.called}: {facts.words} ({signed(facts.value)})"
    if move := named_move(facts):
        return f"{start}; it moved {_moved(move)}."
    return f"{start}; {_between(facts)}."


def _between(facts: Facts) -> str:
    said = counted(facts.claims, "claim")
    return (
        f"{said} leave{'s' * (facts.claims == 1)} {signed(facts.low)} to {signed(facts.high)} open"
    )


def _hardly(facts: Facts) -> str:
    return (
        f"Little is known about {facts.called}: {in_words(facts.claims)}"
        f" claim{'s' * (facts.claims != 1)} from {in_words(facts.roots)} independent"
        f" source{'s' * (facts.roots != 1)}"
    )


def _moved(move: Move) -> str:
    """ "−.5 in March 2022; two claims account for all of it"."""
    said = f"{signed(move.amount)} in {move.ended:%B %Y}"
    because = _accounts(move)
    return f"{said}; {because}" if because else said


def _accounts(move: Move) -> str:
    """Say how many claims make the move; nothing where none pulled that way."""
    along = [abs(one.amount) for one in move.parts if one.amount * move.amount > 0]
    if not along:
        return ""
    whole = abs(move.amount)
    given = 0.0
    for number, one in enumerate(along[:FEW], start=1):
        given += one
        if given >= ALL * whole:
            return f"{_claims(number)} for all of it"
    if along[0] >= whole / 2:
        return "one claim accounts for most of it"
    several = len(along[:FEW])
    share = round(100 * given / whole)
    return f"the {in_words(several)} largest of {len(along):,} claims account for {share} % of it"


def _claims(number: int) -> str:
    return f"{in_words(number)} claim{'s account' if number != 1 else ' accounts'}"


def _newest(facts: Facts) -> str:
    """Say how old the newest report is: what no report ends may be over by now."""
    if facts.reported is None or (facts.day - facts.reported).days < STALE:
        return ""
    return f"Last reported {day_in_words(facts.reported)}; no later source on file."


def _apart(facts: Facts) -> str:
    if facts.apart is None:
        return ""
    (one, other), (first, second) = facts.apart.lenses, facts.apart.values
    return f"Sources disagree: {signed(first)} by {one}, {signed(second)} by {other}."


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
