"""Keeps the shifts of every undirected pair under every lens, as its scores and the days go on."""

from datetime import date
from typing import Any, NamedTuple

import structlog
from django.db import DatabaseError, connection, transaction

from tracker.domain import shifts as domain
from tracker.domain.lenses import LensVersion
from tracker.log import Statement
from tracker.log.messages import send
from tracker.models.shifts import Shift, Watched
from tracker.projections.patience import be_patient
from tracker.projections.renewals import noted
from tracker.projections.rowsets import insert, upsert
from tracker.queries import knots, lenses

_BEHIND = (
    "SELECT s.pair FROM scored s LEFT JOIN watched w ON w.lens = s.lens"
    " AND w.lens_version = s.lens_version AND w.pair = s.pair WHERE s.lens = %(lens)s"
    " AND s.lens_version = %(version)s AND (w.pair IS NULL OR w.position <> s.position"
    " OR w.day < %(today)s) ORDER BY s.pair LIMIT %(limit)s"
)
# Their lock makes a recomputation wait, or this wait for it.
_HELD = (
    "SELECT s.position, GREATEST(%(today)s, (SELECT w.day FROM watched w WHERE w.lens = s.lens"
    " AND w.lens_version = s.lens_version AND w.pair = s.pair)) FROM scored s"
    " WHERE s.lens = %(lens)s AND s.lens_version = %(version)s AND s.pair = %(pair)s FOR UPDATE"
)
_KNOTS = (
    "SELECT day, moments, claims, roots, state_roots, last_claim_day FROM knot"
    " WHERE lens = %(lens)s AND lens_version = %(version)s AND pair = %(pair)s"
    " AND direction = %(pair)s AND day <= %(until)s ORDER BY day"
)
_FORGET = "DELETE FROM shift WHERE lens = %s AND lens_version = %s AND pair = %s"
logger = structlog.get_logger()


class _Place(NamedTuple):
    """A pair under a lens version."""

    lens: LensVersion
    pair: str

    @property
    def columns(self) -> dict[str, Any]:
        return {"lens": self.lens.id, "lens_version": self.lens.version, "pair": self.pair}


def find(*, today: date, limit: int | None = None) -> int:
    """Look for shifts up to `today` wherever scores changed or a day began since the last look, or
    at up to `limit` pairs of each lens; give at how many."""
    looked = 0
    for lens in lenses.latest():
        try:
            for pair in _behind(lens, today, limit):
                _look(_Place(lens, pair), today)
                looked += 1
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
def _look(place: _Place, today: date) -> None:
    """Find the shifts of a pair anew. The day that they reach never goes back."""
    be_patient()
    own: dict[str, Any] = {
        "lens": place.lens.id,
        "version": place.lens.version,
        "pair": place.pair,
        "today": today,
    }
    with connection.cursor() as cursor:
        cursor.execute(_HELD, own)
        held = cursor.fetchone()
        if held is None:
            return
        position, until = held
        cursor.execute(_KNOTS, own | {"until": until})
        series = [knots.knot(row) for row in cursor.fetchall()]
    scorer = place.lens.scorer(place.pair)
    values = domain.daily(scorer, series, until=until)
    found = domain.shifts(values, first=series[0].day) if series else []
    start = scorer.at(None, until).value
    reached = {
        **place.columns,
        "position": position,
        "day": until,
        **{f"change_{n}": domain.changed(values, n, start=start) for n in domain.CHANGES},
    }
    send(
        Statement(_FORGET, [place.lens.id, place.lens.version, place.pair]),
        *([insert(Shift, [_row(place, one) for one in found])] if found else []),
        upsert(Watched, [reached], key=("lens", "lens_version", "pair")),
        noted("shift"),
    )


def _row(place: _Place, shift: domain.Shift) -> dict[str, Any]:
    return {
        **place.columns,
        "seen": shift.seen,
        "start": shift.start,
        "peak": shift.peak,
        "amount": shift.amount,
        "sd": shift.sd,
    }
