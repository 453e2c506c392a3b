"""`standing` version 2: the level of a relation on −N..N, with levels that people assessed.

As in version 1 a good relation gains less from a good act and loses more by a bad one. What is new:
all days of a situation, and the claims of one root, share one truth (`truths`, `draws`); a level
that a claim assesses is a measurement; the variance from the unknown start and from drift is kept
apart from that of the truth of claims; drift grows with recent conflict; repeated acts of
cooperation count less and less, contacts on the sidelines nothing, and a situation no more than
`situation_steps` steps.

A series starts at 0 with `start_sd` on the day before its first impact. The state at the close of a
day is (m, E[x²] from a known start, W, R, day of the last assessed level, T, n): W is the variance
from the start and drift, R the decayed sum of p·I² of conflict, T and n the sum and the number of
the days' mean acts. Products are evaluated from the left and sums in claim-id order, so that all
machines agree to the bit.

The interval is that of Student's t with 4 degrees of freedom and the sd of the state: changes of
relations have heavy tails.
"""

import math
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID

from tracker.domain import codebooks
from tracker.domain.scoring import bands, draws, moments, parameters, truths
from tracker.domain.scoring.amounts import Amounts, stretches
from tracker.domain.scoring.distributions import t4_quantile
from tracker.domain.scoring.draws import Day, Plan
from tracker.domain.scoring.evidence import Pull
from tracker.domain.scoring.forward_2 import Forward
from tracker.domain.scoring.moments import Explanation, Knot, Model, Score, State, Sums, Tally
from tracker.domain.scoring.movement import Movement, Moving, moved
from tracker.domain.scoring.truths import Plain, Scales, World

DEFAULTS: Mapping[str, Any] = {
    "top": 9,
    "steps": [
        ["-10", "-6"],
        ["-9", "-4"],
        ["-8", "-1.5"],
        ["-7", "-0.7"],
        ["0", "0"],
        ["10", "0.6"],
    ],
    "omega": "0.03",
    "conflict_drift": "0.009868421052631579",  # per day and unit of R: .3 in a month of 30.4 days
    "conflict_fade": "0.99810276875159463",  # per day: half in 365 days
    "start_sd": "4",
    "situation_days": 30,
    "situation_fade": "0.99615658722057522",  # per day: half in 180 days
    "situation_steps": "2",
    "habituation_days": 365,
    "shared_days": 180,
}
OPTIONAL = ("share_day", "least_sd", "against_usual")
# Days on which a pair had acts before its usual act is believed.
USUAL_DAYS = 30
_QUANTILE_95 = t4_quantile(0.95) / math.sqrt(2)
NOTHING_ASSESSED = 0.0


