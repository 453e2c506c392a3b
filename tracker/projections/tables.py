"""Writes what was folded for a pair: how far it reaches, its knots, its lines in the table of
pairs. In this order, which is that of the locks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Q

from tracker.domain.lenses import LensVersion
from tracker.domain.scoring.moments import Knot as FoldedKnot
from tracker.models.derived import CurrentScore, Knot, Scored
from tracker.projections.folds import Line, last_knots


@dataclass(frozen=True, slots=True, kw_only=True)
class Current:
    """A series and the knot that holds on the day of the table, if there is one."""

    lens: LensVersion
    pair: str
    direction: str
    knot: FoldedKnot | None


def write(pair: str, lines: Sequence[Line], *, position: int, today: date) -> None:
    """Write all that was folded for a pair; its impacts changed last at `position`."""
    versions = {(line.lens.id, line.lens.version): None for line in lines}
    Scored.objects.bulk_create(
        [
            Scored(lens=lens, lens_version=version, pair=pair, position=position)
            for lens, version in versions
        ],
        update_conflicts=True,
        unique_fields=["lens", "lens_version", "pair"],
        update_fields=["position"],
    )
    _delete_outdated(pair, lines)
    Knot.objects.bulk_create(
        [_knot(pair, line, knot) for line in lines for knot in line.knots], batch_size=2_000
    )
    show(_current(pair, lines, today), today=today)


def show(series: Sequence[Current], *, today: date) -> None:
    """Write the lines of the table of pairs as of `today`; a series without a knot has none."""
    if gone := [one for one in series if one.knot is None]:
        rows = Q()
        for one in gone:
            rows |= Q(lens=one.lens.id, lens_version=one.lens.version, direction=one.direction)
        CurrentScore.objects.filter(rows).delete()
    CurrentScore.objects.bulk_create(
        [_shown(one, one.knot, today) for one in series if one.knot is not None],
        update_conflicts=True,
        unique_fields=["lens", "lens_version", "direction"],
        update_fields=[
            "pair",
            "day",
            "value",
            "low",
            "high",
            "claims",
            "roots",
            "state_roots",
            "last_claim_day",
        ],
    )


def forget(pair: str, versions: Iterable[tuple[UUID, int]]) -> None:
    """Delete what lens versions made of a pair that they no longer score."""
    stale = Q()
    for lens, version in versions:
        stale |= Q(lens=lens, lens_version=version)
    if stale:
        for table in (Scored, Knot, CurrentScore):
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


def _delete_outdated(pair: str, lines: Sequence[Line]) -> None:
    """Delete the knots from each line's day on."""
    with connection.cursor() as cursor:
        cursor.execute(
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


def _knot(pair: str, line: Line, knot: FoldedKnot) -> Knot:
    return Knot(
        lens=line.lens.id,
        lens_version=line.lens.version,
        pair=pair,
        direction=line.direction,
        day=knot.day,
        moments=list(knot.moments),
        claims=knot.claims,
        roots=knot.roots,
        state_roots=knot.state_roots,
        last_claim_day=knot.newest,
    )


def _shown(series: Current, knot: FoldedKnot, today: date) -> CurrentScore:
    score = series.lens.scorer(series.direction).at(knot, today)
    return CurrentScore(
        lens=series.lens.id,
        lens_version=series.lens.version,
        direction=series.direction,
        pair=series.pair,
        day=today,
        value=score.value,
        low=score.low,
        high=score.high,
        claims=knot.claims,
        roots=knot.roots,
        state_roots=knot.state_roots,
        last_claim_day=knot.newest or knot.day,
    )
