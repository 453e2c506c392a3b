"""The rows of claims, records and links that are in force now, or were as of a position."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import QuerySet

from tracker import log
from tracker.log.messages import select_prepared
from tracker.models import derived
from tracker.models.derived import StandingClaim, StandingLink, StandingRecord

type Table = type[StandingClaim] | type[StandingRecord] | type[StandingLink]
# The rows of one table; a past table has the same columns.
type Rows = QuerySet[Any]

_PAST: dict[Table, type[Any]] = {
    StandingClaim: derived.PastClaim,
    StandingRecord: derived.PastRecord,
    StandingLink: derived.PastLink,
}


def rows(
    table: Table, *columns: str, at: int | None, narrow: Callable[[Rows], Rows] | None = None
) -> QuerySet[Any, Any]:
    """Return columns of the rows in force at position `at` (None: now) that `narrow` keeps.

    `narrow` is called for each table and must not sort or slice. The result may be sorted by its
    columns, sliced and counted.
    """
    tables = [table.objects.all()]
    if at is not None:
        past = _PAST[table]
        tables = [
            _where(table, log.RECORDED_BY, at),
            _where(past, log.RECORDED_BY, at).extra(  # noqa: S610 # no words of others
                where=[f"NOT {log.ENDED_BY.format(table=past._meta.db_table)}"],  # noqa: SLF001
                params=[at],
            ),
        ]
    first, *rest = (
        (narrow(table_rows) if narrow else table_rows).values_list(*columns)
        for table_rows in tables
    )
    return first.union(*rest, all=True) if rest else first


def look_up(
    table: Table, columns: str, *, at: int | None, where: str, parameters: Sequence[Any], order: str
) -> list[tuple[Any, ...]]:
    """Return columns of the rows in force at position `at` (None: now), by a condition in SQL: for
    look-ups, which a `QuerySet` would slow down. `order` names some of the columns."""
    sources = [f"SELECT {columns} FROM {table._meta.db_table} WHERE {where}"]  # noqa: S608, SLF001
    values = [*parameters]
    if at is not None:
        past = _PAST[table]._meta.db_table  # noqa: SLF001
        then = log.RECORDED_BY.format(table=table._meta.db_table)  # noqa: SLF001
        was, ended = (sql.format(table=past) for sql in (log.RECORDED_BY, log.ENDED_BY))
        sources[0] += f" AND {then}"
        sources.append(f"SELECT {columns} FROM {past} WHERE {where} AND {was} AND NOT {ended}")  # noqa: S608
        values = [*parameters, at, *parameters, at, at]
    return select_prepared(f"{' UNION ALL '.join(sources)} ORDER BY {order}", values)


def _where(table: type[Any], condition: str, at: int) -> Rows:
    where = condition.format(table=table._meta.db_table)  # noqa: SLF001
    rows: Rows = table.objects.extra(where=[where], params=[at])  # noqa: S610 # no words of others
    return rows
