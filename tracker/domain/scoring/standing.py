"""`standing`, a stock: the level of a relation on −N..N, after Yan & Zhou (2004).

A good relation gains less from a good act and loses more by a bad one. A claim is true with
probability p. The state is the mean m and the second moment e of the level at the close of a day.
Products are evaluated from the left and sums in claim-id order, so that all machines agree to the
bit.

A series starts at 0 with `start_sd` on the day before its first impact, or at the close of its
anchor's day at the anchor's level with `anchor_sd`. An anchor replaces everything before it: acts
up to its day and the days of situations up to it no longer count, and nothing is known of earlier
days. See `parameters.Anchor` for the other series of the pair.

Two parameters may be absent, and then have no effect. They are for lenses over machine-coded
events, whose errors are correlated, together with linear steps such as [["-10", "-0.2"], ["10",
"0.2"]]: `share_day` true weighs each of the n acts of a day in a series by 1/n (situations keep
their weight), and no sd is below `least_sd`.
"""

import math
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from tracker.domain.dates.description import MONTHS
from tracker.domain.scoring import bands, moments, parameters
from tracker.domain.scoring.amounts import Amounts, Waning, stretches
from tracker.domain.scoring.evidence import Pull
from tracker.domain.scoring.moments import Explanation, Knot, Model, Score, State, Sums
from tracker.domain.scoring.steps import Steps


def band_of(value: float, *, low: float, high: float, top: float) -> str | None:
    """Return the band of a level on −top..top; None if its interval is wider than two bands.

    A band includes its lower edge.
    """
    width, edges = bands.scale(top)
    if (high - low) / 2 > width:
        return None
    return bands.BANDS[bisect_right(edges, value)]


# The beginning of the words for a level without a band.
UNANCHORED = "level never assessed; "


