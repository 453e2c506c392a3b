"""A database of a test's own, programs that end with the test, and waiting that gives up."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import dj_database_url
import psycopg
import pytest
from django.db import connections
from psycopg import sql

from config.embedded.children import Child, ProcessSpec, Sleep, start, stop
from tests.clones import CHECKOUT
from tests.separate import of_app, separate

PROGRAM = "import django; django.setup(); from tests.faults.writing import main; main()"
PATIENCE_SECONDS = 90


@contextmanager
def a_clone(template: str) -> Iterator[str]:
    """Clone a database that nobody is connected to, and give the name of the clone."""
    with a_database(f"fault_{uuid4().hex[:12]}", template=template) as name:
        yield name


@contextmanager
def a_database(name: str, *, template: str = "template1") -> Iterator[str]:
    """Make a database and drop it in the end."""
    server = os.environ["DATABASE_URL"]
    _execute(server, "CREATE DATABASE {} TEMPLATE {}", name, template)
    try:
        yield name
    finally:
        _execute(server, "DROP DATABASE {} WITH (FORCE)", name)


@contextmanager
def idle_template() -> Iterator[str]:
    """Clone the migrated database before a test connects to it, for the clones to come. In these
    web and workers have a role of their own."""
    template = connections["default"].settings_dict["NAME"]
    connections.close_all()
    with a_clone(template) as name:
        with working_in(name):
            separate(address(name))
        yield name


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
    """Work in the database of another server."""
    parts = dj_database_url.parse(url)
    with _working(**{part: parts[part] for part in ("HOST", "PORT", "NAME", "USER", "PASSWORD")}):  # type: ignore[literal-required]
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
def running(spec: ProcessSpec, *, output: Path, **environ: str) -> Iterator[Child]:
    """Start a program that writes into a file; it ends with the block, or with this process."""
    given = spec.environ or os.environ
    with output.open("ab") as out:
        child = start(replace(spec, environ={**given, **environ}), output=out)
    try:
        yield child
    finally:
        child.spec = replace(child.spec, stop_signals=spec.stop_signals[-1:])
        stop([child], pace=Sleep())


def a_writer(*words: str) -> ProcessSpec:
    """One of the programs of `writing`."""
    settings = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "-c", PROGRAM, *words]
    return ProcessSpec(name=words[0], command=command, folder=CHECKOUT, environ=settings)


def eventually(done: Callable[[], object], *, what: str, within: float = PATIENCE_SECONDS) -> None:
    """Wait until something is so."""
    end = time.monotonic() + within
    while not done():
        if time.monotonic() > end:
            pytest.fail(f"In {within:g} s it never came about that {what}.")
        time.sleep(0.05)


def _execute(url: str, statement: str, *names: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
