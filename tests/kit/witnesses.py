"""Witness servers of tests, and logs that ask them without a site."""

import io
import runpy
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from tests.kit.processes import CHECKOUT
from tracker.domain.proofs import merkle, notes, tiles, witnessing
from tracker.domain.proofs.checkpoints import Checkpoint
from tracker.domain.proofs.notes import KeyType, SigningKey, VerifierKey

TOOL = CHECKOUT / "tools" / "witness.py"
MAIN = runpy.run_path(str(TOOL))["main"]


@dataclass(slots=True)
class WitnessServer:
    """A witness that runs as a process; what it knows is in the file `state`."""

    state: Path
    key: VerifierKey
    process: subprocess.Popen[str] | None = None
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def setting(self) -> str:
        """What a site has in `WITNESSES` to ask it."""
        return f"{self.key} {self.url}"

    def start(self, *program: str) -> None:
        """Start it, again at the same port."""
        command = program or (str(TOOL),)
        self.process = subprocess.Popen(
            [sys.executable, *command, "serve", str(self.state), "--port", str(self.port)],
            stderr=subprocess.PIPE,
            text=True,
        )
        self.port = int(self.process.stderr.readline().split()[-1])

    def end(self) -> None:
        """Kill it."""
        self.process.kill()
        self.process.communicate()

    def ask(self, body: str | bytes, *, method: str = "POST", path: str = "/add-checkpoint"):
        """Give the status, the kind of content and the text of its answer."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            connection.request(method, path, body.encode() if isinstance(body, str) else body)
            answer = connection.getresponse()
            return answer.status, answer.headers["Content-Type"], answer.read().decode()
        finally:
            connection.close()


def tool(*words: object) -> subprocess.CompletedProcess[str]:
    """Run a command of the witness to its end. In this process: to start one takes longer."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = MAIN([*map(str, words)])
    return subprocess.CompletedProcess(words, code, out.getvalue(), err.getvalue())


@contextmanager
def a_witness(
    folder: Path, *logs: VerifierKey, name: str = "other.example/w"
) -> Iterator[WitnessServer]:
    """Serve a witness that knows some keys of logs until the end."""
    state = folder / f"{name.replace('/', '-')}.sqlite"
    made = tool("make-key", state, name)
    for key in logs:
        assert tool("add", state, key).returncode == 0
    witness = WitnessServer(state, notes.parse_verifier_key(made.stdout))
    witness.start()
    try:
        yield witness
    finally:
        witness.end()


class AnyLog:
    """A log whose leaves are made of words, without a site."""

    def __init__(self, key: SigningKey, words: Sequence[str]) -> None:
        self.key = key
        self._leaves = [merkle.hash_leaf(word.encode()) for word in words]
        _, self._tiles = tiles.extend(0, [], self._leaves)
        known = {(tile.level, tile.number): tile.hashes for tile in self._tiles}
        self._subtree = tiles.subtrees(lambda level, number: known[level, number])

    def checkpoint(self, size: int | None = None) -> Checkpoint:
        size = len(self._leaves) if size is None else size
        return Checkpoint(self.key.name, size, merkle.root(size, self._subtree))

    def note(self, size: int | None = None, *, more: Sequence[SigningKey] = ()) -> str:
        text = self.checkpoint(size).text()
        return notes.write(text, [key.sign(text) for key in (self.key, *more)])

    def proof(self, old: int, size: int) -> list[bytes]:
        return merkle.prove_consistency(old, size, self._subtree) if old else []

    def request(self, old: int, size: int | None = None) -> str:
        size = len(self._leaves) if size is None else size
        return witnessing.write(old, self.proof(old, size), self.note(size))

    @contextmanager
    def serve(self, folder: Path, *, more: str = "") -> Iterator[str]:
        """Serve it as a site does, with more signatures; give the address of the site."""
        files = {
            f"log/tile/{tiles.path(*one[:2], len(one.hashes) // 32)}": one.hashes
            for one in self._tiles
        }
        for path, content in (files | {"log/checkpoint": f"{self.note()}{more}".encode()}).items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)
        with _served(partial(QuietFiles, directory=str(folder))) as url:
            yield url


class QuietFiles(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def _served(handler: Callable[..., BaseHTTPRequestHandler]) -> Iterator[str]:
    """Serve in a thread until the end; give the address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass(slots=True)
class OddWitness:
    """A witness that answers what a test says; `bodies` are the requests that it got. It waits
    `pause` seconds before each byte."""

    key: SigningKey
    url: str = ""
    answer: Callable[[str], tuple[int, str]] = lambda _: (500, "")
    bodies: list[str] = field(default_factory=list)
    pause: float = 0.0

    @property
    def setting(self) -> str:
        return f"{self.key.verifier} {self.url}"

    def signs(self, body: str) -> tuple[int, str]:
        """What a witness answers that signs everything."""
        note = notes.parse(body.partition("\n\n")[2])
        return 200, notes.line(self.key.sign(note.text, time=1))


@contextmanager
def an_odd_witness() -> Iterator[OddWitness]:
    """Serve it in a thread until the end."""
    witness = OddWitness(SigningKey.generate("odd.example/w", KeyType.WITNESS))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            witness.bodies.append(body)
            status, text = witness.answer(body)
            self.send_response(status)
            self.end_headers()
            parts = [bytes([one]) for one in text.encode()] if witness.pause else [text.encode()]
            with suppress(OSError):
                for part in parts:
                    time.sleep(witness.pause)
                    self.wfile.write(part)

        def log_message(self, *_: object) -> None:
            pass

    with _served(Handler) as witness.url:
        yield witness
