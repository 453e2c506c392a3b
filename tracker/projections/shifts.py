"""Keeps the shifts of every undirected pair under every lens, as its scores and the days go on."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from itertools import batched
from typing import Any, NamedTuple

import structlog
from django.db import DatabaseError, connection, transaction

from tracker.domain import shifts as domain
from tracker.domain.lenses import LensVersion
from tracker.domain.scoring.moments import Knot
from tracker.log import Statement
from tracker.log.messages import send
from tracker.models.shifts import Shift, Watched
from tracker.projections.score_rows import noted
from tracker.projections.standing import insert, upsert
from tracker.projections.transaction_settings import be_patient
from tracker.queries.scores import knots, lenses

_BEHIND = (
    "SELECT s.pair FROM scored s LEFT JOIN watched w ON w.lens = s.lens"
    " AND w.lens_version = s.lens_version AND w.pair = s.pair WHERE s.lens = %(lens)s"
    " AND s.lens_version = %(version)s AND (w.pair IS NULL OR w.position <> s.position"
    " OR w.day < %(today)s) ORDER BY s.pair LIMIT %(limit)s"
)
# Their lock makes a recomputation wait, or this wait for it.
_HELD = (
    "SELECT s.pair, s.position, GREATEST(%(today)s, (SELECT w.day FROM watched w"
    " WHERE w.lens = s.lens AND w.lens_version = s.lens_version AND w.pair = s.pair))"
    " FROM scored s WHERE s.lens = %(lens)s AND s.lens_version = %(version)s"
    " AND s.pair = ANY(%(pairs)s) ORDER BY s.pair FOR UPDATE"
)
_KNOTS = (
    "SELECT pair, day, moments, claims, roots, state_roots, last_claim_day FROM knot"
    " WHERE lens = %(lens)s AND lens_version = %(version)s AND pair = ANY(%(pairs)s)"
    " AND direction = pair ORDER BY pair, day"
)
_FORGET = "DELETE FROM shift WHERE lens = %s AND lens_version = %s AND pair = ANY(%s)"
# Pairs that are looked at in one transaction: alone, each would wait for the database five times.
TOGETHER = 50
logger = structlog.get_logger()


class _Held(NamedTuple):
    """A pair whose scores are locked: the position they reach, and the day to look up to."""

    pair: str
    position: int
    until: date


def find(*, today: date, limit: int | None = None) -> int:
    """Look for shifts up to `today` wherever scores changed or a day began since the last look, or
    at up to `limit` pairs of each lens; give at how many."""
    looked = 0
    for lens in lenses.latest():
        try:
            behind = _behind(lens, today, limit)
            for pairs in batched(behind, TOGETHER, strict=False):
                _look(lens, list(pairs), today)
                looked += len(pairs)
        except DatabaseError:
            raise
        except Exception:  # a lens that cannot be read must not stop the others
            logger.exception("lens has no shifts", lens=lens.label)
    return looked


def _behind(lens: LensVersion, today: date, limit: int | None) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            _BEHIND,
            {"lens": lens.id, "version": lens.version, "today": today, "limit": limit},
        )
        return [row[0] for row in cursor.fetchall()]


@transaction.atomic
def _look(lens: LensVersion, pairs: list[str], today: date) -> None:
    """Find the shifts of some pairs anew. The day that they reach never goes back."""
    be_patient()
    about: dict[str, Any] = {
        "lens": lens.id,
        "version": lens.version,
        "pairs": pairs,
        "today": today,
    }
    with connection.cursor() as cursor:
        cursor.execute(_HELD, about)
        held = [_Held(*row) for row in cursor.fetchall()]
        cursor.execute(_KNOTS, about)
        series = _series(cursor.fetchall())
    if not held:
        return
    found: list[dict[str, Any]] = []
    reached: list[dict[str, Any]] = []
    for one in held:
        known = [knot for knot in series.get(one.pair, []) if knot.day <= one.until]
        moved, changes = _judged(lens, one, known)
        found += moved
        reached.append(changes)
    send(
        Statement(_FORGET, [lens.id, lens.version, [one.pair for one in held]]),
        *([insert(Shift, found)] if found else []),
        upsert(Watched, reached, key=("lens", "lens_version", "pair")),
        noted("shift"),
    )


def _series(rows: Iterable[tuple[Any, ...]]) -> dict[str, list[Knot]]:
    """The knots of each pair, in order."""
    found: dict[str, list[Knot]] = {}
    for pair, *columns in rows:
        found.setdefault(pair, []).append(knots.knot(columns))
    return found


def _judged(
    lens: LensVersion, held: _Held, series: list[Knot]
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The rows of a pair's shifts, and that of how far they were looked for."""
    scorer = lens.scorer(held.pair)
    values = domain.daily(scorer, series, until=held.until)
    start = scorer.at(None, held.until).value
    place = {"lens": lens.id, "lens_version": lens.version, "pair": held.pair}
    shifts = domain.shifts(values, first=series[0].day) if series else []
    changes = {f"change_{n}": domain.changed(values, n, start=start) for n in domain.CHANGES}
    return (
        [place | asdict(one) for one in shifts],
        place | {"position": held.position, "day": held.until} | changes,
    )
