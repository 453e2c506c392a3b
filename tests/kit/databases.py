"""Databases of tests: templates that are made once per run, clones of them, and their roles.

A run is one call of pytest with all its worker processes. Whoever first needs a template makes it;
the others wait. Web and workers have a role of their own in a clone, as in an installation.
"""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import dj_database_url
import psycopg
from django.core.management import call_command
from django.db import connection, connections
from psycopg import sql

from tests.kit.same_ids import same_ids
from tests.kit.servers import RUN
from tracker.queries import rights
from tracker.queries.rights import Roles, creation_sql

ROLES = Roles(owner="tests_owner", app="tests_app", reader="tests_reader")
PASSWORD = "of-tests-only"
# Options of a connection that holds others up for longer than the role of the product may.
PATIENT = "-c idle_in_transaction_session_timeout=0"
# Those of a test's own transaction.
UNHURRIED = "-c idle_in_transaction_session_timeout=10min"
EXISTS = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A database that nobody is connected to, and what its maker returned."""

    name: str
    facts: dict[str, Any]


def template(kind: str, *, base: str, make: Callable[[], Any]) -> Template:
    """Clone a database and let `make` write into it as web and workers do, once per run."""

    def work(name: str) -> Any:
        with working_at(of_app(address(name))), same_ids(kind):
            return make()

    return _once(kind, base=base, work=work)


def tables() -> str:
    """The template with the tables, all of it the superuser's."""

    def migrate(name: str) -> None:
        with _working(NAME=name):
            call_command("migrate", verbosity=0)

    return _once("tables", base="template1", work=migrate).name


def roles() -> str:
    """The template in which web and workers have a role of their own."""

    def work(name: str) -> None:
        with _working(NAME=name):
            separate(address(name))

    return _once("roles", base=tables(), work=work).name


def _once(kind: str, *, base: str, work: Callable[[str], Any]) -> Template:
    name = f"template_{os.environ[RUN]}_{kind}"
    draft = f"{name}_draft"
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute("SELECT pg_advisory_lock(hashtext(%s))", [name])
        if row := server.execute(EXISTS, [name]).fetchone():
            return Template(name=name, facts=json.loads(row[0]))
        # One that was broken off may be there.
        _run(server, "DROP DATABASE IF EXISTS {} WITH (FORCE)", draft)
        _run(server, "CREATE DATABASE {} TEMPLATE {}", draft, base)
        facts = work(draft) or {}
        comment = sql.SQL("COMMENT ON DATABASE {} IS {}")
        server.execute(comment.format(sql.Identifier(draft), sql.Literal(json.dumps(facts))))
        _run(server, "ALTER DATABASE {} RENAME TO {}", draft, name)
    return Template(name=name, facts=facts)


@contextmanager
def a_clone(template: str, *, named: str = "") -> Iterator[str]:
    """Clone a database that nobody is connected to, and give the name of the clone."""
    name = named or f"clone_{uuid4().hex[:12]}"
    # The test may change the environment meanwhile.
    url = os.environ["DATABASE_URL"]
    with psycopg.connect(url, autocommit=True) as server:
        _run(server, "CREATE DATABASE {} TEMPLATE {}", name, template)
    try:
        yield name
    finally:
        with psycopg.connect(url, autocommit=True) as server:
            _run(server, "DROP DATABASE {} WITH (FORCE)", name)


def _run(server: psycopg.Connection, statement: str, *names: str) -> None:
    server.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


@contextmanager
def working_in(name: str) -> Iterator[str]:
    """Work in another database than the one that pytest-django wraps in a transaction, and give
    its address for web and workers. The test itself may do anything there."""
    with _working(NAME=name):
        yield of_app(address(name))


def address(name: str) -> str:
    """The address of a database of the session's server, for one who may do anything."""
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


@contextmanager
def working_at(url: str) -> Iterator[None]:
    """Work in the database of another server, with the limits of its roles."""
    parts = dj_database_url.parse(url)
    there = {part: parts[part] for part in ("HOST", "PORT", "NAME", "USER", "PASSWORD")}  # type: ignore[literal-required]
    options = {**connection.settings_dict["OPTIONS"]}
    options.pop("options", None)
    with _working(**there, OPTIONS=options):
        yield


@contextmanager
def _working(**settings: Any) -> Iterator[None]:
    usual = connections["default"]
    connections["default"] = there = usual.copy()
    there.settings_dict.update(settings)
    try:
        yield
    finally:
        there.close()
        connections["default"] = usual


@contextmanager
def roles_alone() -> Iterator[None]:
    """Roles are the whole server's, and more than one process of pytest may be at them."""
    with psycopg.connect(os.environ["DATABASE_URL"]) as alone:
        alone.execute("SELECT pg_advisory_xact_lock(hashtext('roles of tests'))")
        yield


def give_to_owner(url: str) -> None:
    """Make the roles, and give a database to their owner; the address is a superuser's."""
    with roles_alone(), psycopg.connect(url) as there:
        there.execute(creation_sql(ROLES, database=urlsplit(url).path[1:]).encode())
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
