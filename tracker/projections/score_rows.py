"""Writes the scores of a pair: its position, its knots, its rows in the table of pairs. The locks
are taken in this order."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import batched
from typing import Any
from uuid import UUID

import structlog
from django.db import DatabaseError, connection, transaction
from django.db.models import Q

from tracker.domain.lenses import LensVersion, directions
from tracker.domain.scoring import moments
from tracker.domain.scoring.evidence import Impact
from tracker.domain.scoring.moments import Knot as FoldedKnot
from tracker.log import Statement
from tracker.log.messages import send
from tracker.models.derived import CurrentScore, Scored, StoredKnot
from tracker.models.shifts import StoredShift, Watched
from tracker.projections.inserts import count_renewal, insert, upsert
from tracker.projections.transaction_settings import be_patient
from tracker.queries.scores import lenses
from tracker.queries.scores.knots import knot
from tracker.queries.sql import select

type Key = tuple[UUID, str]
type LastKnots = Mapping[Key, moments.Knot]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredDirection:
    """One direction of a pair under a lens. `knots` replace those from `from_day` on; `kept` is the
    last knot before them."""

    lens: LensVersion
    direction: str
    from_day: date
    kept: moments.Knot | None
    knots: Sequence[moments.Knot]

    @property
    def key(self) -> Key:
        return self.lens.id, self.direction

    def on(self, day: date) -> moments.Knot | None:
        """The last knot up to a day, among `kept` and `knots`."""
        return moments.latest([self.kept, *self.knots] if self.kept else self.knots, day)


def fold(
    lens: LensVersion, pair: str, impacts: Iterable[Impact], *, from_day: date, kept: LastKnots
) -> list[ScoredDirection]:
    """Fold a pair's impacts under a lens."""
    known = list(impacts)
    lines = []
    for direction in directions(pair):
        last = kept.get((lens.id, direction))
        new = lens.scorer(direction).knots(lens.pulls(known, direction), after=last)
        lines.append(
            ScoredDirection(lens=lens, direction=direction, from_day=from_day, kept=last, knots=new)
        )
    return lines


def last_knots(pair: str, before: Iterable[tuple[LensVersion, date]]) -> dict[Key, moments.Knot]:
    """The last knot of each direction of a pair before each lens's day, by one query."""
    series = [(lens.id, lens.version, day) for lens, day in before]
    return {
        (row[0], row[1]): knot(row[2:])
        for row in select(
            "SELECT s.lens, s.direction, k.day, k.moments, k.claims, k.roots, k.state_roots,"
            " k.last_claim_day FROM"
            " (SELECT * FROM unnest(%s::uuid[], %s::int[], %s::date[]) AS l (lens, version, day)"
            "  CROSS JOIN unnest(%s::text[]) AS d (direction)) AS s"
            " CROSS JOIN LATERAL (SELECT * FROM knot WHERE lens = s.lens"
            " AND lens_version = s.version AND pair = %s AND direction = s.direction"
            " AND day < s.day ORDER BY day DESC LIMIT 1) AS k",
            [*([key[n] for key in series] for n in range(3)), list(directions(pair)), pair],
        )
    }


_HIDE = "DELETE FROM current_score WHERE lens = %s AND lens_version = %s AND direction = %s"


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrentKnot:
    """A series and its knot on the day of the table, if there is one."""

    lens: LensVersion
    pair: str
    direction: str
    knot: FoldedKnot | None


def write(
    pair: str, lines: Sequence[ScoredDirection], *, position: int, today: date
) -> list[Statement]:
    """The statements that write a pair's lines. Its impacts last changed at `position`."""
    versions = {(line.lens.id, line.lens.version): None for line in lines}
    scored = [
        {"lens": lens, "lens_version": version, "pair": pair, "position": position}
        for lens, version in versions
    ]
    knots = [_knot(pair, line, knot) for line in lines for knot in line.knots]
    return [
        upsert(Scored, scored, key=("lens", "lens_version", "pair")),
        _delete_outdated(pair, lines),
        *(insert(StoredKnot, batch) for batch in batched(knots, 2_000, strict=False)),
        *show(_current_knots(pair, lines, today), today=today),
    ]


def show(series: Sequence[CurrentKnot], *, today: date) -> list[Statement]:
    """The statements that write the table of pairs as of `today`. A series without a knot has no
    row."""
    empty = [current for current in series if current.knot is None]
    rows = [
        _table_row(current, current.knot, today) for current in series if current.knot is not None
    ]
    key = ("lens", "lens_version", "direction")
    return [
        *(
            Statement(_HIDE, [current.lens.id, current.lens.version, current.direction])
            for current in empty
        ),
        *([upsert(CurrentScore, rows, key=key)] if rows else []),
    ]


