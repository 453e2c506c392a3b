"""Writes the scores of pairs: their positions, their knots, their rows in the table of pairs. The
locks are taken in this order."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import batched
from typing import Any
from uuid import UUID

import structlog
from django.db import DatabaseError, connection, transaction

from tracker.domain.lenses import LensVersion
from tracker.domain.scoring.knot_columns import BLOCK
from tracker.domain.scoring.moments import Knot, Scorer
from tracker.log import Rows, Statement
from tracker.log.appending import execute_steps
from tracker.log.messages import send
from tracker.models.scores import CurrentScore, KnotBlock, Scored
from tracker.models.shifts import ShiftCauses, StoredShift, Watched
from tracker.projections.folding import ScoredDirection
from tracker.projections.inserts import count_renewal, insert_rows, upsert
from tracker.projections.transaction_settings import be_patient
from tracker.queries.scores import lenses
from tracker.queries.scores.knots import last_block, last_knot
from tracker.queries.sql import select


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrentKnot:
    """A series and its knot on the day of the table, if there is one."""

    lens: LensVersion
    scorer: Scorer
    pair: str
    direction: str
    knot: Knot | None


def write(
    lines: Sequence[ScoredDirection], positions: Mapping[str, int], *, today: date
) -> list[Statement | Rows]:
    """The statements that write lines. The impacts on each pair last changed at its position."""
    versions = sorted({(line.lens.id, line.lens.version, line.pair) for line in lines})
    scored = [
        {"lens": lens, "lens_version": version, "pair": pair, "position": positions.get(pair, 0)}
        for lens, version, pair in versions
    ]
    return [
        upsert(Scored, scored, key=("lens", "lens_version", "pair")),
        _delete_outdated(lines),
        insert_rows(KnotBlock, [row for line in lines for row in _blocks(line)]),
        *show(_current_knots(lines, today), today=today),
    ]


def show(series: Sequence[CurrentKnot], *, today: date) -> list[Statement | Rows]:
    """The statements that write the table of pairs as of `today`. A series without a knot has no
    row."""
    if not series:
        return []
    versions = [(one.lens.id, one.lens.version, one.direction) for one in series]
    rows = [_table_row(one, one.knot, today) for one in series if one.knot is not None]
    return [Statement(_HIDE, _columns(versions)), insert_rows(CurrentScore, rows)]


_HIDE = (
    "DELETE FROM current_score c USING unnest(%s::uuid[], %s::int[], %s::text[])"
    " AS s (lens, version, direction) WHERE c.lens = s.lens AND c.lens_version = s.version"
    " AND c.direction = s.direction"
)
_FORGET = (
    "DELETE FROM {} t USING unnest(%s::text[], %s::uuid[], %s::int[]) AS s (pair, lens, version)"
    " WHERE t.pair = s.pair AND t.lens = s.lens AND t.lens_version = s.version"
)


def forget(versions: Collection[tuple[str, UUID, int]]) -> None:
    """Delete the scores of pairs under lens versions that no longer score them."""
    if versions:
        tables = (Scored, KnotBlock, CurrentScore, StoredShift, ShiftCauses, Watched)
        names = [table._meta.db_table for table in tables]  # noqa: SLF001
        send(*(Statement(_FORGET.format(name), _columns([*versions])) for name in names))


def _columns(rows: Sequence[tuple[Any, ...]]) -> list[list[Any]]:
    """The columns of rows, for `unnest`."""
    return [*map(list, zip(*rows, strict=True))]


def _current_knots(lines: Sequence[ScoredDirection], today: date) -> list[CurrentKnot]:
    """The current knot of each line."""
    return [
        CurrentKnot(
            lens=line.lens,
            scorer=line.lens.scorer,
            pair=line.pair,
            direction=line.direction,
            knot=line.knots.knot(place - 1) if (place := line.knots.up_to(today)) else None,
        )
        for line in lines
    ]


_OUTDATED = (
    "DELETE FROM knot_block k USING"
    " unnest(%s::uuid[], %s::int[], %s::text[], %s::text[], %s::date[])"
    " AS s (lens, version, pair, direction, day) WHERE k.lens = s.lens"
    " AND k.lens_version = s.version AND k.pair = s.pair AND k.direction = s.direction"
    " AND k.day >= s.day"
)


def _delete_outdated(lines: Sequence[ScoredDirection]) -> Statement:
    rows = []
    for line in lines:
        knots, place = line.knots, _outdated(line)
        if place < knots.number:
            day = min(line.from_day, knots.day(place))
        else:
            # The series is shorter now.
            after_last = knots.day(-1) + timedelta(days=1) if knots.number else date.min
            day = min(line.from_day, after_last)
        rows.append((line.lens.id, line.lens.version, line.pair, line.direction, day))
    return Statement(_OUTDATED, _columns(rows))


def _outdated(line: ScoredDirection) -> int:
    """The place of the first knot of the first block that is written anew."""
    if line.from_day == date.min:
        return 0
    place = line.knots.up_to(line.from_day - timedelta(days=1))
    return place - place % BLOCK


def _blocks(line: ScoredDirection) -> Iterator[dict[str, Any]]:
    for block in line.knots.part(_outdated(line), line.knots.number).blocks():
        yield {
            "lens": line.lens.id,
            "lens_version": line.lens.version,
            "pair": line.pair,
            "direction": line.direction,
            "day": block.day(0),
            "n": block.number,
            "last": block.day(block.number - 1),
            "days": block.days,
            "moments": block.moments,
            "claims": block.claims,
            "roots": block.roots,
            "state_roots": block.state_roots,
            "newest": block.newest,
        }


def _table_row(series: CurrentKnot, knot: Knot, today: date) -> dict[str, Any]:
    score = series.scorer.at(knot, today)
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
        "last_claim_day": knot.newest or (None if series.lens.model.levels else knot.day),
    }


CHUNK = 100
# Those of `LensVersion.stored_directions`.
_DIRECTIONS = (
    "CROSS JOIN LATERAL (SELECT split_part(s.pair, '-', 1) AS one,"
    " split_part(s.pair, '-', 2) AS other) AS p CROSS JOIN LATERAL"
    " unnest(CASE WHEN %(level)s THEN ARRAY[s.pair]"
    " ELSE ARRAY[s.pair, one || '>' || other, other || '>' || one] END) AS d (direction)"
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
            " (SELECT FROM knot_block k WHERE k.lens = s.lens AND k.lens_version = s.lens_version"
            " AND k.pair = s.pair AND k.direction = d.direction AND k.day <= %(today)s))"
            " ORDER BY s.pair",
            _of(lens) | {"today": today},
        )
    ]


# The last block of each direction of pairs that begins up to a day.
_LAST_OF_PAIRS = (
    f"SELECT s.pair, d.direction, {last_block('%(today)s')}"  # noqa: S608
    f" FROM scored s {_DIRECTIONS} LEFT JOIN LATERAL"
    " (SELECT * FROM knot_block k WHERE k.lens = s.lens AND k.lens_version = s.lens_version"
    " AND k.pair = s.pair AND k.direction = d.direction AND k.day <= %(today)s"
    " ORDER BY k.day DESC LIMIT 1) AS k ON true"
    " WHERE s.lens = %(lens)s AND s.lens_version = %(version)s"
    " AND s.pair = ANY(%(pairs)s) ORDER BY s.pair, d.direction"
)


def scored_pairs(lens: LensVersion) -> list[str]:
    """The pairs that are scored under a version of a lens, in order."""
    rows = Scored.objects.filter(lens=lens.id, lens_version=lens.version)
    return list(rows.order_by("pair").values_list("pair", flat=True))


def wrong_rows(lens: LensVersion, pairs: Sequence[str], *, today: date) -> Iterator[str]:
    """Rows of the table of pairs that are not what the stored knots give on their day."""
    rows = CurrentScore.objects.filter(lens=lens.id, lens_version=lens.version, pair__in=pairs)
    names = [field.name for field in CurrentScore._meta.fields if field.name != "pk"]  # noqa: SLF001
    stored = {row["direction"]: row for row in rows.values(*names)}
    # A row may be missing until the day of its first knot is shown.
    begun = today - timedelta(days=2)
    for day in sorted({begun, *(row["day"] for row in stored.values())}):
        parameters = _of(lens) | {"pairs": list(pairs), "today": day}
        for one in _current_lines(lens, select(_LAST_OF_PAIRS, parameters), day):
            row = stored.get(one.direction)
            expected = one.knot and _table_row(one, one.knot, day)
            if row is None and expected and day == begun:
                yield f"{one.direction} under {lens.label} is missing in the table of pairs"
            elif row and row["day"] == day and row != expected:
                yield f"{one.direction} under {lens.label} in the table of pairs"


def orphan_rows() -> list[str]:
    """Rows of the table of pairs that belong to no scored pair."""
    return [
        f"{direction} in the table of pairs is not scored"
        for (direction,) in select(
            "SELECT direction FROM current_score c WHERE NOT EXISTS (SELECT FROM scored s"
            " WHERE s.lens = c.lens AND s.lens_version = c.lens_version AND s.pair = c.pair)"
            " ORDER BY direction LIMIT 20"
        )
    ]


@transaction.atomic
def _age(lens: LensVersion, pairs: Sequence[str], today: date) -> int:
    """Update some pairs. The lock excludes their recomputation meanwhile."""
    be_patient()
    parameters = _of(lens) | {"pairs": list(pairs), "today": today}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pair FROM scored WHERE lens = %(lens)s AND lens_version = %(version)s"
            " AND pair = ANY(%(pairs)s) ORDER BY pair FOR UPDATE",
            parameters,
        )
        cursor.execute(_LAST_OF_PAIRS, parameters)
        lines = list(_current_lines(lens, cursor.fetchall(), today))
    execute_steps([*show(lines, today=today), count_renewal("current_score")])
    return len(pairs)


def _of(lens: LensVersion) -> dict[str, Any]:
    return {"lens": lens.id, "version": lens.version, "level": lens.model.levels}


def _current_lines(
    lens: LensVersion, rows: Sequence[tuple[Any, ...]], today: date
) -> Iterator[CurrentKnot]:
    scorer = lens.scorer
    for pair, direction, *columns in rows:
        yield CurrentKnot(
            lens=lens,
            scorer=scorer,
            pair=pair,
            direction=direction,
            knot=last_knot(columns, today) if columns[0] is not None else None,
        )