class _Run(NamedTuple):
    """A day of a fold, for contributions: what acts on it; the draws that it opens, that are open,
    and that it closes; the scales; the usual act that is removed, and the part of the level lost by
    it; the weights of the level and of assessments; the state at the close."""

    day: int
    of_day: Day
    opened: tuple[int, ...]
    open: tuple[int, ...]
    closed: tuple[int, ...]
    scales: Scales
    usual: float
    usual_loss: float
    kept: float
    gained: float
    state: State


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing2:
    """The model with its parameters; `drift` is ω² per day."""

    top: int
    steps: tuple[tuple[float, float], ...]
    drift: float
    conflict_drift: float
    conflict_fade: float
    start_sd: float
    situation_days: int
    situation_fade: float
    situation_steps: float
    habituation_days: int
    shared_days: int
    share_day: bool
    least_sd: float
    against_usual: bool

    def of(self, series: str) -> "Standing2":  # noqa: ARG002 # the parameters are the same for all
        return self

    def start(self) -> State:
        return 0.0, 0.0, self.start_sd * self.start_sd, 0.0, NOTHING_ASSESSED, 0.0, 0.0

    def knots(
        self, pulls: Sequence[Pull], *, after: Knot | None = None, until: date | None = None
    ) -> list[Knot]:
        plan = self._plan(pulls)
        since = after.day.toordinal() if after else 0
        state, begin = self.start(), min(plan.days, default=1) - 1
        if after and not plan.is_open_at(since):
            state, begin = after.moments, since
        tally = Tally.of(_acts(pulls), until=since)
        end = (until or date.max).toordinal()
        knots = []
        for run in self._runs(plan, state, since=begin, until=end):
            if run.day > since:
                tally.advance(run.day)
                knots.append(tally.knot(run.day, run.state))
        return knots

    def at(self, knot: Knot | None, day: date) -> Score:
        if knot is None:
            mean, variance, assessed = 0.0, self.start_sd * self.start_sd, NOTHING_ASSESSED
        else:
            days = moments.gap(knot, day)
            mean, second, start, conflict, assessed, *_ = knot.moments
            truth = second - mean * mean
            start = self._drifted(mean, second, start, self.growth(conflict, days))
            variance = truth + start
        sd = max(self.least_sd, math.sqrt(max(0.0, variance)))
        value = moments.clip(mean, self.top)
        reach = _QUANTILE_95 * sd
        low, high = moments.clip(mean - reach, self.top), moments.clip(mean + reach, self.top)
        likely = bands.likeliest(mean, sd, top=self.top) if self._names_bands(assessed) else None
        return Score(value, sd, low, high, None, likely, bands.assessment(assessed, day))

    def _names_bands(self, assessed: float) -> bool:
        """A lens over an archive has no level of its own."""
        return not self.against_usual or assessed != NOTHING_ASSESSED

    def closes(self, knot: Knot, days: int) -> list[float]:
        return [moments.clip(knot.moments[0], self.top)] * days

    def contributions(self, pulls: Sequence[Pull], day: date) -> Explanation:
        plan = self._plan(pulls)
        begin = min(plan.days, default=1) - 1
        runs = [*self._runs(plan, self.start(), since=begin, until=day.toordinal())]
        amounts, usual = _contributions(runs)
        return moments.largest_first(amounts, start=0.0, usual=usual)

    def amounts_over(self, pulls: Sequence[Pull], days: Sequence[date]) -> Iterator[Amounts]:
        plan = self._plan(pulls)
        begin = min(plan.days, default=1) - 1
        runs = self._runs(plan, self.start(), since=begin, until=days[-1].toordinal())
        forward, start_sd = Forward(), self.start_sd
        for _, own in stretches(plan.days, days):
            for run in islice(runs, len(own)):
                forward.take(run)
                start_sd = math.sqrt(run.state[2])
            yield Amounts(forward.level, start_sd, plan.draws)

    def movement(self, pulls: Sequence[Pull], start: date, end: date) -> Movement:
        """Return how the recorded acts moved the level from the close of `start` to that of `end`,
        beginning from the level at `start`, taken as known. Assessed levels move nothing."""
        before = moments.latest(self.knots(pulls, until=start), start)
        mean = before.moments[0] if before else 0.0
        first = start.toordinal()
        plan = self._plan(_acts(pulls))
        usual = before.moments[5:] if before else (0.0, 0.0)
        state = (mean, mean * mean, 0.0, 0.0, NOTHING_ASSESSED, *usual)
        last = state
        days = []
        for run in self._runs(plan, state, since=first, until=end.toordinal()):
            last = run.state
            days.append(Moving(run.of_day, run.usual))
        return moved(mean, last[0], last[1], days, top=self.top)

    def words(self, score: Score, *, since: date | None) -> str:  # noqa: ARG002
        return bands.words(score.likely, score.assessed)

    def _plan(self, pulls: Sequence[Pull]) -> Plan:
        pulls = self._weighed(pulls)
        return draws.plan(pulls, top=self.top, shared_days=self.shared_days, impacts=self._impacts)

    def _weighed(self, pulls: Sequence[Pull]) -> Sequence[Pull]:
        """The pulls with the weights that they have beside others."""
        if self.share_day:
            pulls = _shared(pulls)
        if self.habituation_days:
            pulls = _habituated(pulls, days=self.habituation_days)
        return pulls

    def _runs(self, plan: Plan, state: State, *, since: int, until: int) -> Iterator[_Run]:
        """Fold the days after `since`, up to `until`."""
        mean, second, start, conflict, assessed, total, number = state
        level = World(mean, second, start)
        worlds: dict[int, World] = {}
        for day in sorted(plan.days):
            if not since < day <= until:
                continue
            of_day = plan.days[day]
            growth = self.growth(conflict, day - since)
            for world in (level, *worlds.values()):
                world.start = self._drifted(world.mean, world.second, world.start, growth)
            conflict *= self._faded(day - since)
            conflict += of_day.conflict
            opened = tuple(draw for draw in of_day.actions if draw not in worlds)
            worlds |= {draw: level.copy() for draw in opened}
            plain, usual = of_day.plain, 0.0
            if self.against_usual and of_day.acts:
                usual = total / (number + USUAL_DAYS)
                total, number = total + plain.s, number + 1
            loss = abs(usual) / self.top
            if usual:
                plain = plain._replace(k=plain.k + loss, s=plain.s - usual)
            scales = truths.advance(level, worlds, plain, of_day.actions)
            kept, gained = self._measure(level, worlds, of_day)
            if of_day.assessed:
                assessed = float(day)
            self._limit(level, worlds)
            now_open = tuple(worlds)
            closed = tuple(draw for draw in worlds if plan.spans[draw][1] <= day)
            for draw in closed:
                del worlds[draw]
            since = day
            state = (level.mean, level.second, level.start, conflict, assessed, total, number)
            yield _Run(
                day, of_day, opened, now_open, closed, scales, usual, loss, kept, gained, state
            )

    def step(self, state: State, days: int, sums: Sums) -> State:
        """Let days pass, then apply the sums of a day with acts that share no truth: K, S, k2, c, v
        and the conflict."""
        *plain, conflict = sums
        of_day = Day(plain=Plain._make(plain), conflict=conflict, acts=True)
        [run] = self._runs(Plan({days: of_day}, {}), state, since=0, until=days)
        return run.state

    def growth(self, conflict: float, days: int) -> float:
        """The variance that so many quiet days add to a level of 0, after conflict R."""
        fade = self.conflict_fade
        faded = fade * (1 - self._faded(days)) / (1 - fade) if fade < 1 else float(days)
        return days * self.drift + self.conflict_drift * conflict * faded

    def _faded(self, days: int) -> float:
        return moments.powers(self.conflict_fade, upto=days)[days]

    def _drifted(self, mean: float, second: float, start: float, growth: float) -> float:
        """The variance from start and drift after a growth: less near an end of the scale, and in
        all no more than there is room for."""
        square = self.top * self.top
        room = max(0.0, 1 - mean * mean / square)
        return max(0.0, min(start + growth * room, square - second))

    def _measure(
        self, level: World, worlds: Mapping[int, World], of_day: Day
    ) -> tuple[float, float]:
        """Apply the assessed levels of a day, at its close. Return the share of the level that is
        kept, and the weight of each assessment's precision times value."""
        if not of_day.assessed:
            return 1.0, 0.0
        precision = weighted = 0.0
        for one in of_day.assessed:
            precision += one.precision
            weighted += one.weighted
        variance = max(0.0, level.start + level.second - level.mean * level.mean)
        kept = 1 / (1 + variance * precision)
        gained = variance * kept
        added = gained * weighted
        for world in (level, *worlds.values()):
            mean = world.mean
            world.mean = kept * mean + added
            world.second = kept * kept * world.second + 2 * kept * mean * added + added * added
            world.start = kept * kept * world.start + gained * gained * precision
        return kept, gained

    def _limit(self, level: World, worlds: Mapping[int, World]) -> None:
        """Keep second moments within what the scale allows; the closure may exceed it a little."""
        square = float(self.top * self.top)
        for world in (level, *worlds.values()):
            world.second = min(square, max(world.second, world.mean * world.mean))
            world.start = max(0.0, min(world.start, square - world.second))

    def _impacts(self, pull: Pull) -> Iterator[tuple[int, float]]:
        """The days on which a pull acts, with its impact on each. A situation that fades acts until
        its impacts add up to `situation_steps` steps."""
        impact = self.step_of(pull.value) * pull.weight
        if not pull.situation:
            yield pull.first, impact
            return
        daily = impact / self.situation_days
        left = self.situation_steps * self.situation_days
        fade = moments.powers(self.situation_fade, upto=pull.last - pull.first)
        for day in range(pull.first, pull.last + 1):
            if not pull.fades:
                yield day, daily
                continue
            share = fade[day - pull.first]
            if self.situation_steps:
                share = min(share, left)
                left -= share
                if share <= 0:
                    return
            yield day, daily * share

    def step_of(self, value: float) -> float:
        """The step for the value of a code: linear between the rows of the table, constant beyond
        them.
        """
        return moments.interpolated(self.steps, value)


