"""A witness of logs (C2SP `tlog-witness`): signs checkpoints of logs that only grew.

It needs this folder's checkout of Entente, Python 3.12 or newer, `cryptography` and `waitress`. All
it knows is in one SQLite file, which also has its private key:

    python3 tools/witness.py make-key witness.sqlite other.example/witness
    python3 tools/witness.py add witness.sqlite KEY
    python3 tools/witness.py serve witness.sqlite --port 8600

KEY is the public key of a log, from its operator. While a log changes its key, add the new one
before the old one is removed. `key` prints the public key of the witness, `list` what it signed,
`refusals` the checkpoints that it refused. Put a proxy with TLS in front of it, which also has
deadlines for slow clients.

Never restore the file from a backup: the witness would sign another history than before. If the
file is lost, make another key with another name.
"""

import argparse
import hashlib
import os
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any

from waitress import create_server

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tracker.domain.proofs import checkpoints, notes, witnessing
from tracker.domain.proofs.checkpoints import Checkpoint
from tracker.domain.proofs.notes import KeyType, Note, SigningKey, VerifierKey
from tracker.domain.proofs.refusals import Refused
from tracker.domain.proofs.witnessing import NotSigned, Submission

# Of a client: bytes of headers and body, and seconds without a byte; and all connections.
MOST_HEADER_BYTES = 32_000
MOST_BODY_BYTES = 100_000
IDLE_SECONDS = 10
MOST_CONNECTIONS = 1_000
TEXT = "text/plain; charset=utf-8"
# Refused checkpoints that are kept of a log: the first ones.
MOST_REFUSALS = 100
LOCKED_SECONDS = 5
TABLES = """
CREATE TABLE own_key (one INTEGER PRIMARY KEY CHECK (one = 1), key TEXT NOT NULL);
CREATE TABLE log_key (origin TEXT NOT NULL, key TEXT NOT NULL PRIMARY KEY);
CREATE TABLE signed (origin TEXT NOT NULL PRIMARY KEY, note TEXT NOT NULL);
CREATE TABLE refused (
    origin TEXT NOT NULL, text TEXT NOT NULL, at INTEGER NOT NULL, why TEXT NOT NULL,
    request TEXT NOT NULL, PRIMARY KEY (origin, text)
);
"""


class Unusable(Exception):
    """Why a command fails."""


class State:
    """What the witness knows. Each call has a connection of its own."""

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise Unusable(f"there is no {path}: make a key first")
        self._path = path
        with self._open() as db:
            row = db.execute("SELECT key FROM own_key").fetchone()
        self.key = notes.parse_signing_key(row[0])

    @classmethod
    def make(cls, path: Path, name: str) -> "State":
        """Make the file with a new key."""
        key = SigningKey.generate(name, KeyType.WITNESS)
        os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o600))
        with closing(sqlite3.connect(path)) as db, db:
            db.executescript(f"BEGIN; {TABLES}")
            db.execute("INSERT INTO own_key VALUES (1, ?)", [str(key)])
        return cls(path)

    def add(self, key: VerifierKey) -> None:
        if key.type is not KeyType.LOG:
            raise Unusable(f"the key of {key.name} is not one of a log")
        with self._open() as db:
            db.execute("INSERT OR IGNORE INTO log_key VALUES (?, ?)", [key.name, str(key)])

    def remove(self, key: VerifierKey) -> None:
        with self._open() as db:
            db.execute("DELETE FROM log_key WHERE key = ?", [str(key)])

    def logs(self) -> dict[str, str]:
        """The note of the last checkpoint that was signed for each known log; empty before it."""
        with self._open() as db:
            return dict(
                db.execute(
                    "SELECT DISTINCT origin, coalesce(note, '') FROM log_key"
                    " LEFT JOIN signed USING (origin) ORDER BY origin"
                )
            )

    def refusals(self) -> list[tuple[str, int, str, str]]:
        """The log, the time, the reason and the request of each checkpoint that was refused."""
        with self._open() as db:
            return list(db.execute("SELECT origin, at, why, request FROM refused ORDER BY at"))

    def last_note(self, origin_hash: str) -> str:
        """The last checkpoint of the log whose name has this SHA-256; empty if there is none."""
        with self._open() as db:
            for origin, note in db.execute("SELECT origin, note FROM signed"):
                if hashlib.sha256(origin.encode()).hexdigest() == origin_hash:
                    return str(note)
        return ""

    def sign(self, request: str, *, at: int) -> str:
        """Sign what a log sends, and return the line of the signature. The checkpoint is on disk
        before.

        :raises Refused: it is no such request.
        :raises NotSigned:
        """
        sent = witnessing.parse(request)
        with self._open() as db:
            known = "SELECT key FROM log_key WHERE origin = ?"
            rows = db.execute(known, [sent.checkpoint.origin]).fetchall()
            note = witnessing.trusted(sent, [notes.parse_verifier_key(key) for (key,) in rows])
            # One at a time: what is compared and what is stored are of one moment.
            db.execute("BEGIN IMMEDIATE")
            try:
                line = self._sign(db, sent, note, at=at)
            except NotSigned as problem:
                if problem.status is HTTPStatus.UNPROCESSABLE_ENTITY:
                    _keep_refusal(db, sent, at, str(problem), request)
                db.execute("COMMIT")
                raise
            db.execute("COMMIT")
        return line

    def _sign(self, db: sqlite3.Connection, sent: Submission, note: Note, *, at: int) -> str:
        origin = sent.checkpoint.origin
        row = db.execute("SELECT note FROM signed WHERE origin = ?", [origin]).fetchone()
        last = _checkpoint(row[0]) if row else None
        witnessing.check_grows(sent, last)
        signature = self.key.sign(note.text, time=at)
        # The same checkpoint again changes nothing.
        if last is None or last.size < sent.checkpoint.size:
            text = notes.write(note.text, [*note.signatures, signature])
            db.execute("INSERT OR REPLACE INTO signed VALUES (?, ?)", [origin, text])
        return notes.line(signature)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        address = f"{self._path.absolute().as_uri()}?mode=rw"
        db = sqlite3.connect(address, uri=True, timeout=LOCKED_SECONDS, isolation_level=None)
        with closing(db):
            # What is committed is on disk, and stays there when the machine stops.
            db.execute("PRAGMA synchronous = EXTRA")
            yield db


