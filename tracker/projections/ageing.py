"""Brings the table of pairs to a new day: every score ages, also where nothing happened."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import batched
from typing import Any

import structlog
from django.db import DatabaseError, connection, transaction

from tracker.domain.lenses import LensVersion
from tracker.log.messages import send
from tracker.projections.patience import be_patient
from tracker.projections.renewals import noted
from tracker.projections.tables import Current, show
from tracker.queries.scores import lenses
from tracker.queries.scores.knots import knot

CHUNK = 100
_DIRECTIONS = (
    "CROSS JOIN LATERAL (SELECT split_part(s.pair, '-', 1) AS one,"
    " split_part(s.pair, '-', 2) AS other) AS p CROSS JOIN LATERAL"
    " unnest(ARRAY[s.pair, one || '>' || other, other || '>' || one]) AS d (direction)"
)
logger = structlog.get_logger()


def age(*, today: date) -> int:
    """Bring the table of pairs to `today`; give how many lines of a pair and lens aged."""
    aged = 0
    for lens in lenses.latest():
        try:
            for pairs in batched(_behind(lens, today), CHUNK, strict=False):
                aged += _age(lens, pairs, today)
        except DatabaseError:
            raise
        except Exception:  # a lens that cannot be read must not stop the others
            logger.exception("lens does not age", lens=lens.label)
    return aged


def _behind(lens: LensVersion, today: date) -> list[str]:
    """The pairs with a line of an earlier day, or without one though their first day has come."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT s.pair FROM scored s {_DIRECTIONS}"  # noqa: S608
            " LEFT JOIN current_score c ON c.lens = s.lens AND c.lens_version = s.lens_version"
            " AND c.direction = d.direction WHERE s.lens = %(lens)s"
            " AND s.lens_version = %(version)s AND (c.day < %(today)s OR c.day IS NULL AND EXISTS"
            " (SELECT FROM knot k WHERE k.lens = s.lens AND k.lens_version = s.lens_version"
            " AND k.pair = s.pair AND k.direction = d.direction AND k.day <= %(today)s))"
            " ORDER BY s.pair",
            {"lens": lens.id, "version": lens.version, "today": today},
        )
        return [row[0] for row in cursor.fetchall()]


@transaction.atomic
def _age(lens: LensVersion, pairs: Sequence[str], today: date) -> int:
    """Age some pairs. Their lock makes a recomputation wait, or this wait for it."""
    be_patient()
    own: dict[str, Any] = {
        "lens": lens.id,
        "version": lens.version,
        "pairs": list(pairs),
        "today": today,
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pair FROM scored WHERE lens = %(lens)s AND lens_version = %(version)s"
            " AND pair = ANY(%(pairs)s) ORDER BY pair FOR UPDATE",
            own,
        )
        cursor.execute(
            "SELECT s.pair, d.direction, k.day, k.moments, k.claims, k.roots, k.state_roots,"  # noqa: S608
            f" k.last_claim_day FROM scored s {_DIRECTIONS} LEFT JOIN LATERAL"
            " (SELECT * FROM knot k WHERE k.lens = s.lens AND k.lens_version = s.lens_version"
            " AND k.pair = s.pair AND k.direction = d.direction AND k.day <= %(today)s"
            " ORDER BY k.day DESC LIMIT 1) AS k ON true"
            " WHERE s.lens = %(lens)s AND s.lens_version = %(version)s"
            " AND s.pair = ANY(%(pairs)s) ORDER BY s.pair, d.direction",
            own,
        )
        lines = list(_current(lens, cursor.fetchall()))
        send(*show(lines, today=today), noted("current_score"))
    return len(pairs)


def _current(lens: LensVersion, rows: Sequence[tuple[object, ...]]) -> Iterator[Current]:
    for pair, direction, *columns in rows:
        yield Current(
            lens=lens,
            pair=str(pair),
            direction=str(direction),
            knot=knot(columns) if columns[0] is not None else None,
        )