def _acts(pulls: Sequence[Pull]) -> list[Pull]:
    return [pull for pull in pulls if pull.sd is None]


def _shared(pulls: Sequence[Pull]) -> list[Pull]:
    """Give each act 1/n of its weight, for the n acts of its day."""
    plain = [pull.first for pull in pulls if not pull.situation and pull.sd is None]
    acts = Counter(plain)
    return [
        pull
        if pull.situation or pull.sd is not None
        else pull._replace(weight=pull.weight / acts[pull.first])
        for pull in pulls
    ]


def _habituated(pulls: Sequence[Pull], *, days: int) -> list[Pull]:
    """Give acts of cooperation 1/(1 + n) of their weight, for the n acts with the same code in the
    `days` before theirs; none to contacts on the sidelines.

    Acts of one day are counted in claim-id order.
    """
    acting: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for pull in pulls:
        if _is_routine(pull):
            acting[pull.code].append((pull.first, pull.claim.int))
    for of_code in acting.values():
        of_code.sort()

    def weight(pull: Pull) -> float:
        if _is_sideline(pull.code):
            return 0.0
        if not _is_routine(pull):
            return pull.weight
        of_code = acting[pull.code]
        place = bisect_left(of_code, (pull.first, pull.claim.int))
        before = place - bisect_left(of_code, (pull.first - days, 0))
        return pull.weight / (1 + before)

    return [pull._replace(weight=weight(pull)) for pull in pulls]


