"""Which claims the rows of a file had so far: in the database, since a file may have millions."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import NamedTuple
from uuid import UUID

from django.db import DatabaseError, Error, connection, transaction

_TABLE = "CREATE TEMP TABLE import_seen (stream uuid PRIMARY KEY, line bigint, content bytea)"
# Of rows of one claim the first stays.
_ADD = (
    "INSERT INTO import_seen SELECT * FROM unnest(%s::uuid[], %s::bigint[], %s::bytea[])"
    " ON CONFLICT DO NOTHING RETURNING line"
)
_EARLIER = "SELECT stream, line, content FROM import_seen WHERE stream = ANY(%s)"
# The table is worth more memory than PostgreSQL gives one by itself.
_MEMORY = "SELECT set_config('temp_buffers', '64MB', false)"


class Sight(NamedTuple):
    """A row: the stream of its claim, its line, and a digest of what it says."""

    stream: UUID
    line: int
    content: bytes


@contextmanager
def seen() -> Iterator[None]:
    """Keep the table while a file is read. It is the session's own."""
    with connection.cursor() as cursor:
        # It can be set before a session's first table of this kind, and is then.
        with suppress(DatabaseError), transaction.atomic():
            cursor.execute(_MEMORY)
        cursor.execute("DROP TABLE IF EXISTS pg_temp.import_seen")
        cursor.execute(_TABLE)
    try:
        yield
    finally:
        # Where the connection is gone, so is the table.
        with suppress(Error), connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS pg_temp.import_seen")


def look(rows: Sequence[Sight]) -> dict[int, Sight]:
    """Take note of rows; give by line what an earlier row of the same claim was, if there was one.

    A row that was looked at before is no earlier one.
    """
    if not rows:
        return {}
    columns = [list(column) for column in zip(*rows, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(_ADD, columns)
        first = {row[0] for row in cursor.fetchall()}
        others = [row for row in rows if row.line not in first]
        if not others:
            return {}
        cursor.execute(_EARLIER, [[row.stream for row in others]])
        held = {row[0]: Sight(row[0], row[1], bytes(row[2])) for row in cursor.fetchall()}
    return {row.line: held[row.stream] for row in others if held[row.stream].line != row.line}
