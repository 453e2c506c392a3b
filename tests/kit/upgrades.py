"""Another release of the code beside this one, on the same database, and people who use both."""

import io
import json
import random
import signal
import subprocess
import sys
import tarfile
import threading
import time
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen
from uuid import uuid4

import psycopg
from psycopg import sql

from config.embedded import processes as embedded
from config.embedded.children import Child
from tests.kit.builders import CODE
from tests.kit.processes import CHECKOUT, running
from tests.kit.web_servers import WebServer, start

# Tables, the seed, an account and its token, by the code of the folder in which it runs.
PREPARE = """
import django, sys
django.setup()
from django.contrib.auth import get_user_model
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("loadseed", stdout=sys.stderr)
get_user_model().objects.create_superuser("ann")
call_command("token", "create", "--user", "ann", "--scope", "read", "--scope", "write:claims")
"""
NOUNS = "SELECT id::text FROM standing_record WHERE noun = %s ORDER BY id LIMIT 1"
PAIRS = (
    "SELECT DISTINCT actors[1]::text, actors[2]::text FROM standing_claim"
    " WHERE cardinality(actors) = 2"
)
RELEASES = Path(__file__).with_name("releases.toml")
# Each has people who wait for it.
IN_USE = ("log_head", "event", "standing_claim", "standing_record", "seal_head", "cursor")
# Answers that a client is told to try again after.
AGAIN = {409, 429, 503}


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    tag: str
    commit: str


def releases() -> list[Release]:
    """The releases, the oldest first."""
    return [Release(**one) for one in tomllib.loads(RELEASES.read_text())["releases"]]


class NoHistory(RuntimeError):
    """This clone has no history, or not as far back."""


def unpack(commit: str, folder: Path) -> Path:
    """Unpack the code of a commit.

    :raises NoHistory: if it is not in this clone.
    """
    command = ["git", "archive", "--format=tar", commit]
    try:
        done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, check=False)
    except FileNotFoundError as problem:
        raise NoHistory("git is not installed") from problem
    if done.returncode:
        raise NoHistory(done.stderr.decode().strip())
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        archive.extractall(folder, filter="data")
    return folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """The code of a folder, and its environments as web or worker and as the owner."""

    folder: Path
    app: Mapping[str, str]
    owner: Mapping[str, str]

    def run(self, *words: str) -> str:
        """Run Python in the folder as the owner, and give what it prints."""
        done = subprocess.run(
            [sys.executable, *words],
            cwd=self.folder,
            env={**self.owner, "DATABASE_AS_OWNER": "1"},
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert done.returncode == 0, done.stderr + done.stdout
        return done.stdout

    def prepare(self) -> str:
        """Make the tables with something on record, and give a token."""
        return self.run("-c", PREPARE).split()[-1]

    @contextmanager
    def serving(self, log: Path) -> Iterator[tuple[WebServer, Child]]:
        """Web and a worker, until the end of the block."""
        worker = embedded.worker(self.app)
        with log.open("ab") as output, ExitStack() as stack:
            web = start(dict(self.app), folder=self.folder, output=output)
            stack.callback(end, web)
            child = stack.enter_context(running(replace(worker, folder=self.folder), output=log))
            web.wait_for("/healthz")
            yield web, child


def end(web: WebServer) -> None:
    """End a server, if nobody has."""
    if web.process.poll() is None:
        web.end(signal.SIGTERM)


@dataclass
class Crowd:
    """People who enter claims and read pages, at the addresses that are up."""

    token: str
    bodies: list[dict[str, Any]]
    addresses: list[str]
    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    # Claims by the address that took them.
    taken: Counter[str] = field(default_factory=Counter)
    # The position and the claim of each answer.
    acknowledged: list[tuple[int, str]] = field(default_factory=list)
    # What a server said that failed.
    failures: list[str] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def busy(self, *, writers: int, readers: int) -> Iterator[None]:
        """Let them write and read until the end of the block."""
        works = [self._write] * writers + [self._read] * readers
        threads = [
            threading.Thread(target=work, args=[random.Random(seed)])  # noqa: S311
            for seed, work in enumerate(works)
        ]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._stop.set()
            for thread in threads:
                thread.join()

    def _write(self, dice: random.Random) -> None:
        while not self._stop.is_set():
            key, body = uuid4().hex, dice.choice(self.bodies)
            # As a client does that is told to try again, perhaps by another server.
            while (answer := self._ask("claims/", dice, body, key)) is None or answer[0] in AGAIN:
                if self._stop.is_set():
                    return
                time.sleep(0.2)
            if answer[0] == 201:
                with self._lock:
                    self.acknowledged.append((answer[1]["position"], answer[1]["id"]))
                    self.taken[answer[2]] += 1
            time.sleep(0.25)

    def _read(self, dice: random.Random) -> None:
        while not self._stop.is_set():
            self._ask(dice.choice(("pairs/", "claims/?limit=5", "log/events/?limit=5")), dice)
            time.sleep(0.25)

    def _ask(
        self, path: str, dice: random.Random, body: Any = None, key: str = ""
    ) -> tuple[int, Any, str] | None:
        """Ask a server for its status, answer and address; None if it ended meanwhile."""
        address = dice.choice(self.addresses)
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        headers |= {"Idempotency-Key": key} if key else {}
        data = json.dumps(body).encode() if body else None
        request = Request(f"{address}/api/v1/{path}", data, headers)  # noqa: S310 # our own server
        try:
            with urlopen(request, timeout=30) as answer:  # noqa: S310
                status, text = answer.status, answer.read()
        except HTTPError as problem:
            status, text = problem.code, problem.read()
        except (OSError, HTTPException):
            return None
        with self._lock:
            self.statuses[(path.partition("?")[0], status)] += 1
            if status >= 300 and status not in AGAIN:
                self.failures.append(f"{path} {status} {text[:300]!r}")
        return status, json.loads(text) if status < 300 else None, address


def bodies(url: str) -> list[dict[str, Any]]:
    """Claims that may be put on record, of what a database has."""
    with psycopg.connect(url) as connection:
        [collection], [document] = (
            connection.execute(NOUNS, [noun]).fetchone() for noun in ("collection", "document")
        )
        pairs = connection.execute(PAIRS).fetchall()
    return [
        {
            "collection": collection,
            "kind": "act",
            "summary": "Something was done.",
            "parties": [
                {"actor": one, "role": "initiator"},
                {"actor": other, "role": "recipient"},
            ],
            "citations": [{"document": document}],
            "code": CODE,
            "occurred": {"edtf": "2022-05-11"},
        }
        for one, other in pairs
    ]


@contextmanager
def a_long_reader(url: str, *, seconds: float) -> Iterator[None]:
    """Hold a snapshot of the tables that migrations change, for so long."""
    with psycopg.connect(url) as reader:
        reader.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        for table in IN_USE:
            if reader.execute("SELECT to_regclass(%s)", [table]).fetchone() != (None,):
                reader.execute(sql.SQL("TABLE {}").format(sql.Identifier(table)))
        ending = threading.Timer(seconds, reader.close)
        ending.start()
        yield
        ending.join()
