"""`standing`, a stock: the level of a relation on −N..N, after Yan & Zhou (2004), with levels that
people assessed.

A good relation gains less from a good act and loses more by a bad one. All days of a situation, and
the claims of one root, share one truth (`truths`, `draws`); a level that a claim assesses is a
measurement; the variance from the unknown start and from drift is kept apart from that of the truth
of claims; drift grows with recent conflict; repeated acts of cooperation count less and less,
contacts on the sidelines nothing, and a situation no more than `situation_steps` steps.

A series starts at 0 with `start_sd` on the day before its first impact. What a state holds is in
`level_state`. How much of the start is still unknown is 1, less as situations shrink it, and 1 − p
of it after an assessment. The 0 of the start stands for not knowing, so it must not pull what
somebody assessed, who knew what was before: a certain assessment of a level of which nothing was
known replaces it. Every assessment is a measurement, but only one that is at least as likely true
as not makes a level an assessed one. Products are evaluated from the left and sums in claim-id
order, so that all machines agree to the bit. numpy is only loaded for movements: a score must be
recomputable without it (`tools/verify.py`).

The interval is that of Student's t with 4 degrees of freedom and the sd of the state: changes of
relations have heavy tails.
"""

import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import islice
from typing import Any

from tracker.domain.scoring import (
    bands,
    draws,
    evidence,
    moments,
    parameters,
    steps,
    truths,
    weights,
)
from tracker.domain.scoring.amounts import Amounts, stretches
from tracker.domain.scoring.closure import Moments
from tracker.domain.scoring.contributions import Run, Runs, contributions
from tracker.domain.scoring.distributions import t4_quantile
from tracker.domain.scoring.draws import Day, Moving, Plan
from tracker.domain.scoring.evidence import Pull
from tracker.domain.scoring.forward import Forward
from tracker.domain.scoring.level_state import NOTHING_ASSESSED, NOTHING_KNOWN, LevelState
from tracker.domain.scoring.moments import Explanation, Knot, Model, Score, State, Sums, Tally
from tracker.domain.scoring.movement import Movement
from tracker.domain.scoring.standing_defaults import DEFAULTS
from tracker.domain.scoring.steps import Steps
from tracker.domain.scoring.truths import Totals

