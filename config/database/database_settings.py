"""The settings of a database, from its address. Needs no Django settings."""

import os
from typing import Any

import dj_database_url

# `pg_stat_activity` shows it, also behind a pooler.
APPLICATION_NAME = "entente"

# In seconds, but the last, in milliseconds: for a server that takes a connection and then says
# nothing, and for one whose host is gone in the middle of an answer.
TIMEOUTS = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "tcp_user_timeout": 20_000,
}


def of(url: str) -> dict[str, Any]:
    """The database at an address. What follows the question mark is for libpq: `sslmode`,
    `sslrootcert`, `target_session_attrs`, and other timeouts than these."""
    # It sees to the limits of waiting; no startup options, which a pooler refuses.
    found = dj_database_url.parse(
        url, engine="config.database", conn_max_age=60, conn_health_checks=True
    )
    options = TIMEOUTS | found.get("OPTIONS", {})
    return {
        **found,
        "OPTIONS": options | {"application_name": APPLICATION_NAME},
        # A pooler hands a connection on after each transaction.
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "TEST": {"NAME": os.environ.get("TEST_DATABASE_NAME")},
    }