def _is_routine(pull: Pull) -> bool:
    return pull.value > 0 and not pull.situation and pull.sd is None


@lru_cache(4_096)
def _is_sideline(code: str) -> bool:
    try:
        return bool(code) and codebooks.find(code).sideline
    except codebooks.UnknownCode:
        return False


def _contributions(runs: Sequence[_Run]) -> tuple[dict[UUID, float], float]:
    """The amount that each claim contributes to the last mean, and that of the usual acts.

    The mean is linear in all impacts, so go back through the days with its derivatives: `by_level`
    with respect to the mean, `by_draw` to the means of the draws' worlds.
    """
    amounts: dict[UUID, float] = {}
    usual = 0.0
    by_level = 1.0
    # Draws that are still open on the day do not count for the mean of the level.
    by_draw = dict.fromkeys(runs[-1].open, 0.0) if runs else {}
    for run in reversed(runs):
        by_draw |= dict.fromkeys(run.closed, 0.0)
        everywhere = by_level + sum(by_draw.values(), 0.0)
        for one in run.of_day.assessed:
            amounts[one.claim] = (
                amounts.get(one.claim, 0.0) + run.gained * one.weighted * everywhere
            )
        by_level *= run.kept
        scaled = {draw: run.kept * by_draw[draw] * run.scales.given[draw] for draw in run.open}
        by_draw = {draw: run.kept * by_draw[draw] for draw in run.open}
        first = by_level * run.scales.total
        together = first + sum(scaled.values(), 0.0)
        for given in run.of_day.given:
            own = 0.0 if given.draw is None else scaled[given.draw] * (1 - given.p)
            amount = given.impact * (given.p * together + own)
            amounts[given.claim] = amounts.get(given.claim, 0.0) + amount
        usual -= run.usual * together
        by_level, by_draw = _before(run, by_level, by_draw, first, scaled)
        for draw in run.opened:
            by_level += by_draw.pop(draw)
    return amounts, usual


def _before(
    run: _Run,
    by_level: float,
    by_draw: Mapping[int, float],
    first: float,
    scaled: Mapping[int, float],
) -> tuple[float, dict[int, float]]:
    """The derivatives before the impacts of a day; `first` and `scaled` are those after it, times
    the scales."""
    actions = run.of_day.actions
    lost = run.of_day.plain.k + run.usual_loss
    others = {draw: action.p * action.k for draw, action in actions.items()}
    total = sum(others.values(), 0.0)
    together = first + sum(scaled.values(), 0.0)
    before = {}
    level = by_level - first * lost
    for draw, value in by_draw.items():
        own = others.get(draw, 0.0)
        certain = actions[draw].k if draw in actions else 0.0
        level += scaled[draw] * (total - own)
        before[draw] = value - scaled[draw] * (lost + certain + total - own)
        before[draw] -= own * (together - scaled[draw])
    return level, before


def read(body: Mapping[str, Any]) -> Standing2:
    """Parse the parameters of a lens."""
    parameters.check_names(body, wanted=DEFAULTS, optional=OPTIONAL)
    top = parameters.whole(body["top"], "top", least=1, most=100)

    def decimal(name: str, *, most: float) -> float:
        return parameters.decimal(body.get(name, "0"), name, least=0, most=most)

    def days(name: str, *, least: int = 0) -> int:
        return parameters.whole(body[name], name, least=least, most=3_660)

    omega = decimal("omega", most=top)
    return Standing2(
        top=top,
        steps=parameters.steps(body["steps"], "steps", top=top),
        drift=omega * omega,
        conflict_drift=decimal("conflict_drift", most=top),
        conflict_fade=decimal("conflict_fade", most=1),
        start_sd=decimal("start_sd", most=top),
        situation_days=parameters.whole(
            body["situation_days"], "situation_days", least=1, most=366
        ),
        situation_fade=decimal("situation_fade", most=1),
        situation_steps=decimal("situation_steps", most=1000),
        habituation_days=days("habituation_days"),
        shared_days=days("shared_days"),
        share_day=parameters.flag(body.get("share_day", False), "share_day"),
        least_sd=decimal("least_sd", most=top),
        against_usual=parameters.flag(body.get("against_usual", False), "against_usual"),
    )


MODEL = Model(
    name="standing",
    version=2,
    top=9,
    defaults=DEFAULTS,
    read=read,
    levels=True,
)
