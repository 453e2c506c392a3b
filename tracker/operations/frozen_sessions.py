"""Ends the sessions of frozen processes that PostgreSQL waits for without a limit.

A process that does nothing in a transaction loses its session after a few seconds, by
`idle_in_transaction_session_timeout`. But if it is frozen while it sends rows of a COPY, or while
the server sends it an answer that is larger than the buffers, no timeout of PostgreSQL applies. It
would keep its locks, perhaps that of the head of the log, until somebody ends it.
"""

import time
from datetime import datetime, timedelta
from typing import NamedTuple

import structlog

from tracker.queries.sql import select

# A COPY that takes longer, such as that of `log import`, goes on between two looks.
COPIES = timedelta(seconds=15)
# PostgreSQL does not say how much of an answer it has sent, so that only its age tells a slow
# reader from a frozen one. The driver reads an answer whole before the program works on it.
ANSWERS = timedelta(seconds=60)
# Between two looks, of which there are three.
PAUSE_SECONDS = 2.0
# Sessions that hold a lock and that this role may end, with the bytes of their COPY so far.
_WAITING = """
SELECT a.pid, a.query_start, coalesce(c.bytes_processed, -1) AS bytes
FROM pg_stat_activity a LEFT JOIN pg_stat_progress_copy c ON c.pid = a.pid
WHERE a.datname = current_database() AND a.backend_type = 'client backend'
AND pg_has_role(a.usesysid, 'USAGE') AND a.state = 'active' AND a.wait_event_type = 'Client'
AND a.query_start < clock_timestamp()
    - CASE WHEN c.pid IS NULL THEN %(answers)s ELSE %(copies)s END
AND (a.backend_xid IS NOT NULL
     OR EXISTS (SELECT FROM pg_locks l WHERE l.pid = a.pid AND l.locktype = 'advisory'))
"""
# The last look and the end are one statement, so that nobody who went on meanwhile is ended.
_END = f"""
WITH now AS MATERIALIZED ({_WAITING})
SELECT now.pid, pg_terminate_backend(now.pid) FROM now
JOIN unnest(%(pids)s::int[], %(starts)s::timestamptz[], %(bytes)s::bigint[])
    AS before (pid, query_start, bytes) USING (pid, query_start, bytes)
"""  # noqa: S608
logger = structlog.get_logger()


class Waiting(NamedTuple):
    """A session that waits for its client: the start of its statement, and the bytes of its COPY,
    or -1 without one."""

    pid: int
    query_start: datetime
    bytes: int


def end(
    *, copies: timedelta = COPIES, answers: timedelta = ANSWERS, pause: float = PAUSE_SECONDS
) -> int:
    """End the sessions whose COPY or other statement began that long ago, and which three looks
    found at the same place. Returns their number. Not within a transaction, which would see the
    same each time."""
    seen = waiting(copies=copies, answers=answers)
    if seen:
        time.sleep(pause)
        seen &= waiting(copies=copies, answers=answers)
    if not seen:
        return 0
    time.sleep(pause)
    pids, starts, sizes = map(list, zip(*seen, strict=True))
    same = {"pids": pids, "starts": starts, "bytes": sizes}
    ended = select(_END, {"copies": copies, "answers": answers, **same})
    for pid, _ in ended:
        logger.warning("ended the session of a frozen process", pid=pid)
    return len(ended)


def waiting(*, copies: timedelta, answers: timedelta) -> set[Waiting]:
    """The sessions that hold a lock, and whose statement began that long ago and waits for its
    client."""
    return {Waiting(*row) for row in select(_WAITING, {"copies": copies, "answers": answers})}
