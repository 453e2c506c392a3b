"""A web server on a benchmark's database, and clients that send requests to it.

gunicorn serves the product as `make run` does (two processes of four threads), readable without a
token and without a limit of requests. An additional view does nothing, behind the same middleware:
its time is the minimum of any response. Server, clients and database share the machine.
"""

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import cycle, islice
from typing import NamedTuple
from urllib.parse import urlencode

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver
from django.urls import path as route

from benchmarks.figures import seconds_of
from config import urls as config_urls

HOST = "127.0.0.1"
EMPTY = "/empty"
# If this variable is set, responses are not cached.
NO_CACHE = "BENCHMARK_NO_CACHE"
TIMEOUT_SECONDS = 60.0
CLIENTS = 8


class UnexpectedResponse(RuntimeError):
    """A response has an unexpected status, or there is none."""


class Load(NamedTuple):
    """The requests per second of all clients, and the seconds of each request."""

    rate: float
    waits: list[float]


def _empty(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("{}", content_type="application/json")


urlpatterns: list[URLPattern | URLResolver] = [
    route(EMPTY.lstrip("/"), _empty),
    *config_urls.urlpatterns,
]


def application() -> WSGIHandler:
    """The WSGI application for gunicorn."""
    settings.ROOT_URLCONF = __name__
    if os.environ.get(NO_CACHE):
        dummy = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
        settings.CACHES = {**settings.CACHES, "answers": dummy, "compressed": dummy}
    return get_wsgi_application()


@contextlib.contextmanager
def server(url: str, *, cached: bool, processes: int = 2) -> Iterator[int]:
    """Run a web server on a database. Yields its port."""
    port = _free_port()
    environ = {**os.environ, "DATABASE_URL": url, "ANONYMOUS_READERS": "1", "RATE_LIMIT": "0"}
    environ |= {} if cached else {NO_CACHE: "1"}
    options = ["--bind", f"{HOST}:{port}", "--workers", str(processes), "--threads", "4"]
    command = ["gunicorn", f"{__name__}:application()", *options, "--log-level", "error"]
    process = subprocess.Popen([sys.executable, "-m", *command], env=environ)
    try:
        _wait_for_server(port)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    return port


def _wait_for_server(port: int) -> None:
    until = time.monotonic() + TIMEOUT_SECONDS
    while time.monotonic() < until:
        with contextlib.suppress(OSError):
            tags(port, [EMPTY])
            return
        time.sleep(0.1)
    raise UnexpectedResponse("the web server did not start")


class _Connection:
    """A connection, kept open. It does as little as possible, since it shares the machine with the
    server."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection((HOST, port), 30)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def get(self, path: str, tag: str = "", *, status: int = 200) -> dict[str, str]:
        """Send a GET, with If-None-Match if there is a tag. Returns the headers."""
        condition = f"If-None-Match: {tag}\r\n" if tag else ""
        self._socket.sendall(f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\n{condition}\r\n".encode())
        received = b""
        while b"\r\n\r\n" not in received:
            received += self._more()
        head, _, body = received.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in lines)
        left = int(headers.get("content-length", "0")) - len(body)
        while left > 0:
            left -= len(self._more())
        if int(first.split()[1]) != status:
            raise UnexpectedResponse(f"{path} returned {first}, not {status}")
        return headers

    def _more(self) -> bytes:
        data = self._socket.recv(1 << 18)
        if not data:
            raise UnexpectedResponse("the server closed the connection")
        return data


def tags(port: int, paths: Sequence[str]) -> list[str]:
    """Request each path once. Returns the tags of the responses."""
    connection = _Connection(port)
    return [connection.get(path).get("etag", "") for path in paths]


def put_load(
    *ports: int, requests: Sequence[tuple[str, str]], seconds: float, status: int = 200
) -> Load:
    """Let clients request paths with tags without pause, each over its own connection and from
    another place of the list. They are spread over the servers at some ports."""
    waits: list[float] = []
    problems: list[BaseException] = []

    def client(number: int) -> None:
        try:
            connection = _Connection(ports[number % len(ports)])
            for path, tag in islice(cycle(requests), number * len(requests) // CLIENTS, None):
                begun = time.perf_counter()
                if begun > started + seconds:
                    return
                connection.get(path, tag, status=status)
                waits.append(time.perf_counter() - begun)
        except (OSError, UnexpectedResponse) as problem:
            problems.append(problem)

    started = time.perf_counter()
    threads = [threading.Thread(target=client, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if problems:
        raise problems[0]
    return Load(len(waits) / (time.perf_counter() - started), waits)


class Reader:
    """One reader over one connection, with or without a session cookie; `packed`: it accepts
    gzip."""

    def __init__(self, port: int, *, cookie: str = "", packed: bool = False) -> None:
        self._connection = http.client.HTTPConnection(HOST, port, timeout=TIMEOUT_SECONDS)
        self._headers = {"Cookie": cookie} if cookie else {}
        self._headers |= {"Accept-Encoding": "gzip"} if packed else {}

    def read(self, path: str, fields: Mapping[str, str] | None = None) -> bytes:
        """The body of a page, or of the answer to a form with some fields."""
        if fields is None:
            self._connection.request("GET", path, headers=self._headers)
        else:
            form = {"Content-Type": "application/x-www-form-urlencoded"}
            self._connection.request("POST", path, urlencode(fields), self._headers | form)
        answer = self._connection.getresponse()
        body = answer.read()
        if answer.status != http.client.OK:
            raise UnexpectedResponse(f"{path}: {answer.status} {body[:200]!r}")
        return body

    def milliseconds(self, pages: Mapping[str, str], *, rounds: int) -> dict[str, list[float]]:
        """The time of each page by name, requested in turns; the first round is a warm-up."""
        acts = {name: partial(self.read, path) for name, path in pages.items()}
        return in_turns(acts, rounds=rounds)


def in_turns(acts: Mapping[str, Callable[[], object]], *, rounds: int) -> dict[str, list[float]]:
    """The milliseconds of each act by name, carried out in turns; the first round is a warm-up."""
    found: dict[str, list[float]] = {name: [] for name in acts}
    for number in range(rounds + 1):
        for name, act in acts.items():
            took = seconds_of(act)
            if number:
                found[name].append(1e3 * took)
    return found
