"""Statements that write rows of derived tables."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import Field, Model

from tracker.log import Rows, Statement

type Columns = Mapping[str, Any]

# From this number of rows on, COPY is faster.
MANY = 20
_TYPES = {
    "BigIntegerField": "int8",
    "BinaryField": "bytea",
    "BooleanField": "bool",
    "DateField": "date",
    "FloatField": "float8",
    "IntegerField": "int4",
    "JSONField": "jsonb",
    "TextField": "text",
    "UUIDField": "uuid",
}


def insert_rows(table: type[Model], rows: Sequence[Columns]) -> Statement | Rows:
    """Insert rows by the faster way; absent columns are null."""
    if len(rows) < MANY:
        return insert(table, rows)
    types = column_types(table)
    values = [[_copy_value(row.get(column)) for column in types] for row in rows]
    return Rows(table._meta.db_table, types, values)  # noqa: SLF001


def _copy_value(value: Any) -> Any:
    """A value for COPY. psycopg writes a tuple as a record, not as an array."""
    return list(value) if isinstance(value, tuple) else value


@cache
def column_types(table: type[Model]) -> dict[str, str]:
    """The type of each column, by its name."""
    return {
        field.column: _type(field)
        for field in table._meta.concrete_fields  # noqa: SLF001
        if field.column
    }


def _type(field: "Field[Any, Any]") -> str:
    if isinstance(field, ArrayField):
        return f"{_type(field.base_field)}[]"
    return _TYPES[field.get_internal_type()]


def insert(table: type[Model], rows: Sequence[Columns]) -> Statement:
    """Insert rows; absent columns are null. Floats arrive bit for bit."""
    return Statement(insert_sql(table), [json.dumps(rows, default=_json_value)])


def _json_value(value: Any) -> str:
    return f"\\x{value.hex()}" if isinstance(value, bytes) else str(value)


def upsert(table: type[Model], rows: Sequence[Columns], *, key: tuple[str, ...]) -> Statement:
    """Insert rows, or replace those with the same key."""
    return Statement(upsert_sql(table, key), [json.dumps(rows, default=str)])


@cache
def upsert_sql(table: type[Model], key: tuple[str, ...]) -> str:
    """The statement that inserts or replaces rows, given as one JSON parameter."""
    columns = [field.column for field in table._meta.concrete_fields if field.column]  # noqa: SLF001
    assignments = ", ".join(
        f"{column} = excluded.{column}" for column in columns if column not in key
    )
    return f"{insert_sql(table)} ON CONFLICT ({', '.join(key)}) DO UPDATE SET {assignments}"


@cache
def insert_sql(table: type[Model]) -> str:
    """The statement that inserts rows, given as one JSON parameter."""
    name = table._meta.db_table  # noqa: SLF001
    return f"INSERT INTO {name} SELECT * FROM json_populate_recordset(NULL::{name}, %s)"  # noqa: S608


@cache
def copy_sql(source: type[Model], target: type[Model]) -> str:
    """The statement that copies rows, given by their ids, to a table with the same columns."""
    columns = ", ".join(column_types(source))
    names = [table._meta.db_table for table in (target, source)]  # noqa: SLF001
    return (
        f"INSERT INTO {names[0]} ({columns}) SELECT {columns} FROM {names[1]}"  # noqa: S608
        " WHERE id = ANY(%s::uuid[])"
    )


def count_renewal(table: str) -> Statement:
    """Count a renewal of a table (in `renewal`). The last statement of a transaction, since other
    writers wait for this row until its end."""
    return Statement(
        "INSERT INTO renewal AS counted (name, number) VALUES (%s, 1)"
        " ON CONFLICT (name) DO UPDATE SET number = counted.number + 1",
        [table],
    )
