"""Stops what has followed the log beyond its end, as after the restore of the log alone."""

import structlog
from django.db import connection

from tracker.log import Statement
from tracker.log.messages import ask_prepared, send
from tracker.queries import progress

logger = structlog.get_logger()
# Read first: an UPDATE that waits for a follower would compare its new position with the old end.
_AHEAD = (
    "SELECT c.view, c.position, h.position FROM cursor c JOIN log_head h"  # noqa: S608
    " ON c.position > h.position"
    f" WHERE NOT starts_with(c.stopped_by, '{progress.AHEAD}')"
)
_STOP = "UPDATE cursor SET stopped_by = %s WHERE view = %s AND position = %s"
# A condition of a row of `cursor`, or of none.
GOES_ON = f"NOT starts_with(coalesce(c.stopped_by, ''), '{progress.AHEAD}')"
# What follows the log and is not rebuilt.
_BRING_BACK = (
    "UPDATE webhook SET position = %(head)s WHERE position > %(head)s",
    (
        "UPDATE mail_follow SET position = least(position, %(head)s), seen = least(seen, %(head)s)"
        " WHERE greatest(position, seen) > %(head)s"
    ),
)


def stop_ahead() -> None:
    """Stop the followers that have processed more events than the log has, until a rebuild."""
    for view, position, head in ask_prepared(Statement(_AHEAD)):
        reason = progress.ahead(position, head=head)
        logger.error("follower stopped", view=view, reason=reason)
        send(Statement(_STOP, [reason, view, position]))


def bring_back(head: int) -> None:
    """Let webhooks and mail go on at the end of the log, if they are ahead of it."""
    with connection.cursor() as cursor:
        for statement in _BRING_BACK:
            cursor.execute(statement, {"head": head})
