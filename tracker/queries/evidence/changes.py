"""Why a score moved: from one day to another, or from the knowledge at one moment to that at
another. Claim by claim, each with its causes."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Literal
from uuid import UUID

from tracker.domain.disclosure import Reader
from tracker.domain.scoring.evidence import Impact, Pull, is_war
from tracker.domain.scoring.moments import Explanation
from tracker.queries.claims import disclosure
from tracker.queries.evidence import causes, impacts
from tracker.queries.evidence.causes import Cause
from tracker.queries.moment import At
from tracker.queries.scores import pairs
from tracker.queries.scores.pairs import Series

# Why a contribution changed: events; other claims, which weaken it or share with it; its first day
# came; the situation continues; or only time passed.
Because = Literal["events", "others", "began", "goes on", "time"]
# A claim, and what it contributed before and contributes after.
type ClaimMove = tuple[UUID, float, float]


@dataclass(frozen=True, kw_only=True)
class End:
    """One of the two compared scores: a day of a series, with its contributions."""

    series: Series
    day: date
    # The impacts on its pair, if they are read already.
    known: Sequence[Impact] | None = None
    # The pulls, if those of the other end are the same.
    shared: Sequence[Pull] | None = None

    @cached_property
    def value(self) -> float:
        return self.series.on(self.day).score.value

    @cached_property
    def pulls(self) -> Sequence[Pull]:
        if self.shared is not None:
            return self.shared
        lens, series = self.series.lens, self.series
        known = self.known
        if known is None:
            known = impacts.on_pair(lens.lens.view.id, series.pair, position=series.position)
        return lens.pulls(known, series.direction)

    @cached_property
    def apart(self) -> Explanation:
        return self.series.scorer.contributions(self.pulls, self.day)

    @cached_property
    def amounts(self) -> Mapping[UUID, float]:
        return {part.claim: part.amount for part in self.apart.parts}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What one claim contributed before and contributes after, and the events that changed it."""

    claim: UUID
    before: float
    after: float
    because: Because
    causes: tuple[Cause, ...] = field(default=())

    @property
    def amount(self) -> float:
        return self.after - self.before


@dataclass(frozen=True, kw_only=True)
class Changes:
    """Two scores and the changes between them, largest first.

    The amounts and `remainder` (of what nobody reported, and rounding) sum to `amount`.
    `redefined`: the events that changed the lens.
    """

    before: End
    after: End
    changes: tuple[Change, ...]
    redefined: tuple[Cause, ...] = field(default=())

    @property
    def amount(self) -> float:
        return self.after.value - self.before.value

    def split(
        self, most: int | None, *, reader: Reader
    ) -> tuple[Sequence[Change], Sequence[Change]]:
        """Return the largest `most` changes whose claims the reader may see, and all others."""
        at = self.after.series.as_of
        claims = [change.claim for change in self.changes]
        named = {*disclosure.first_disclosed(claims, at=at, most=most, reader=reader)}
        return (
            [change for change in self.changes if change.claim in named],
            [change for change in self.changes if change.claim not in named],
        )

    @property
    def remainder(self) -> float:
        return self.amount - sum(change.amount for change in self.changes)


def between_days(
    pair: str, *, direction: str, lens: str, days: tuple[date, date], as_of: At
) -> Changes:
    """Compare two days of one series, as known at one moment: only time passes.

    :raises lenses.NoSuchLens: :raises moment.AheadOfLog: :raises impacts.CatchingUp:
    """
    return of_series(pairs.series(pair, direction=direction, lens=lens, as_of=as_of), days)


def of_series(
    series: Series, days: tuple[date, date], *, known: Sequence[Impact] | None = None
) -> Changes:
    """Compare two days of a series. `known`: the impacts on its pair, if they are read already."""
    after = End(series=series, day=days[1], known=known)
    before = End(series=series, day=days[0], shared=after.pulls)
    pulls = {pull.claim: pull for pull in after.pulls}
    is_level = series.lens.model.levels
    changes = (
        Change(
            claim=claim,
            before=old,
            after=new,
            because=_reason_over_time(pulls[claim], before.day, is_level=is_level),
        )
        for claim, old, new in moved_claims(before, after)
    )
    return Changes(before=before, after=after, changes=_largest_first(changes))


