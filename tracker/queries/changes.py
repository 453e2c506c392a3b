"""Why a score moved: from one day to another, or from what was known at one moment to what was
known at another. Claim by claim, each with what caused it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Literal
from uuid import UUID

from tracker.domain.scoring.evidence import Impact, Pull
from tracker.domain.scoring.moments import Explanation
from tracker.queries import causes, guilt, impacts, pairs
from tracker.queries.causes import Cause
from tracker.queries.moment import AsOf
from tracker.queries.pairs import Series

# By events; through other claims alone, which wear it down or share with it; because its first
# day came; because the situation goes on; or because days passed.
Because = Literal["events", "others", "began", "goes on", "time"]


@dataclass(frozen=True, kw_only=True)
class End:
    """One of the two scores: a day of a series, taken apart."""

    series: Series
    day: date
    # The impacts on its pair, where somebody has read them.
    known: Sequence[Impact] | None = None

    @cached_property
    def value(self) -> float:
        return self.series.on(self.day).score.value

    @cached_property
    def pulls(self) -> Sequence[Pull]:
        lens, series = self.series.lens, self.series
        known = self.known
        if known is None:
            known = impacts.known(lens.lens.view.id, series.pair, position=series.position)
        return lens.pulls(known, series.direction)

    @cached_property
    def apart(self) -> Explanation:
        return self.series.scorer.contributions(self.pulls, self.day)

    @cached_property
    def amounts(self) -> Mapping[UUID, float]:
        return {part.claim: part.amount for part in self.apart.parts}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What one claim gave before and gives after, and the events that changed it, if any did."""

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
    """Two scores and what lies between them, largest first.

    `start`, the amounts and `remainder`, which is what rounding leaves, sum to `amount`. Where the
    start moved, `start_because` says why: `events` redefined the lens, it `began` on an anchor's
    day, or `others`, the claims, wear it down.
    """

    before: End
    after: End
    changes: tuple[Change, ...]
    redefined: tuple[Cause, ...] = field(default=())

    @property
    def amount(self) -> float:
        return self.after.value - self.before.value

    def told(self, most: int | None) -> tuple[Sequence[Change], Sequence[Change]]:
        """The largest `most` changes that may be named, and all others."""
        at = self.after.series.as_of
        own = {*guilt.named([one.claim for one in self.changes], at=at, most=most)}
        told = [one for one in self.changes if one.claim in own]
        return told, [one for one in self.changes if one.claim not in own]

    @property
    def start(self) -> float:
        return self.after.apart.start - self.before.apart.start

    @property
    def start_because(self) -> Because | None:
        if not self.start:
            return None
        if self.redefined:
            return "events"
        return "began" if _anchored(self.before) != _anchored(self.after) else "others"

    @property
    def start_causes(self) -> tuple[Cause, ...]:
        return self.redefined if self.start else ()

    @property
    def remainder(self) -> float:
        return self.amount - sum((one.amount for one in self.changes), self.start)


def _anchored(end: End) -> bool:
    return end.series.anchored(end.day)


def between_days(
    pair: str, *, direction: str, lens: str, days: tuple[date, date], as_of: AsOf = None
) -> Changes:
    """Compare two days of one series, as known at one moment: time passes, no event happens.

    :raises lenses.NoSuchLens: :raises moment.AheadOfLog: :raises impacts.CatchingUp:
    """
    return of_series(pairs.series(pair, direction=direction, lens=lens, as_of=as_of), days)


def of_series(
    series: Series, days: tuple[date, date], *, known: Sequence[Impact] | None = None
) -> Changes:
    """The same of a series that is at hand, and the impacts on its pair, if they are."""
    before, after = (End(series=series, day=day, known=known) for day in days)
    pulls = {pull.claim: pull for pull in after.pulls}
    found = (
        Change(claim=claim, before=old, after=new, because=_passing(pulls[claim], before.day))
        for claim, old, new in _moved(before, after)
    )
    return Changes(before=before, after=after, changes=_largest_first(found))


def between_positions(
    pair: str, *, direction: str, lens: str, day: date, known: tuple[AsOf, AsOf]
) -> Changes:
    """Compare what was known of one day at two moments, the earlier first.

    A lens that is not pinned is taken in the version in force at each of them.

    :raises lenses.NoSuchLens: :raises moment.AheadOfLog: :raises impacts.CatchingUp:
    """
    before, after = (
        End(series=pairs.series(pair, direction=direction, lens=lens, as_of=one), day=day)
        for one in known
    )
    moved = list(_moved(before, after))
    touching = _touching(before.series, after.series)
    anywhere = _redefined(before.series, after.series)
    own = {claim: touching.get(claim, set()) | anywhere for claim, _, _ in moved}
    told = causes.causes(anywhere.union(*own.values()), at=after.series.position)
    quiet = guilt.hushed(own, at=after.series.position) if guilt.in_public.get() else ()
    found = (
        Change(
            claim=claim,
            before=old,
            after=new,
            because="events" if own[claim] else "others",
            causes=tuple(
                told[one]
                for one in sorted(own[claim])
                if _may_tell(told[one], of=claim, quiet=claim in quiet) or one in anywhere
            ),
        )
        for claim, old, new in moved
    )
    return Changes(
        before=before,
        after=after,
        changes=_largest_first(found),
        redefined=tuple(told[one] for one in sorted(anywhere)),
    )


def _may_tell(cause: Cause, *, of: UUID, quiet: bool) -> bool:
    """Whether a cause may be told of a claim. What lies around a claim that may not be printed says
    whom it names, and an event of such a claim which others it belongs to."""
    return cause.recorded.stream == of or not (quiet or cause.withheld)


def _moved(before: End, after: End) -> Iterable[tuple[UUID, float, float]]:
    """The claims that give something else after than before."""
    for claim in sorted(before.amounts.keys() | after.amounts.keys()):
        old, new = before.amounts.get(claim, 0.0), after.amounts.get(claim, 0.0)
        if old != new:
            yield claim, old, new


def _passing(pull: Pull, since: date) -> Because:
    """Why what a claim gives changed after a day, though nobody wrote anything."""
    if pull.first > since.toordinal():
        return "began"
    return "goes on" if pull.situation and pull.last > since.toordinal() else "time"


def _touching(before: Series, after: Series) -> Mapping[UUID, set[int]]:
    return causes.positions(
        after.lens, after.pair, after.direction, after=before.position, until=after.position
    )


def _redefined(before: Series, after: Series) -> set[int]:
    """Where the lens itself became another, which may change what every claim gives."""
    if before.lens == after.lens:
        return set()
    return causes.redefinitions(after.lens.id, after=before.as_of, until=after.as_of)


def _largest_first(found: Iterable[Change]) -> tuple[Change, ...]:
    return tuple(sorted(found, key=lambda one: (-abs(one.amount), one.claim.int)))
