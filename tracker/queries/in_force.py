"""The rows of claims, records and links that are in force now, or were as of a position."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.db.models import QuerySet

from tracker import log
from tracker.log.messages import select_prepared
from tracker.models import derived
from tracker.models.derived import StandingClaim, StandingLink, StandingRecord
from tracker.queries.sql import select, select_value

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A condition in SQL on rows that are in force at position `at` (None: now).

    `usual`: rows by id and the like, which are found in one way whatever the parameters are.
    """

    where: str
    parameters: Sequence[Any]
    at: int | None
    usual: bool = True


def look_up(
    table: Table, columns: str, condition: Condition, *, order: str, limit: int | None = None
) -> list[tuple[Any, ...]]:
    """Return columns of the rows of a condition: for look-ups, which a `QuerySet` would slow down.
    In the columns, `{table}` is the name of the table. `order` names some of the columns."""
    sources = _sources(table, columns, condition)
    ordered, last = f" ORDER BY {order}", list[int]()
    if limit is not None:
        ordered, last = f"{ordered} LIMIT %s", [limit]
    if len(sources) > 1 and last:
        # Each table is read in the order, up to the limit.
        sources = [(f"({sql}{ordered})", [*values, *last]) for sql, values in sources]
    rows = " UNION ALL ".join(sql for sql, _ in sources)
    # What is read as of a position is rarely read twice.
    read = select_prepared if condition.usual and condition.at is None else select
    values = chain.from_iterable(values for _, values in sources)
    return read(f"{rows}{ordered}", [*values, *last])


def count(table: Table, condition: Condition, *, most: int | None) -> int:
    """Return the number of the rows of a condition, counted up to `most`."""
    sources = _sources(table, "id", condition)
    rows = " UNION ALL ".join(sql for sql, _ in sources)
    values = chain.from_iterable(values for _, values in sources)
    counted = f"SELECT count(*) FROM ({rows} LIMIT %s) AS counted"  # noqa: S608 # ours
    return int(select_value(counted, [*values, most]))


def _sources(table: Table, columns: str, condition: Condition) -> list[tuple[str, list[Any]]]:
    """The queries of the rows of a condition, one for each table, with their parameters."""
    where, at = condition.where, condition.at
    present = table._meta.db_table  # noqa: SLF001
    now = f"SELECT {columns.replace('{table}', present)} FROM {present} WHERE {where}"  # noqa: S608
    if at is None:
        return [(now, [*condition.parameters])]
    past = _PAST[table]._meta.db_table  # noqa: SLF001
    then = log.RECORDED_BY.format(table=present)
    was, ended = (sql.format(table=past) for sql in (log.RECORDED_BY, log.ENDED_BY))
    before = f"SELECT {columns.replace('{table}', past)} FROM {past}"  # noqa: S608
    before = f"{before} WHERE {where} AND {was} AND NOT {ended}"
    return [
        (f"{now} AND {then}", [*condition.parameters, at]),
        (before, [*condition.parameters, at, at]),
    ]


def _where(table: type[Any], condition: str, at: int) -> Rows:
    where = condition.format(table=table._meta.db_table)  # noqa: SLF001
    rows: Rows = table.objects.extra(where=[where], params=[at])  # noqa: S610 # no words of others
    return rows
