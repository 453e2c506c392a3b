"""A site with a database and a web server of its own, asked over real connections."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen
from uuid import uuid4

import psycopg
from psycopg import sql

from tests.clones import CHECKOUT, free_port
from tests.separate import of_app

OPENING = "import django; django.setup(); from tests.api.opening import main; main()"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    status: int
    json: Any
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """`body` is a claim that may be put on record here."""

    url: str
    database: str
    token: str
    body: dict[str, Any]

    def post(self, path: str, body: Any, **headers: str) -> Answer:
        return self._ask(path, json.dumps(body).encode(), **headers)

    def get(self, path: str) -> Any:
        return self._ask(path, None).json

    def _ask(self, path: str, data: bytes | None, **headers: str) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = Request(  # noqa: S310 # our own server
            f"{self.url}/api/v1/{path}",
            data,
            {
                "Authorization": f"Bearer {self.token}",
                "Content-Type": "application/json",
                **named,
            },
        )
        try:
            with urlopen(request, timeout=60) as answer:  # noqa: S310
                return _answer(answer)
        except HTTPError as problem:
            return _answer(problem)


def _answer(answer: Any) -> Answer:
    return Answer(
        status=answer.status, json=json.loads(answer.read()), headers=dict(answer.headers)
    )


@contextmanager
def a_site(template: str, *, opening: str = OPENING, answers: str = "/api/v1/") -> Iterator[Site]:
    """Clone a migrated database, and serve it until the end. Nobody may be connected to it.
    `answers` is an address that answers once all is up."""
    with (
        an_opened_database(template, opening) as (environ, said),
        served(environ, answers=answers) as address,
    ):
        yield Site(url=address, database=environ["DATABASE_URL"], **said)


@contextmanager
def an_opened_database(template: str, opening: str) -> Iterator[tuple[dict[str, str], Any]]:
    """Clone a migrated database, and give the environment of web and workers in it and what the
    program that opened it said last, as JSON."""
    server = os.environ["DATABASE_URL"]
    name = f"site_{uuid4().hex[:12]}"
    url = urlsplit(server)._replace(path=f"/{name}").geturl()
    _execute(server, "CREATE DATABASE {} TEMPLATE {}", name, template)
    try:
        environ = {
            **os.environ,
            "DATABASE_URL": of_app(url),
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }
        opened = subprocess.run(
            [sys.executable, "-c", opening],
            cwd=CHECKOUT,
            env=environ,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        yield environ, json.loads(opened.stdout.splitlines()[-1])
    finally:
        _execute(server, "DROP DATABASE {} WITH (FORCE)", name)


@contextmanager
def served(
    environ: dict[str, str], *, answers: str = "/api/v1/", application: str = "config.wsgi"
) -> Iterator[str]:
    """Serve what is in a database until the end, and give the address."""
    port = free_port()
    gunicorn = [sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}"]
    process = subprocess.Popen(
        [*gunicorn, "--workers", "2", "--threads", "12", "--log-level", "error"],
        cwd=CHECKOUT,
        env=environ,
    )
    try:
        _wait_for(f"http://127.0.0.1:{port}{answers}")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait_for(url: str) -> None:
    end = time.monotonic() + 120
    while time.monotonic() < end:
        with suppress(URLError, OSError), urlopen(url, timeout=5):  # noqa: S310
            return
        time.sleep(0.1)
    raise TimeoutError(url)


def _execute(url: str, statement: str, *names: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
