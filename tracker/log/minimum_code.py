"""The oldest code that may work with the database, as a migration has left it there."""

from contextlib import suppress

import psycopg
from django.db import connections

from tracker import release
from tracker.log.messages import select_prepared

# The column is missing before its migration.
_MINIMUM = "SELECT coalesce((to_jsonb(h) ->> 'minimum_code')::int, 0) FROM log_head h"


def code_problem() -> str:
    """Why this process may not go on, with what to do; empty if it may.

    :raises DatabaseError: if there is no log yet, or no database.
    """
    [(minimum,)] = select_prepared(_MINIMUM)
    return release.too_old(minimum)


def code_problem_if_connected() -> str | None:
    """As `code_problem`, but only over a connection of this thread that is open, perhaps to a
    standby; None if nobody could be asked."""
    for one in connections.all(initialized_only=True):
        with suppress(psycopg.Error):
            if one.connection is not None:
                [minimum] = one.connection.execute(_MINIMUM).fetchone()
                return release.too_old(minimum)
    return None
