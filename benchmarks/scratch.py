"""A migrated database of its own for a benchmark, beside the one that is configured.

What is written to a log can never be deleted again, so a benchmark never writes to a real one.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from psycopg import sql


@contextmanager
def database() -> Iterator[str]:
    """Make the database, let Django and all children use it, and drop it at the end."""
    given = settings.SERVERS.database_url
    name = f"benchmark_{os.getpid()}"
    ours = urlsplit(given)._replace(path=f"/{name}").geturl()
    _execute(given, "CREATE DATABASE {}", name)
    try:
        os.environ["DATABASE_URL"] = ours
        connections["default"].close()
        connections["default"].settings_dict["NAME"] = name
        call_command("migrate", verbosity=0)
        connections.close_all()
        yield ours
    finally:
        connections.close_all()
        _execute(given, "DROP DATABASE {} WITH (FORCE)", name)


def _execute(url: str, statement: str, name: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(sql.Identifier(name)))
