"""Does the background work at once, and reads what came of it."""

import hashlib
from datetime import date, datetime

from django.db import connection

from tests.kit.builders import AT
from tracker.domain.scoring.moments import Knot
from tracker.projections import disclosure, impacts, scores
from tracker.projections.rebuild import rebuild
from tracker.queries import moment
from tracker.queries.moment import AsOf
from tracker.queries.scores import pairs

DAY = date(2022, 6, 1)
DERIVED = (
    "standing_claim",
    "standing_record",
    "standing_link",
    "past_claim",
    "past_record",
    "past_link",
    "disclosed",
    "cursor",
    "dependency",
    "impact",
    "dirty_pair",
    "quarantine",
    "knot_block",
    "scored",
    "current_score",
)


def work_off(*, at: datetime = AT) -> None:
    """Follow the log to its end and score what is dirty."""
    disclosure.follow_all()
    impacts.follow_all()
    scores.recompute_all(at=at)


def followed() -> int:
    """The position that both followers have reached, that of the one view and that of disclosure;
    0 until each has a cursor."""
    positions: list[int] = [position for (position,) in rows("cursor", "position")]
    return min(positions) if len(positions) == 2 else 0


def knots(
    pair: str = "KAZ-RUS",
    *,
    direction: str | None = None,
    lens: str = "standing",
    as_of: AsOf = None,
) -> list[Knot]:
    """The knots of a series, the undirected one if no direction is named."""
    return list(
        pairs.series(pair, direction=direction or pair, lens=lens, as_of=moment.at(as_of)).knots
    )


def value(pair: str = "KAZ-RUS", *, lens: str = "standing", as_of: AsOf = None) -> float:
    """The score of a pair on the first of June 2022."""
    return pairs.series(pair, direction=pair, lens=lens, as_of=moment.at(as_of)).on(DAY).score.value


def spoiled_knots(column: str, direction: str) -> str:
    """SQL that changes a bit of the first knot of each block of a series, so that the number is
    another one; of its moments the first, which is the mean of a level."""
    place = 6 if column == "moments" else 2
    return (
        f"UPDATE knot_block SET {column} = set_byte({column}, {place}, get_byte({column}, {place})"  # noqa: S608
        f" # 1) WHERE direction = '{direction}'"
    )


def rows(table: str, columns: str = "1") -> list[tuple[object, ...]]:
    """The rows of a derived table, in the order of their columns."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM {table} ORDER BY {columns}")  # noqa: S608
        return list(cursor.fetchall())


def digests() -> dict[str, str]:
    """What each derived table holds, as the hash of its text; nothing may be left to do."""
    assert rows("dirty_pair") == []
    return {table: digest(table) for table in DERIVED}


def rebuilt() -> dict[str, str]:
    """What each derived table holds after a rebuild from the log."""
    rebuild(today=AT.date(), report=lambda *_: None)
    return digests()


def digest(table: str) -> str:
    """Every primary key is made of a table's first columns, so the whole row sorts by it."""
    digest = hashlib.sha256()
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY (SELECT * FROM {table} t ORDER BY t) TO STDOUT") as lines,  # noqa: S608
    ):
        for line in lines:
            digest.update(line)
    return digest.hexdigest()