def between_positions(
    pair: str, *, direction: str, lens: str, day: date, known: tuple[At, At], reader: Reader
) -> Changes:
    """Compare one day as known at two moments, the earlier first.

    Without a version in `lens`, the version in force at each moment is used.

    :raises lenses.NoSuchLens: :raises moment.AheadOfLog: :raises impacts.CatchingUp:
    """
    before, after = (
        End(series=pairs.series(pair, direction=direction, lens=lens, as_of=as_of), day=day)
        for as_of in known
    )
    return _between(before, after, reader)


def _between(before: End, after: End, reader: Reader) -> Changes:
    moved = list(moved_claims(before, after))
    series = after.series
    touching = causes.positions(series, after=before.series.position)
    redefined = redefinitions(before.series, series)
    at = series.position
    every = redefined.union(*(touching.get(claim, ()) for claim, _, _ in moved))
    by_position = causes.causes(every, at=at, reader=reader)
    hidden = disclosure.withheld_claims((claim for claim, _, _ in moved), at=at, reader=reader)
    changes = (
        caused(move, touching.get(move[0], set()), redefined, by_position, hidden=move[0] in hidden)
        for move in moved
    )
    return Changes(
        before=before,
        after=after,
        changes=_largest_first(changes),
        redefined=tuple(by_position[position] for position in sorted(redefined)),
    )


def caused(
    move: ClaimMove,
    touched: Set[int],
    redefined: Set[int],
    by_position: Mapping[int, Cause],
    *,
    hidden: bool,
) -> Change:
    """Return the change of a claim that was `touched` at some positions, with its causes. `hidden`:
    the claim is withheld from the reader."""
    claim, old, new = move
    positions = touched | redefined
    return Change(
        claim=claim,
        before=old,
        after=new,
        because="events" if positions else "others",
        causes=tuple(
            by_position[position]
            for position in sorted(positions)
            if position in redefined or _may_show(by_position[position], of=claim, hidden=hidden)
        ),
    )


def _may_show(cause: Cause, *, of: UUID, hidden: bool) -> bool:
    """Whether a cause may be shown for a claim. Records around a withheld claim reveal whom it
    names, and an event of a withheld claim reveals which claims it is linked with."""
    return cause.recorded.stream == of or not (hidden or cause.withheld)


def moved_claims(before: End, after: End) -> Iterable[ClaimMove]:
    """The claims with a different contribution before and after."""
    for claim in before.amounts.keys() | after.amounts.keys():
        old, new = before.amounts.get(claim, 0.0), after.amounts.get(claim, 0.0)
        if old != new:
            yield claim, old, new


def _reason_over_time(pull: Pull, since: date, *, is_level: bool) -> Because:
    """Why a claim's contribution changed after a day without an event. A level is moved by a
    situation that is no war on its first day only."""
    if pull.first > since.toordinal():
        return "began"
    lasts = is_war(pull) if is_level else pull.situation
    return "goes on" if lasts and pull.last > since.toordinal() else "time"


def redefinitions(before: Series, after: Series) -> set[int]:
    """Return the positions at which the lens was redefined, which may change every contribution."""
    if before.lens == after.lens:
        return set()
    return causes.redefinitions(after.lens.id, after=before.as_of, until=after.as_of)


def size_of_move(move: ClaimMove) -> tuple[float, int]:
    """Return the key by which moves are sorted, the largest first."""
    claim, old, new = move
    return -abs(new - old), claim.int


def _largest_first(changes: Iterable[Change]) -> tuple[Change, ...]:
    return tuple(sorted(changes, key=lambda one: size_of_move((one.claim, one.before, one.after))))
