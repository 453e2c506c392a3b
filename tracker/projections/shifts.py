"""Updates the shifts of every undirected pair under every lens, after new scores and each day."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from itertools import batched
from typing import Any, NamedTuple

import structlog
from django.db import DatabaseError, connection, transaction

from tracker.domain import shifts as domain
from tracker.domain.lenses import LensVersion
from tracker.domain.scoring.knot_columns import KnotColumns
from tracker.domain.scoring.moments import Knot
from tracker.log import Statement
from tracker.log.messages import send
from tracker.models.shifts import StoredShift, Watched
from tracker.projections.inserts import count_renewal, insert, upsert
from tracker.projections.transaction_settings import be_patient
from tracker.queries.scores import knots, lenses
from tracker.queries.sql import select

_BEHIND = (
    "SELECT s.pair FROM scored s LEFT JOIN watched w ON w.lens = s.lens"
    " AND w.lens_version = s.lens_version AND w.pair = s.pair WHERE s.lens = %(lens)s"
    " AND s.lens_version = %(version)s AND (w.pair IS NULL OR w.position <> s.position"
    " OR w.day < %(today)s) ORDER BY s.pair LIMIT %(limit)s"
)
# The lock excludes a recomputation of the pairs meanwhile.
_LOCK = (
    "SELECT s.pair, s.position, GREATEST(%(today)s, (SELECT w.day FROM watched w"
    " WHERE w.lens = s.lens AND w.lens_version = s.lens_version AND w.pair = s.pair))"
    " FROM scored s WHERE s.lens = %(lens)s AND s.lens_version = %(version)s"
    " AND s.pair = ANY(%(pairs)s) ORDER BY s.pair FOR UPDATE"
)
_KNOTS = (
    f"SELECT pair, {knots.COLUMNS} FROM knot_block k"  # noqa: S608
    " WHERE lens = %(lens)s AND lens_version = %(version)s AND pair = ANY(%(pairs)s)"
    " AND direction = pair ORDER BY pair, day"
)
_FORGET = "DELETE FROM shift WHERE lens = %s AND lens_version = %s AND pair = ANY(%s)"
# Pairs per transaction: each transaction costs five round trips to the database.
CHUNK = 50
logger = structlog.get_logger()


class _LockedPair(NamedTuple):
    """A pair with locked scores: their position, and the last day to search."""

    pair: str
    position: int
    until: date


def find(*, today: date, limit: int | None = None) -> int:
    """Find shifts up to `today` of all pairs whose scores changed or for which a day began since
    the last search, or of up to `limit` of them for each lens. Returns the number of pairs."""
    searched = 0
    for lens in lenses.latest():
        try:
            behind = _behind(lens, today, limit)
            for pairs in batched(behind, CHUNK, strict=False):
                _update(lens, list(pairs), today)
                searched += len(pairs)
        except DatabaseError:
            raise
        except Exception:  # a lens that cannot be read must not stop the others
            logger.exception("cannot find shifts", lens=lens.label)
    return searched


def _behind(lens: LensVersion, today: date, limit: int | None) -> list[str]:
    return [
        row[0]
        for row in select(
            _BEHIND, {"lens": lens.id, "version": lens.version, "today": today, "limit": limit}
        )
    ]


@transaction.atomic
def _update(lens: LensVersion, pairs: list[str], today: date) -> None:
    """Recompute the shifts of some pairs. The last day searched never moves back."""
    be_patient()
    parameters: dict[str, Any] = {
        "lens": lens.id,
        "version": lens.version,
        "pairs": pairs,
        "today": today,
    }
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, parameters)
        locked = [_LockedPair(*row) for row in cursor.fetchall()]
        cursor.execute(_KNOTS, parameters)
        series = _series(cursor.fetchall())
    if not locked:
        return
    shifts: list[dict[str, Any]] = []
    watched: list[dict[str, Any]] = []
    for pair in locked:
        past = [knot for knot in series.get(pair.pair, []) if knot.day <= pair.until]
        rows, row = _judge(lens, pair, past)
        shifts += rows
        watched.append(row)
    send(
        Statement(_FORGET, [lens.id, lens.version, [pair.pair for pair in locked]]),
        *([insert(StoredShift, shifts)] if shifts else []),
        upsert(Watched, watched, key=("lens", "lens_version", "pair")),
        count_renewal("shift"),
    )


def _series(rows: Iterable[tuple[Any, ...]]) -> dict[str, list[Knot]]:
    """The knots of each pair, in order."""
    series: dict[str, list[Knot]] = {}
    for pair, *columns in rows:
        series.setdefault(pair, []).extend(KnotColumns(*columns).knots())
    return series


def _judge(
    lens: LensVersion, pair: _LockedPair, series: list[Knot]
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The rows of a pair's shifts, and its row of the table `watched`."""
    scorer = lens.scorer(pair.pair)
    values = domain.daily(scorer, series, until=pair.until)
    start = scorer.at(None, pair.until).value
    key = {"lens": lens.id, "lens_version": lens.version, "pair": pair.pair}
    shifts = domain.shifts(values, first=series[0].day) if series else []
    changes = {f"change_{n}": domain.changed(values, n, start=start) for n in domain.CHANGES}
    return (
        [key | asdict(shift) for shift in shifts],
        key | {"position": pair.position, "day": pair.until} | changes,
    )
