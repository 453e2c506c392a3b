"""The fold of many series at once, over arrays.

Every knot is that of the model's own class, to the last bit: sums are added in claim-id order,
products are evaluated from the left, and powers come from the same table. Arrays hold acts only;
series with situations are folded by the class.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from tracker.domain.scoring.knot_columns import KnotColumns
from tracker.domain.scoring.moments import State, Sums

type Ints = npt.NDArray[np.int64]
type Floats = npt.NDArray[np.float64]
# A series' last valid knot: its day as an ordinal, and its state.
type Kept = tuple[int, State]

# More than the ordinal of any day, so that a series and a day are one number.
DAYS = 1 << 22
# With fewer series, a step of the class takes less time than one over arrays.
FEW = 12


class Acts(NamedTuple):
    """Acts, in claim-id order in each series. `series` are numbers from 0, `days` ordinals."""

    series: Ints
    days: Ints
    values: Floats
    weights: Floats
    p: Floats


class Roots(NamedTuple):
    """The roots of acts, one element for each root of each act. `roots` are numbers from 0."""

    series: Ints
    days: Ints
    roots: Ints


class ArrayModel(Protocol):
    """A model with its parameters, over arrays. A state and sums have one row for each number."""

    @property
    def start(self) -> State:
        """The state before the first act."""
        ...

    def addends(self, acts: Acts, together: Ints) -> Sequence[Floats]:
        """What each act adds to the sums of its day; `together` acts share its day and series."""
        ...

    def step(self, state: Floats, days: Ints, sums: Floats) -> Sequence[Floats]:
        """Let days pass in each series, then add the sums of one day."""
        ...

    def closes(self, state: Floats, days: Ints) -> Floats:
        """The values so many days after knots with these states."""
        ...

    def step_one(self, state: State, days: int, sums: Sums) -> State:
        """The same for one series, by the class."""
        ...


@dataclass(frozen=True)
class Timeline:
    """The days of each series with an act, by series and day: one element for each knot.

    `keys` are the series and the day as one number; `places` are, for each act, the index of its
    knot.
    """

    number: int
    keys: Ints
    places: Ints

    @cached_property
    def series(self) -> Ints:
        return self.keys // DAYS

    @cached_property
    def days(self) -> Ints:
        return self.keys % DAYS

    @cached_property
    def ends(self) -> Ints:
        """For each series, the index after its last knot."""
        return self.after(np.full(self.number, DAYS - 1, np.int64))

    def after(self, days: Ints) -> Ints:
        """For each series, the index of its first knot after a day."""
        return np.searchsorted(self.keys, np.arange(self.number) * DAYS + days, side="right")

    def total(self, amounts: Floats) -> Floats:
        """The sum of the amounts of acts for each knot, added in the order of the acts."""
        sums: Floats = np.bincount(self.places, weights=amounts, minlength=len(self.keys))
        return sums

    def claims(self) -> Ints:
        """The number of acts of the series up to each knot."""
        return self._running(np.bincount(self.places, minlength=len(self.keys)))

    def distinct(self, roots: Roots) -> Ints:
        """The number of different roots of the series up to each knot."""
        places = np.searchsorted(self.keys, roots.series * DAYS + roots.days)
        order = np.argsort(places, kind="stable")
        sizes = int(roots.roots.max(initial=0)) + 1
        firsts = np.unique((roots.series * sizes + roots.roots)[order], return_index=True)[1]
        return self._running(np.bincount(places[order][firsts], minlength=len(self.keys)))

    def _running(self, numbers: Ints) -> Ints:
        """Sums of the numbers from the beginning of each series."""
        sums = np.concatenate([[0], np.cumsum(numbers)])
        counts: Ints = sums[1:] - sums[self.after(np.zeros(self.number, np.int64))][self.series]
        return counts


def timeline(acts: Acts, *, number: int) -> Timeline:
    """The days of `number` series with an act."""
    keys, places = np.unique(acts.series * DAYS + acts.days, return_inverse=True)
    return Timeline(number, keys, places)


@dataclass(frozen=True)
class Evidence:
    """The acts of many series by day, and what is the same for every model: for each knot, the
    numbers of claims and of different roots up to it."""

    acts: Acts
    days: Timeline
    claims: Ints
    roots: Ints
    state_roots: Ints

    @cached_property
    def columns(self) -> tuple[bytes, ...]:
        """The days and the three counts of all knots, as `KnotColumns` has them."""
        columns = (self.days.days, self.claims, self.roots, self.state_roots)
        return tuple(column.astype(">i4").tobytes() for column in columns)


def evidence(acts: Acts, roots: Roots, state_roots: Roots, *, number: int) -> Evidence:
    """Arrange the acts of `number` series."""
    days = timeline(acts, number=number)
    return Evidence(acts, days, days.claims(), days.distinct(roots), days.distinct(state_roots))


def fold(model: ArrayModel, known: Evidence, kept: Mapping[int, Kept]) -> list[KnotColumns]:
    """Fold each series from its kept knot, or else from its first act. Return the later knots."""
    acts, days = known.acts, known.days
    since = np.zeros(days.number, np.int64)
    state = np.repeat(np.array(model.start)[:, None], days.number, axis=1)
    for series, (day, of_day) in kept.items():
        since[series] = day
        state[:, series] = of_day
    begins = days.after(since)
    together = np.bincount(days.places, minlength=len(days.keys))[days.places]
    sums = np.array([days.total(amounts) for amounts in model.addends(acts, together)])
    scan = _Scan(model, _gaps(days, begins, since), sums)
    moments = scan.run(state, begins, days.ends - begins).astype(">f8").tobytes()
    return [
        _columns(known, moments, begin, end, size=len(state))
        for begin, end in zip(begins.tolist(), days.ends.tolist(), strict=True)
    ]


def _columns(known: Evidence, moments: bytes, begin: int, end: int, *, size: int) -> KnotColumns:
    """The knots from one index up to another."""
    days, claims, roots, state_roots = (column[4 * begin : 4 * end] for column in known.columns)
    # On the day of each knot a claim begins to act.
    states = moments[8 * size * begin : 8 * size * end]
    return KnotColumns(days, states, claims, roots, state_roots, newest=days)


def _gaps(days: Timeline, begins: Ints, since: Ints) -> Ints:
    """The days since the previous knot. Without one, the start value is that of the day before."""
    gaps = np.diff(days.days, prepend=0)
    some = begins < days.ends
    first, before = begins[some], since[some]
    gaps[first] = np.where(before > 0, days.days[first] - before, 1)
    return gaps


class _Scan(NamedTuple):
    """The steps through the knots: the n-th knots of all series that have so many, at once."""

    model: ArrayModel
    gaps: Ints
    sums: Floats

    def run(self, state: Floats, begins: Ints, lengths: Ints) -> Floats:
        """The states at all knots. `lengths` are the numbers of knots of each series."""
        moments = np.zeros((len(self.gaps), len(state)))
        order = np.argsort(-lengths, kind="stable")
        begins, lengths, state = begins[order], lengths[order], state[:, order]
        # For each n, the number of series with more than n knots.
        longer = len(lengths) - np.cumsum(np.bincount(lengths, minlength=1))
        done = 0
        while (many := int(longer[done])) >= FEW:
            at = begins[:many] + done
            state = np.array(self.model.step(state[:, :many], self.gaps[at], self.sums[:, at]))
            moments[at] = state.T
            done += 1
        for n in range(many):
            span = slice(int(begins[n]) + done, int(begins[n] + lengths[n]))
            moments[span] = self._one(tuple(state[:, n].tolist()), span)
        return moments

    def _one(self, state: State, span: slice) -> list[State]:
        """The states at the knots of one series."""
        states = []
        sums = self.sums[:, span].T.tolist()
        for gap, of_day in zip(self.gaps[span].tolist(), sums, strict=True):
            state = self.model.step_one(state, gap, of_day)
            states.append(state)
        return states
