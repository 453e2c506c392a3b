"""Keeps what moved the latest shifts of each lens, so that the list of shifts need not compute
it."""

from collections.abc import Sequence
from itertools import groupby
from math import inf
from operator import attrgetter
from time import monotonic
from typing import Any, NamedTuple

from tracker.domain.lenses import LensVersion
from tracker.domain.shifts import Shift
from tracker.log import Statement
from tracker.log.appending import execute_steps
from tracker.models.shifts import ShiftCauses
from tracker.projections.inserts import upsert
from tracker.queries.scores import knots, lenses, pairs, shift_causes
from tracker.queries.scores.table import SHIFT, shift
from tracker.queries.sql import select

# The shifts of a lens that are kept: more than a page lists.
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
_FORGET = (
    "DELETE FROM shift_causes k WHERE k.lens = %s AND NOT (k.lens_version = %s AND EXISTS (SELECT"
    " FROM unnest(%s::text[], %s::date[], %s::date[]) AS own (pair, seen, start)"
    " WHERE own.pair = k.pair AND own.seen = k.seen AND own.start = k.start))"
)
_FORGET_OTHERS = "DELETE FROM shift_causes WHERE NOT lens = ANY(%s::uuid[])"


class _Latest(NamedTuple):
    """A shift of a pair whose impacts last changed at a position; `kept` if its causes are."""

    pair: str
    position: int
    kept: bool
    shift: Shift


def keep(*, seconds: float | None = None) -> int:
    """Compute what moved the latest shifts of each lens, if that is not kept or out of date, and
    delete the causes of earlier shifts. Returns the number of shifts computed. If scores change
    meanwhile, the new rows have an outdated position and are not read.

    After some `seconds` no other pair is begun, but for a first one; the next call goes on.
    """
    every = lenses.latest()
    execute_steps([Statement(_FORGET_OTHERS, [[lens.id for lens in every]])])
    end = monotonic() + (inf if seconds is None else seconds)
    computed = 0
    for lens in every:
        computed += _keep(lens, end)
        if computed and monotonic() >= end:
            break
    return computed


def _keep(lens: LensVersion, end: float) -> int:
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
    execute_steps([Statement(_FORGET, [lens.id, lens.version, *places])])
    computed = 0
    for _, own in groupby(missing, key=attrgetter("pair")):
        computed += _write(lens, [*own])
        if monotonic() >= end:
            break
    return computed


def _write(lens: LensVersion, shifts: Sequence[_Latest]) -> int:
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
