"""What became of some pairs since a moment, and why: what was recorded, and what time did."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from tracker import log
from tracker.domain.lenses import LensVersion
from tracker.queries import changes, claims, impacts, lenses, moment, pairs
from tracker.queries.changes import Change, Changes

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
class Why:
    """A claim that gives something else than before; `title` is how it is printed."""

    claim: UUID
    title: str
    change: Change


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A pair on a day as it was known before, and as it is known now. `by_time` is how far it
    moved by itself, from the day before, under what is known now."""

    pair: str
    before: float
    after: float
    by_time: float
    why: tuple[Why, ...]
    others: int

    @property
    def amount(self) -> float:
        return self.after - self.before


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """What became of pairs, and of how many more it is not told."""

    moved: tuple[Moved, ...]
    left_out: int


def moved(wanted: Iterable[str] | None, *, since: int, yesterday: date, today: date) -> Night:
    """Say of each wanted pair what became of it since a position, or of all of which something
    was recorded; these come first. Of more than `MOST_PAIRS` it is told of the first, or of those
    of which most was recorded. Before its lens was defined nothing was known of any.

    :raises lenses.NoSuchLens: :raises impacts.CatchingUp:
    """
    lens = lenses.named(LENS, position=moment.resolve(None))
    defined = log.history([lens.id], words=False)[0].position
    known = (max(since, defined), impacts.served(lens.lens.view.id))
    every = _changed(lens, since) if wanted is None else _followed(wanted)
    found = [_moved(pair, known, (yesterday, today)) for pair in every.pairs]
    told = [one for one in found if one.why or wanted is not None]
    told.sort(key=lambda one: (not one.why, -abs(one.amount), one.pair))
    return Night(moved=tuple(told), left_out=every.of - len(every.pairs))


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
    with connection.cursor() as cursor:
        cursor.execute(_CHANGED, asked)
        rows = cursor.fetchall()
    return _Chosen([row[0] for row in rows], rows[0][1] if rows else 0)


def _moved(pair: str, known: tuple[int, int], days: tuple[date, date]) -> Moved:
    then, now = known
    told = changes.between_positions(
        pair, direction=pair, lens=LENS, day=days[1], known=(min(then, now), now)
    )
    series = pairs.series(pair, direction=pair, lens=LENS)
    before, after = (series.on(day).score.value for day in days)
    return Moved(
        pair=pair,
        before=told.before.value,
        after=told.after.value,
        by_time=after - before,
        why=_why(told),
        others=max(0, len(told.changes) - MOST_CLAIMS),
    )


def _why(known: Changes) -> tuple[Why, ...]:
    shown = known.changes[:MOST_CLAIMS]
    titles = claims.titles(one.claim for one in shown)
    return tuple(Why(claim=one.claim, title=titles[one.claim], change=one) for one in shown)
