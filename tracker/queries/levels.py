"""The undirected scores of many pairs at the end of a day, with one question for all of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

from tracker.domain.lenses import LensVersion
from tracker.domain.scoring import moments
from tracker.queries import impacts, lenses, moment
from tracker.queries.knots import knot
from tracker.queries.moment import AsOf

# As `knots.stored` has it: how far a pair's scores reach, and the last knot up to a day.
_STORED = (
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


def levels(pairs: Sequence[str], day: date, *, lens: str, as_of: AsOf) -> Levels:
    """Give the last knot up to a day of each pair ("KAZ-RUS").

    :raises lenses.NoSuchLens: :raises moment.AheadOfLog: :raises impacts.CatchingUp:
    """
    asked = moment.resolve(as_of)
    chosen = lenses.named(lens, position=asked)
    current = as_of is None and "@" not in lens
    held = _stored(chosen, pairs, day) if current else {}
    reached = [position for position, _ in held.values()]
    found = {pair: last for pair, (_, last) in held.items()}
    if missing := [pair for pair in pairs if pair not in held]:
        position = min(asked, impacts.served(chosen.lens.view.id))
        reached.append(position)
        found |= _folded(chosen, missing, day, position=position)
    position = min(reached, default=asked)
    return Levels(
        lens=chosen,
        as_of=position if as_of is None else asked,
        position=position,
        knots={pair: found[pair] for pair in pairs},
    )


def _stored(
    lens: LensVersion, pairs: Sequence[str], day: date
) -> dict[str, tuple[int, moments.Knot | None]]:
    """The knots on record, each with the position that it reaches; unscored pairs are left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            _STORED,
            {
                "view": lens.lens.view.id,
                "lens": lens.id,
                "version": lens.version,
                "pairs": list(pairs),
                "day": day,
            },
        )
        return {
            pair: (position, knot(columns) if columns[0] is not None else None)
            for pair, position, *columns in cursor.fetchall()
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