def forget(pair: str, versions: Iterable[tuple[UUID, int]]) -> None:
    """Delete the scores of a pair under lens versions that no longer score it."""
    stale = Q()
    for lens, version in versions:
        stale |= Q(lens=lens, lens_version=version)
    if stale:
        for table in (Scored, StoredKnot, CurrentScore, StoredShift, Watched):
            table.objects.filter(stale, pair=pair).delete()


def _current_knots(pair: str, lines: Sequence[ScoredDirection], today: date) -> list[CurrentKnot]:
    """The current knot of each line: among its knots, else an older one in the table."""
    current = {line.key: line.on(today) for line in lines}
    older = {line.lens.id: line.lens for line in lines if line.kept and not current[line.key]}
    if older:
        tomorrow = today + timedelta(days=1)
        stored = last_knots(pair, [(lens, tomorrow) for lens in older.values()])
        current |= {key: knot for key, knot in stored.items() if current[key] is None}
    return [
        CurrentKnot(lens=line.lens, pair=pair, direction=line.direction, knot=current[line.key])
        for line in lines
    ]


def _delete_outdated(pair: str, lines: Sequence[ScoredDirection]) -> Statement:
    """The statement that deletes the knots from each line's day on."""
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


def _knot(pair: str, line: ScoredDirection, knot: FoldedKnot) -> dict[str, Any]:
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


def _table_row(series: CurrentKnot, knot: FoldedKnot, today: date) -> dict[str, Any]:
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


CHUNK = 100
_DIRECTIONS = (
    "CROSS JOIN LATERAL (SELECT split_part(s.pair, '-', 1) AS one,"
    " split_part(s.pair, '-', 2) AS other) AS p CROSS JOIN LATERAL"
    " unnest(ARRAY[s.pair, one || '>' || other, other || '>' || one]) AS d (direction)"
)
logger = structlog.get_logger()


def age(*, today: date) -> int:
    """Update the table of pairs to `today`. Returns the number of pairs, summed over lenses."""
    updated = 0
    for lens in lenses.latest():
        try:
            for pairs in batched(_behind(lens, today), CHUNK, strict=False):
                updated += _age(lens, pairs, today)
        except DatabaseError:
            raise
        except Exception:  # a lens that cannot be read must not stop the others
            logger.exception("cannot update the table of pairs", lens=lens.label)
    return updated


def _behind(lens: LensVersion, today: date) -> list[str]:
    """The pairs with a row of an earlier day, or without a row although they have a knot by now."""
    return [
        row[0]
        for row in select(
            f"SELECT DISTINCT s.pair FROM scored s {_DIRECTIONS}"  # noqa: S608
            " LEFT JOIN current_score c ON c.lens = s.lens AND c.lens_version = s.lens_version"
            " AND c.direction = d.direction WHERE s.lens = %(lens)s"
            " AND s.lens_version = %(version)s AND (c.day < %(today)s OR c.day IS NULL AND EXISTS"
            " (SELECT FROM knot k WHERE k.lens = s.lens AND k.lens_version = s.lens_version"
            " AND k.pair = s.pair AND k.direction = d.direction AND k.day <= %(today)s))"
            " ORDER BY s.pair",
            {"lens": lens.id, "version": lens.version, "today": today},
        )
    ]


@transaction.atomic
def _age(lens: LensVersion, pairs: Sequence[str], today: date) -> int:
    """Update some pairs. The lock excludes their recomputation meanwhile."""
    be_patient()
    parameters: dict[str, Any] = {
        "lens": lens.id,
        "version": lens.version,
        "pairs": list(pairs),
        "today": today,
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pair FROM scored WHERE lens = %(lens)s AND lens_version = %(version)s"
            " AND pair = ANY(%(pairs)s) ORDER BY pair FOR UPDATE",
            parameters,
        )
        cursor.execute(
            "SELECT s.pair, d.direction, k.day, k.moments, k.claims, k.roots, k.state_roots,"  # noqa: S608
            f" k.last_claim_day FROM scored s {_DIRECTIONS} LEFT JOIN LATERAL"
            " (SELECT * FROM knot k WHERE k.lens = s.lens AND k.lens_version = s.lens_version"
            " AND k.pair = s.pair AND k.direction = d.direction AND k.day <= %(today)s"
            " ORDER BY k.day DESC LIMIT 1) AS k ON true"
            " WHERE s.lens = %(lens)s AND s.lens_version = %(version)s"
            " AND s.pair = ANY(%(pairs)s) ORDER BY s.pair, d.direction",
            parameters,
        )
        lines = list(_current_lines(lens, cursor.fetchall()))
        send(*show(lines, today=today), count_renewal("current_score"))
    return len(pairs)


def _current_lines(lens: LensVersion, rows: Sequence[tuple[object, ...]]) -> Iterator[CurrentKnot]:
    for pair, direction, *columns in rows:
        yield CurrentKnot(
            lens=lens,
            pair=str(pair),
            direction=str(direction),
            knot=knot(columns) if columns[0] is not None else None,
        )
