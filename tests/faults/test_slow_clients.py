"""Clients that send and take next to nothing, and a normal reader beside them."""

import os
import resource
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from urllib.parse import urlsplit

import pytest

from benchmarks import slow_clients, slow_connections
from benchmarks.figures import p95
from tests.kit.sites import Site, a_site, served

pytestmark = [pytest.mark.faults, pytest.mark.long]
PATHS = ("/healthz", "/")
GET = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n"


@pytest.fixture(scope="module")
def site(desk_template) -> Iterator[Site]:
    with a_site(desk_template) as opened:
        yield opened


def port_of(url: str) -> int:
    return urlsplit(url).port or 0


@contextmanager
def connected(url: str, first: bytes = b"") -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port_of(url)), 60) as opened:
        opened.sendall(first)
        yield opened


def all_of(opened: socket.socket) -> bytes:
    """Everything until the server ends the connection."""
    parts = []
    while part := opened.recv(65_536):
        parts.append(part)
    return b"".join(parts)


@contextmanager
def few_files(most: int) -> Iterator[None]:
    """Processes that are started meanwhile may open no more files than this."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.fixture(scope="module")
def idle(site) -> list[float]:
    """The seconds of each answer while nobody else asks."""
    slow_clients.measure(port_of(site.url), PATHS, seconds=0.5)
    return [took for _, took in slow_clients.measure(port_of(site.url), PATHS, seconds=1.5)]


class TestSixtySlowClients:
    """More than the server has threads."""

    @pytest.mark.parametrize("kind", slow_clients.KINDS)
    def test_leave_a_reader_alone(self, site, idle, kind):
        port = port_of(site.url)

        with slow_connections.slow_connections(port, kinds=[kind], connections=60, path="/"):
            beside = slow_clients.measure(port, PATHS, seconds=2)

        assert {status for status, _ in beside} == {200}
        # Twice the idle value, where the machine gives both the same; never near a deadline.
        slow = p95([took for _, took in beside])
        assert slow < max(2 * p95(idle), 1), (p95(idle), slow)


@pytest.fixture(scope="module")
def large() -> Iterator[str]:
    """The address of a server with answers of eight megabytes, more than the kernel keeps of one.
    Each of its two processes may open 256 files."""
    application = "tests.kit.large_answers:application"
    with ExitStack() as stack:
        with few_files(256):
            url = stack.enter_context(served({**os.environ}, answers="/", application=application))
        yield url


class TestAnAnswer:
    # Thirty are more than there are threads, and fit. A hundred and fifty do not: 52 in each
    # process.
    @pytest.mark.parametrize(("connections", "addresses"), [(30, 1), (150, 1), (150, 15)])
    def test_that_is_taken_slowly_leaves_room_for_others(self, large, connections, addresses):
        port = port_of(large)
        with slow_connections.slow_connections(
            port, kinds=["answers"], connections=connections, path="/large", addresses=addresses
        ):
            time.sleep(2)
            beside = slow_clients.measure(port, ["/"], seconds=1.5)

        assert {status for status, _ in beside} == {200}


class TestARequest:
    def test_whose_head_drips_is_ended_in_words(self, site):
        """Ten seconds in all, however regularly a byte comes."""
        with connected(site.url, GET + b"X-Slow: ") as opened:
            began = time.monotonic()
            opened.settimeout(0.5)
            answer = b""
            while not answer and time.monotonic() - began < 20:
                opened.send(b"a")
                try:
                    answer = opened.recv(4_096)
                except TimeoutError:
                    continue

        assert answer.startswith(b"HTTP/1.1 408 ")
        assert b"took too long" in answer
        assert 9 < time.monotonic() - began < 15

    def test_comes_after_another_on_one_connection(self, site):
        with connected(site.url, GET + b"\r\n") as opened:
            assert opened.recv(65_536).startswith(b"HTTP/1.1 200 ")
            opened.sendall(GET + b"Connection: close\r\n\r\n")

            assert b"HTTP/1.1 200 " in all_of(opened)

    def test_without_another_the_connection_ends(self, site):
        """After five seconds."""
        with connected(site.url, GET + b"\r\n") as opened:
            began = time.monotonic()
            all_of(opened)

        assert 4 < time.monotonic() - began < 10

    @pytest.mark.parametrize(
        ("head", "status"),
        [
            (b"GET /" + b"a" * 9_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", 414),
            (GET + b"X-Long: " + b"a" * 40_000 + b"\r\n\r\n", 431),
            (b"POST /healthz HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", 501),
            (b"nonsense\r\n\r\n", 400),
        ],
    )
    def test_that_is_none_of_ours_is_refused_by_the_server(self, site, head, status):
        with connected(site.url, head) as opened:
            assert all_of(opened).split()[1] == str(status).encode()


class TestOneAddress:
    def test_loses_its_oldest_connections_when_it_has_too_many(self, site):
        """A hundred that wait in each of two processes; a reader at the same address gets in."""
        with ExitStack() as stack:
            held = [stack.enter_context(connected(site.url)) for _ in range(230)]
            time.sleep(1)
            status, _ = slow_connections.read(port_of(site.url), "/healthz", timeout=10)

            ended = [number for number, one in enumerate(held) if _has_ended(one)]

        assert status == 200
        assert 20 <= len(ended) <= 130, ended
        # Each process keeps its newest hundred, so it keeps those of the newest hundred in all.
        assert max(ended) <= 130, ended


class TestAServer:
    def test_ends_in_time_beside_slow_clients(self, site):
        """Eight seconds of grace at most, and what a busy machine needs to end processes."""
        server = served({**os.environ, "DATABASE_URL": site.database}, end=signal.SIGTERM)
        url = server.__enter__()  # its end is what is timed
        with slow_connections.slow_connections(
            port_of(url), kinds=slow_clients.KINDS, connections=24, path="/"
        ):
            began = time.monotonic()
            server.__exit__(None, None, None)

            assert time.monotonic() - began < 20


def _has_ended(opened: socket.socket) -> bool:
    opened.settimeout(0)
    try:
        return opened.recv(1) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True
