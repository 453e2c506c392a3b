"""A site with a database and a web server of its own, asked over real connections."""

import json
import os
import signal
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from django.test import override_settings
from django.utils import timezone

from tests.kit import web_servers
from tests.kit.background_work import work_off
from tests.kit.databases import Template, a_clone, working_at
from tracker.operations import seal_keys, sealing
from workers import sweeper

# Who may do everything on a site with the seed.
ADMINISTRATOR, PASSWORD = "ann", "correct horse battery"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    status: int
    json: Any
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """`facts` are those of its template."""

    url: str
    environ: dict[str, str]
    facts: dict[str, Any]

    @property
    def database(self) -> str:
        """The address for web and workers."""
        return self.environ["DATABASE_URL"]

    @property
    def token(self) -> str:
        return str(self.facts["token"])

    @property
    def body(self) -> dict[str, Any]:
        """A claim that may be put on record here."""
        return dict(self.facts["body"])

    def post(self, path: str, body: Any, **headers: str) -> Answer:
        return self._ask(path, json.dumps(body).encode(), **headers)

    def get(self, path: str) -> Any:
        return self.ask(path).json

    def ask(self, path: str) -> Answer:
        return self._ask(path, None)

    def catch_up(self) -> None:
        """Do what the workers do."""
        with self.open():
            work_off(at=timezone.now())

    def open(self) -> AbstractContextManager[None]:
        """Let this process work in the site's database."""
        return working_at(self.database)

    def sign(self) -> None:
        """Make the key of the site, and sign what is on record."""
        with self.open(), override_settings(SEAL_FOLDER=self.environ["SEAL_FOLDER"]):
            seal_keys.make_key("tests.example")
            sealing.seal_next(at=timezone.now(), most=100_000)

    def ingest(self) -> None:
        """Work on the jobs that wait, as a worker does. In this process: two starts less, and the
        separate process of a job has its own tests (tests/faults)."""
        with self.open(), override_settings(SPOOL_FOLDER=Path(self.environ["SPOOL_FOLDER"])):
            sweeper.ingest_all(shutting_down=lambda: False, spawn=None)

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
            with urlopen(request, timeout=120) as answer:  # noqa: S310
                return _answer(answer)
        except HTTPError as problem:
            return _answer(problem)


def _answer(answer: Any) -> Answer:
    return Answer(
        status=answer.status, json=json.loads(answer.read()), headers=dict(answer.headers)
    )


@contextmanager
def a_site(template: Template, *, answers: str = "/api/v1/", **environ: str) -> Iterator[Site]:
    """Serve a clone of a template until the end. `answers` is an address that answers once all is
    up. Sites that set nothing have one server, one after the other."""
    if environ:
        with a_place(template) as given, served(given | environ, answers=answers) as url:
            yield Site(url=url, environ=given | environ, facts=template.facts)
        return
    with web_servers.lent() as kept, a_clone(template.name, named=kept.database):
        kept.server.wait_for(answers)
        yield Site(url=kept.server.url, environ=kept.server.environ, facts=template.facts)


@contextmanager
def a_place(template: Template) -> Iterator[dict[str, str]]:
    """Clone a template, and give the environment of web and workers in it."""
    with a_clone(template.name) as name, tempfile.TemporaryDirectory(prefix="spool-") as spool:
        yield os.environ | web_servers.place(name, spool)


@contextmanager
def served(
    environ: dict[str, str],
    *,
    answers: str = "/api/v1/",
    application: str = "config.wsgi",
    end: signal.Signals = signal.SIGKILL,
    output: IO[bytes] | None = None,
) -> Iterator[str]:
    """Serve what is in a database until the end, and give the address. What the server logs goes
    to `output`."""
    server = web_servers.start(environ, application=application, output=output)
    try:
        server.wait_for(answers)
        yield server.url
    finally:
        server.end(end)
