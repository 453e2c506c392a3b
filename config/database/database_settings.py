"""The settings of a database, from its address. Needs no Django settings."""

import os
from typing import Any

import dj_database_url

# `pg_stat_activity` shows it, also behind a pooler.
APPLICATION_NAME = "entente"


def of(url: str, *, watched_as: str = "") -> dict[str, Any]:
    """The database at an address. What follows the question mark is for libpq: `sslmode`,
    `sslrootcert`, `target_session_attrs`. `watched_as`: another name of the database at the
    same address, under which it is asked whether it answers."""
    # It sees to the limits of waiting; no startup options, which a pooler refuses.
    found = dj_database_url.parse(
        url, engine="config.database", conn_max_age=60, conn_health_checks=True
    )
    # Of a server that takes the connection and then says nothing.
    options = {"connect_timeout": 5} | found.get("OPTIONS", {})
    return {
        **found,
        "OPTIONS": options | {"application_name": APPLICATION_NAME},
        # A pooler hands a connection on after each transaction.
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "WATCHED_AS": watched_as,
        "TEST": {"NAME": os.environ.get("TEST_DATABASE_NAME")},
    }
