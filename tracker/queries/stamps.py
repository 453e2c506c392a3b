"""What an answer rests on, as a text: while the stamp is the same, so is the answer.

Each is one short statement, so that an answer that somebody already has costs no more than that.
"""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import psycopg
from django.db import OperationalError, connection

from tracker import log

_VIEWS = "(SELECT string_agg(concat_ws(':', view, position, begun), ' ' ORDER BY view) FROM cursor)"
_ASIDE = (
    "(SELECT string_agg(concat_ws(':', view, subject), ' ' ORDER BY view, subject) FROM quarantine)"
)
_WAITING = (
    "(SELECT concat_ws(':', count(*), sum(hashtext(view || pair)::bigint * generation))"
    " FROM dirty_pair)"
)
_RENEWED = "(SELECT string_agg(concat_ws(':', name, number), ' ' ORDER BY name) FROM renewal)"
# The views that have not taken in a position yet.
_BEHIND = (
    "(SELECT string_agg(concat_ws(':', view, position, begun), ' ' ORDER BY view) FROM cursor"
    " WHERE position < %(until)s)"
)


def of_log() -> str:
    """The stamp of what the log alone says: records as they stand, their histories."""
    return _read(log.END)


def of_views() -> str:
    """The stamp of scores: what the views have taken in, which pairs wait, and what stands aside.

    Of all pairs, since a statement without parameters is planned once.
    """
    return _read(log.END, _VIEWS, _WAITING, _ASIDE)


def of_tables() -> str:
    """The stamp of the tables of all pairs: of scores, which age every night, and of shifts,
    which are looked for after a while."""
    return _read(log.END, _VIEWS, _WAITING, _ASIDE, _RENEWED)


def of_editions() -> str:
    """The stamp of the editions, each of which is kept as it is."""
    return _read(log.END, "(SELECT concat_ws(':', count(*), max(made_at)) FROM edition)")


def of_past(position: int) -> str:
    """The stamp of scores as known at a position: the same for ever once the views have it."""
    return _read("'past'", log.LOG, "EXISTS (SELECT FROM cursor)", _BEHIND, until=position)


def _read(*parts: str, **given: Any) -> str:
    statement = f"SELECT concat_ws('|', {', '.join(parts)})"
    with suppress(OperationalError):
        return _prepared(statement, given)
    # The connection was gone: Django asks whether it is, and makes another.
    with connection.cursor() as cursor:
        cursor.execute(statement, given or None)
        return str(cursor.fetchone()[0])


def _prepared(statement: str, given: Mapping[str, Any]) -> str:
    """Ask by a statement that the database has planned before, and over a connection of which
    nobody asks first whether it is there: for a 304 that is half of all that is done."""
    connection.ensure_connection()
    with (
        connection.wrap_database_errors,
        psycopg.Cursor(connection.connection) as cursor,
    ):
        cursor.execute(statement, given or None, prepare=True)
        [(found,)] = cursor.fetchall()
    return str(found)
