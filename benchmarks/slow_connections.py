"""Clients that hold slow connections open, and one normal reader.

A slow client sends its request or reads its response byte by byte. When the server closes its
connection it opens another one, so that the number of connections stays the same.
"""

import contextlib
import http.client
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

HOST = "127.0.0.1"
# Seconds between two bytes of a client.
PAUSE = 1.0
BODY = 1_000_000
HEAD = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
LOGIN = (
    b"POST /admin/login/ HTTP/1.1\r\nHost: localhost\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n"
    # With the cookie the body is read.
    b"Cookie: csrftoken=" + b"a" * 32 + f"\r\nContent-Length: {BODY}\r\n\r\n".encode()
)


def _get_request(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()


@dataclass(slots=True)
class SlowClient:
    """A slow client. `kind` is heads, bodies or answers."""

    kind: str
    port: int
    path: str
    source: str = HOST
    connection: socket.socket | None = None

    def step(self) -> bool:
        """Send or read one byte, or open a connection. Returns whether one was opened."""
        if self.connection is None:
            return self._open()
        try:
            if self.kind == "answers":
                gone = self._is_closed() or not self._take()
            else:
                gone = self._is_closed()
                self.connection.send(b"a")
        except BlockingIOError:
            gone = False
        except OSError:
            gone = True
        if gone:
            self.close()
        return False

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def _open(self) -> bool:
        opened = socket.socket()
        if self.kind == "answers":
            # The kernel's buffer then holds only a small part of the response.
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1_024)
        opened.settimeout(1)
        first = {"heads": HEAD, "bodies": LOGIN, "answers": _get_request(self.path)}[self.kind]
        try:
            opened.bind((self.source, 0))
            opened.connect((HOST, self.port))
            opened.sendall(first)
        except OSError:
            opened.close()
            return False
        opened.settimeout(0)
        self.connection = opened
        return True

    def _is_closed(self) -> bool:
        """Whether the server has closed the connection."""
        assert self.connection is not None
        if self.kind == "answers":
            return False
        with contextlib.suppress(BlockingIOError):
            while self.connection.recv(4_096):
                pass
            return True
        return False

    def _take(self) -> bytes:
        assert self.connection is not None
        return self.connection.recv(16)


@dataclass(slots=True)
class SlowClients:
    """All slow clients. Each makes a step once a second."""

    clients: Sequence[SlowClient]
    opened: int = 0
    ended: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        share = PAUSE / len(self.clients)
        while not self.ended.is_set():
            for client in self.clients:
                self.opened += client.step()
                self.ended.wait(share)
        for client in self.clients:
            client.close()


@contextlib.contextmanager
def slow_connections(
    port: int, *, kinds: Sequence[str], connections: int, path: str, addresses: int = 1
) -> Iterator[SlowClients]:
    """Keep slow connections open, distributed evenly over kinds and addresses."""
    clients = [
        SlowClient(kinds[n % len(kinds)], port, path, source=f"127.0.0.{1 + n % addresses}")
        for n in range(connections)
    ]
    for client in clients:
        client.step()
    drips = SlowClients(clients, opened=connections)
    thread = threading.Thread(target=drips.run, daemon=True)
    thread.start()
    try:
        yield drips
    finally:
        drips.ended.set()
        thread.join()


def read(port: int, path: str, *, timeout: float) -> tuple[int, float]:
    """Request a page over a new connection. Returns status (0: no response) and seconds."""
    started = time.monotonic()
    connection = http.client.HTTPConnection(HOST, port, timeout=timeout)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        status = answer.status
    except (OSError, http.client.HTTPException):
        status = 0
    finally:
        connection.close()
    return status, time.monotonic() - started