def unanchored(moved: float, *, since: date | None) -> str:
    """Describe how far a level without a band moved since the month of its first impact."""
    if since is None:
        return f"{UNANCHORED}nothing recorded"
    month = f"{MONTHS[since.month - 1]} {since.year}"
    tenths = f"{abs(moved):.1f}"
    if tenths == "0.0":
        return f"{UNANCHORED}hardly moved since {month}"
    return f"{UNANCHORED}moved {'+' if moved > 0 else '−'}{tenths} since {month}"


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
    "omega": "0.04",
    "start_sd": "4",
    "anchor_sd": "0.3",
    "anchors": [],
    "situation_days": 30,
    "situation_fade": "0.99615658722057522",  # per day: half in 180 days
}
OPTIONAL = ("share_day", "least_sd")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The model with its parameters, for one series; `drift` is ω² per day.

    `anchors` are those of all series, `anchor` is the one of this series.
    """

    top: int
    steps: tuple[tuple[float, float], ...]
    drift: float
    start_sd: float
    anchor_sd: float
    anchors: Mapping[str, parameters.Anchor]
    situation_days: int
    situation_fade: float
    share_day: bool
    least_sd: float
    anchor: parameters.Anchor | None = None

    def of(self, series: str) -> "Standing":
        anchor = self.anchors.get(series)
        return self if anchor is self.anchor else replace(self, anchor=anchor)

    def knots(
        self, pulls: Sequence[Pull], *, after: Knot | None = None, until: date | None = None
    ) -> list[Knot]:
        pulls, floor = self._begin(pulls)
        start = self.start()
        since = after.day.toordinal() if after else floor
        sums = self._sums(pulls, floor=floor, since=since, until=until or date.max)
        state = after.moments if after else start
        knots = moments.fold(pulls, sums, state=state, since=since, step=self.step)
        if self.anchor and after is None and self.anchor.day <= (until or date.max):
            knots.insert(0, moments.bare(self.anchor.day, start))
        return knots

    def at(self, knot: Knot | None, day: date) -> Score:
        if knot is None:
            mean, variance = 0.0, self.start_sd * self.start_sd
        else:
            mean, second = knot.moments
            variance = second + moments.gap(knot, day) * self.drift - mean * mean
        sd = max(self.least_sd, math.sqrt(max(0.0, variance)))
        value, low, high = moments.interval(mean, sd, top=self.top)
        band = band_of(value, low=low, high=high, top=self.top)
        return Score(value, sd, low, high, band)

    def closes(self, knot: Knot, days: int) -> list[float]:
        return [moments.clip(knot.moments[0], self.top)] * days

    def contributions(self, pulls: Sequence[Pull], day: date) -> Explanation:
        pulls, floor = self._begin(pulls)
        sums = self._sums(pulls, floor=floor, since=floor, until=day)
        remaining = 1.0
        shares: dict[int, float] = {}
        for acting in sorted(sums, reverse=True):
            erosion = sums[acting][0]
            shares[acting] = remaining / max(1.0, erosion)
            remaining *= 1 - min(1.0, erosion)
        # A code's value is that of many claims.
        steps = {value: self.step_of(value) for value in {pull.value for pull in pulls}}
        amounts: dict[UUID, float] = {}
        for pull in pulls:
            if pull.situation:
                impacts = self._impacts(pull, floor=floor, until=day.toordinal())
                if parts := [pull.p * impact * shares[acting] for acting, impact in impacts]:
                    amounts[pull.claim] = sum(parts)
            elif pull.first in shares:
                amount = pull.p * (steps[pull.value] * pull.weight) * shares[pull.first]
                # No negative zero, as in a sum.
                amounts[pull.claim] = 0.0 + amount
        return moments.largest_first(amounts, start=self._level(day) * remaining)

    def amounts_over(self, pulls: Sequence[Pull], days: Sequence[date]) -> Iterator[Amounts]:
        pulls, floor = self._begin(pulls)
        sums = self._sums(pulls, floor=floor, since=floor, until=days[-1])
        given = self._given(pulls, floor=floor, until=days[-1].toordinal())
        waning, remaining = Waning(), 1.0
        for day, acting in stretches(sums, days):
            for ordinal in acting:
                erosion = sums[ordinal][0]
                waning.wane(1 - min(1.0, erosion))
                remaining *= 1 - min(1.0, erosion)
                for claim, amount in given[ordinal]:
                    waning.add(claim, amount / max(1.0, erosion))
            is_anchored = self.anchor is not None and self.anchor.day <= day
            sd = self.anchor_sd if is_anchored else self.start_sd
            yield Amounts(waning.amounts(), sd * remaining, {})

    def _given(
        self, pulls: Sequence[Pull], *, floor: int, until: int
    ) -> dict[int, list[tuple[UUID, float]]]:
        """What each pull adds on each day on which it acts, times p."""
        given: dict[int, list[tuple[UUID, float]]] = defaultdict(list)
        for pull in pulls:
            if pull.situation:
                for day, impact in self._impacts(pull, floor=floor, until=until):
                    given[day].append((pull.claim, pull.p * impact))
            elif floor < pull.first <= until:
                amount = pull.p * (self.step_of(pull.value) * pull.weight)
                given[pull.first].append((pull.claim, amount))
        return given

    def movement(self, pulls: Sequence[Pull], start: date, end: date) -> None:  # noqa: ARG002
        return None

    def movements(
        self,
        pulls: Sequence[Pull],  # noqa: ARG002
        start: date,  # noqa: ARG002
        days: Sequence[date],  # noqa: ARG002
    ) -> None:
        return None

    def moved_by(self, pulls: Sequence[Pull], start: date, end: date) -> Steps:
        """See `steps`: here the acts of a day add up, without what they share."""
        pulls, floor = self._begin(pulls)
        sums = self._sums(pulls, floor=floor, since=floor, until=end)
        given = self._given(pulls, floor=floor, until=end.toordinal())
        by_claim: dict[UUID, float] = defaultdict(float)
        state = self.start()
        for day in sorted(sums):
            for claim, amount in given[day] if day > start.toordinal() else ():
                step = amount - abs(amount) / self.top * state[0]
                by_claim[claim] += step / max(1.0, sums[day][0])
            state = self.step(state, 0, sums[day])
        return Steps({claim: step for claim, step in by_claim.items() if step})

    def words(self, score: Score, *, since: date | None) -> str:
        moved = score.value - (self.anchor.level if self.anchor else 0.0)
        return score.band or unanchored(moved, since=since)

    def _begin(self, pulls: Sequence[Pull]) -> tuple[Sequence[Pull], int]:
        """The pulls that act after the start, and the day at whose close the start value applies.

        That is the day of the anchor, otherwise the day before the first impact of the pair.
        """
        if self.share_day:
            pulls = _shared(pulls)
        if self.anchor:
            floor = self.anchor.day.toordinal()
            return [pull for pull in pulls if pull.last > floor], floor
        return pulls, min((pull.first for pull in pulls), default=1) - 1

    def start(self) -> State:
        if self.anchor:
            level = self.anchor.level
            return level, level * level + self.anchor_sd * self.anchor_sd
        return 0.0, self.start_sd * self.start_sd

    def _sums(
        self, pulls: Sequence[Pull], *, floor: int, since: int, until: date
    ) -> dict[int, Sums]:
        """Sum K, S, k2, c, v over each day after `since` with an impact."""
        end = until.toordinal()
        days: dict[int, Sums] = defaultdict(lambda: [0.0, 0.0, 0.0, 0.0, 0.0])
        for pull in pulls:
            if pull.situation:
                self._add_situation(days, pull, floor=floor, since=since, until=end)
            elif since < pull.first <= end:
                self._add_act(days[pull.first], pull)
        return days

    def _add_act(self, sums: Sums, pull: Pull) -> None:
        p = pull.p
        impact = self.step_of(pull.value) * pull.weight
        k = abs(impact) / self.top
        doubt = p * (1 - p)
        sums[0] += p * k
        sums[1] += p * impact
        sums[2] += doubt * k * k
        sums[3] += doubt * k * impact
        sums[4] += doubt * impact * impact

    def _add_situation(
        self, days: dict[int, Sums], pull: Pull, *, floor: int, since: int, until: int
    ) -> None:
        """All its days share one truth value, so v grows with the square of the sum."""
        p = pull.p
        doubt = p * (1 - p)
        before = 0.0
        for day, impact in self._impacts(pull, floor=floor, until=until):
            total = before + impact
            if day > since:
                sums = days[day]
                sums[0] += p * (abs(impact) / self.top)
                sums[1] += p * impact
                sums[4] += doubt * (total * total - before * before)
            before = total

    def _impacts(self, pull: Pull, *, floor: int, until: int) -> Iterator[tuple[int, float]]:
        """The days after `floor` on which a situation acts, with its impact on each."""
        impact = self.step_of(pull.value) * pull.weight
        days = range(max(pull.first, floor + 1), min(pull.last, until) + 1)
        daily = impact / self.situation_days
        fade = moments.powers(self.situation_fade, upto=len(days) + days.start - pull.first)
        for day in days:
            yield day, daily * fade[day - pull.first] if pull.fades else daily

    def step_of(self, value: float) -> float:
        """The step for the value of a code: linear between the rows of the table, constant beyond
        them.
        """
        return moments.interpolated(self.steps, value)

    def step(self, state: State, days: int, sums: Sums) -> State:
        """Let days pass, then apply the sums of one day, which move the level by at most N."""
        mean, second = state
        second += days * self.drift
        k, s, k2, c, v = sums
        if k > 1:
            square = k * k
            k, s, k2, c, v = 1.0, s / k, k2 / square, c / square, v / square
        share = 1 - k
        return (
            share * mean + s,
            (share * share + k2) * second + 2 * mean * (share * s - c) + s * s + v,
        )

    def _level(self, day: date) -> float:
        return self.anchor.level if self.anchor and self.anchor.day <= day else 0.0


def _shared(pulls: Sequence[Pull]) -> list[Pull]:
    """Give each act 1/n of its weight, for the n acts of its day."""
    acts = Counter(pull.first for pull in pulls if not pull.situation)
    return [
        pull if pull.situation else pull._replace(weight=pull.weight / acts[pull.first])
        for pull in pulls
    ]


def read(body: Mapping[str, Any]) -> Standing:
    """Parse the parameters of a lens, for a series without anchor."""
    parameters.check_names(body, wanted=DEFAULTS, optional=OPTIONAL)
    top = parameters.whole(body["top"], "top", least=1, most=100)
    omega = parameters.decimal(body["omega"], "omega", least=0, most=top)
    return Standing(
        top=top,
        steps=parameters.steps(body["steps"], "steps", top=top),
        drift=omega * omega,
        start_sd=parameters.decimal(body["start_sd"], "start_sd", least=0, most=top),
        anchor_sd=parameters.decimal(body["anchor_sd"], "anchor_sd", least=0, most=top),
        anchors=parameters.anchors(body["anchors"], "anchors", top=top),
        situation_days=parameters.whole(
            body["situation_days"], "situation_days", least=1, most=366
        ),
        situation_fade=parameters.decimal(
            body["situation_fade"], "situation_fade", least=0, most=1
        ),
        share_day=parameters.flag(body.get("share_day", False), "share_day"),
        least_sd=parameters.decimal(body.get("least_sd", "0"), "least_sd", least=0, most=top),
    )


MODEL = Model(
    name="standing",
    version=1,
    top=9,
    defaults=DEFAULTS,
    read=read,
)
