"""A temporary migrated database for a benchmark, on the configured server.

Events can never be deleted, so a benchmark never writes to a real log.
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
    """Create a database, connect Django and child processes to it, and drop it at the end."""
    server = settings.SERVERS.database_url
    name = f"benchmark_{os.getpid()}"
    url = _url(name)
    _execute(server, "CREATE DATABASE {}", name)
    try:
        use(url)
        call_command("migrate", verbosity=0)
        connections.close_all()
        yield url
    finally:
        connections.close_all()
        _execute(server, "DROP DATABASE {} WITH (FORCE)", name)


@contextmanager
def copy(url: str) -> Iterator[str]:
    """A copy of a database, which must not be in use. Dropped at the end."""
    server = settings.SERVERS.database_url
    source = urlsplit(url).path.lstrip("/")
    name = f"{source}_copy"
    connections.close_all()
    _execute(server, "CREATE DATABASE {} TEMPLATE {}", name, source)
    try:
        yield _url(name)
    finally:
        connections.close_all()
        _execute(server, "DROP DATABASE {} WITH (FORCE)", name)


def use(url: str) -> None:
    """Connect Django, and child processes started from now on, to a database."""
    connections.close_all()
    os.environ["DATABASE_URL"] = url
    connections["default"].settings_dict["NAME"] = urlsplit(url).path.lstrip("/")


def _url(name: str) -> str:
    return urlsplit(settings.SERVERS.database_url)._replace(path=f"/{name}").geturl()


def _execute(url: str, statement: str, *names: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
