"""The text of an article is read and forgotten: a word of it is looked for wherever a real site,
with web server, worker, PostgreSQL and Redis, could have left it."""

import json
import os
import re
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import Request, urlopen

import psycopg
import pytest
import redis
from django.core.management import call_command
from django.test import Client
from psycopg import sql

from config.embedded import processes as embedded_processes
from config.embedded.servers import Servers
from tests.kit.builders import a_desk, a_token, an_account
from tests.kit.databases import working_at
from tests.kit.private_servers import private_servers
from tests.kit.processes import command_line, eventually, processes, running
from tests.kit.sites import served

pytestmark = [pytest.mark.faults, pytest.mark.django_db, pytest.mark.long]
MARKER, CONTROL = "xyzzyplugh", "quuxfrotz"
FILLER = "It rained on the steppe for days, and nobody there was surprised by any of it at all."
TEXT = f"""The title of a report

Russia sanctioned Kazakhstan in late March with {CONTROL}.

{FILLER}

The {MARKER} was nowhere, and Kazakhstan sanctioned {MARKER.capitalize()} Oil.
"""
# The drafts of these sentences have more bytes than waitress keeps in memory by default.
LARGE = TEXT + "Russia sanctioned Kazakhstan. " * 4_900
PAGE = "<html><head><title>A title</title></head><body><article><h1>A title</h1>{}</article></body>"
PAGE = PAGE.format("".join(f"<p>{part}</p>" for part in TEXT.split("\n\n")[1:]))
CSRF = "a" * 32


@dataclass(frozen=True, slots=True)
class Place:
    """Everything that a site writes to."""

    servers: Servers
    environ: dict[str, str]
    document: str
    token: str
    session: str
    folder: Path

    @property
    def output(self) -> Path:
        return self.folder / "web.log"

    def findings(self, word: str) -> list[str]:
        """Where a word is. In hexadecimal too, as PostgreSQL prints bytes."""
        looked_for = [form.lower() for form in (word.encode(), word.encode().hex().encode())]
        found = [*self._files(), *self._rows(), *self._keys()]
        return [name for name, data in found if any(form in data.lower() for form in looked_for)]

    def _files(self) -> Iterator[tuple[str, bytes]]:
        """The data folders and logs of all servers, and the folders for temporary files."""
        assert self.servers.postgres
        for folder in (self.servers.postgres.place.home, self.folder):
            for file in folder.rglob("*"):
                if file.is_file():
                    yield str(file), file.read_bytes()

    def _rows(self) -> Iterator[tuple[str, bytes]]:
        with psycopg.connect(self.environ["DATABASE_URL"], autocommit=True) as database:
            database.execute("CHECKPOINT")
            tables = database.execute(
                "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
            ).fetchall()
            for (table,) in [*tables, ("pg_stat_activity",)]:
                name = sql.Identifier(table)
                for (row,) in database.execute(sql.SQL("SELECT t::text FROM {} t").format(name)):
                    if "pg_stat_activity" not in row:
                        yield f"table {table}", row.encode()

    def _keys(self) -> Iterator[tuple[str, bytes]]:
        with redis.Redis.from_url(self.environ["REDIS_URL"]) as broker:
            for key in broker.scan_iter():
                yield f"key {key!r}", bytes(key) + bytes(broker.dump(key) or b"")


@pytest.fixture(scope="module")
def place(tmp_path_factory, django_db_setup, django_db_blocker) -> Iterator[Place]:
    """Servers of its own, whose PostgreSQL logs each statement with its values."""
    folder = tmp_path_factory.mktemp("written")
    for name in ("temporary", "spool"):
        (folder / name).mkdir()
    with private_servers(base={}) as servers:
        environ = servers.environ(
            {
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "config.settings",
                "SPOOL_FOLDER": str(folder / "spool"),
                "TMPDIR": str(folder / "temporary"),
                "LOG_LEVEL": "DEBUG",
                "RATE_LIMIT": "1000",
            }
        )
        with django_db_blocker.unblock(), working_at(environ["DATABASE_URL"]):
            call_command("migrate", verbosity=0)
            document, token, session = str(a_desk().document), a_token(), _session()
        with psycopg.connect(environ["DATABASE_URL"], autocommit=True) as database:
            database.execute("ALTER SYSTEM SET log_statement = 'all'")
            database.execute("ALTER SYSTEM SET log_parameter_max_length = -1")
            database.execute("SELECT pg_reload_conf()")
        yield Place(servers, environ, document, token, session, folder)