OPTIONAL = ("share_day", "least_sd", "against_usual")
# Days on which a pair had acts before its usual act is believed.
USUAL_DAYS = 30
# A level that is so little beyond an end of the scale is there by rounding.
ROUNDING = 1e-9
# A level counts as assessed if a claim with such a p says what it was.
ASSESSED_P = 0.5
_REACH = t4_quantile(0.95) / math.sqrt(2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
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
    habituation_fade: float
    shared_days: int
    share_day: bool
    least_sd: float
    against_usual: bool

    def start(self) -> LevelState[float]:
        return NOTHING_KNOWN._replace(start=self.start_sd * self.start_sd)

    def knots(
        self, pulls: Sequence[Pull], *, after: Knot | None = None, until: date | None = None
    ) -> list[Knot]:
        if until and all(pull.first > until.toordinal() for pull in pulls):
            return []
        since = after.day.toordinal() if after else 0
        end = (until or date.max).toordinal()
        if after and not self.plan(pulls).is_open_at(since):
            state = LevelState(*after.moments)
            runs: Iterable[Run] = self._runs(self.plan(pulls), state, since=since, until=end)
        else:
            runs = self._runs_until(pulls, end)
        tally = Tally.of(_acts(pulls), until=since)
        knots = []
        for run in runs:
            if since < run.day <= end:
                tally.advance(run.day)
                knots.append(tally.knot(run.day, run.state))
        return knots

    def at(self, knot: Knot | None, day: date) -> Score:
        if knot is None:
            mean, variance, assessed = 0.0, self.start_sd * self.start_sd, NOTHING_ASSESSED
        else:
            days = moments.gap(knot, day)
            known = LevelState(*knot.moments)
            mean, assessed = known.mean, known.assessed
            truth = known.second - mean * mean
            growth = self.growth(known.conflict, days)
            variance = truth + self._drifted(mean, known.second, known.start, growth)
        sd = max(self.least_sd, math.sqrt(max(0.0, variance)))
        value = moments.clip(mean, self.top)
        reach = _REACH * sd
        low, high = moments.clip(mean - reach, self.top), moments.clip(mean + reach, self.top)
        likely = bands.likeliest(mean, sd, top=self.top) if self._names_bands(assessed) else None
        return Score(value, sd, low, high, likely, bands.assessment(assessed, day))

    def _names_bands(self, assessed: float) -> bool:
        """A lens over an archive has no level of its own."""
        return not self.against_usual or assessed != NOTHING_ASSESSED

    def closes(self, knot: Knot, days: int) -> list[float]:
        return [moments.clip(knot.moments[0], self.top)] * days

    def contributions(self, pulls: Sequence[Pull], day: date) -> Explanation:
        amounts, usual = contributions(self._runs_until(pulls, day.toordinal()))
        return moments.largest_first(amounts, usual=usual)

    def amounts_over(self, pulls: Sequence[Pull], days: Sequence[date]) -> Iterator[Amounts]:
        plan = self.plan(pulls)
        begin = min(plan.days, default=1) - 1
        runs = self._runs(plan, self.start(), since=begin, until=days[-1].toordinal())
        forward, start_sd = Forward(plan.spans), self.start_sd
        for _, own in stretches(plan.days, days):
            for run in islice(runs, len(own)):
                forward.take(run)
                start_sd = math.sqrt(run.state.start)
            yield Amounts(forward.level.amounts(), start_sd, plan.draws)

    def movement(self, pulls: Sequence[Pull], start: date, end: date) -> Movement:
        """Return how the recorded acts moved the level from the close of `start` to that of `end`,
        beginning from the level at `start`, taken as known. Assessed levels move nothing."""
        begin, runs = self._acts_after(pulls, start, end)
        mean = runs[-1].state.mean if runs else begin
        days = [Moving(run.of_day, run.usual) for run in runs]
        from tracker.domain.scoring.movement_worlds import moved  # noqa: PLC0415 # numpy

        return moved(begin, mean, days, top=self.top)

    def movements(self, pulls: Sequence[Pull], start: date, days: Sequence[date]) -> list[Movement]:
        begin, runs = self._acts_after(pulls, start, days[-1])
        means, folded, ordinals = [begin], [], []
        for run in runs:
            means.append(run.state.mean)
            folded.append(Moving(run.of_day, run.usual))
            ordinals.append(run.day)
        passed = [bisect_right(ordinals, day.toordinal()) for day in days]
        after = {number: means[number] for number in passed}
        from tracker.domain.scoring.movement_arrays import moved_through  # noqa: PLC0415 # numpy

        found = moved_through(begin, after, folded, top=self.top)
        return [found[number] for number in passed]

    def _acts_after(
        self, pulls: Sequence[Pull], start: date, end: date
    ) -> tuple[float, Sequence[Run]]:
        """The level at the close of `start`, and the acts up to that of `end`, from it as known."""
        first, begin = start.toordinal(), NOTHING_KNOWN
        if any(pull.first <= first for pull in pulls):
            before = self._runs_until(pulls, first)
            begin = before[-1].state if before else begin
        given = NOTHING_KNOWN._replace(total=begin.total, number=begin.number)
        state = given._replace(mean=begin.mean, second=begin.mean * begin.mean)

        def fold() -> Runs:
            last = date.max.toordinal()
            return Runs(self._runs(self.plan(_acts(pulls)), state, since=first, until=last))

        return begin.mean, evidence.kept(pulls, self, ("acts", start), fold).until(end.toordinal())

    def moved_by(self, pulls: Sequence[Pull], start: date, end: date) -> Steps:
        begin, runs = self._acts_after(pulls, start, end)
        return steps.of_runs(runs, begin, top=self.top)

    def words(self, score: Score, *, since: date | None) -> str:  # noqa: ARG002
        return bands.words(score.likely, score.assessed)

    def plan(self, pulls: Sequence[Pull]) -> Plan:
        """Return the impacts of the pulls by day, with the weights that they have beside others."""
        make = partial(draws.plan, top=self.top, shared_days=self.shared_days)
        return evidence.kept(
            pulls, self, "plan", lambda: make(self.weighed(pulls), impacts=self._impacts)
        )

    def weighed(self, pulls: Sequence[Pull]) -> Sequence[Pull]:
        """The pulls with the weights that they have beside others."""
        if self.share_day:
            pulls = weights.shared(pulls)
        if self.habituation_fade:
            pulls = weights.habituated(pulls, fade=self.habituation_fade)
        return pulls

    def _runs_until(self, pulls: Sequence[Pull], day: int) -> Sequence[Run]:
        """Fold a series from its start up to a day."""
        plan, end = self.plan(pulls), date.max.toordinal()
        runs = self._runs(plan, self.start(), since=min(plan.days, default=1) - 1, until=end)
        return evidence.kept(pulls, self, "runs", lambda: Runs(runs)).until(day)

    def _runs(
        self, plan: Plan, state: LevelState[float], *, since: int, until: int
    ) -> Iterator[Run]:
        """Fold the days after `since`, up to `until`. No draw may be open at `since`."""
        mean, second, start, conflict, assessed, total, number, unknown, measured = state
        level = Moments(mean, second, start)
        open_draws: dict[int, Moments] = {}
        for day, of_day in plan.between(since, until):
            growth = self.growth(conflict, day - since)
            level.start = self._drifted(level.mean, level.second, level.start, growth)
            conflict = conflict * self._faded(day - since) + of_day.conflict
            opened = tuple(draw for draw in of_day.actions if draw not in open_draws)
            open_draws |= {draw: Moments() for draw in opened}
            totals, usual = self._less_usual(of_day, total, number)
            if self.against_usual and of_day.acts is not None:
                total, number = total + of_day.acts, number + 1
            before = level.start
            effect = truths.advance(level, open_draws, totals, of_day.actions, top=self.top)
            unknown *= level.start / before if before else 0.0
            certain = max((one.p for one in of_day.assessed), default=0.0)
            kept, gained = self._measure(level, open_draws, of_day, 1 - unknown * certain)
            if of_day.assessed:
                measured, unknown = float(day), unknown * (1 - certain)
                assessed = measured if certain >= ASSESSED_P else assessed
            scale = self._limit(level, open_draws)
            kept, gained = scale * kept, scale * gained
            for draw in [draw for draw in of_day.actions if plan.spans[draw][1] <= day]:
                del open_draws[draw]
            since = day
            moments_ = (level.mean, level.second, level.start)
            state = LevelState(*moments_, conflict, assessed, total, number, unknown, measured)
            yield Run(day, of_day, opened, totals, effect, usual, kept, gained, state)

    def _less_usual(self, of_day: Day, total: float, number: float) -> tuple[Totals, float]:
        """The sums of a day with acts without the usual act of the pair, and that act."""
        totals = of_day.totals
        if not self.against_usual or of_day.acts is None:
            return totals, 0.0
        usual = total / (number + USUAL_DAYS)
        return totals._replace(k=totals.k + abs(usual) / self.top, s=totals.s - usual), usual

    def step(self, state: State, days: int, sums: Sums) -> State:
        """Let days pass, then apply the sums of a day with acts that share no truth: K, S, k2, c, v
        and the conflict."""
        *totals, conflict = sums
        of_day = Day(totals=Totals(*totals), conflict=conflict, acts=totals[1])
        [run] = self._runs(Plan({days: of_day}, {}), LevelState(*state), since=0, until=days)
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
        self, level: Moments, open_draws: Mapping[int, Moments], of_day: Day, known: float
    ) -> tuple[float, float]:
        """Apply the assessed levels of a day, at its close. Return the share of the level that is
        kept, and the weight of each assessment's precision times value. With less `known` of the
        level before, more weight."""
        if not of_day.assessed:
            return 1.0, 0.0
        precision = weighted = 0.0
        for one in of_day.assessed:
            precision += one.precision
            weighted += one.weighted
        mean = level.mean
        variance = max(0.0, level.start + level.second - mean * mean)
        total = known + variance * precision
        kept, gained = (known / total, variance / total) if total else (1.0, 0.0)
        added = gained * weighted
        square = kept * kept
        for draw in open_draws.values():
            draw.second = square * draw.second + 2 * kept * added * draw.mean
            draw.mean = kept * draw.mean
            draw.start = square * draw.start
        level.mean = kept * mean + added
        level.second = square * level.second + 2 * kept * mean * added + added * added
        level.start = square * level.start + gained * gained * precision
        return kept, gained

    def _limit(self, level: Moments, open_draws: Mapping[int, Moments]) -> float:
        """Keep a level and its variances within what the scale allows, which the closure of several
        draws may exceed by hundredths. Return by how much the level was scaled down."""
        scale = 1.0
        if abs(level.mean) > self.top + ROUNDING:
            scale = self.top / abs(level.mean)
            for one in (level, *open_draws.values()):
                one.mean *= scale
                one.second *= scale * scale
                one.start *= scale * scale
        square = float(self.top * self.top)
        level.second = min(square, max(level.second, level.mean * level.mean))
        level.start = max(0.0, min(level.start, square - level.second))
        return scale

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


def _acts(pulls: Sequence[Pull]) -> Sequence[Pull]:
    acts = [pull for pull in pulls if pull.sd is None]
    return pulls if len(acts) == len(pulls) else acts


def read(body: Mapping[str, Any]) -> Standing:
    """Parse the parameters of a lens."""
    parameters.check_names(body, wanted=DEFAULTS, optional=OPTIONAL)
    top = parameters.whole(body["top"], "top", least=1, most=100)

    def decimal(name: str, *, most: float) -> float:
        return parameters.decimal(body.get(name, "0"), name, least=0, most=most)

    def days(name: str, *, least: int = 0) -> int:
        return parameters.whole(body[name], name, least=least, most=3_660)

    omega = decimal("omega", most=top)
    return Standing(
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
        habituation_fade=decimal("habituation_fade", most=1),
        shared_days=days("shared_days"),
        share_day=parameters.flag(body.get("share_day", False), "share_day"),
        least_sd=decimal("least_sd", most=top),
        against_usual=parameters.flag(body.get("against_usual", False), "against_usual"),
    )


MODEL = Model(
    name="standing",
    version=1,
    top=9,
    defaults=DEFAULTS,
    read=read,
    levels=True,
    reach=_REACH,
)
