"""Statements that write rows of derived tables."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import Field, Model

from tracker.log import Rows, Statement

type Columns = Mapping[str, Any]

# From here on a COPY is worth its journey.
MANY = 20
_TYPES = {
    "BigIntegerField": "int8",
    "BooleanField": "bool",
    "DateField": "date",
    "FloatField": "float8",
    "IntegerField": "int4",
    "JSONField": "jsonb",
    "TextField": "text",
    "UUIDField": "uuid",
}


def added(table: type[Model], rows: Sequence[Columns]) -> Statement | Rows:
    """Insert rows, whichever way is quicker; absent columns are null."""
    if len(rows) < MANY:
        return insert(table, rows)
    types = column_types(table)
    written = [[_written(one.get(column)) for column in types] for one in rows]
    return Rows(table._meta.db_table, types, written)  # noqa: SLF001


def _written(value: Any) -> Any:
    """A value as COPY takes it: to psycopg a tuple is a record and no array."""
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
    return Statement(insert_sql(table), [json.dumps(rows, default=str)])


def upsert(table: type[Model], rows: Sequence[Columns], *, key: tuple[str, ...]) -> Statement:
    """Insert rows, or replace those of the same key."""
    return Statement(upsert_sql(table, key), [json.dumps(rows, default=str)])


@cache
def upsert_sql(table: type[Model], key: tuple[str, ...]) -> str:
    """The statement that takes rows, new and known, as one parameter."""
    columns = [field.column for field in table._meta.concrete_fields if field.column]  # noqa: SLF001 # Django's own way to ask for it
    kept = ", ".join(f"{one} = excluded.{one}" for one in columns if one not in key)
    return f"{insert_sql(table)} ON CONFLICT ({', '.join(key)}) DO UPDATE SET {kept}"


@cache
def insert_sql(table: type[Model]) -> str:
    """The statement that takes new rows as one parameter."""
    name = table._meta.db_table  # noqa: SLF001
    return f"INSERT INTO {name} SELECT * FROM json_populate_recordset(NULL::{name}, %s)"  # noqa: S608
