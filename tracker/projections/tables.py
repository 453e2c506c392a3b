"""What writes what was folded for a pair: how far it reaches, its knots, its lines in the table of
pairs. In this order, which is that of the locks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import batched
from typing import Any
from uuid import UUID

from django.db.models import Q

from tracker.domain.lenses import LensVersion
from tracker.domain.scoring.moments import Knot as FoldedKnot
from tracker.log import Statement
from tracker.models.derived import CurrentScore, Knot, Scored
from tracker.models.shifts import Shift, Watched
from tracker.projections.folds import Line, last_knots
from tracker.projections.rowsets import insert, upsert

_HIDE = "DELETE FROM current_score WHERE lens = %s AND lens_version = %s AND direction = %s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Current:
    """A series and the knot that holds on the day of the table, if there is one."""

    lens: LensVersion
    pair: str
    direction: str
    knot: FoldedKnot | None


def write(pair: str, lines: Sequence[Line], *, position: int, today: date) -> list[Statement]:
    """What writes all that was folded for a pair; its impacts changed last at `position`."""
    versions = {(line.lens.id, line.lens.version): None for line in lines}
    reached = [
        {"lens": lens, "lens_version": version, "pair": pair, "position": position}
        for lens, version in versions
    ]
    knots = [_knot(pair, line, knot) for line in lines for knot in line.knots]
    return [
        upsert(Scored, reached, key=("lens", "lens_version", "pair")),
        _outdated(pair, lines),
        *(insert(Knot, some) for some in batched(knots, 2_000, strict=False)),
        *show(_current(pair, lines, today), today=today),
    ]


def show(series: Sequence[Current], *, today: date) -> list[Statement]:
    """What writes the table of pairs as of `today`; a series without a knot has no line there."""
    gone = [one for one in series if one.knot is None]
    shown = [_shown(one, one.knot, today) for one in series if one.knot is not None]
    key = ("lens", "lens_version", "direction")
    return [
        *(Statement(_HIDE, [one.lens.id, one.lens.version, one.direction]) for one in gone),
        *([upsert(CurrentScore, shown, key=key)] if shown else []),
    ]


def forget(pair: str, versions: Iterable[tuple[UUID, int]]) -> None:
    """Delete what lens versions made of a pair that they no longer score."""
    stale = Q()
    for lens, version in versions:
        stale |= Q(lens=lens, lens_version=version)
    if stale:
        for table in (Scored, Knot, CurrentScore, Shift, Watched):
            table.objects.filter(stale, pair=pair).delete()


def _current(pair: str, lines: Sequence[Line], today: date) -> list[Current]:
    """The knot that holds today in each line: one at hand, else an older one on record."""
    found = {line.key: line.on(today) for line in lines}
    older = {line.lens.id: line.lens for line in lines if line.kept and not found[line.key]}
    if older:
        tomorrow = today + timedelta(days=1)
        on_record = last_knots(pair, [(lens, tomorrow) for lens in older.values()])
        found |= {key: knot for key, knot in on_record.items() if found[key] is None}
    return [
        Current(lens=line.lens, pair=pair, direction=line.direction, knot=found[line.key])
        for line in lines
    ]


def _outdated(pair: str, lines: Sequence[Line]) -> Statement:
    """What deletes the knots from each line's day on."""
    return Statement(
        "DELETE FROM knot k USING unnest(%s::uuid[], %s::int[], %s::text[], %s::date[])"
        " AS l (lens, version, direction, day) WHERE k.lens = l.lens"
        " AND k.lens_version = l.version AND k.pair = %s AND k.direction = l.direction"
        " AND k.day >= l.day",
        [
            [line.lens.id for line in lines],
            [line.lens.version for line in lines],
            [line.direction for line in lines],
            [line.from_day for line in lines],
            pair,
        ],
    )


def _knot(pair: str, line: Line, knot: FoldedKnot) -> dict[str, Any]:
    return {
        "lens": line.lens.id,
        "lens_version": line.lens.version,
        "pair": pair,
        "direction": line.direction,
        "day": knot.day,
        "moments": knot.moments,
        "claims": knot.claims,
        "roots": knot.roots,
        "state_roots": knot.state_roots,
        "last_claim_day": knot.newest,
    }


def _shown(series: Current, knot: FoldedKnot, today: date) -> dict[str, Any]:
    score = series.lens.scorer(series.direction).at(knot, today)
    return {
        "lens": series.lens.id,
        "lens_version": series.lens.version,
        "direction": series.direction,
        "pair": series.pair,
        "day": today,
        "value": score.value,
        "low": score.low,
        "high": score.high,
        "claims": knot.claims,
        "roots": knot.roots,
        "state_roots": knot.state_roots,
        "last_claim_day": knot.newest or knot.day,
    }
