"""Knots: the days on which a series moved, as written by the last recomputation."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import connection

from tracker.domain.lenses import LensVersion
from tracker.domain.scoring import moments
from tracker.models.derived import Knot


def last(lens: LensVersion, direction: str, *, until: date) -> moments.Knot | None:
    """The last knot of a series that is not after a day."""
    rows = Knot.objects.filter(
        lens=lens.id, lens_version=lens.version, direction=direction, day__lte=until
    )
    row = rows.order_by("-day").first()
    return knot_of(row) if row else None


def knot_of(row: Knot) -> moments.Knot:
    """The knot that a row holds."""
    return moments.Knot(
        day=row.day,
        moments=tuple(row.moments),
        claims=row.claims,
        roots=row.roots,
        state_roots=row.state_roots,
        newest=row.last_claim_day,
    )


_STORED = """
    SELECT s.pair, CASE WHEN d.pair IS NULL AND q.subject IS NULL THEN c.position
        ELSE coalesce((SELECT min(at) - 1 FROM impact i,
            unnest(ARRAY[i.known_from, i.known_until]) AS at WHERE i.view = c.view
            AND i.pair = s.pair AND at > s.position), c.position) END,
        k.day, k.moments, k.claims, k.roots, k.state_roots, k.last_claim_day
    FROM scored s JOIN cursor c ON c.view = %(view)s
    LEFT JOIN dirty_pair d ON d.view = c.view AND d.pair = s.pair
    LEFT JOIN quarantine q ON q.view = c.view AND q.subject = 'pair:' || s.pair
    LEFT JOIN knot k ON k.lens = s.lens AND k.lens_version = s.lens_version
        AND k.pair = s.pair AND k.direction = coalesce(%(direction)s, s.pair)
    WHERE s.lens = %(lens)s AND s.lens_version = %(version)s AND s.pair = ANY(%(pairs)s)
    ORDER BY s.pair, k.day"""

type Stored = tuple[int, list[moments.Knot]]


def stored(lens: LensVersion, pair: str, direction: str) -> Stored | None:
    """The knots on record and the position they reach, read in one statement.

    They reach as far as the view has followed; if the pair waits for its scores or is set aside,
    up to the first change that is not in them. None where nothing is on record: a lens may be
    newer than its scores.
    """
    return _stored(lens, [pair], direction).get(pair)


def stored_of(lens: LensVersion, pairs: Sequence[str]) -> dict[str, Stored]:
    """The same of the undirected series of many pairs; those of which nothing is on record are
    left out."""
    return _stored(lens, pairs, None)


def _stored(lens: LensVersion, pairs: Sequence[str], direction: str | None) -> dict[str, Stored]:
    with connection.cursor() as cursor:
        cursor.execute(
            _STORED,
            {
                "view": lens.lens.view.id,
                "direction": direction,
                "lens": lens.id,
                "version": lens.version,
                "pairs": list(pairs),
            },
        )
        rows = cursor.fetchall()
    found: dict[str, Stored] = {}
    for pair, position, *columns in rows:
        own = found.setdefault(pair, (position, []))[1]
        if columns[0] is not None:
            own.append(knot(columns))
    return found


def settled(lens: LensVersion, pair: str, *, position: int) -> dict[str, list[moments.Knot]] | None:
    """The knots on record by direction, where they are those of a position: nothing that was known
    of the pair changed after it, and its scores are through. Else None."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT k.direction, k.day, k.moments, k.claims, k.roots, k.state_roots,"
            " k.last_claim_day FROM scored s LEFT JOIN knot k ON k.lens = s.lens"
            " AND k.lens_version = s.lens_version AND k.pair = s.pair"
            " WHERE s.lens = %(lens)s AND s.lens_version = %(version)s AND s.pair = %(pair)s"
            " AND s.position <= %(position)s AND NOT EXISTS"
            " (SELECT FROM dirty_pair d WHERE d.view = %(view)s AND d.pair = s.pair)"
            " AND NOT EXISTS (SELECT FROM quarantine q WHERE q.view = %(view)s"
            " AND q.subject = 'pair:' || s.pair) ORDER BY k.direction, k.day",
            {
                "lens": lens.id,
                "version": lens.version,
                "pair": pair,
                "position": position,
                "view": lens.lens.view.id,
            },
        )
        rows = cursor.fetchall()
    if not rows:
        return None
    found: dict[str, list[moments.Knot]] = {}
    for direction, *columns in rows:
        if direction is not None:
            found.setdefault(direction, []).append(knot(columns))
    return found


def knot(columns: Sequence[Any]) -> moments.Knot:
    """The knot of a row of day, moments, claims, roots, state roots, last claim's day."""
    day, state, claims, roots, owned, newest = columns
    return moments.Knot(
        day=day,
        moments=tuple(state),
        claims=claims,
        roots=roots,
        state_roots=owned,
        newest=newest,
    )
