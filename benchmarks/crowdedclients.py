"""Clients that ask a web server without pause, each over a connection of its own, and how long they
waited. They do as little as they can themselves: server and clients share a machine."""

import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import cycle, islice
from typing import NamedTuple

HOST = "127.0.0.1"


class Asked(NamedTuple):
    """Requests a second of all clients together, and the seconds that each request took."""

    rate: float
    waits: list[float]


class Wrong(RuntimeError):
    """An answer has another status than was expected."""


class Connection:
    """One connection, kept open."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection((HOST, port), 30)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, path: str, tag: str = "") -> tuple[int, dict[str, str]]:
        """Ask for a path, as one who has the answer with that tag; give status and headers."""
        held = f"If-None-Match: {tag}\r\n" if tag else ""
        self._socket.sendall(f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\n{held}\r\n".encode())
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
        some = self._socket.recv(1 << 18)
        if not some:
            raise Wrong("the server hung up")
        return some


def tags(port: int, paths: Sequence[str]) -> list[str]:
    """Ask for each path once, and give the tags of the answers."""
    connection = Connection(port)
    found = []
    for path in paths:
        status, headers = connection.ask(path)
        if status != 200:
            raise Wrong(f"{path} is answered with {status}")
        found.append(headers.get("etag", ""))
    return found


def ask(
    port: int, asked: Sequence[tuple[str, str]], *, status: int, clients: int, seconds: float
) -> Asked:
    """Have so many clients ask for paths with tags, each from another place in the list."""
    waits: list[list[float]] = [[] for _ in range(clients)]
    trouble: list[BaseException] = []

    def run(number: int) -> None:
        try:
            start = number * len(asked) // clients
            _asking(Connection(port), islice(cycle(asked), start, None), waits[number], status, end)
        except (OSError, Wrong) as problem:
            trouble.append(problem)

    began = time.perf_counter()
    end = began + seconds
    _together(run, clients)
    taken = time.perf_counter() - began
    if trouble:
        raise trouble[0]
    every = [wait for own in waits for wait in own]
    return Asked(len(every) / taken, every)


def _asking(
    connection: Connection,
    asked: Iterator[tuple[str, str]],
    waits: list[float],
    wanted: int,
    end: float,
) -> None:
    for path, tag in asked:
        began = time.perf_counter()
        if began > end:
            return
        status, _ = connection.ask(path, tag)
        waits.append(time.perf_counter() - began)
        if status != wanted:
            raise Wrong(f"{path} is answered with {status}, not {wanted}")


def _together(run: Callable[[int], None], number: int) -> None:
    threads = [threading.Thread(target=run, args=(one,)) for one in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
