"""HTTP clients that send requests without pause, each over its own connection, and their waiting
times. They do as little as possible, since server and clients share the machine."""

import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import cycle, islice
from typing import NamedTuple

HOST = "127.0.0.1"


class Load(NamedTuple):
    """The requests per second of all clients, and the seconds of each request."""

    rate: float
    waits: list[float]


class UnexpectedResponse(RuntimeError):
    """A response has an unexpected status."""


class Connection:
    """A connection, kept open."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection((HOST, port), 30)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def get(self, path: str, tag: str = "") -> tuple[int, dict[str, str]]:
        """Send a GET, with If-None-Match if there is a tag. Returns status and headers."""
        condition = f"If-None-Match: {tag}\r\n" if tag else ""
        self._socket.sendall(f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\n{condition}\r\n".encode())
        received = b""
        while b"\r\n\r\n" not in received:
            received += self._more()
        head, _, body = received.partition(b"\r\n\r\n")
        status, *lines = head.decode("latin-1").split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in lines)
        left = int(headers.get("content-length", "0")) - len(body)
        while left > 0:
            left -= len(self._more())
        return int(status.split()[1]), headers

    def _more(self) -> bytes:
        data = self._socket.recv(1 << 18)
        if not data:
            raise UnexpectedResponse("the server closed the connection")
        return data


def tags(port: int, paths: Sequence[str]) -> list[str]:
    """Request each path once. Returns the tags of the responses."""
    connection = Connection(port)
    found = []
    for path in paths:
        status, headers = connection.get(path)
        if status != 200:
            raise UnexpectedResponse(f"{path} returned {status}")
        found.append(headers.get("etag", ""))
    return found


def run(
    port: int, requests: Sequence[tuple[str, str]], *, status: int, clients: int, seconds: float
) -> Load:
    """Let clients request paths with tags, each starting at another place of the list."""
    waits: list[list[float]] = [[] for _ in range(clients)]
    problems: list[BaseException] = []

    def client(number: int) -> None:
        try:
            start = number * len(requests) // clients
            _send_requests(
                Connection(port), islice(cycle(requests), start, None), waits[number], status, end
            )
        except (OSError, UnexpectedResponse) as problem:
            problems.append(problem)

    started = time.perf_counter()
    end = started + seconds
    _run_threads(client, clients)
    elapsed = time.perf_counter() - started
    if problems:
        raise problems[0]
    all_waits = [wait for client_waits in waits for wait in client_waits]
    return Load(len(all_waits) / elapsed, all_waits)


def _send_requests(
    connection: Connection,
    requests: Iterator[tuple[str, str]],
    waits: list[float],
    expected: int,
    end: float,
) -> None:
    for path, tag in requests:
        started = time.perf_counter()
        if started > end:
            return
        status, _ = connection.get(path, tag)
        waits.append(time.perf_counter() - started)
        if status != expected:
            raise UnexpectedResponse(f"{path} returned {status}, not {expected}")


def _run_threads(target: Callable[[int], None], number: int) -> None:
    threads = [threading.Thread(target=target, args=(n,)) for n in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
