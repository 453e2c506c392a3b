"""Building indexes beside readers and writers, so that no failure is for good.

`CREATE INDEX CONCURRENTLY` waits for every transaction that is older. It has no lock timeout here:
one would end it half-way and leave an invalid index, which has the name that the next try needs.
Readers and writers go on meanwhile.

Every migration builds and drops such indexes with the operations of this module.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.postgres import operations
from django.db import connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.utils import CursorWrapper

from tracker.migrations._session import session_settings
from tracker.queries import guards

# What a REINDEX CONCURRENTLY that failed leaves beside the index.
HALVES = ("_ccnew", "_ccold")
_STATE = """
    SELECT i.indisvalid FROM pg_index i WHERE i.indexrelid = to_regclass(
        format('%%I.%%I', current_schema(), %s::text))"""


class AddIndexConcurrently(operations.AddIndexConcurrently):
    """Build an index; first drop what a failed build has left. A valid one is kept: then the
    migration was ended after it."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *states: Any
    ) -> None:
        self._ensure_not_in_transaction(schema_editor)
        with unhurried() as cursor:
            cursor.execute(_STATE, [self.index.name])
            found = cursor.fetchone()
            if found == (False,):
                _drop(cursor, self.index.name)
            if found != (True,):
                super().database_forwards(app_label, schema_editor, *states)

    def database_backwards(self, *given: Any) -> None:
        with unhurried():
            super().database_backwards(*given)


class RemoveIndexConcurrently(operations.RemoveIndexConcurrently):
    """Drop an index."""

    def database_forwards(self, *given: Any) -> None:
        with unhurried():
            super().database_forwards(*given)

    def database_backwards(self, *given: Any) -> None:
        with unhurried():
            super().database_backwards(*given)


def repair() -> None:
    """Build again each index that is invalid; nothing inside a transaction, where that fails."""
    if connection.in_atomic_block or not (broken := guards.invalid()):
        return
    with unhurried() as cursor:
        for name in broken:
            if name.rstrip("0123456789").endswith(HALVES):
                _drop(cursor, name)
            else:
                cursor.execute(f"REINDEX INDEX CONCURRENTLY {connection.ops.quote_name(name)}")


@contextmanager
def unhurried() -> Iterator[CursorWrapper]:
    """Wait for as long as it takes."""
    with session_settings(lock_timeout="0", statement_timeout="0"), connection.cursor() as cursor:
        yield cursor


def _drop(cursor: CursorWrapper, name: str) -> None:
    cursor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {connection.ops.quote_name(name)}")
