"""Sentences about a score, written from its numbers: the headline, the evidence, the citation."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import combinations
from typing import Literal

from tracker.domain.dates import day_before
from tracker.domain.lenses import LensVersion
from tracker.domain.movements import WindowMovement
from tracker.domain.scoring import moments
from tracker.domain.scoring.evidence import Pull
from tracker.domain.scoring.moments import Part, Score
from tracker.level_wording import assessed, interval, where, which_way
from tracker.queries import moment
from tracker.queries.evidence import impacts
from tracker.queries.moment import At
from tracker.queries.scores import divergence, lenses, movements
from tracker.queries.scores.pairs import Reading, Series
from tracker.wording import capitalised, counted, day_in_words, in_words, signed

Measure = Literal["level", "flow", "ratio"]

# A smaller move rounds to 0.
LEAST_MOVE = 0.05
MEASURES: dict[str, Measure] = {"standing": "level", "tone": "flow", "cooperation": "ratio"}
# A ratio lies on −1..1.
SMALLEST: dict[Measure, float] = {"level": LEAST_MOVE, "flow": LEAST_MOVE, "ratio": 0.005}
# The share of a move that counts as all of it, and the most claims that are counted for it.
ALL = 0.97
FEW = 5
# Days of a year and a day: the largest move of these comes before earlier ones.
RECENT_DAYS = 366
# Days without a report after which the headline gives the day of the last one.
STALE_DAYS = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthMove:
    """The move of a calendar month up to the day `ended`, in points, with the contribution of each
    claim, the largest first."""

    ended: date
    amount: float
    parts: Sequence[Part] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """Two groups of sources whose values differ by more than their uncertainty: the names of their
    lenses, and the values in points."""

    lenses: tuple[str, str]
    values: tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesFacts:
    """What is known of a series on `day`. `words` is the model's description of the score; `moved`
    is how far acts moved a level, of a model that says so; `reported` is the day of the latest
    cited document."""

    name: str
    measure: Measure
    day: date
    score: Score
    words: str
    claims: int
    roots: int
    moved: WindowMovement | None = None
    move: MonthMove | None = None
    reported: date | None = None
    apart: Disagreement | None = None


def named_move(facts: SeriesFacts) -> MonthMove | None:
    """The move that the headline names: none of a flow or ratio whose sign is open."""
    if facts.measure == "level" or (_is_sure(facts.score) and not facts.score.silent):
        return facts.move
    return None


def _is_sure(score: Score) -> bool:
    """Whether the sign is certain."""
    return score.low > 0 or score.high < 0


def headline(facts: SeriesFacts) -> str:
    """State the facts in one to three sentences."""
    level = facts.score.assessed
    if not facts.claims and not (level and level.day):
        return f"Nothing on record moves {facts.name}."
    first = _first(facts)
    return " ".join(filter(None, (first, _last_report(facts), _disagreement(facts))))


def _first(facts: SeriesFacts) -> str:
    """What is said first: where the pair is and which way it moved, or what is happening."""
    if facts.measure != "level":
        return _of_flow(facts)
    return _of_level(facts) if facts.score.assessed else _of_band(facts)


def _of_level(facts: SeriesFacts) -> str:
    way = which_way(facts.moved) if facts.moved else "no act on record moved it"
    return f"{facts.name}: {where(facts.score)}. {capitalised(way)}."


def _of_band(facts: SeriesFacts) -> str:
    """What version 1 of a level says."""
    score = facts.score
    if score.band:
        moved = f"; it moved {_moved(facts.move)}" if facts.move else ""
        return f"{facts.name}: {score.band} ({signed(score.value)}){moved}."
    if facts.move:
        return f"{facts.name} moved {_moved(facts.move)}; the level itself is not anchored."
    reach = interval(score.low, score.high)
    return f"{_little_known(facts)}; the score may be anything from {reach}."


def _of_flow(facts: SeriesFacts) -> str:
    if facts.score.silent:
        return f"{facts.name}: {facts.words}."
    start = f"{facts.name}: {facts.words} ({signed(facts.score.value)})"
    if move := named_move(facts):
        return f"{start}; it moved {_moved(move)}."
    return f"{start}; {_open_interval(facts)}."


def _open_interval(facts: SeriesFacts) -> str:
    leave = f"{counted(facts.claims, 'claim')} leave{'s' * (facts.claims == 1)}"
    return f"{leave} {interval(facts.score.low, facts.score.high)} open"


def _little_known(facts: SeriesFacts) -> str:
    return (
        f"Little is known about {facts.name}: {in_words(facts.claims)}"
        f" claim{'s' * (facts.claims != 1)} from {in_words(facts.roots)} independent"
        f" source{'s' * (facts.roots != 1)}"
    )


def _moved(move: MonthMove) -> str:
    """ "−.5 in March 2022; two claims account for all of it"."""
    amount = f"{signed(move.amount)} in {move.ended:%B %Y}"
    claims = _claims_behind(move)
    return f"{amount}; {claims}" if claims else amount


def _claims_behind(move: MonthMove) -> str:
    """State how many claims account for the move; empty where no claim pulled that way."""
    along = [abs(part.amount) for part in move.parts if part.amount * move.amount > 0]
    if not along:
        return ""
    whole = abs(move.amount)
    total = 0.0
    for number, amount in enumerate(along[:FEW], start=1):
        total += amount
        if total >= ALL * whole:
            return f"{_claims(number)} for all of it"
    if along[0] >= whole / 2:
        return "one claim accounts for most of it"
    several = len(along[:FEW])
    share = round(100 * total / whole)
    return f"the {in_words(several)} largest of {len(along):,} claims account for {share} % of it"


def _claims(number: int) -> str:
    return f"{in_words(number)} claim{'s account' if number != 1 else ' accounts'}"


def _last_report(facts: SeriesFacts) -> str:
    """Warn that the last report is old: a situation without newer reports may be over."""
    if facts.score.silent or facts.reported is None:
        return ""
    if (facts.day - facts.reported).days < STALE_DAYS:
        return ""
    return f"Last reported {day_in_words(facts.reported)}; no later source on file."


def _disagreement(facts: SeriesFacts) -> str:
    if facts.apart is None:
        return ""
    values = [
        f"{signed(value)} by {lens}"
        for lens, value in zip(facts.apart.lenses, facts.apart.values, strict=True)
    ]
    return f"Sources disagree: {', '.join(values)}."


def facts(
    series: Series,
    pulls: Sequence[Pull],
    day: date,
    *,
    name: str,
    since: date | None,
    apart: Disagreement | None,
) -> SeriesFacts:
    """Collect the facts about a series at the end of a day, but not when it was last `reported`.
    `pulls` are the claims behind it; the movement is that since a day.

    :raises movements.NoWindow:
    """
    reading = series.on(day)
    measure = MEASURES[series.lens.lens.model]
    months = _months(series, pulls, day)
    moved = [month for month in months if abs(month.amount) >= SMALLEST[measure]]
    return SeriesFacts(
        name=name,
        measure=measure,
        day=day,
        score=reading.score,
        words=reading.words,
        claims=reading.claims,
        roots=reading.roots,
        moved=movements.of_pulls(series, pulls, day, since=since),
        move=_with_parts(series, pulls, _largest(moved, day)) if moved else None,
        apart=apart,
    )


def _start_of_move(series: Series, ended: date) -> date:
    """The day at whose end the move of a month begins: the last day of the month before, or the
    day of the anchor. The step to the anchor is not a move."""
    start = day_before(ended.replace(day=1))
    anchor = series.anchor
    return max(start, anchor.day) if anchor and anchor.day <= ended else start


def _months(series: Series, pulls: Sequence[Pull], day: date) -> list[MonthMove]:
    """The moves of the calendar months up to `day` in which an act moved the series; decay alone
    is not a move, nor is the step to an assessed level."""
    ends: dict[tuple[int, int], date] = {}
    for knot in series.knots:
        if knot.claims and knot.day <= day:
            ends.setdefault((knot.day.year, knot.day.month), min(day, _end_of_month(knot.day)))
    assessed = [date.fromordinal(pull.first) for pull in pulls if pull.sd is not None]
    moves = []
    for end in ends.values():
        start = _start_of_move(series, end)
        amount = _at(series, end) - _at(series, start)
        if any(start < one <= end for one in assessed):
            moved = series.scorer.movement(pulls, start, end)
            amount = moved.value if moved else amount
        moves.append(MonthMove(ended=end, amount=amount))
    return moves


def _end_of_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _at(series: Series, day: date) -> float:
    return series.scorer.at(moments.latest(series.knots, day), day).value


def _largest(moved: Sequence[MonthMove], day: date) -> MonthMove:
    """The largest move of the last year; of all years where the last one had none."""
    recent = [move for move in moved if (day - move.ended).days < RECENT_DAYS]
    return max(recent or moved, key=lambda move: abs(move.amount))


def _with_parts(series: Series, pulls: Sequence[Pull], move: MonthMove) -> MonthMove:
    old, new = (
        {part.claim: part.amount for part in series.scorer.contributions(pulls, day).parts}
        for day in (_start_of_move(series, move.ended), move.ended)
    )
    acts = {pull.claim for pull in pulls if pull.sd is None}
    changes = {
        claim: new.get(claim, 0.0) - old.get(claim, 0.0)
        for claim in acts & (old.keys() | new.keys())
    }
    return MonthMove(
        ended=move.ended,
        amount=move.amount,
        parts=moments.largest_first(changes, start=0.0).parts,
    )


def disagreement(series: Series, day: date, *, as_of: At) -> Disagreement | None:
    """Two lenses, one of a bloc of sources and one of all others, whose values differ by more than
    their uncertainty; None where there are none."""
    for lens, other in combinations(lenses.latest(), 2):
        if lens.lens.model == series.lens.lens.model and _complementary(lens, other):
            names = (lens.lens.name, other.lens.name)
            two_values = _compared(series, names, day, as_of=as_of)
            if two_values and two_values.divergence and two_values.divergence.apart:
                return Disagreement(
                    lenses=names, values=(two_values.one.score.value, two_values.other.score.value)
                )
    return None


def _compared(
    series: Series, names: tuple[str, str], day: date, *, as_of: At
) -> divergence.ComparedDay | None:
    """Both values on a day; None where a lens was not defined yet, or its view is catching up."""
    with suppress(lenses.NoSuchLens, impacts.CatchingUp):
        two = divergence.comparison(
            series.pair, direction=series.direction, lenses=names, as_of=as_of
        )
        return divergence.compare_on(two, day)
    return None


def _complementary(first: LensVersion, second: LensVersion) -> bool:
    """Whether two lenses differ only in that one counts a bloc and the other counts the rest."""
    first_bloc, second_bloc = first.lens.view.bloc, second.lens.view.bloc
    if first_bloc is None or second_bloc is None or first_bloc.rule == second_bloc.rule:
        return False
    return replace(first_bloc, rule=second_bloc.rule) == second_bloc and replace(
        first.lens.view, bloc=None
    ) == replace(second.lens.view, bloc=None)


def citation(name: str, *, lens: str, position: int, day: str, address: str) -> str:
    """The citation of a score; the address names the position, so that its content is fixed."""
    return (
        f"Entente, {name}, lens {lens}, score of {day} as known at position {position} of the"
        f" record. {address}"
    )


def known_on(position: int) -> str:
    """A position of the log with its day: "27 November 2026 (position 361 of the record)"."""
    day = moment.known_at(position).day()
    return f"{day_in_words(day)} (position {position} of the record)" if day else "an empty record"


def evidence(reading: Reading, *, begins: date | None = None) -> str:
    """State how certain a score is and how many claims and sources it rests on; or, of a day before
    all that is on record, when that `begins`."""
    score = reading.score
    if begins:
        return (
            f"Up to {day_in_words(reading.day)} nothing on record moves this score; the first that"
            f" does is as of {day_in_words(begins)}."
        )
    if score.assessed:
        return f"{assessed(score.assessed)} {_acts(reading)}"
    if not reading.claims:
        return f"Nothing recorded moves this score up to {day_in_words(reading.day)}."
    if score.silent:
        return _acts(reading)
    reach = f"{signed(score.value)}, 90 % interval {interval(score.low, score.high)}"
    return f"On {day_in_words(reading.day)} the score is {reach}. {_acts(reading)}"


def _acts(reading: Reading) -> str:
    """The acts and situations behind a score, and how old the latest is."""
    if not reading.claims:
        return f"No act is on record up to {day_in_words(reading.day)}."
    state = f", {reading.state_roots} of them state-owned" if reading.state_roots else ""
    return (
        f"It rests on {counted(reading.claims, 'claim')} from"
        f" {counted(reading.roots, 'independent source')}{state};"
        f" the latest took effect {_ago(reading.days_since)}."
    )


def _ago(days: int | None) -> str:
    if not days:
        return "on that day"
    if days < 60:
        return f"{counted(days, 'day')} before"
    if days < 730:
        return f"more than {counted(int(days / 30.5), 'month')} before"
    return f"more than {counted(int(days / 365.25), 'year')} before"
