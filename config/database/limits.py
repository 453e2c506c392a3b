"""Limits of waiting, as they are in effect on a connection.

The roles of web and workers bring them along (`manage.py grants`), because a pooler hands the same
connection to one client after the other and passes no settings on. A role without them, such as a
newcomer's superuser, gets them when it connects; behind a pooler that would not last, so there the
connection is refused.
"""

from typing import Any

import psycopg

from tracker.queries.rights import LIMITS

# In seconds, in the order of `LIMITS`.
_EFFECTIVE = (
    "SELECT pg_backend_pid(), array(SELECT extract(epoch FROM current_setting(name)::interval)"
    " FROM unnest(%s::text[]) WITH ORDINALITY AS asked (name, number) ORDER BY number)::float8[]"
)
_SET = "SELECT set_config(%s, %s, false)"
# What `limit_statements` has set.
_seconds: list[float] = []


class NoLimits(psycopg.OperationalError):
    """A connection through a pooler has no limits."""


def limit_statements(seconds: float) -> None:
    """Let no statement of this process take longer, on connections that are opened from now on."""
    _seconds[:] = [seconds] if seconds else []


def ensure(driver: Any) -> None:
    """Check the limits of a connection, and set those that are missing.

    :raises NoLimits: if a pooler stands between, which would not keep them.
    """
    names = [*LIMITS, "statement_timeout"]
    pid, (*seconds, statement) = driver.execute(_EFFECTIVE, [names]).fetchone()
    missing = {name: LIMITS[name] for name, of in zip(LIMITS, seconds, strict=True) if not of}
    # A pooler gives its clients numbers of its own.
    pooled = driver.info.backend_pid != pid
    if missing and pooled:
        raise NoLimits(
            f"behind a connection pooler the role {driver.info.user} needs"
            f" {' and '.join(missing)}: manage.py grants prints the SQL that sets them"
        )
    if not pooled and any(not 0 < statement <= most for most in _seconds):
        missing["statement_timeout"] = f"{_seconds[0] * 1000:.0f}ms"
    for setting in missing.items():
        driver.execute(_SET, setting)
