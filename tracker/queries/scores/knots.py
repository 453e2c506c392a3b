"""Knots: the days on which a series moved, as written by the last recomputation.

They are stored in blocks (see `domain.scoring.knot_columns`); this module alone reads them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tracker.domain.lenses import LensVersion
from tracker.domain.scoring import moments
from tracker.domain.scoring.knot_columns import KnotColumns
from tracker.log.messages import select_prepared
from tracker.queries.evidence import impacts
from tracker.queries.moment import At
from tracker.queries.scores import lenses
from tracker.queries.sql import select

_NAMES = ("days", "moments", "claims", "roots", "state_roots", "newest")
# The columns of a row `k` of the table, in the order of `KnotColumns`.
COLUMNS = ", ".join(f"k.{name}" for name in _NAMES)


def last_block(day: str) -> str:
    """SQL of the columns of a block `k`, of which only the last knot up to a day is wanted.

    Mostly that is its last knot, and the others stay on disk.

    :param day: the SQL of the day.
    """
    return ", ".join(
        f"CASE WHEN k.last > {day} THEN k.{name} ELSE"
        f" substr(k.{name}, length(k.{name}) / k.n * (k.n - 1) + 1) END AS {name}"
        for name in _NAMES
    )


# How far the scores of pairs reach, and blocks of their knots.
_STORED = """
    SELECT s.pair, CASE WHEN d.pair IS NULL AND q.subject IS NULL THEN c.position
        ELSE coalesce((SELECT min(at) - 1 FROM impact i,
            unnest(ARRAY[i.known_from, i.known_until]) AS at WHERE i.view = c.view
            AND i.pair = s.pair AND at > s.position), c.position) END,
        {columns}
    FROM scored s JOIN cursor c ON c.view = %(view)s
    LEFT JOIN dirty_pair d ON d.view = c.view AND d.pair = s.pair
    LEFT JOIN quarantine q ON q.view = c.view AND q.subject = 'pair:' || s.pair
    LEFT JOIN LATERAL (SELECT * FROM knot_block k WHERE k.lens = s.lens
        AND k.lens_version = s.lens_version AND k.pair = s.pair
        AND k.direction = coalesce(%(direction)s, s.pair) {knots}) k ON true
    WHERE s.lens = %(lens)s AND s.lens_version = %(version)s AND s.pair = {pairs}
    ORDER BY s.pair, k.day"""
_ONE = _STORED.format(columns=COLUMNS, knots="", pairs="%(pair)s")
_ALL = _STORED.format(columns=COLUMNS, knots="", pairs="ANY(%(pairs)s)")
_LAST = _STORED.format(
    columns=last_block("%(day)s"),
    knots="AND k.day <= %(day)s ORDER BY k.day DESC LIMIT 1",
    pairs="ANY(%(pairs)s)",
)

type Stored = tuple[int, list[moments.Knot]]


def stored_knots(lens: LensVersion, pair: str, direction: str) -> Stored | None:
    """Return the stored knots and the position that they reach, read in one statement.

    They reach as far as the view has followed; if the pair's scores are pending or in quarantine,
    up to the first change that they lack. None if nothing is stored: a lens may be newer than its
    scores, and the stance of a country under a level is folded when it is read.
    """
    if direction not in lens.stored_directions(pair):
        return None
    parameters = key(lens) | {"direction": direction, "pair": pair}
    return _by_pair(select_prepared(_ONE, parameters, binary=True)).get(pair)


def stored_undirected(lens: LensVersion, pairs: Sequence[str]) -> dict[str, Stored]:
    """Return what `stored_knots` does for the undirected series of many pairs, without those of
    which nothing is stored."""
    return _by_pair(select(_ALL, key(lens) | {"direction": None, "pairs": list(pairs)}))


def _by_pair(rows: Iterable[Sequence[Any]]) -> dict[str, Stored]:
    series: dict[str, Stored] = {}
    for pair, position, *columns in rows:
        knots = series.setdefault(pair, (position, []))[1]
        if columns[0] is not None:
            knots += KnotColumns(*columns).knots()
    return series


def _last(
    lens: LensVersion, pairs: Sequence[str], day: date
) -> dict[str, tuple[int, moments.Knot | None]]:
    """The last knots up to a day of undirected series, each with the position that it reaches."""
    parameters = key(lens) | {"direction": None, "pairs": list(pairs), "day": day}
    return {
        pair: (position, last_knot(columns, day) if columns[0] is not None else None)
        for pair, position, *columns in select(_LAST, parameters)
    }


# A block whose columns do not fit together: `n`, `day` and `last` repeat what `days` has.
_DAMAGED = (
    "SELECT DISTINCT direction FROM knot_block WHERE lens = %(lens)s"
    " AND lens_version = %(version)s AND pair = ANY(%(pairs)s) AND (n <= 0"
    " OR 4 * n <> ANY(ARRAY[length(days), length(claims), length(roots), length(state_roots),"
    "  length(newest)])"
    " OR length(moments) = 0 OR length(moments) %% greatest(8 * n, 8) <> 0"
    " OR substr(days, 1, 4) <> int4send(day - DATE '0001-01-01' + 1)"
    " OR substr(days, length(days) - 3) <> int4send(last - DATE '0001-01-01' + 1))"
    " ORDER BY direction"
)


def damaged_series(lens: LensVersion, pairs: Sequence[str]) -> list[str]:
    """Return the directions of pairs with a block that cannot be read as it was written."""
    return [row[0] for row in select(_DAMAGED, key(lens) | {"pairs": list(pairs)})]


# The scores of a pair are those of a position: it did not change later, and none are pending.
SETTLED = (
    "s.lens = %(lens)s AND s.lens_version = %(version)s AND s.position <= %(position)s"
    " AND NOT EXISTS (SELECT FROM dirty_pair d WHERE d.view = %(view)s AND d.pair = s.pair)"
    " AND NOT EXISTS (SELECT FROM quarantine q WHERE q.view = %(view)s"
    " AND q.subject = 'pair:' || s.pair)"
)


def last_changes(lens: LensVersion, pairs: Sequence[str], *, position: int) -> dict[str, int]:
    """Return the last position at which pairs were recomputed, without those whose scores at a
    position are not complete."""
    rows = select(
        f"SELECT s.pair, s.position FROM scored s WHERE s.pair = ANY(%(pairs)s) AND {SETTLED}",  # noqa: S608
        key(lens) | {"pairs": list(pairs), "position": position},
    )
    return dict(rows)


def knots_at(
    lens: LensVersion, pair: str, *, position: int
) -> dict[str, list[moments.Knot]] | None:
    """Return the stored knots by direction, if they are those of a position. Else None."""
    rows = select(
        f"SELECT k.direction, {COLUMNS} FROM scored s"  # noqa: S608
        " LEFT JOIN knot_block k ON k.lens = s.lens"
        " AND k.lens_version = s.lens_version AND k.pair = s.pair"
        f" WHERE s.pair = %(pair)s AND {SETTLED} ORDER BY k.direction, k.day",
        key(lens) | {"pair": pair, "position": position},
    )
    if not rows:
        return None
    knots: dict[str, list[moments.Knot]] = {}
    for direction, *columns in rows:
        if direction is not None:
            knots.setdefault(direction, []).extend(KnotColumns(*columns).knots())
    return knots


def last_knot(columns: Sequence[Any], day: date) -> moments.Knot:
    """The last knot up to a day, from the columns of a block that begins by then."""
    block = KnotColumns(*columns)
    return block.knot(block.up_to(day) - 1)


def key(lens: LensVersion) -> dict[str, Any]:
    """Return the parameters of queries that narrow scores to a lens version and its view."""
    return {"lens": lens.id, "version": lens.version, "view": lens.lens.view.id}


@dataclass(frozen=True, slots=True, kw_only=True)
class Levels:
    """The knot of each pair that is valid on a day; None if the series begins later.

    `position` is how far the scores of all pairs reach.
    """

    lens: LensVersion
    as_of: int
    position: int
    knots: Mapping[str, moments.Knot | None]


def levels(pairs: Sequence[str], day: date, *, lens: str, as_of: At) -> Levels:
    """Return the last knot up to a day of each pair ("KAZ-RUS").

    :raises lenses.NoSuchLens: :raises moment.AheadOfLog: :raises impacts.CatchingUp:
    """
    until = as_of.position
    chosen = lenses.find(lens, position=until)
    current = as_of.is_now and "@" not in lens
    stored = _last(chosen, pairs, day) if current else {}
    positions = [position for position, _ in stored.values()]
    knots = {pair: knot for pair, (_, knot) in stored.items()}
    if missing := [pair for pair in pairs if pair not in stored]:
        position = min(until, impacts.served_position(chosen.lens.view.id))
        positions.append(position)
        knots |= _folded(chosen, missing, day, position=position)
    position = min(positions, default=until)
    return Levels(
        lens=chosen,
        as_of=position if as_of.is_now else until,
        position=position,
        knots={pair: knots[pair] for pair in pairs},
    )


def _folded(
    lens: LensVersion, pairs: Sequence[str], day: date, *, position: int
) -> dict[str, moments.Knot | None]:
    """The last knots of pairs, folded from the impacts known at a position."""
    known = impacts.on_pairs(lens.lens.view.id, pairs, position=position)
    knots: dict[str, moments.Knot | None] = {}
    for pair in pairs:
        series = lens.scorer.knots(lens.pulls(known[pair], pair), until=day)
        knots[pair] = series[-1] if series else None
    return knots
