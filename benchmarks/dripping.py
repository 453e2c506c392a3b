"""Clients that hold connections open and do next to nothing with them, and one normal reader.

A dripping client sends a request byte by byte, or takes its answer so. When the server closes its
connection it opens another one, so that there are always as many as asked for.
"""

import contextlib
import http.client
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

HOST = "127.0.0.1"
# Seconds between two bytes of one client.
PAUSE = 1.0
BODY = 1_000_000
HEAD = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
LOGIN = (
    b"POST /admin/login/ HTTP/1.1\r\nHost: localhost\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n"
    + f"Content-Length: {BODY}\r\n\r\n".encode()
)


def _reading(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()


@dataclass(slots=True)
class Dripper:
    """One slow client. `kind` is heads, bodies or answers."""

    kind: str
    port: int
    path: str
    source: str = HOST
    held: socket.socket | None = None

    def act(self) -> bool:
        """Do a little; whether a connection was opened for it."""
        if self.held is None:
            return self._open()
        try:
            if self.kind == "answers":
                gone = self._gone() or not self._take()
            else:
                gone = self._gone()
                self.held.send(b"a")
        except BlockingIOError:
            gone = False
        except OSError:
            gone = True
        if gone:
            self.close()
        return False

    def close(self) -> None:
        if self.held is not None:
            self.held.close()
            self.held = None

    def _open(self) -> bool:
        opened = socket.socket()
        if self.kind == "answers":
            # So that hardly any of the answer fits into the kernel's buffer.
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1_024)
        opened.settimeout(1)
        first = {"heads": HEAD, "bodies": LOGIN, "answers": _reading(self.path)}[self.kind]
        try:
            opened.bind((self.source, 0))
            opened.connect((HOST, self.port))
            opened.sendall(first)
        except OSError:
            opened.close()
            return False
        opened.settimeout(0)
        self.held = opened
        return True

    def _gone(self) -> bool:
        """Whether the server has ended the connection."""
        assert self.held is not None
        if self.kind == "answers":
            return False
        with contextlib.suppress(BlockingIOError):
            while self.held.recv(4_096):
                pass
            return True
        return False

    def _take(self) -> bytes:
        assert self.held is not None
        return self.held.recv(16)


@dataclass(slots=True)
class Drips:
    """All slow clients, each of which does something once a second."""

    clients: Sequence[Dripper]
    opened: int = 0
    ended: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        share = PAUSE / len(self.clients)
        while not self.ended.is_set():
            for client in self.clients:
                self.opened += client.act()
                self.ended.wait(share)
        for client in self.clients:
            client.close()


@contextlib.contextmanager
def dripping(
    port: int, *, kinds: Sequence[str], connections: int, path: str, addresses: int = 1
) -> Iterator[Drips]:
    """Keep slow connections open, of each kind and from each address as many."""
    clients = [
        Dripper(kinds[n % len(kinds)], port, path, source=f"127.0.0.{1 + n % addresses}")
        for n in range(connections)
    ]
    for client in clients:
        client.act()
    drips = Drips(clients, opened=connections)
    thread = threading.Thread(target=drips.run, daemon=True)
    thread.start()
    try:
        yield drips
    finally:
        drips.ended.set()
        thread.join()


def read(port: int, path: str, *, patience: float) -> tuple[int, float]:
    """Read a page over a connection of its own: its status, 0 without an answer, and seconds."""
    began = time.monotonic()
    connection = http.client.HTTPConnection(HOST, port, timeout=patience)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        status = answer.status
    except (OSError, http.client.HTTPException):
        status = 0
    finally:
        connection.close()
    return status, time.monotonic() - began
