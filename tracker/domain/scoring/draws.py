"""The impacts of a series by day, and which of them share one truth.

A situation is one draw for all its days. Claims that rest on one root and have the same p share a
draw if they begin within `shared_days` of the first of them: what an outlet gets wrong, it gets
wrong in many sentences, but not for ever. An act with several roots has a draw of its own.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from tracker.domain.scoring.evidence import Pull
from tracker.domain.scoring.truths import Action, Plain


class Given(NamedTuple):
    """The impact of one claim on one day, of a draw or, with None, of its own."""

    claim: UUID
    draw: int | None
    p: float
    impact: float


class Assessed(NamedTuple):
    """A level that a claim assessed: its precision p/sd², and precision times value."""

    claim: UUID
    precision: float
    weighted: float


@dataclass(slots=True)
class Day:
    """What acts on one day: sums over plain acts, the actions of draws, assessed levels, and
    `conflict`, Σ p·I² over the impacts below 0. `acts`: whether there is more than assessments."""

    plain: Plain = field(default_factory=Plain)
    actions: dict[int, Action] = field(default_factory=dict)
    assessed: list[Assessed] = field(default_factory=list)
    conflict: float = 0.0
    given: list[Given] = field(default_factory=list)
    acts: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """The days with an impact, the first and the last day of each draw, as ordinals, and the draws
    of claims that share one, or that last."""

    days: Mapping[int, Day]
    spans: Mapping[int, tuple[int, int]]
    draws: Mapping[UUID, int] = field(default_factory=dict)

    def is_open_at(self, day: int) -> bool:
        """Whether a draw has impacts up to a day and after it."""
        return any(first <= day < last for first, last in self.spans.values())


# The impacts of a pull, day by day.
type Impacts = Callable[[Pull], Iterable[tuple[int, float]]]


def plan(pulls: Sequence[Pull], *, top: float, shared_days: int, impacts: Impacts) -> Plan:
    """Arrange the pulls of a series, given in claim-id order."""
    days: dict[int, Day] = defaultdict(Day)
    spans: dict[int, tuple[int, int]] = {}
    draws = _draws(pulls, shared_days=shared_days)
    for pull in pulls:
        if pull.sd is not None:
            _assess(days[pull.first], pull, pull.sd)
            continue
        draw = draws.get(pull.claim)
        for day, impact in impacts(pull):
            _add(days[day], pull, draw, impact, top=top)
            if draw is not None:
                first, last = spans.get(draw, (day, day))
                spans[draw] = min(first, day), max(last, day)
    for of_day in days.values():
        _limit(of_day)
    return Plan(days, spans, draws)


def _limit(day: Day) -> None:
    """Scale a draw's impacts of a day down if they would move the level by more than the whole."""
    over = {draw: action.k for draw, action in day.actions.items() if action.k > 1}
    for draw, k in over.items():
        p, _, impact, lasting = day.actions[draw]
        day.actions[draw] = Action(p, 1.0, impact / k, lasting / k)
    if over:
        day.given = [
            one._replace(impact=one.impact / over[one.draw]) if one.draw in over else one
            for one in day.given
        ]


def _draws(pulls: Sequence[Pull], *, shared_days: int) -> dict[UUID, int]:
    """The draws of claims that share one, or that last."""
    found: dict[UUID, int] = {}
    for number, group in enumerate(_groups(pulls, shared_days=shared_days)):
        if len(group) > 1 or group[0].situation:
            found |= dict.fromkeys((pull.claim for pull in group), number)
    return found


def _groups(pulls: Sequence[Pull], *, shared_days: int) -> Iterator[list[Pull]]:
    """Acts and situations that share a truth."""
    by_root: dict[tuple[UUID, float], list[Pull]] = defaultdict(list)
    for pull in pulls:
        if pull.sd is not None:
            continue
        if shared_days and len(pull.roots) == 1:
            by_root[pull.roots[0], pull.p].append(pull)
        else:
            yield [pull]
    for of_root in by_root.values():
        group: list[Pull] = []
        for pull in sorted(of_root, key=lambda pull: (pull.first, pull.claim.int)):
            if group and pull.first - group[0].first >= shared_days:
                yield group
                group = []
            group.append(pull)
        yield group


def _assess(day: Day, pull: Pull, sd: float) -> None:
    precision = pull.p / (sd * sd)
    day.assessed.append(Assessed(pull.claim, precision, precision * pull.value))


def _add(day: Day, pull: Pull, draw: int | None, impact: float, *, top: float) -> None:
    p, k = pull.p, abs(impact) / top
    day.given.append(Given(pull.claim, draw, p, impact))
    day.acts = True
    if impact < 0:
        day.conflict += p * impact * impact
    if draw is None:
        day.plain = added(day.plain, p, k, impact)
        return
    before = day.actions.get(draw, Action(p, 0.0, 0.0, 0.0))
    lasting = before.lasting + k if pull.situation else before.lasting
    day.actions[draw] = Action(p, before.k + k, before.impact + impact, lasting)


def added(plain: Plain, p: float, k: float, impact: float) -> Plain:
    """Return the sums of a day with one more act."""
    doubt = p * (1 - p)
    return Plain(
        plain.k + p * k,
        plain.s + p * impact,
        plain.k2 + doubt * k * k,
        plain.c + doubt * k * impact,
        plain.v + doubt * impact * impact,
    )
