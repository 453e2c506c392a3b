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
    ours = _at(name)
    _execute(given, "CREATE DATABASE {}", name)
    try:
        use(ours)
        call_command("migrate", verbosity=0)
        connections.close_all()
        yield ours
    finally:
        connections.close_all()
        _execute(given, "DROP DATABASE {} WITH (FORCE)", name)


@contextmanager
def copied(url: str) -> Iterator[str]:
    """Keep a copy of a database as it is now, which nobody else may use meanwhile."""
    given = settings.SERVERS.database_url
    source = urlsplit(url).path.lstrip("/")
    name = f"{source}_copy"
    connections.close_all()
    _execute(given, "CREATE DATABASE {} TEMPLATE {}", name, source)
    try:
        yield _at(name)
    finally:
        connections.close_all()
        _execute(given, "DROP DATABASE {} WITH (FORCE)", name)


def use(url: str) -> None:
    """Let Django and all children that are started from here on use a database."""
    connections.close_all()
    os.environ["DATABASE_URL"] = url
    connections["default"].settings_dict["NAME"] = urlsplit(url).path.lstrip("/")


def _at(name: str) -> str:
    return urlsplit(settings.SERVERS.database_url)._replace(path=f"/{name}").geturl()


def _execute(url: str, statement: str, *names: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
