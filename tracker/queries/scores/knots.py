"""Knots: the days on which a series moved, as written by the last recomputation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tracker.domain.lenses import LensVersion
from tracker.domain.scoring import moments
from tracker.models.derived import Knot
from tracker.queries.evidence import impacts
from tracker.queries.moment import At
from tracker.queries.scores import lenses
from tracker.queries.sql import select


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
    rows = select(
        _STORED,
        {
            "view": lens.lens.view.id,
            "direction": direction,
            "lens": lens.id,
            "version": lens.version,
            "pairs": list(pairs),
        },
    )
    found: dict[str, Stored] = {}
    for pair, position, *columns in rows:
        own = found.setdefault(pair, (position, []))[1]
        if columns[0] is not None:
            own.append(knot(columns))
    return found


def settled(lens: LensVersion, pair: str, *, position: int) -> dict[str, list[moments.Knot]] | None:
    """The knots on record by direction, where they are those of a position: nothing that was known
    of the pair changed after it, and its scores are through. Else None."""
    rows = select(
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


# As `knots.stored` has it: how far a pair's scores reach, and the last knot up to a day.
_STORED_LEVELS = (
    "SELECT s.pair, CASE WHEN d.pair IS NULL AND q.subject IS NULL THEN c.position"
    " ELSE coalesce((SELECT min(at) - 1 FROM impact i,"
    " unnest(ARRAY[i.known_from, i.known_until]) AS at WHERE i.view = c.view"
    " AND i.pair = s.pair AND at > s.position), c.position) END, k.day, k.moments, k.claims,"
    " k.roots, k.state_roots, k.last_claim_day FROM scored s JOIN cursor c ON c.view = %(view)s"
    " LEFT JOIN dirty_pair d ON d.view = c.view AND d.pair = s.pair"
    " LEFT JOIN quarantine q ON q.view = c.view AND q.subject = 'pair:' || s.pair"
    " LEFT JOIN LATERAL (SELECT * FROM knot k WHERE k.lens = s.lens"
    " AND k.lens_version = s.lens_version AND k.pair = s.pair AND k.direction = s.pair"
    " AND k.day <= %(day)s ORDER BY k.day DESC LIMIT 1) k ON true"
    " WHERE s.lens = %(lens)s AND s.lens_version = %(version)s AND s.pair = ANY(%(pairs)s)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Levels:
    """The knot of each pair that holds on a day; None where nothing is on record by then.

    `position` is how far the scores of all of them reach.
    """

    lens: LensVersion
    as_of: int
    position: int
    knots: Mapping[str, moments.Knot | None]


def levels(pairs: Sequence[str], day: date, *, lens: str, as_of: At) -> Levels:
    """Give the last knot up to a day of each pair ("KAZ-RUS").

    :raises lenses.NoSuchLens: :raises moment.AheadOfLog: :raises impacts.CatchingUp:
    """
    asked = as_of.position
    chosen = lenses.named(lens, position=asked)
    current = as_of.is_now and "@" not in lens
    held = _stored_levels(chosen, pairs, day) if current else {}
    reached = [position for position, _ in held.values()]
    found = {pair: last for pair, (_, last) in held.items()}
    if missing := [pair for pair in pairs if pair not in held]:
        position = min(asked, impacts.served(chosen.lens.view.id))
        reached.append(position)
        found |= _folded(chosen, missing, day, position=position)
    position = min(reached, default=asked)
    return Levels(
        lens=chosen,
        as_of=position if as_of.is_now else asked,
        position=position,
        knots={pair: found[pair] for pair in pairs},
    )


def _stored_levels(
    lens: LensVersion, pairs: Sequence[str], day: date
) -> dict[str, tuple[int, moments.Knot | None]]:
    """The knots on record, each with the position that it reaches; unscored pairs are left out."""
    return {
        pair: (position, knot(columns) if columns[0] is not None else None)
        for pair, position, *columns in select(
            _STORED_LEVELS,
            {
                "view": lens.lens.view.id,
                "lens": lens.id,
                "version": lens.version,
                "pairs": list(pairs),
                "day": day,
            },
        )
    }


def _folded(
    lens: LensVersion, pairs: Sequence[str], day: date, *, position: int
) -> dict[str, moments.Knot | None]:
    known = impacts.known_of(lens.lens.view.id, pairs, position=position)
    found: dict[str, moments.Knot | None] = {}
    for pair in pairs:
        made = lens.scorer(pair).knots(lens.pulls(known[pair], pair), until=day)
        found[pair] = made[-1] if made else None
    return found
