"""Databases of the benchmarks: templates that are kept between runs, and clones of them.

Events can never be deleted, so a benchmark never writes to a real log. A template is made once and
is copied for each benchmark. It is made again when the migrations, the models of scores or the
generator of claims change, since its name contains their hash.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
from django.conf import settings
from django.core.cache import caches
from django.db import connections
from psycopg import sql

from tracker.domain import scoring

ROOT = Path(__file__).parents[1]
PREFIX = "benchmark_"
GENERATOR = ("copies.py", "logs.py", "records.py")
_COMMENT = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"


class Busy(RuntimeError):
    """Another benchmark is running on the server."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A database without connections, and the facts that its maker returned."""

    name: str
    facts: Any = None


@contextmanager
def session() -> Iterator[None]:
    """Be the only benchmark on the server. Drops outdated templates, and clones of killed runs.

    :raises Busy: if another one is running.
    """
    with psycopg.connect(_server(), autocommit=True) as server:
        lock = server.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [PREFIX]).fetchone()
        if lock != (True,):
            raise Busy("another benchmark is running on this server")
        drop_outdated()
        yield


def drop_outdated() -> None:
    """Drop the templates of earlier migrations or generators, and clones."""
    for name in names():
        if not name.startswith(f"{PREFIX}{_fingerprint()}_"):
            _execute("DROP DATABASE {} WITH (FORCE)", name)


def names() -> list[str]:
    """All databases of the benchmarks on the server."""
    with psycopg.connect(_server()) as server:
        query = "SELECT datname FROM pg_database WHERE starts_with(datname, %s) ORDER BY datname"
        return [name for (name,) in server.execute(query, [PREFIX]).fetchall()]


def template(kind: str, make: Callable[[], Any], *, base: Template | None = None) -> Template:
    """The template of a kind. If it is missing, `make` fills a copy of `base`, and returns facts to
    keep with it."""
    name = f"{PREFIX}{_fingerprint()}_{kind}"
    with psycopg.connect(_server()) as server:
        row = server.execute(_COMMENT, [name]).fetchone()
    if row:
        return Template(name=name, facts=json.loads(row[0]))
    with clone(base or Template(name="template1")) as url:
        facts, draft = make(), _name(url)
        connections.close_all()
        comment = sql.SQL("COMMENT ON DATABASE {} IS {}")
        with psycopg.connect(_server(), autocommit=True) as server:
            text = sql.Literal(json.dumps(facts))
            server.execute(comment.format(sql.Identifier(draft), text))
        _execute("ALTER DATABASE {} RENAME TO {}", draft, name)
    return Template(name=name, facts=facts)


@contextmanager
def clone(source: Template) -> Iterator[str]:
    """A copy of a template, to which Django and child processes are connected. Dropped at the
    end."""
    name = f"{PREFIX}clone_{uuid4().hex[:8]}"
    # The files are copied: the default writes every page into the write-ahead log.
    _execute("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY", name, source.name)
    caches["answers"].clear()
    url = urlsplit(_server())._replace(path=f"/{name}").geturl()
    try:
        use(url)
        yield url
    finally:
        use(_server())
        _execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def use(url: str) -> None:
    """Connect Django, and child processes started from now on, to a database."""
    connections.close_all()
    os.environ["DATABASE_URL"] = url
    connections["default"].settings_dict["NAME"] = _name(url)


@cache
def _fingerprint() -> str:
    """A hash of what the rows of a template follow from."""
    own = [ROOT / "benchmarks" / name for name in GENERATOR]
    found = hashlib.sha256()
    for path in (*own, *sorted(ROOT.glob("tracker/**/migrations/*.[ps][yq]*"))):
        found.update(path.read_bytes())
    for name, model in sorted(scoring.MODELS.items()):
        found.update(f"{name} {model.version}".encode())
    return found.hexdigest()[:12]


def _name(url: str) -> str:
    return urlsplit(url).path.lstrip("/")


def _server() -> str:
    url: str = settings.SERVERS.database_url
    return url


def _execute(statement: str, *names: str) -> None:
    with psycopg.connect(_server(), autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
