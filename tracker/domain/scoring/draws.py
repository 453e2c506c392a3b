"""The impacts of a series by day, and which of them share one truth.

A situation is one draw for all its days. Claims that rest on one root and have the same p share a
draw if they begin within `shared_days` of the first of them: what an outlet gets wrong, it gets
wrong in many sentences, but not for ever. An act with several roots has a draw of its own.
"""

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from tracker.domain.scoring.closure import Action
from tracker.domain.scoring.evidence import Pull
from tracker.domain.scoring.truths import Totals


class Given(NamedTuple):
    """The impact of one claim on one day, of a draw or, with None, of its own; `lasting`: of a
    situation."""

    claim: UUID
    draw: int | None
    p: float
    impact: float
    lasting: bool

    @property
    def truth(self) -> object:
        """Impacts of one truth have the same."""
        return self.claim if self.draw is None else self.draw


class Assessed(NamedTuple):
    """A level that a claim assessed: its p, its precision p/sd², and precision times value."""

    claim: UUID
    p: float
    precision: float
    weighted: float


@dataclass(slots=True)
class Day:
    """What happens on one day, in claim-id order: impacts, their totals, those of them that belong
    to a draw of several days, and assessed levels. `acts` is Σ p·I over the acts, None without any;
    `conflict` is Σ p·I² over the impacts below 0."""

    given: list[Given] = field(default_factory=list)
    totals: Totals = field(default_factory=Totals)
    actions: dict[int, Action] = field(default_factory=dict)
    assessed: list[Assessed] = field(default_factory=list)
    acts: float | None = None
    conflict: float = 0.0


class Moving(NamedTuple):
    """A day of a window: what acts on it, and the usual act that is removed."""

    of_day: Day
    usual: float


@dataclass(frozen=True, slots=True)
class Plan:
    """The days with an impact, in order, the first and the last day of each draw that has several,
    as ordinals, and the draws of claims that share one, or that last."""

    days: Mapping[int, Day]
    spans: Mapping[int, tuple[int, int]]
    draws: Mapping[UUID, int] = field(default_factory=dict)

    def between(self, since: int, until: int) -> Iterator[tuple[int, Day]]:
        """Yield the days after one day, up to another."""
        return ((day, of_day) for day, of_day in self.days.items() if since < day <= until)

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
            days[pull.first].assessed.append(_assessed(pull, pull.sd))
            continue
        draw = draws.get(pull.claim)
        day = pull.first
        for day, impact in impacts(pull):  # the last one is used below
            days[day].given.append(Given(pull.claim, draw, pull.p, impact, pull.situation))
        if draw is not None:
            first, last = spans.get(draw, (pull.first, day))
            spans[draw] = min(first, pull.first), max(last, day)
    several = {draw: span for draw, span in spans.items() if span[0] < span[1]}
    for of_day in days.values():
        _add_up(of_day, several, top=top)
    return Plan({day: days[day] for day in sorted(days)}, several, draws)


def _add_up(day: Day, several: Container[int], *, top: float) -> None:
    """Work out the sums of a day. What a draw does on it is one impact."""
    for one in day.given:
        if one.impact < 0:
            day.conflict += one.p * one.impact * one.impact
        if not one.lasting:
            day.acts = (day.acts or 0.0) + one.p * one.impact
    together = actions_of(day.given, top=top)
    if any(action.k > 1 for action in together.values()):
        _limit(day, together)
    day.totals = totals_of(together.values())
    day.actions = {
        truth: action
        for truth, action in together.items()
        if isinstance(truth, int) and truth in several
    }


def actions_of(given: Iterable[Given], *, top: float) -> dict[object, Action]:
    """Return what each draw does on a day, by its truth."""
    together: dict[object, Action] = {}
    for one in given:
        k, so_far = abs(one.impact) / top, together.get(one.truth, _NOTHING)
        together[one.truth] = Action(
            one.p,
            so_far.k + k,
            so_far.impact + one.impact,
            so_far.lasting + k * one.lasting,
        )
    return together


_NOTHING = Action(0.0, 0.0, 0.0, 0.0)


def _limit(day: Day, together: dict[object, Action]) -> None:
    """Scale the impacts of a draw down if they would move the level by more than the whole."""
    over = {truth: action.k for truth, action in together.items() if action.k > 1}
    for truth, k in over.items():
        p, _, impact, lasting = together[truth]
        together[truth] = Action(p, 1.0, impact / k, lasting / k)
    day.given = [one._replace(impact=one.impact / over.get(one.truth, 1.0)) for one in day.given]


def totals_of(actions: Iterable[Action]) -> Totals:
    """Return the sums over what draws do on a day."""
    k = s = k2 = c = v = lasting = lasting2 = 0.0
    for p, own, impact, own_lasting in actions:
        doubt = p * (1 - p)
        k += p * own
        s += p * impact
        k2 += doubt * own * own
        c += doubt * own * impact
        v += doubt * impact * impact
        lasting += p * own_lasting
        lasting2 += doubt * own_lasting * own_lasting
    return Totals(k, s, k2, c, v, lasting, lasting2)


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


def _assessed(pull: Pull, sd: float) -> Assessed:
    precision = pull.p / (sd * sd)
    return Assessed(pull.claim, pull.p, precision, precision * pull.value)
