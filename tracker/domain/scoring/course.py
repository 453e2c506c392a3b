"""The course of a level: 256 worlds of equal weight, folded month by month.

In each world the level is one number x in −9..9. On the first of each month something may happen
unreported. On its day an act moves x, by x' = x − (k·x − I) with the impact I and k = |I|/9: a good
relation gains less from a good act and loses more by a bad one. Of the acts of a month and a sign
the largest counts, in each world the largest that is true there. A war pulls x towards −9. A level
that somebody assessed pulls it there, by how much was known before.
"""

import math
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple
from uuid import UUID

from tracker.domain.scoring.classes import Class, class_of
from tracker.domain.scoring.evidence import Pull
from tracker.domain.scoring.rows import Row, Rows, fastest
from tracker.domain.scoring.tables import DRIFT, N
from tracker.domain.scoring.truth import Truths

TOP = 9.0
# A level counts as assessed if a claim with such a p says what it was.
ASSESSED_P = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The numbers of the method.

    `steps`: what an act of a class adds at a level of 0. `war`: the share of the way to −9 in a
    month. `drift`: the sd of what happens unreported in a year. `unknown`: the sd of a level of
    which nothing is known. `floor`: what acts say of a level is never surer than this sd. `vary`:
    the steps of a class differ between worlds by factors of 1/vary to vary.
    """

    steps: Mapping[Class, float]
    war: float
    drift: float
    unknown: float
    floor: float
    vary: float = 1.0


@dataclass(frozen=True, slots=True)
class Start:
    """The level at which a series starts: nothing is known of it, or `claims` are the first to say
    what it is. What was before no longer matters."""

    row: Row
    claims: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Drift:
    """What happened unreported on the first of a month."""

    row: Row


@dataclass(frozen=True, slots=True)
class Acts:
    """The acts and wars of a month, or of its part up to an assessment, which meet the level
    `before`. `up`, `down` and `pull`: what moved it in each world, and the place of the claim in
    `claims` that did, below 0 for none."""

    before: Row
    claims: tuple[UUID, ...]
    up: tuple[Row, Row] | None
    down: tuple[Row, Row] | None
    pull: tuple[Row, Row] | None


@dataclass(frozen=True, slots=True)
class Assessed:
    """Levels that were assessed on a day, of which each claim has a share: what is kept of the
    level in each world, and what comes to it."""

    before: Row
    kept: Row
    added: Row
    shares: Mapping[UUID, float]


Move = Start | Drift | Acts | Assessed


class Close(NamedTuple):
    """The level in each world at the close of a day."""

    day: int
    row: Row


@dataclass(slots=True)
class _Part:
    """The acts of a month so far, since its first day or the last assessment in it."""

    rows: Rows
    before: Row
    claims: list[UUID] = field(default_factory=list)
    up: Row | None = None
    down: Row | None = None
    pull: Row | None = None
    up_by: Row | None = None
    down_by: Row | None = None
    pull_by: Row | None = None
    traced: bool = False

    def add(self, claim: UUID, size: Row, *, up: bool) -> None:
        """Add an act: of one sign the largest counts in each world."""
        place = len(self.claims)
        self.claims.append(claim)
        if up:
            if self.traced:
                self.up_by = self._by(
                    size > (0.0 if self.up is None else self.up), place, self.up_by
                )
            self.up = self.rows.larger(size, 0.0 if self.up is None else self.up)
        else:
            if self.traced:
                now = 0.0 if self.down is None else self.down
                self.down_by = self._by(size < now, place, self.down_by)
            self.down = self.rows.smaller(size, 0.0 if self.down is None else self.down)

    def wars(self, pulls: Sequence[tuple[UUID, Row]]) -> None:
        """Set how far wars pulled so far: several reports of war are one war, the strongest."""
        self.pull = self.pull_by = None
        for claim, row in pulls:
            if claim not in self.claims:
                self.claims.append(claim)
            place = self.claims.index(claim)
            now = 0.0 if self.pull is None else self.pull
            if self.traced:
                self.pull_by = self._by(row > now, place, self.pull_by)
            self.pull = self.rows.larger(row, now)

    def _by(self, truth: Row, place: int, before: Row | None) -> Row:
        return self.rows.where(truth, place, -1 if before is None else before)

    def level(self) -> Row:
        """Return the level in each world after the acts so far."""
        lost: Row = 0.0
        gained: Row = 0.0
        if self.up is not None:
            lost, gained = self.up / TOP, self.up
        if self.down is not None:
            lost, gained = lost - self.down / TOP, gained + self.down
        if self.pull is not None:
            lost, gained = lost + self.pull, gained - TOP * self.pull
        if self.up is None and self.down is None and self.pull is None:
            return self.before
        return self.before - (lost * self.before - gained)

    def move(self) -> Acts:
        def given(row: Row | None, by: Row | None) -> tuple[Row, Row] | None:
            return None if row is None else (row, by)

        return Acts(
            self.before,
            tuple(self.claims),
            given(self.up, self.up_by),
            given(self.down, self.down_by),
            given(self.pull, self.pull_by),
        )


@dataclass(slots=True)
class Course:
    """The worlds of a series, up to the close of a day. `closes` has those of each day with a claim
    and of each first of a month. Traced, it keeps its `moves`."""

    rules: Rules
    pair: str
    traced: bool = False
    rows: Rows = field(default_factory=fastest)
    closes: list[Close] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    _truths: Truths = field(init=False)
    _steps: dict[Class, Row | float] = field(default_factory=dict)
    _known: float = field(init=False)
    _assessed_before: bool = False

    def __post_init__(self) -> None:
        self._truths = Truths(self.rows, self.pair)
        self._known = self.rules.unknown * self.rules.unknown

    def fold(self, pulls: Iterable[Pull], *, until: int) -> "Course":
        """Fold the claims up to a day (an ordinal)."""
        begun = _Days.of([pull for pull in pulls if pull.first <= until], until=until)
        if not begun.first:
            return self
        x, months = self._start(begun.first), _months(begun.first, until)
        drift = self._drift_row()
        width = self.rules.drift / math.sqrt(12)
        for place, (month, first, following) in enumerate(months):
            if place:
                self._known += width * width
                x = self._drifted(x, drift, month)
                self._close(first, x)
            if days := begun.days_in(first, following):
                x = self._month(x, begun, month, (first, following), days)
        return self

    def _close(self, day: int, x: Row) -> None:
        if self.closes and self.closes[-1].day == day:
            self.closes.pop()
        self.closes.append(Close(day, x))

    def at(self, day: int) -> Row | None:
        """Return the worlds at the close of a day up to that of the fold; None before the first."""
        place = bisect_right(self.closes, day, key=lambda close: close.day)
        return self.closes[place - 1].row if place else None

    def _start(self, first: int) -> Row:
        """The level before the first day, of which nothing is known."""
        x = self.unknown()
        self._trace(Start(x))
        self._close(first, x)
        return x

    def unknown(self) -> Row:
        """Return a level of the pair of which nothing is known."""
        return self._with_mean(0.0, self.rules.unknown * self._truths.own("start"))

    def _begun(self, found: Sequence[Pull]) -> Row:
        """The level as it is first assessed. Doubt about that widens it and does not pull it to 0,
        and the ends of the scale leave its mean alone."""
        aim = math.fsum(one.value for one in found) / len(found)
        own = math.fsum(one.sd or 0.0 for one in found) / len(found)
        p = math.fsum(one.p for one in found) / len(found)
        self._known = p * own * own + (1 - p) * self.rules.unknown * self.rules.unknown
        x = self._with_mean(aim, math.sqrt(self._known) * self._truths.error(found[0].roots[0]))
        self._trace(Start(x, tuple(one.claim for one in found)))
        self._assessed_before = True
        return x

    def _with_mean(self, aim: float, error: Row) -> Row:
        """Return aim + error within the scale, moved so that the mean is `aim`."""
        middle = aim
        for _ in range(60):
            x = self._stopped(middle + error)
            missing = aim - self.rows.total(x) / N
            if abs(missing) < 1e-12:
                break
            middle += missing
        return x

    def _stopped(self, x: Row) -> Row:
        return self.rows.larger(self.rows.smaller(x, TOP), -TOP)

    def _drift_row(self) -> Row:
        """What happens unreported, in the order of the pair."""
        rows, width = self.rows, self.rules.drift / math.sqrt(12)
        return width * rows.in_order(rows.row(DRIFT), rows.order(f"pair {self.pair}"))

    def _drifted(self, x: Row, drift: Row, month: int) -> Row:
        step = self.rows.in_order(drift, self.rows.order(f"month {month}"))
        y = self._stopped(x + step)
        if self.traced:
            self._trace(Drift(y - x))
        return y

    def _step(self, kind: Class) -> Row | float:
        """What an act of a class adds at a level of 0, in each world."""
        if kind not in self._steps:
            step: Row | float = self.rules.steps[kind]
            self._steps[kind] = step * self._factors(kind) if self.rules.vary > 1 else step
        return self._steps[kind]

    def _factors(self, what: str) -> Row:
        """The factors of a step between worlds: half of them evenly from 1/vary to 1, half from 1
        to vary."""
        rows, most = self.rows, self.rules.vary
        even = [2 * (n + 0.5) / N for n in range(N)]
        spread = [
            1 / most + (1 - 1 / most) * u if u < 1 else 1 + (most - 1) * (u - 1) for u in even
        ]
        return rows.in_order(rows.row(spread), rows.order(f"vary {what}"))

    def _trace(self, move: Move) -> None:
        if self.traced:
            self.moves.append(move)

    def _month(
        self, x: Row, begun: "_Days", month: int, span: tuple[int, int], days: Sequence[int]
    ) -> Row:
        """Apply what is on record on some days of a month, which ends before the second day of its
        span."""
        first, following = span
        part, since = _Part(self.rows, x, traced=self.traced), first
        for day in days:
            for pull in begun.acts.get(day, ()):
                self._act(part, pull, month)
            part.wars(self._wars(begun.wars, since, day, following - first))
            x = part.level()
            if found := begun.assessed.get(day):
                self._trace(part.move())
                x = self._assessed(x, found, month)
                part, since = _Part(self.rows, x, traced=self.traced), day + 1
            self._close(day, x)
        if part.claims:
            self._trace(part.move())
        return x

    def _act(self, part: _Part, pull: Pull, month: int) -> None:
        kind = class_of(pull.code)
        if kind is None:
            return
        truth = self._truths.of(pull.roots[0], pull.p, month=month)
        size = self._step(kind) * pull.weight * truth
        part.add(pull.claim, size, up=self.rules.steps[kind] > 0)

    def _wars(
        self, wars: Sequence[Pull], since: int, day: int, days: int
    ) -> list[tuple[UUID, Row]]:
        """How far each report of war pulled from `since` to the close of a day."""
        found = []
        for pull in wars:
            at_war = min(day, pull.last) - max(since, pull.first) + 1
            if at_war > 0:
                truth = self._truths.of_war(pull.roots[0], pull.p)
                found.append((pull.claim, self.rules.war * pull.weight * at_war / days * truth))
        return found

    def _assessed(self, x: Row, found: Sequence[Pull], month: int) -> Row:
        """Those of one root are one, and independent ones are joined by precision. Then the level
        moves there: V of what was known before, and r² of the doubt that the assessments leave."""
        if not self._assessed_before and any(one.p >= ASSESSED_P for one in found):
            return self._begun([one for one in found if one.p >= ASSESSED_P])
        rows = self.rows
        by_root: dict[UUID, list[Pull]] = defaultdict(list)
        for pull in found:
            by_root[pull.roots[0]].append(pull)
        precision: Row = rows.row([0.0] * N)
        total: Row = rows.row([0.0] * N)
        nobody, weights = 1.0, {}
        for root, ones in by_root.items():
            value = math.fsum(one.value for one in ones) / len(ones)
            sd = math.fsum(one.sd or 0.0 for one in ones) / len(ones)
            p = max(one.p for one in ones)
            held = self._truths.of(root, p, month=month) * (1 / (sd * sd))
            total = total + held * (value + sd * self._truths.error(root))
            precision = precision + held
            nobody *= 1 - p
            weights.update({one.claim: p / (sd * sd) / len(ones) for one in ones})
        is_true = precision > 0
        safe = rows.where(is_true, precision, 1.0)
        aim, variance = total / safe, 1 / safe
        most = rows.root(variance) / 2
        before = max(self.rules.floor * self.rules.floor, self._known)
        share = variance / (before + variance)
        rest = share * (x - aim)
        left = rows.larger(rows.smaller(rest, most), -most)
        y = rows.where(is_true, self._stopped(aim + left), x)
        mean = rows.total(rows.where(is_true, variance, 0.0)) / max(1.0, rows.total(is_true * 1.0))
        self._known = nobody * self._known + (1 - nobody) * before * mean / (before + mean)
        kept = rows.where(is_true, rows.where(abs(rest) < most, share, 0.0), 1.0)
        sum_ = math.fsum(weights.values())
        shares = {claim: weight / sum_ for claim, weight in weights.items()}
        self._trace(Assessed(x, kept, y - kept * x, shares))
        return y


@dataclass(slots=True)
class _Days:
    """Claims by the day on which they act, and wars."""

    acts: dict[int, list[Pull]] = field(default_factory=lambda: defaultdict(list))
    assessed: dict[int, list[Pull]] = field(default_factory=lambda: defaultdict(list))
    wars: list[Pull] = field(default_factory=list)
    days: list[int] = field(default_factory=list)
    first: int = 0

    @classmethod
    def of(cls, pulls: Sequence[Pull], *, until: int) -> "_Days":
        found = cls()
        days = {pull.first for pull in pulls}
        for pull in sorted(pulls, key=lambda one: one.claim.int):
            if pull.sd is not None:
                found.assessed[pull.first].append(pull)
            elif pull.situation and not pull.fades:
                found.wars.append(pull)
                days.update(range(pull.first, min(pull.last, until) + 1))
            else:
                found.acts[pull.first].append(pull)
        found.days = sorted(days)
        found.first = found.days[0] if found.days else 0
        return found

    def days_in(self, first: int, following: int) -> list[int]:
        begin = bisect_right(self.days, first - 1)
        return self.days[begin : bisect_right(self.days, following - 1)]


def _months(first: int, until: int) -> list[tuple[int, int, int]]:
    """The months from that of a day to that of another: number, first day, and that of the next."""
    begin, end = date.fromordinal(first), date.fromordinal(until)
    numbers = range(12 * begin.year + begin.month - 1, 12 * end.year + end.month + 1)
    days = [date(number // 12, number % 12 + 1, 1).toordinal() for number in numbers]
    return [*zip(numbers, days, days[1:], strict=False)]
