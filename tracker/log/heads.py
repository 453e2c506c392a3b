"""The end of the log, and its incarnation."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from tracker.log.messages import select_prepared

# Subqueries for other statements: the end of the log as a text that begins with its position and
# its incarnation, and the incarnation.
END = "(SELECT concat_ws(' ', position, incarnation, last_recorded_at) FROM log_head)"
LOG = "(SELECT incarnation FROM log_head)"


class Head(NamedTuple):
    """The log's id, its last position, and the time of that position."""

    log_id: UUID
    position: int
    recorded_at: datetime


def head() -> Head:
    """The end of the log as committed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT log_id, position, last_recorded_at FROM log_head")
        return Head(*cursor.fetchone())


def incarnation() -> UUID:
    """The incarnation of the log: while it stays, a position keeps its event."""
    [(found,)] = select_prepared("SELECT incarnation FROM log_head", [])
    return found  # type: ignore[no-any-return]
