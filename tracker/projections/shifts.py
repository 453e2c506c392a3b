"""Updates the shifts of every undirected pair under every lens, after new scores and each day, and
keeps what moved the latest ones, so that the list of shifts need not compute it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from itertools import batched, groupby
from math import inf
from operator import attrgetter
from time import monotonic
from typing import Any, NamedTuple

import structlog
from django.db import DatabaseError, connection, transaction

from tracker.domain.lenses import LensVersion
from tracker.domain.movements import WindowMovement
from tracker.domain.scoring.knot_columns import KnotColumns
from tracker.domain.scoring.moments import Scorer
from tracker.domain.shift_arrays import Daily, daily
from tracker.domain.shift_arrays import find as find_shifts
from tracker.domain.shifts import CHANGES, SLOW_MODELS, Shift
from tracker.log import Statement
from tracker.log.appending import execute_steps
from tracker.models.shifts import ShiftCauses, StoredShift, Watched
from tracker.projections.inserts import count_renewal, insert_rows, upsert
from tracker.projections.transaction_settings import be_patient
from tracker.queries.scores import knots, lenses, movements, pairs, shift_causes
from tracker.queries.scores.table import CHANGED, MOVED, SHIFT, movement, shift
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
# The movements of the last search that are those up to its day, of what the scores know now.
_MOVED = (
    f"SELECT w.pair, w.day, {', '.join(f'w.{column}' for column in MOVED)}"  # noqa: S608
    " FROM watched w JOIN scored s ON s.lens = w.lens AND s.lens_version = w.lens_version"
    " AND s.pair = w.pair AND s.position = w.position WHERE w.lens = %(lens)s"
    " AND w.lens_version = %(version)s AND w.pair = ANY(%(pairs)s)"
)
_FORGET = "DELETE FROM shift WHERE lens = %s AND lens_version = %s AND pair = ANY(%s)"
# Pairs per transaction: others wait for their scores meanwhile.
CHUNK = 10
# After so long a run begins no other causes of shifts: its work must end in time.
CAUSES_SECONDS = 60.0
# The shifts of a lens whose causes are kept: more than a page lists.
LATEST = 60
_LATEST = (
    "SELECT h.pair, s.position, k.position IS NOT DISTINCT FROM s.position AND k.peak = h.peak,"  # noqa: S608
    f" {', '.join(f'h.{column}' for column in SHIFT)} FROM (SELECT * FROM shift"
    " WHERE lens = %(lens)s AND lens_version = %(version)s"
    " ORDER BY seen DESC, pair DESC, start DESC LIMIT %(latest)s) h"
    " JOIN scored s ON s.lens = h.lens AND s.lens_version = h.lens_version AND s.pair = h.pair"
    " LEFT JOIN shift_causes k ON k.lens = h.lens AND k.lens_version = h.lens_version"
    " AND k.pair = h.pair AND k.seen = h.seen AND k.start = h.start"
    " ORDER BY h.pair, h.seen, h.start"
)
_FORGET_CAUSES = (
    "DELETE FROM shift_causes k WHERE k.lens = %s AND NOT (k.lens_version = %s AND EXISTS (SELECT"
    " FROM unnest(%s::text[], %s::date[], %s::date[]) AS own (pair, seen, start)"
    " WHERE own.pair = k.pair AND own.seen = k.seen AND own.start = k.start))"
)
_FORGET_OTHER_CAUSES = "DELETE FROM shift_causes WHERE NOT lens = ANY(%s::uuid[])"
logger = structlog.get_logger()


class _LockedPair(NamedTuple):
    """A pair with locked scores: their position, and the last day to search."""

    pair: str
    position: int
    until: date


class _Locked(NamedTuple):
    """Pairs with locked scores, the knots of each, and the movements that the last search found,
    with its day."""

    pairs: list[_LockedPair]
    series: dict[str, KnotColumns]
    searched: dict[str, tuple[date, Sequence[Any]]]


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
    if limit is None or searched < limit:
        keep_causes(seconds=None if limit is None else CAUSES_SECONDS)
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
    locked = _lock(lens, pairs, today)
    if not locked.pairs:
        return
    values = _values(lens.scorer, locked)
    execute_steps(
        [
            Statement(_FORGET, [lens.id, lens.version, [pair.pair for pair in locked.pairs]]),
            insert_rows(StoredShift, _shift_rows(lens, values)),
            upsert(
                Watched,
                _watched_rows(lens, locked, values),
                key=("lens", "lens_version", "pair"),
            ),
            count_renewal("shift"),
        ]
    )


def _lock(lens: LensVersion, pairs: list[str], today: date) -> _Locked:
    """Lock the scores of some pairs, and read what a search for shifts needs."""
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
        cursor.execute(_MOVED, parameters)
        searched = {pair: (day, moved) for pair, day, *moved in cursor.fetchall()}
    return _Locked(pairs=locked, series=series, searched=searched)


def _series(rows: Iterable[tuple[Any, ...]]) -> dict[str, KnotColumns]:
    """The knots of each pair, from its blocks in order."""
    series: dict[str, KnotColumns] = {}
    for pair, *columns in rows:
        series[pair] = series.get(pair, KnotColumns()).followed_by(KnotColumns(*columns))
    return series


def _values(scorer: Scorer, locked: _Locked) -> dict[str, Daily]:
    """The values of each day of the pairs that have a knot by their last day."""
    series = locked.series
    known = ((pair, series[pair.pair]) for pair in locked.pairs if pair.pair in series)
    return {
        pair.pair: daily(scorer, knots, until=pair.until)
        for pair, knots in known
        if knots.up_to(pair.until)
    }


def _shift_rows(lens: LensVersion, values: Mapping[str, Daily]) -> list[dict[str, Any]]:
    slow = lens.lens.model in SLOW_MODELS
    return [
        _key(lens, pair) | asdict(shift)
        for pair, daily_values in values.items()
        for shift in find_shifts(daily_values, slow=slow)
    ]


def _movements(lens: LensVersion, locked: _Locked) -> dict[str, WindowMovement | None]:
    """The movement of each pair since the day before its first act. It is that of the last search
    if nothing acted and no month began since."""
    if not lens.model.levels:
        return {}
    moved: dict[str, WindowMovement | None] = {}
    others: list[_LockedPair] = []
    for pair in locked.pairs:
        known = locked.series.get(pair.pair, KnotColumns())
        number = known.up_to(pair.until)
        if not number:
            continue
        day, columns = locked.searched.get(pair.pair, (date.min, ()))
        if known.day(number - 1) <= day <= pair.until:
            moved[pair.pair] = movement(columns, pair.until)
        else:
            others.append(pair)
    positions = {pair.pair: pair.position for pair in others}
    return moved | movements.of_pairs(lens, positions, {pair.pair: pair.until for pair in others})


def _watched_rows(
    lens: LensVersion, locked: _Locked, values: Mapping[str, Daily]
) -> list[dict[str, Any]]:
    scorer, moved = lens.scorer, _movements(lens, locked)
    return [
        _watched_row(
            lens,
            pair,
            values.get(pair.pair),
            moved.get(pair.pair),
            start=scorer.at(None, pair.until).value,
        )
        for pair in locked.pairs
    ]


def _watched_row(
    lens: LensVersion,
    pair: _LockedPair,
    values: Daily | None,
    moved: WindowMovement | None,
    *,
    start: float,
) -> dict[str, Any]:
    """The row of the table `watched`. `start` is the value before the first knot."""
    changes = [values.changed(n, start=start) if values else 0.0 for n in CHANGES]
    numbers = (moved.since, *moved[2:]) if moved else [None] * len(MOVED)
    return (
        _key(lens, pair.pair)
        | {"position": pair.position, "day": pair.until}
        | dict(zip((*CHANGED, *MOVED), (*changes, *numbers), strict=True))
    )


def _key(lens: LensVersion, pair: str) -> dict[str, Any]:
    return {"lens": lens.id, "lens_version": lens.version, "pair": pair}


class _Latest(NamedTuple):
    """A shift of a pair whose impacts last changed at a position; `kept` if its causes are."""

    pair: str
    position: int
    kept: bool
    shift: Shift


def keep_causes(*, seconds: float | None = None) -> int:
    """Compute what moved the latest shifts of each lens, if that is not kept or out of date, and
    delete the causes of earlier shifts. Returns the number of shifts computed. If scores change
    meanwhile, the new rows have an outdated position and are not read.

    After some `seconds` no other pair is begun, but for a first one; the next call goes on.
    """
    every = lenses.latest()
    execute_steps([Statement(_FORGET_OTHER_CAUSES, [[lens.id for lens in every]])])
    end = monotonic() + (inf if seconds is None else seconds)
    computed = 0
    for lens in every:
        computed += _keep_causes(lens, end)
        if computed and monotonic() >= end:
            break
    return computed


def _keep_causes(lens: LensVersion, end: float) -> int:
    rows = select(_LATEST, knots.key(lens) | {"latest": LATEST})
    latest = [
        _Latest(pair, position, bool(kept), shift(columns))
        for pair, position, kept, *columns in rows
    ]
    missing = [one for one in latest if not one.kept]
    places = [
        [one.pair for one in latest],
        [one.shift.seen for one in latest],
        [one.shift.start for one in latest],
    ]
    execute_steps([Statement(_FORGET_CAUSES, [lens.id, lens.version, *places])])
    computed = 0
    for _, own in groupby(missing, key=attrgetter("pair")):
        computed += _write_causes(lens, [*own])
        if monotonic() >= end:
            break
    return computed


def _write_causes(lens: LensVersion, shifts: Sequence[_Latest]) -> int:
    """Compute the causes of the shifts of one pair, and write them. Returns their number."""
    rows = [(one.pair, one.shift) for one in shifts]
    series = pairs.series_of_pairs(lens, [shifts[0].pair])
    parts = shift_causes.work_out(lens.lens.view.id, rows, series)
    written: list[dict[str, Any]] = [
        {
            "lens": lens.id,
            "lens_version": lens.version,
            "pair": one.pair,
            "seen": one.shift.seen,
            "start": one.shift.start,
            "peak": one.shift.peak,
            "position": one.position,
            "parts": shift_causes.written(own),
        }
        for one, own in zip(shifts, parts, strict=True)
    ]
    key = ("lens", "lens_version", "pair", "seen", "start")
    execute_steps([upsert(ShiftCauses, written, key=key)])
    return len(written)
