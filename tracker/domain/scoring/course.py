"""The course of a level: 256 worlds of equal weight, folded month by month.

In each world the level is one number x in −9..9. On the first of each month something may happen
unreported. On its day an act moves x, by x' = x − (k·x − I) with the impact I and k = |I|/9: a good
relation gains less from a good act and loses more by a bad one. Of the acts of a month and a sign
the largest counts, in each world the largest that is true there. A war pulls x towards −9. A level
that somebody assessed pulls it there, by how much was known before.
"""

import math
from bisect import bisect_right
from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple
from uuid import UUID

from tracker.domain.scoring.classes import Class, class_of
from tracker.domain.scoring.evidence import Pull
from tracker.domain.scoring.moves import TOP, Acts, Assessed, Drift, Move, Start
from tracker.domain.scoring.rows import Row, Rows, fastest
from tracker.domain.scoring.tables import DRIFT, N
from tracker.domain.scoring.truth import Truths

# A level counts as assessed if a claim with such a p says what it was.
ASSESSED_P = 0.5
# After so many months without a claim nothing more happens unreported: the level stays as doubtful
# as it is, until the next claim.
QUIET_MONTHS = 120


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


class Close(NamedTuple):
    """The level in each world at the close of a day."""

    day: int
    row: Row


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
    _sizes: dict[Class, Row | float] = field(default_factory=dict)
    _known: float = field(init=False)
    _is_assessed: bool = False

    def __post_init__(self) -> None:
        self._truths = Truths(self.rows, self.pair)
        self._known = self.rules.unknown * self.rules.unknown

    def fold(self, pulls: Iterable[Pull], *, until: int) -> "Course":
        """Fold the claims up to a day (an ordinal)."""
        begun = _Days.of([pull for pull in pulls if pull.first <= until], until=until)
        if not begun.first:
            return self
        x, months = self._start(begun.first), _months(begun.first, until)
        width = self.rules.drift / math.sqrt(12)
        drift = width * self.rows.in_order(
            self.rows.row(DRIFT), self.rows.order(f"pair {self.pair}")
        )
        last = months[0][0]
        for place, (month, first, following) in enumerate(months):
            if place:
                self._known += width * width
            if place and month <= last + QUIET_MONTHS:
                x = self._drifted(x, drift, month)
                self._close(first, x)
            if days := begun.days_in(first, following):
                x, last = self._month(x, begun, month, (first, following), days), month
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
        return self._stopped(self.rules.unknown * self._truths.own("start"))

    def _with_mean(self, aim: float, error: Row, *, most: float) -> Row:
        """Return aim + error within the scale, moved by up to `most` so that the mean is `aim`. At
        an end of the scale it cannot be: then the doubt stays, and the mean gives way."""
        middle = aim
        for _ in range(60):
            x = self._stopped(middle + error)
            missing = aim - self.rows.total(x) / N
            following = max(aim - most, min(aim + most, middle + missing))
            if abs(following - middle) < 1e-12:
                break
            middle = following
        return x

    def _stopped(self, x: Row) -> Row:
        return self.rows.larger(self.rows.smaller(x, TOP), -TOP)

    def _drifted(self, x: Row, drift: Row, month: int) -> Row:
        """The level after what happened unreported; `drift` is that in the order of the pair."""
        step = self.rows.in_order(drift, self.rows.order(f"month {month}"))
        y = self._stopped(x + step)
        if self.traced:
            self._trace(Drift(y - x))
        return y

    def _size(self, kind: Class) -> Row | float:
        """By how much an act of a class moves a level of 0, in each world."""
        if kind not in self._sizes:
            size: Row | float = abs(self.rules.steps[kind])
            self._sizes[kind] = size * self._factors(kind) if self.rules.vary > 1 else size
        return self._sizes[kind]

    def _factors(self, what: str) -> Row:
        """By how much a step differs between worlds: evenly from 1/vary to 1 in so many of them,
        and from 1 to vary in the others, that the mean is 1."""
        rows, most = self.rows, self.rules.vary
        less = most / (most + 1)
        even = [(n + 0.5) / N for n in range(N)]
        spread = [
            1 / most + (1 - 1 / most) * u / less
            if u < less
            else 1 + (most - 1) * (u - less) / (1 - less)
            for u in even
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
        acts, since = Acts(self.rows, x, traced=self.traced), first
        for day in days:
            for pull in begun.acts.get(day, ()):
                self._act(acts, pull, month)
            acts.pull(self._wars(begun.wars, since, day, following - first))
            # Steps that robustness doubles may take more than all of a level.
            x = self._stopped(acts.level())
            if found := begun.assessed.get(day):
                self._trace(acts)
                x = self._assessed(x, found, month)
                acts, since = Acts(self.rows, x, traced=self.traced), day + 1
            self._close(day, x)
        if acts.claims:
            self._trace(acts)
        return x

    def _act(self, acts: Acts, pull: Pull, month: int) -> None:
        kind = class_of(pull.code)
        if kind is None:
            return
        truth = self._truths.of(pull.roots[0], pull.p, month=month)
        size = self._size(kind) * pull.weight * truth
        acts.add(pull.claim, size, up=self.rules.steps[kind] > 0)

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
        """The level as some claims of a day assess it."""
        known = [pull for pull in found if pull.p >= ASSESSED_P]
        if known and not self._is_assessed:
            return self._begun(x, known)
        rows, weights = self.rows, _Weights(found)
        precision: Row = rows.row([0.0] * N)
        total: Row = precision
        for one in weights.by_root:
            held = self._truths.of(one.root, one.p, month=month) * (1 / one.variance)
            total = total + held * (one.value + one.sd * self._truths.error(one.root))
            precision = precision + held
        is_true = precision > 0
        variance = 1 / rows.where(is_true, precision, 1.0)
        aim, most = total * variance, rows.root(variance) / 2
        before = max(self.rules.floor * self.rules.floor, self._known)
        share = variance / (before + variance)
        rest = share * (x - aim)
        left = rows.larger(rows.smaller(rest, most), -most)
        y = rows.where(is_true, self._stopped(aim + left), x)
        kept = rows.where(is_true, rows.where(abs(rest) < most, share, 0.0), 1.0)
        self._trace(Assessed(x, kept, y - kept * x, weights.shares))
        self._known += weights.p * (1 / (1 / before + weights.precision) - self._known)
        return y

    def _begun(self, x: Row, found: Sequence[Pull]) -> Row:
        """The level as it is first assessed, whatever was before. Doubt about the assessment widens
        it and does not pull it to 0, and an end of the scale leaves its mean alone if it can."""
        weights = _Weights(found, unknown=self.rules.unknown)
        total: Row = 0.0
        for one in weights.by_root:
            total = total + self._truths.error(one.root) * (1 / one.sd)
        self._known = 1 / weights.precision
        doubt = math.sqrt(self._known)
        y = self._with_mean(weights.value, self._known * total, most=doubt / 2)
        self._trace(Start(y, weights.shares, x))
        self._is_assessed = True
        return y


class _OfRoot(NamedTuple):
    """The levels that a root assesses on a day: they are one."""

    root: UUID
    value: float
    sd: float
    p: float
    claims: tuple[UUID, ...]

    @property
    def variance(self) -> float:
        return self.sd * self.sd


class _Weights:
    """The levels that are assessed on a day: those of one root are one, with their mean value and
    sd, and independent ones are joined by precision. With `unknown`, doubt about what a root says
    widens its sd towards that of a level of which nothing is known."""

    def __init__(self, found: Iterable[Pull], *, unknown: float | None = None) -> None:
        of_root: dict[UUID, list[Pull]] = defaultdict(list)
        for pull in found:
            of_root[pull.roots[0]].append(pull)
        self.by_root = [_of_root(root, of_root[root], unknown) for root in sorted(of_root)]
        # The weight of a root: its precision, less where it may be wrong.
        weights = [(1 if unknown else one.p) / one.variance for one in self.by_root]
        total = math.fsum(weights)
        # Where all are right.
        self.precision = math.fsum(1 / one.variance for one in self.by_root)
        self.value = (
            math.fsum(w * one.value for w, one in zip(weights, self.by_root, strict=True)) / total
        )
        # The probability that any of them is right.
        self.p = 1 - math.prod(1 - one.p for one in self.by_root)
        self.shares = {
            claim: weight / total / len(one.claims)
            for weight, one in zip(weights, self.by_root, strict=True)
            for claim in one.claims
        }


def _of_root(root: UUID, pulls: Sequence[Pull], unknown: float | None) -> _OfRoot:
    value = math.fsum(pull.value for pull in pulls) / len(pulls)
    sd = math.fsum(pull.sd or 0.0 for pull in pulls) / len(pulls)
    p = max(pull.p for pull in pulls)
    if unknown:
        sd = math.sqrt(p * sd * sd + (1 - p) * unknown * unknown)
    return _OfRoot(root, value, sd, p, tuple(pull.claim for pull in pulls))


def is_war(pull: Pull) -> bool:
    """Whether a claim is about a state of war, which pulls as long as it lasts."""
    return pull.situation and not pull.fades


def moves_level(pull: Pull) -> bool:
    """Whether a claim is about an act or a war that moves a level: contacts on the sidelines do
    not."""
    return pull.sd is None and (is_war(pull) or class_of(pull.code) is not None)


def moving(pulls: Iterable[Pull], since: date, until: date) -> Iterator[Pull]:
    """The acts and wars that move a level after the close of one day and up to that of another."""
    start, end = since.toordinal(), until.toordinal()
    for pull in pulls:
        last = pull.last if is_war(pull) else pull.first
        if pull.first <= end and last > start and moves_level(pull):
            yield pull


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
            elif is_war(pull):
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
    numbers = range(12 * begin.year + begin.month - 1, 12 * end.year + end.month)
    days = [date(number // 12, number % 12 + 1, 1).toordinal() for number in numbers]
    following = end.toordinal() - end.day + monthrange(end.year, end.month)[1] + 1
    return [*zip(numbers, days, [*days[1:], following], strict=True)]
