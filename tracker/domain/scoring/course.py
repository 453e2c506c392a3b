"""The course of a level: 256 worlds of equal weight, folded month by month.

In each world the level is one number x in −9..9. On the first of each month something may happen
unreported. On its day an act moves x, by x' = x − (k·x − I) with the impact I and k = |I|/9: a good
relation gains less from a good act and loses more by a bad one. Of the acts of a month the largest
of each class counts (`month`). A war is a blow on its first day, and pulls x towards −9 as long as
it lasts. A level that somebody assessed pulls it there, by how much was known before. The first
assessment also says where the pair started: the acts before it are told again from there.
"""

import math
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from tracker.domain.scoring.assessments import Assessments, Beginning, Said
from tracker.domain.scoring.classes import Class, class_of
from tracker.domain.scoring.evidence import Pull, is_war, placed
from tracker.domain.scoring.month import UP, Month, Told
from tracker.domain.scoring.moves import TOP, Assessed, Drift, Move, Restarted, Start
from tracker.domain.scoring.plain_rows import fastest
from tracker.domain.scoring.rows import Row, Rows
from tracker.domain.scoring.tables import DRIFT, N
from tracker.domain.scoring.truth import Truths

# After so many months without a claim, what happens unreported is taken together each January.
QUIET_MONTHS = 36
YEAR = 12


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
    and of each first of a month; long after the last claim only of each January. Traced, it keeps
    its `moves`. It begins at a level of which nothing is known, or at a `start`."""

    rules: Rules
    pair: str
    traced: bool = False
    rows: Rows = field(default_factory=fastest)
    start: Start | None = None
    closes: list[Close] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    # What the first assessment told of where the pair is, which is no movement.
    learned: Close | None = None
    _x: Row = field(init=False)
    # What is known of the level, as a variance; None until it is assessed.
    _known: float | None = None
    # The month that is being folded.
    _month: Month | None = None
    _drift: Row = field(init=False)
    _truths: Truths = field(init=False)
    _sizes: dict[Class, Row | float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._truths = Truths(self.rows, self.pair)
        start = self.start or Start(self.unknown())
        self._x = start.row
        self._trace(start)
        width = self.rules.drift / math.sqrt(YEAR)
        order = self.rows.order(f"pair {self.pair}")
        self._drift = width * self.rows.in_order(self.rows.row(DRIFT), order)

    def fold(self, pulls: Iterable[Pull], *, until: int) -> "Course":
        """Fold the claims up to a day (an ordinal)."""
        self._fold(_Days.of(pulls, until=until), until)
        self._end_month()
        return self

    def at(self, day: int) -> Row | None:
        """Return the worlds at the close of a day up to that of the fold; None before the first."""
        place = bisect_right(self.closes, day, key=lambda close: close.day)
        return self.closes[place - 1].row if place else None

    def moved(self, start: int, end: int) -> Row:
        """Return how the level moved in each world from the close of a day to that of another."""
        early, late = (self._met(day) for day in (start, end))
        return late - early

    def _met(self, day: int) -> Row:
        """The worlds at the close of a day, without what was `learned` by then."""
        x = self.at(day)
        if x is None:
            return self.unknown()
        return x - self.learned.row if self.learned and self.learned.day <= day else x

    def unknown(self) -> Row:
        """Return a level of the pair of which nothing is known."""
        return self._stopped(self.rules.unknown * self._truths.own("start"))

    def _fold(self, begun: "_Days", until: int) -> None:
        if not begun.days:
            return
        number = last = _month_of(begun.days[0])
        self._close(begun.days[0])
        while True:
            if days := begun.months.get(number):
                self._fold_month(begun, number, days)
                last = number
            following = begun.following(number, last)
            if following > _month_of(until):
                break
            self._end_month()
            self._drift_in(range(number + 1, following + 1))
            number = following
            if _is_kept(number, last):
                self._close(_first_day(number))

    def _fold_month(self, begun: "_Days", number: int, days: Sequence[int]) -> None:
        """Apply what is on record on some days of a month."""
        first, following = _first_day(number), _first_day(number + 1)
        month = self._month = Month(self.rows, self._x, first, traced=self.traced)
        for day in days:
            for deed in begun.deeds(day):
                month.add(self._told(deed, number))
            for war in begun.wars:
                if war.first <= day and war.last >= first:
                    month.pull(war.claim, self._way(war, month, day, following - first))
            # Steps that robustness doubles may take more than all of a level.
            self._x = self._stopped(month.level())
            if found := begun.assessed.get(day):
                month = self._assessed(begun, month, Assessments(found), (day, number))
            self._close(day)

    def _end_month(self) -> None:
        if self._month and self.traced:
            self._trace(self._month.acts())
        self._month = None

    def _close(self, day: int) -> None:
        if self.closes and self.closes[-1].day == day:
            self.closes.pop()
        self.closes.append(Close(day, self._x))

    def _trace(self, move: Move) -> None:
        if self.traced:
            self.moves.append(move)

    def _stopped(self, x: Row) -> Row:
        return self.rows.larger(self.rows.smaller(x, TOP), -TOP)

    def _drift_in(self, months: range) -> None:
        """Let happen what happened unreported on the first of some months."""
        if not self.rules.drift:
            return
        before = self._x
        self._x = self._stopped(before + self.rows.in_orders(self._drift, "month", months))
        if self.traced:
            self._trace(Drift(self._x - before))
        if self._known is not None:
            self._known += self.rules.drift**2 / YEAR * len(months)

    def _told(self, deed: Iterable[Pull], month: int) -> Iterator[Told]:
        """What a root reports of a day, with the size of each act."""
        for pull in deed:
            if kind := class_of(pull.code):
                root = pull.roots[0]
                truth = (
                    self._truths.of_war(root, pull.p)
                    if is_war(pull)
                    else self._truths.of(root, pull.p, month=month)
                )
                yield Told(pull.claim, kind, self._size(kind) * pull.weight * truth)

    def _size(self, kind: Class) -> Row | float:
        """By how much an act of a class moves a level of 0, in each world."""
        if kind not in self._sizes:
            size: Row | float = abs(self.rules.steps[kind])
            if self.rules.vary > 1:
                size = size * factors(self.rows, self.rules.vary, kind)
            self._sizes[kind] = size
        return self._sizes[kind]

    def _way(self, war: Pull, month: Month, day: int, days: int) -> Row:
        """How far a report of war has pulled by the close of a day of a month of so many `days`."""
        rows = self.rows
        begun = rows.larger(month.since, war.first)
        at_war = rows.larger(min(day, war.last) + 1 - begun, 0)
        truth = self._truths.of_war(war.roots[0], war.p)
        return self.rules.war * war.weight * at_war / days * truth

    def _assessed(
        self, begun: "_Days", month: Month, found: Assessments, on: tuple[int, int]
    ) -> Month:
        """Let the level be assessed at the close of a day of a month, and return the month as it
        goes on. Where no assessment is right, it goes on as if there were none."""
        day, number = on
        said, least = found.said(self._truths, month=number), self.rules.floor**2
        if self._known is None:
            beginning, was = Beginning(found, self.rules.unknown), month.before
            start = Start(beginning.row(self._truths, said), beginning.shares)
            month = self._restarted(begun, month, start, day)
            self._known = beginning.variance
            before = max(least, self.rules.unknown**2)
            pulled = self._weigh(month, said._replace(level=start.row), before, start.shares)
            self.learned = Close(day, month.before - was + pulled)
        else:
            before, self._known = max(least, self._known), found.known(self._known, least)
            self._weigh(month, said, before, found.shares())
        month.restart(said.is_true, self._x, day + 1)
        return month

    def _restarted(self, begun: "_Days", month: Month, start: Start, day: int) -> Month:
        """Tell what came before a first assessment from the start that it gives. Nothing drifts:
        the start has the doubt of the day on which it was assessed."""
        still = replace(self.rules, drift=0.0)
        told = Course(still, self.pair, traced=self.traced, rows=self.rows, start=start)
        told._fold(begun.without_levels(day), day)
        self._trace(Restarted(told.moves))
        self._x = told._x
        self._month = told._month or Month(self.rows, told._x, month.first, traced=self.traced)
        return self._month

    def _weigh(self, month: Month, said: Said, known: float, shares: Mapping[UUID, float]) -> Row:
        """Bring the level to what is said of it, by how much is known, and return by how much that
        moved it. What is left of the difference is at most half the sd of what is said."""
        rows, x = self.rows, self._x
        share, most = said.variance / (known + said.variance), rows.root(said.variance) / 2
        rest = share * (x - said.level)
        left = rows.larger(rows.smaller(rest, most), -most)
        self._x = rows.where(said.is_true, self._stopped(said.level + left), x)
        if self.traced:
            kept = rows.where(said.is_true, rows.where(abs(rest) < most, share, 0.0), 1.0)
            self._trace(month.acts(said.is_true))
            self._trace(Assessed(x, kept, self._x - kept * x, shares, first=self.learned is None))
        return self._x - x


def factors(rows: Rows, most: float, what: str) -> Row:
    """By how much a step differs between worlds."""
    return rows.in_order(rows.row(_spread(most)), rows.order(f"vary {what}"))


@lru_cache
def _spread(most: float) -> tuple[float, ...]:
    """Factors evenly from 1/most to 1 in so many worlds, and from 1 to `most` in the others, that
    their mean is 1."""
    less = most / (most + 1)
    even = [(n + 0.5) / N for n in range(N)]
    return tuple(
        1 / most + (1 - 1 / most) * u / less
        if u < less
        else 1 + (most - 1) * (u - less) / (1 - less)
        for u in even
    )


@dataclass(slots=True)
class _Days:
    """Claims by the day on which they act, and wars."""

    pulls: Sequence[Pull]
    days: list[int]
    months: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    numbers: list[int] = field(default_factory=list)
    wars: list[Pull] = field(default_factory=list)
    assessed: dict[int, list[Pull]] = field(default_factory=lambda: defaultdict(list))
    _acts: dict[int, list[Pull]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, pulls: Iterable[Pull], *, until: int) -> "_Days":
        """The claims up to a day, by claim."""
        begun = [pull for pull in placed(pulls) if pull.first <= until]
        begun.sort(key=lambda one: one.claim.int)
        days = {pull.first for pull in begun}
        found = cls(begun, [])
        for pull in begun:
            (found.assessed if pull.sd is not None else found._acts)[pull.first].append(pull)
            if is_war(pull):
                found.wars.append(pull)
                days.update(range(pull.first, min(pull.last, until) + 1))
        found.days = sorted(days)
        for day in found.days:
            found.months[_month_of(day)].append(day)
        found.numbers = [*found.months]
        return found

    def without_levels(self, until: int) -> "_Days":
        return _Days.of([pull for pull in self.pulls if pull.sd is None], until=until)

    def following(self, number: int, last: int) -> int:
        """The month to fold after another one, where the `last` claim was that of some month."""
        if number + 1 <= last + QUIET_MONTHS:
            return number + 1
        january = number + YEAR - number % YEAR
        place = bisect_right(self.numbers, number)
        return min([january, *self.numbers[place : place + 1]])

    def deeds(self, day: int) -> Iterator[list[Pull]]:
        """What each root reports of a day, either good or bad."""
        found: dict[tuple[UUID, bool], list[Pull]] = defaultdict(list)
        for pull in self._acts.get(day, ()):
            found[pull.roots[0], class_of(pull.code) in UP].append(pull)
        yield from found.values()


def _is_kept(number: int, last: int) -> bool:
    """Whether the level of the first of a month is kept, where the last claim before it was of some
    month."""
    return number <= last + QUIET_MONTHS or number % YEAR == 0


def _month_of(day: int) -> int:
    """The number of the month of a day: 12 · year + month − 1."""
    found = date.fromordinal(day)
    return YEAR * found.year + found.month - 1


def _first_day(number: int) -> int:
    """The first day of a month; of that after the last one there is, the day after it."""
    year, month = divmod(number, YEAR)
    return (
        date(year, month + 1, 1).toordinal() if year <= date.max.year else date.max.toordinal() + 1
    )