def _session() -> str:
    user = an_account()
    user.is_staff = True
    user.save()
    client = Client()
    client.force_login(user)
    return str(client.cookies["sessionid"].value)


@dataclass(frozen=True, slots=True)
class Site:
    """A site, spoken to as the desk's page and as a program do."""

    place: Place
    url: str
    statuses: list[int] = field(default_factory=list)

    @property
    def reading(self) -> str:
        return f"/admin/desk/document/{self.place.document}/read/"

    def desk(self, path: str, **fields: str) -> tuple[str, dict[str, str]]:
        """What a page answers to a form."""
        form = urlencode({"csrfmiddlewaretoken": CSRF, **fields})
        cookies = f"csrftoken={CSRF}; sessionid={self.place.session}"
        return self._ask(
            path, form, Cookie=cookies, Content_Type="application/x-www-form-urlencoded"
        )

    def api(self, path: str, body: str, **headers: str) -> tuple[str, dict[str, str]]:
        """What the API answers to a body."""
        given = {"Authorization": f"Bearer {self.place.token}", "Content-Type": "application/json"}
        return self._ask(f"/api/v1/{path}", body, **{**given, **headers})

    def _ask(self, path: str, body: str, **headers: str) -> tuple[str, dict[str, str]]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = Request(f"{self.url}{path}", body.encode(), named)  # noqa: S310 # ours
        try:
            answer = urlopen(request, timeout=120)  # noqa: S310
        except HTTPError as problem:
            answer = problem
        with answer:
            self.statuses.append(answer.status)
            return answer.read().decode(), dict(answer.headers)


@pytest.fixture(scope="module")
def worker(place) -> Iterator[None]:
    """A worker beside all sites."""
    spec = embedded_processes.worker(place.environ)
    with running(spec, output=place.folder / "worker.log"):
        yield


@contextmanager
def serving(place: Place, application: str = "config.wsgi") -> Iterator[str]:
    with place.output.open("ab") as output:
        address = {"answers": "/healthz", "application": application, "output": output}
        with served(place.environ, **address) as url:
            yield url


@pytest.fixture(scope="module")
def usual_site(place, worker) -> Iterator[str]:
    """The address of the site as it is if nothing is set."""
    with serving(place) as url:
        yield url


@pytest.fixture
def site(place, usual_site) -> Site:
    return Site(place, usual_site)


def article(site: Site, text: str = TEXT, **given: Any) -> str:
    return json.dumps({"text": text, "document": site.place.document, **given})


def assert_private(headers: dict[str, str]) -> None:
    assert "no-store" in headers["Cache-Control"]