def _checkpoint(note: str) -> Checkpoint:
    return checkpoints.parse(notes.parse(note).text)


def _keep_refusal(
    db: sqlite3.Connection, sent: Submission, at: int, why: str, request: str
) -> None:
    """Keep what a log signed and this witness did not. Only a log's own key makes new rows."""
    origin = sent.checkpoint.origin
    db.execute(
        "INSERT OR IGNORE INTO refused SELECT ?, ?, ?, ?, ?"
        " WHERE (SELECT count(*) FROM refused WHERE origin = ?) < ?",
        [origin, sent.note.text, at, why, request, origin, MOST_REFUSALS],
    )
    sys.stderr.write(f"refused {sent.checkpoint.size} events of {origin}: {why}\n")


def answer(state: State, environ: dict[str, Any]) -> tuple[HTTPStatus, str, str]:
    """The status, the text and its media type for a request."""
    method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
    note = ""
    if method == "GET" and path.endswith("/checkpoint"):
        note = state.last_note(path[1:].removesuffix("/checkpoint"))
    if method == "POST" and path == "/add-checkpoint":
        return _add_checkpoint(state, environ["wsgi.input"].read())
    return (
        (HTTPStatus.OK, note, TEXT) if note else (HTTPStatus.NOT_FOUND, "nothing is here\n", TEXT)
    )


def _add_checkpoint(state: State, body: bytes) -> tuple[HTTPStatus, str, str]:
    try:
        return HTTPStatus.OK, state.sign(body.decode(), at=int(time.time())), TEXT
    except (Refused, UnicodeDecodeError) as problem:
        return HTTPStatus.BAD_REQUEST, f"{problem}\n", TEXT
    except NotSigned as problem:
        if problem.size is None:
            return problem.status, f"{problem}\n", TEXT
        return problem.status, f"{problem.size}\n", "text/x.tlog.size"
    except (sqlite3.Error, OSError) as problem:
        sys.stderr.write(f"nothing can be signed: {problem}\n")
        return HTTPStatus.SERVICE_UNAVAILABLE, "nothing can be signed now\n", TEXT


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    try:
        COMMANDS[options.command](options)
    except (Refused, Unusable, OSError, sqlite3.Error) as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    return 0


def serve(options: argparse.Namespace) -> None:
    state = State(options.state)

    def application(environ: dict[str, Any], start: Callable[..., object]) -> list[bytes]:
        status, text, kind = answer(state, environ)
        data = text.encode()
        headers = [("Content-Type", kind), ("Content-Length", str(len(data)))]
        start(f"{status.value} {status.phrase}", headers)
        return [data]

    server = create_server(
        application,
        host=options.host,
        port=options.port,
        ident=None,
        connection_limit=MOST_CONNECTIONS,
        channel_timeout=IDLE_SECONDS,
        cleanup_interval=IDLE_SECONDS,
        max_request_header_size=MOST_HEADER_BYTES,
        max_request_body_size=MOST_BODY_BYTES,
    )
    sys.stderr.write(f"{state.key.name} listens on port {server.effective_port}\n")
    sys.stderr.flush()
    server.run()


def _make_key(options: argparse.Namespace) -> None:
    _say(State.make(options.state, options.name).key.verifier)


def _add(options: argparse.Namespace) -> None:
    State(options.state).add(notes.parse_verifier_key(options.key))


def _remove(options: argparse.Namespace) -> None:
    State(options.state).remove(notes.parse_verifier_key(options.key))


def _key(options: argparse.Namespace) -> None:
    _say(State(options.state).key.verifier)


def _list(options: argparse.Namespace) -> None:
    for origin, note in State(options.state).logs().items():
        _say(origin, f"{_checkpoint(note).size} events" if note else "nothing signed yet")


def _refusals(options: argparse.Namespace) -> None:
    for origin, at, why, request in State(options.state).refusals():
        _say(f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M} {origin}: {why}\n{request}")


def _say(*words: object) -> None:
    sys.stdout.write(f"{' '.join(map(str, words))}\n")


COMMANDS: dict[str, Callable[[argparse.Namespace], None]] = {
    "serve": serve,
    "make-key": _make_key,
    "add": _add,
    "remove": _remove,
    "key": _key,
    "list": _list,
    "refusals": _refusals,
}


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="A witness of logs.")
    commands = parser.add_subparsers(dest="command", required=True)
    for name in COMMANDS:
        one = commands.add_parser(name)
        one.add_argument("state", type=Path, help="the SQLite file")
        if name == "make-key":
            one.add_argument("name", help="of the witness, such as other.example/witness")
        if name in ("add", "remove"):
            one.add_argument("key", help="the public key of a log")
        if name == "serve":
            one.add_argument("--host", default="127.0.0.1")
            one.add_argument("--port", type=int, required=True)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
