"""Databases of tests in which web and workers have a role of their own, as in an installation."""

import os
from urllib.parse import urlsplit

import psycopg
from django.db import connection

from tracker.queries import rights
from tracker.queries.roles import Roles, making

ROLES = Roles(owner="tests_owner", app="tests_app", reader="tests_reader")
PASSWORD = "of-tests-only"


def give_to_owner(url: str) -> None:
    """Make the roles, and give a database to their owner; the address is a superuser's."""
    with psycopg.connect(os.environ["DATABASE_URL"]) as alone, psycopg.connect(url) as there:
        # Roles are the whole server's, and more than one process of pytest may be at it.
        alone.execute("SELECT pg_advisory_xact_lock(hashtext('roles of tests'))")
        there.execute(making(ROLES, database=urlsplit(url).path[1:]).encode())
        for role in ROLES:
            there.execute(f"ALTER ROLE {role} PASSWORD '{PASSWORD}'".encode())
        there.commit()


def separate(url: str) -> None:
    """Give a database that Django is connected to its roles with all rights."""
    give_to_owner(url)
    with connection.cursor() as cursor:
        for statement in rights.statements(ROLES):
            cursor.execute(statement)


def at(url: str, role: str) -> str:
    """The address of the same database for a role."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=f"{role}:{PASSWORD}@{host}").geturl()


def of_app(url: str) -> str:
    """The address of the same database for web and workers."""
    return at(url, ROLES.app)


def of_owner(url: str) -> str:
    """The address of the same database for what changes tables."""
    return at(url, ROLES.owner)


def another_connection() -> psycopg.Connection:
    """A second connection to the database that Django works in, as the same role."""
    given = connection.get_connection_params()
    names = ("dbname", "user", "password", "host", "port")
    return psycopg.connect(**{name: given[name] for name in names if name in given})