class TestAText:
    def test_that_is_read_leaves_nothing_but_the_quote_of_a_card(self, place, site):
        page, headers = site.desk(f"{site.reading}text/", text=TEXT)
        assert MARKER in page
        assert_private(headers)
        _, headers = site.desk("/admin/desk/read/", text=TEXT)
        assert_private(headers)
        draft = unescape(re.findall(r'name="draft" value="([^"]*)"', page)[-1])
        assert MARKER in draft
        for action in ("swap", "actor:nobody", "date:no date", "another", "words", "nothing"):
            site.desk(f"{site.reading}card/", do=action, draft=draft, version="")
        site.desk(f"{site.reading}form/", open="1", draft=draft)
        for path in (f"{site.reading}text/", "/admin/desk/read/"):
            page, headers = site.desk(path, text=PAGE)
            assert MARKER in page
            assert_private(headers)
        site.desk(f"{site.reading}card/", do="blank", sentence="3", words=f"A {MARKER}.")
        site.desk(f"{site.reading}place/", place="3")
        answer, headers = site.api("reading/", article(site))
        assert MARKER in answer
        assert_private(headers)
        first = json.loads(answer)["drafts"][0]
        site.api(f"documents/{place.document}/drafts/", json.dumps({"drafts": [first]}))

        assert {*site.statuses} == {200, 204}
        kept = place.findings(CONTROL)
        assert "table tray_card" in kept
        assert any(name.endswith("postgres.log") for name in kept)
        assert place.findings(MARKER) == []

    def test_that_is_refused_leaves_nothing(self, place, site):
        desk, large = f"{site.reading}text/", {"text": f"{MARKER} " * 20_001}

        answers = [
            site.desk(desk, **large),
            site.desk("/admin/desk/read/", **large),
            site.desk(desk.replace(place.document, str(place.document)[:-4] + "0000"), text=TEXT),
            site.desk(desk, text=TEXT, csrfmiddlewaretoken="wrong"),
            site.desk(f"{site.reading}card/", do="swap", draft=f"{MARKER} is no card"),
            site.api("reading/", article(site)[:-1]),
            site.api("reading/", article(site, document=None)),
            site.api("reading/", article(site, document=[MARKER], collection=MARKER * 20)),
            site.api("reading/", article(site, **large)),
            site.api("reading/", article(site), Authorization="Bearer ent_wrong"),
            site.api("reading/", article(site), Content_Type="text/plain"),
            site.api("reading/", article(site), Idempotency_Key="k" * 256),
            site.api("reading/", article(site, text=TEXT * 2_000)),
        ]

        assert [*site.statuses[5:]] == [400, 400, 400, 400, 401, 415, 400, 400]
        assert place.findings(MARKER) == []
        for answer, _ in (*answers[:4], *answers[5:7], *answers[8:]):
            assert MARKER not in answer

    def test_that_makes_a_reader_fail_leaves_nothing(self, place, worker):
        with serving(place, "tests.kit.failing_reader:application") as url:
            site = Site(place, url)
            answers = [
                site.desk(f"{site.reading}text/", text=TEXT)[0],
                site.api("reading/", article(site))[0],
                site.api("reading/", article(site), Idempotency_Key="a key")[0],
            ]

        assert site.statuses == [500, 500, 500]
        assert not any(MARKER in answer for answer in answers)
        assert "KeyError in failing_reader.py" in place.output.read_text()
        assert place.findings(MARKER) == []


class TestOnItsWay:
    """Between client and server, where large bodies and answers have files of their own."""

    def test_a_large_text_is_in_no_file(self, place, site):
        body = article(site, FILLER * 20_000).encode()
        assert 1_500_000 < len(body) < 2_000_000
        with _connected(site, "api/v1/reading/", len(body)) as client:
            client.sendall(body[:-100])
            time.sleep(1)

            assert files_of_servers(place) == []

    def test_a_large_answer_is_in_no_file(self, place, site):
        body = article(site, LARGE).encode()
        with _connected(site, "api/v1/reading/", len(body)) as client:
            client.sendall(body)
            eventually(lambda: client.recv(1), what="an answer begins")
            time.sleep(1)

            assert files_of_servers(place) == []


def _connected(site: Site, path: str, length: int) -> socket.socket:
    """A client that takes little at a time, and has sent the head of a request."""
    parts = urlsplit(site.url)
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    client.connect((parts.hostname, parts.port))
    head = (
        f"POST /{path} HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {site.place.token}\r\nContent-Length: {length}\r\n\r\n"
    )
    client.sendall(head.encode())
    return client


def files_of_servers(place: Place) -> list[str]:
    """The temporary files with content that the web server has open, deleted ones too."""
    found = []
    for process in processes():
        if "gunicorn" not in command_line(process.pid):
            continue
        for link in Path(f"/proc/{process.pid}/fd").glob("*"):
            with suppress(OSError):
                found.append(str(link.readlink()) if link.stat().st_size else "")
    return [file for file in found if file.startswith(str(place.folder / "temporary"))]
