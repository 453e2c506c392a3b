"""Ends the sessions of frozen processes that PostgreSQL waits for without a limit.

A process that does nothing in a transaction loses its session after a few seconds, by
`idle_in_transaction_session_timeout`. But if it is frozen while it sends rows of a COPY, or while
the server sends it an answer that is larger than the buffers, no timeout of PostgreSQL applies. It
would keep its locks, perhaps that of the head of the log, until somebody ends it.
"""

import time
from datetime import timedelta

import structlog

from tracker.queries.sql import select

# No COPY and no answer of this program takes as long.
SINCE = timedelta(seconds=15)
PAUSE_SECONDS = 2.0
# Sessions that hold a lock and that this role may end, with the bytes of their COPY so far.
_WAITING = """
SELECT a.pid, a.query_start, coalesce(c.bytes_processed, 0)
FROM pg_stat_activity a LEFT JOIN pg_stat_progress_copy c ON c.pid = a.pid
WHERE a.datname = current_database() AND a.backend_type = 'client backend'
AND pg_has_role(a.usesysid, 'USAGE') AND a.state = 'active' AND a.wait_event_type = 'Client'
AND a.query_start < clock_timestamp() - %s
AND (a.backend_xid IS NOT NULL
     OR EXISTS (SELECT FROM pg_locks l WHERE l.pid = a.pid AND l.locktype = 'advisory'))
"""
logger = structlog.get_logger()


def end(*, since: timedelta = SINCE, pause: float = PAUSE_SECONDS) -> int:
    """End the sessions whose statement began that long ago, and which did not go on during a pause.
    Returns their number. Not within a transaction, which would see the same twice."""
    before = select(_WAITING, [since])
    if not before:
        return 0
    time.sleep(pause)
    frozen = sorted({*before} & {*select(_WAITING, [since])})
    for pid, *_ in frozen:
        select("SELECT pg_terminate_backend(%s)", [pid])
        logger.warning("ended the session of a frozen process", pid=pid)
    return len(frozen)
