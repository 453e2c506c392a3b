"""Which claims the rows of a file had so far: in the database, since a file may have millions."""

import secrets
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import NamedTuple, Self
from uuid import UUID

from django.db import DatabaseError, Error, connection, transaction

from tracker.log.messages import id_array

_TABLE = "CREATE TEMP TABLE {} (stream uuid PRIMARY KEY, line bigint, content bigint)"
# Of rows of one claim the first stays.
_ADD = (
    "INSERT INTO {} SELECT * FROM unnest(%s::uuid[], %s::bigint[], %s::bigint[])"
    " ON CONFLICT DO NOTHING RETURNING line"
)
_EARLIER = "SELECT stream, line, content FROM {} WHERE stream = ANY(%s::uuid[])"
# The table is worth more memory than PostgreSQL gives one by itself.
_MEMORY = "SELECT set_config('temp_buffers', '64MB', false)"


class Sight(NamedTuple):
    """A row: the stream of its claim, its line, and a digest of what it says, 64 bits."""

    stream: UUID
    line: int
    content: int


class Seen:
    """The rows of one file so far, in a table of the session's own."""

    def __init__(self) -> None:
        self._table = f"import_seen_{secrets.token_hex(8)}"

    def __enter__(self) -> Self:
        with connection.cursor() as cursor:
            # It can be set before a session's first table of this kind, and is then.
            with suppress(DatabaseError), transaction.atomic():
                cursor.execute(_MEMORY)
            cursor.execute(_TABLE.format(self._table))
        return self

    def __exit__(self, *_: object) -> None:
        # Where the connection is gone, so is the table.
        with suppress(Error), connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE {self._table}")

    def look(self, rows: Sequence[Sight]) -> dict[int, Sight]:
        """Take note of rows; give by line what an earlier row of the same claim was, if there was
        one.

        A row that was looked at before is no earlier one.
        """
        if not rows:
            return {}
        numbers = (_array(row.line for row in rows), _array(row.content for row in rows))
        with connection.cursor() as cursor:
            given = [id_array(row.stream for row in rows), *numbers]
            cursor.execute(_ADD.format(self._table), given)
            first = {row[0] for row in cursor.fetchall()}
            if len(first) == len(rows):
                return {}
            others = [row for row in rows if row.line not in first]
            cursor.execute(_EARLIER.format(self._table), [id_array(row.stream for row in others)])
            held = {row[0]: Sight(*row) for row in cursor.fetchall()}
        earlier = ((row.line, held[row.stream]) for row in others)
        return {line: one for line, one in earlier if one.line != line}


def _array(numbers: Iterable[int]) -> str:
    return "{" + ",".join(map(str, numbers)) + "}"
