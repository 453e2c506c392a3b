"""Many rows of a derived table in one statement, from JSON: the ORM takes longer to compile an
insert than the database to run it."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from django.db.models import Model

from tracker.log import Statement

type Columns = Mapping[str, Any]


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
