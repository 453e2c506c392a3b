"""What moved pairs since a position of the log, and which claims: for the desk each morning."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from heapq import nsmallest
from itertools import chain
from typing import Any
from uuid import UUID

from tracker import log
from tracker.domain.disclosure import Reader
from tracker.domain.lenses import LensVersion
from tracker.domain.scoring.evidence import Impact
from tracker.queries import moment
from tracker.queries.claims import disclosure, listing
from tracker.queries.evidence import causes, changes, impacts
from tracker.queries.evidence.causes import PositionRange
from tracker.queries.evidence.changes import Change, ClaimMove, End
from tracker.queries.scores import lenses
from tracker.queries.scores.pairs import Series
from tracker.queries.sql import select

LENS = "standing"
# Pairs on the page: of those that somebody follows, and of all.
MOST_FOLLOWED, MOST_PAIRS = 40, 20
MOST_CLAIMS = 8
# The impacts that are compared for one page. A pair that would exceed them is only named.
MOST_IMPACTS = 5_000
# After the import of an archive all pairs have changed; pairs with most changes come first. Only
# the last changes are counted.
COUNTED = 20_000
_LAST_CHANGES = (
    "((SELECT pair FROM impact WHERE view = %(view)s AND known_from > %(after)s"
    " ORDER BY known_from DESC LIMIT %(counted)s) UNION ALL"
    " (SELECT pair FROM impact WHERE view = %(view)s AND known_until > %(after)s"
    " ORDER BY known_until DESC LIMIT %(counted)s)) changed"
)
_CHANGED = (
    f"SELECT pair, count(*) OVER () FROM {_LAST_CHANGES}"  # noqa: S608 # constant
    " GROUP BY pair ORDER BY count(*) DESC, pair LIMIT %(limit)s"
)
_CHANGES_OF = (
    f"SELECT pair, count(*) FROM {_LAST_CHANGES} WHERE pair = ANY(%(pairs)s::text[])"  # noqa: S608
    " GROUP BY pair"
)
_SCORED = (
    "SELECT count(*) FROM scored WHERE lens = %(lens)s AND lens_version = %(version)s"
    " AND position > %(after)s"
)
_SIZES = (
    "SELECT name, (SELECT count(*) FROM (SELECT FROM impact WHERE view = %(view)s AND pair = name"
    " LIMIT %(most)s + 1) own) FROM unnest(%(pairs)s::text[]) AS wanted (name)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MovingClaim:
    """A claim whose contribution changed; `title` is its printed title."""

    claim: UUID
    title: str
    change: Change


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedPair:
    """A pair on a day as known before and as known now. `by_time` is its change since the day
    before, as known now."""

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
    """The changes of pairs; the pairs with too many claims to compare; and how many more pairs
    changed."""

    moved: tuple[MovedPair, ...]
    too_large: tuple[str, ...]
    left_out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Compared:
    """A pair before and after, its largest moves, and how many others there are."""

    before: End
    after: End
    largest: Sequence[ClaimMove]
    others: int

    @property
    def name(self) -> str:
        return self.after.series.pair


def overnight_changes(
    wanted: Iterable[str] | None,
    *,
    since: int,
    yesterday: date,
    today: date,
    reader: Reader,
    most: int | None = None,
) -> OvernightChanges:
    """Return the changes of the wanted pairs since a position, or of all pairs with new impacts;
    these come first.

    Limited to the first `MOST_FOLLOWED`, or to the `MOST_PAIRS` with most changes, and to `most`
    impacts (`MOST_IMPACTS`). Before the lens was defined nothing was known of any pair.

    :raises lenses.NoSuchLens: :raises impacts.CatchingUp:
    """
    lens = lenses.find(LENS, position=moment.now().position)
    span = _span(lens, since)
    chosen, total = _chosen_pairs(lens, wanted, since)
    pairs = _within_limit(lens, chosen, most or MOST_IMPACTS)
    compared = _compared(pairs, span, today)
    moved = _explained(compared, span, yesterday, reader)
    shown = [pair for pair in moved if pair.why or wanted is not None]
    shown.sort(key=lambda pair: (not pair.why, -abs(pair.amount), pair.pair))
    return OvernightChanges(
        moved=tuple(shown),
        too_large=tuple(pair for pair in chosen if pair not in pairs),
        left_out=total - len(chosen),
    )


def _span(lens: LensVersion, since: int) -> PositionRange:
    """The positions after `since`, and after the lens was defined, that are served."""
    defined = log.history([lens.id], words=False)[0].position
    now = impacts.served_position(lens.lens.view.id)
    return PositionRange(after=min(max(since, defined), now), until=now)


def most_changed(pairs: Sequence[str], *, since: int) -> list[str]:
    """Sort pairs by the number of changes of their impacts since a position, most first. Only the
    last `COUNTED` changes are counted; pairs with equally many keep their order.

    :raises lenses.NoSuchLens:
    """
    view = lenses.find(LENS, position=moment.now().position).lens.view.id
    given = {"view": view, "after": since, "counted": COUNTED, "pairs": list(pairs)}
    changes_of = dict(select(_CHANGES_OF, given))
    return sorted(pairs, key=lambda pair: -changes_of.get(pair, 0))


def _chosen_pairs(
    lens: LensVersion, wanted: Iterable[str] | None, since: int
) -> tuple[list[str], int]:
    """The first of the wanted pairs, or of those whose impacts changed after a position, and how
    many there are."""
    if wanted is not None:
        all_pairs = list(dict.fromkeys(wanted))
        return all_pairs[:MOST_FOLLOWED], len(all_pairs)
    parameters: dict[str, Any] = {
        "view": lens.lens.view.id,
        "lens": lens.id,
        "version": lens.version,
        "after": since,
        "counted": COUNTED,
        "limit": MOST_PAIRS,
    }
    rows = select(_CHANGED, parameters)
    # If there are more changes than were counted, other pairs changed before them.
    [(scored,)] = select(_SCORED, parameters)
    return [row[0] for row in rows], max(scored, rows[0][1]) if rows else 0


def _within_limit(lens: LensVersion, pairs: Sequence[str], most: int) -> list[str]:
    """The pairs that have at most `most` impacts together; larger ones are left out."""
    parameters = {"view": lens.lens.view.id, "pairs": list(pairs), "most": most}
    sizes = dict(select(_SIZES, parameters))
    chosen, left = [], most
    for pair in pairs:
        if sizes[pair] <= left:
            chosen.append(pair)
            left -= sizes[pair]
    return chosen


def _compared(pairs: Sequence[str], span: PositionRange, day: date) -> list[_Compared]:
    """Compare a day of each pair as known at both ends of a span."""
    before, after = (_ends(pairs, position, day) for position in (span.after, span.until))
    return [_compare(*ends) for ends in zip(before, after, strict=True)]


def _ends(pairs: Sequence[str], position: int, day: date) -> list[End]:
    lens = lenses.find(LENS, position=position)
    known = impacts.on_pairs(lens.lens.view.id, pairs, position=position)
    return [
        End(series=_series(lens, pair, known[pair], position), day=day, known=known[pair])
        for pair in pairs
    ]


def _series(lens: LensVersion, pair: str, known: Sequence[Impact], position: int) -> Series:
    knots = lens.scorer.knots(lens.pulls(known, pair))
    return Series(
        pair=pair, direction=pair, lens=lens, as_of=position, position=position, knots=knots
    )


def _compare(before: End, after: End) -> _Compared:
    moves = list(changes.moved_claims(before, after))
    largest = nsmallest(MOST_CLAIMS, moves, key=changes.size_of_move)
    return _Compared(before=before, after=after, largest=largest, others=len(moves) - len(largest))


def _explained(
    compared: Sequence[_Compared], span: PositionRange, yesterday: date, reader: Reader
) -> list[MovedPair]:
    """Add to the largest moves of each pair their causes and titles, with few queries."""
    claims = {claim for pair in compared for claim, _, _ in pair.largest}
    titles = listing.titles(claims, reader=reader)
    by_pair = _changes(compared, claims, span, reader) if compared else {}
    return [
        _moved_pair(
            pair,
            yesterday,
            tuple(
                MovingClaim(claim=change.claim, title=titles[change.claim], change=change)
                for change in by_pair[pair.name]
            ),
        )
        for pair in compared
    ]


def _changes(
    compared: Sequence[_Compared], claims: Collection[UUID], span: PositionRange, reader: Reader
) -> dict[str, list[Change]]:
    """The largest changes of each pair."""
    before, after = compared[0].before.series, compared[0].after.series
    redefined = changes.redefinitions(before, after)
    touched = causes.positions_on_pairs(after.lens, [pair.name for pair in compared], claims, span)
    every = redefined.union(chain.from_iterable(touched.values()))
    by_position = causes.causes(every, at=span.until, reader=reader)
    hidden = disclosure.withheld_claims(claims, at=span.until, reader=reader)
    return {
        pair.name: [
            changes.caused(
                move,
                touched.get((pair.name, move[0]), set()),
                redefined,
                by_position,
                hidden=move[0] in hidden,
            )
            for move in pair.largest
        ]
        for pair in compared
    }


def _moved_pair(pair: _Compared, yesterday: date, why: tuple[MovingClaim, ...]) -> MovedPair:
    then, now = pair.after.series.values([yesterday, pair.after.day])
    return MovedPair(
        pair=pair.name,
        before=pair.before.value,
        after=pair.after.value,
        by_time=now - then,
        why=why,
        others=pair.others,
    )
