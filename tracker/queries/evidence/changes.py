"""Why a score moved: from one day to another, or from what was known at one moment to what was
known at another. Claim by claim, each with what caused it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Literal, NamedTuple
from uuid import UUID

from tracker import log
from tracker.domain.disclosure import Reader
from tracker.domain.lenses import LensVersion
from tracker.domain.scoring.evidence import Impact, Pull
from tracker.domain.scoring.moments import Explanation
from tracker.queries import moment
from tracker.queries.claims import disclosure, listing
from tracker.queries.evidence import causes, impacts
from tracker.queries.evidence.causes import Cause
from tracker.queries.moment import At
from tracker.queries.scores import lenses, pairs
from tracker.queries.scores.pairs import Series
from tracker.queries.sql import select

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

    def split(
        self, most: int | None, *, reader: Reader
    ) -> tuple[Sequence[Change], Sequence[Change]]:
        """Return the largest `most` changes whose claims the reader may see, and all others."""
        at = self.after.series.as_of
        claims = [change.claim for change in self.changes]
        named = {*disclosure.named(claims, at=at, most=most, reader=reader)}
        return (
            [change for change in self.changes if change.claim in named],
            [change for change in self.changes if change.claim not in named],
        )

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
    pair: str, *, direction: str, lens: str, days: tuple[date, date], as_of: At
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
    pair: str,
    *,
    direction: str,
    lens: str,
    day: date,
    known: tuple[At, At],
    reader: Reader,
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
    at = after.series.position
    told = causes.causes(anywhere.union(*own.values()), at=at, reader=reader)
    quiet = disclosure.withheld(own, at=at, reader=reader)
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


LENS = "standing"
MOST_PAIRS = 40
MOST_CLAIMS = 8
# After an archive came in all pairs have changed; those come first of which most was recorded.
_CHANGED = (
    "SELECT pair, count(*) OVER () FROM impact WHERE view = %(view)s"
    " AND (known_from > %(after)s OR known_until > %(after)s)"
    " GROUP BY pair ORDER BY count(*) DESC, pair LIMIT %(limit)s"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MovingClaim:
    """A claim that gives something else than before; `title` is how it is printed."""

    claim: UUID
    title: str
    change: Change


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedPair:
    """A pair on a day as it was known before, and as it is known now. `by_time` is how far it
    moved by itself, from the day before, under what is known now."""

    pair: str
    before: float
    after: float
    by_time: float
    why: tuple[MovingClaim, ...]
    others: int

    @property
    def amount(self) -> float:
        return self.after - self.before


@dataclass(frozen=True, slots=True, kw_only=True)
class OvernightChanges:
    """What became of pairs, and of how many more it is not told."""

    moved: tuple[MovedPair, ...]
    left_out: int


def overnight_changes(
    wanted: Iterable[str] | None, *, since: int, yesterday: date, today: date, reader: Reader
) -> OvernightChanges:
    """Say of each wanted pair what became of it since a position, or of all of which something
    was recorded; these come first. Of more than `MOST_PAIRS` it is told of the first, or of those
    of which most was recorded. Before its lens was defined nothing was known of any.

    :raises lenses.NoSuchLens: :raises impacts.CatchingUp:
    """
    lens = lenses.named(LENS, position=moment.now().position)
    defined = log.history([lens.id], words=False)[0].position
    known = (max(since, defined), impacts.served(lens.lens.view.id))
    every = _changed(lens, since) if wanted is None else _followed(wanted)
    found = [_moved_pair(pair, known, (yesterday, today), reader) for pair in every.pairs]
    told = [one for one in found if one.why or wanted is not None]
    told.sort(key=lambda one: (not one.why, -abs(one.amount), one.pair))
    return OvernightChanges(moved=tuple(told), left_out=every.of - len(every.pairs))


class _Chosen(NamedTuple):
    """Pairs, and `of` how many they are the first."""

    pairs: list[str]
    of: int


def _followed(wanted: Iterable[str]) -> _Chosen:
    every = list(dict.fromkeys(wanted))
    return _Chosen(every[:MOST_PAIRS], len(every))


def _changed(lens: LensVersion, since: int) -> _Chosen:
    """The pairs of which something else is known than at a position."""
    asked: dict[str, Any] = {"view": lens.lens.view.id, "after": since, "limit": MOST_PAIRS}
    rows = select(_CHANGED, asked)
    return _Chosen([row[0] for row in rows], rows[0][1] if rows else 0)


def _moved_pair(
    pair: str, known: tuple[int, int], days: tuple[date, date], reader: Reader
) -> MovedPair:
    then, now = known
    told = between_positions(
        pair,
        direction=pair,
        lens=LENS,
        day=days[1],
        known=(moment.known_at(min(then, now)), moment.known_at(now)),
        reader=reader,
    )
    series = pairs.series(pair, direction=pair, lens=LENS, as_of=moment.now())
    before, after = (series.on(day).score.value for day in days)
    return MovedPair(
        pair=pair,
        before=told.before.value,
        after=told.after.value,
        by_time=after - before,
        why=_why(told, reader),
        others=max(0, len(told.changes) - MOST_CLAIMS),
    )


def _why(known: Changes, reader: Reader) -> tuple[MovingClaim, ...]:
    shown = known.changes[:MOST_CLAIMS]
    titles = listing.titles((one.claim for one in shown), reader=reader)
    return tuple(MovingClaim(claim=one.claim, title=titles[one.claim], change=one) for one in shown)
