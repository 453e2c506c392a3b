"""The web server, over real connections."""

import contextlib
import gc
import os
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import psutil
import pytest
from django.conf import settings

from config import web_process
from tests.kit import web_servers
from tests.kit.processes import eventually
from tests.kit.sites import Site, a_site, served
from tracker.log.messages import PREPARE_THRESHOLD

HOST = b" HTTP/1.1\r\nHost: localhost\r\n"
LAST = b"GET /healthz" + HOST + b"Connection: close\r\n\r\n"
LONG = 30_000_000


@pytest.fixture(scope="module")
def site(desk_template) -> Iterator[Site]:
    with a_site(desk_template) as opened:
        yield opened


@pytest.fixture(scope="module")
def small() -> Iterator[str]:
    """The address of a server with `tests.kit.large_answers`."""
    application = "tests.kit.large_answers:application"
    with served({**os.environ}, answers="/", application=application) as url:
        yield url


def said(url: str, sent: bytes, body: bytes = b"") -> bytes:
    """All that a server says on one connection, until it closes it."""
    answer = b""
    with socket.create_connection(("127.0.0.1", urlsplit(url).port or 0), 120) as opened:
        # It may refuse the body unread.
        with contextlib.suppress(ConnectionError):
            opened.sendall(sent + body)
        with contextlib.suppress(ConnectionError):
            while part := opened.recv(65_536):
                answer += part
    return answer


def post(path: str, length: int, *lines: str) -> bytes:
    head = (f"POST {path}".encode() + HOST).decode()
    return "\r\n".join([f"{head}Content-Length: {length}", *lines, "", ""]).encode()


class TestHead:
    """What follows the head of an answer is taken for the next answer, by proxies too."""

    @pytest.mark.parametrize(
        ("path", "status"),
        [
            ("/method/", 200),
            ("/api/v1/actors/", 200),
            ("/admin/login/", 200),
            ("/nowhere/", 404),
            ("/method", 301),
            ("/static/pages/site.css", 200),
            ("/claims/feed.atom", 200),
        ],
    )
    def test_is_answered_without_a_body(self, site, path, status):
        token = f"Authorization: Bearer {site.token}\r\n\r\n".encode()
        asked = f" {path}".encode() + HOST + token
        answer = said(site.url, b"HEAD" + asked + LAST)
        whole = said(site.url, b"GET" + asked + LAST)

        head, _, following = answer.partition(b"\r\n\r\n")
        assert head.split()[1] == str(status).encode()
        assert length(head) == length(whole.partition(b"\r\n\r\n")[0])
        if b"Connection: close" in head:
            assert following == b""
        else:
            assert following.startswith(b"HTTP/1.1 200 OK\r\n")
            assert following.endswith(b"\r\n\r\nalive\n")

    @pytest.mark.parametrize("path", ["/parts", "/file"])
    def test_of_unknown_length_and_of_a_file_is_answered_so_too(self, small, path):
        asked = b"HEAD " + path.encode() + HOST + b"\r\n"
        head, end, following = said(small, asked + LAST).partition(b"\r\n\r\n")

        assert (head.split()[1], end) == (b"200", b"\r\n\r\n")
        assert following == b"" or following.startswith(b"HTTP/1.1 200 OK\r\n")


def length(head: bytes) -> list[bytes]:
    return [line for line in head.splitlines() if line.startswith(b"Content-Length: ")]


class TestARequest:
    def test_with_a_bare_nul_is_refused(self, site):
        asked = b"GET /shifts/?country=\0" + HOST + b"Connection: close\r\n\r\n"

        assert said(site.url, asked).startswith(b"HTTP/1.1 400 ")


class TestAnAnswer:
    def test_without_a_body_leaves_the_connection_open(self, small):
        answer = said(small, b"GET /unchanged" + HOST + b"\r\n" + LAST)

        assert answer.startswith(b"HTTP/1.1 304 ")
        assert answer.endswith(b"small")


def is_held(opened: socket.socket) -> bool:
    """Whether the server has its end of a connection open."""
    here = opened.getsockname()
    return any(one.raddr == here and one.pid for one in psutil.net_connections("tcp"))


@pytest.mark.long
class TestAClientThatReadsNothing:
    def test_loses_its_connection_and_frees_its_thread(self, small):
        """Five answers of 8 MB are more than wait for one client."""
        address = ("127.0.0.1", urlsplit(small).port or 0)
        with socket.create_connection(address, 120) as opened:
            opened.sendall((b"GET /large" + HOST + b"\r\n") * 5)
            eventually(lambda: is_held(opened), what="the server takes it")
            eventually(lambda: not is_held(opened), what="the server closes the connection")
            got = 0
            with contextlib.suppress(ConnectionError):
                while part := opened.recv(1 << 20):
                    got += len(part)

        assert got < 5 * 8_000_000
        assert said(small, LAST).endswith(b"small")


class TestALargeBody:
    def test_is_received_as_it_is_read(self, small):
        body = b"x" * LONG

        assert said(small, post("/length", LONG), body).endswith(b"\r\n\r\n30000000")

    def test_that_is_refused_unread_leaves_its_sender_the_reason(self, small):
        answer = said(small, post("/refused", LONG), b"x" * LONG)

        assert answer.startswith(b"HTTP/1.1 401 ")
        assert answer.endswith(b"small")

    @pytest.mark.parametrize("path", ["/admin/login/", "/api/v1/claims/"])
    def test_is_refused_where_no_files_are_taken(self, site, path):
        answer = said(site.url, post(path, LONG))

        assert answer.startswith(b"HTTP/1.1 413 ")
        assert b"30,000,000 bytes" in answer

    def test_of_unknown_length_is_refused(self, small):
        chunk = b"F4240\r\n" + b"x" * 1_000_000 + b"\r\n"
        head = b"POST /length" + HOST + b"Transfer-Encoding: chunked\r\n\r\n"

        assert said(small, head, 3 * chunk).startswith(b"HTTP/1.1 413 ")

    def test_leaves_no_byte_for_the_next_request(self, small):
        answer = said(small, post("/refused", LONG) + LAST)

        assert answer.count(b"HTTP/1.1") == 1


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"GET /healthz" + HOST + b"X-Long: " + b"a" * 40_000 + b"\r\n\r\n", 431),
        (b"POST /healthz HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", 501),
        (b"GET /healthz" + HOST + b"Content-Length: x\r\n\r\n", 400),
        (b"nonsense\r\n\r\n", 400),
    ],
)
def test_what_is_no_request_is_refused(small, head, status):
    assert said(small, head).split()[1] == str(status).encode()


def test_a_request_that_has_arrived_is_answered_before_the_end():
    server = web_servers.start({**os.environ}, application="tests.kit.large_answers:application")
    server.wait_for("/")
    with socket.create_connection(("127.0.0.1", urlsplit(server.url).port or 0), 120) as opened:
        opened.sendall(b"GET /large" + HOST + b"\r\n")
        taken = len(opened.recv(1_000))
        server.process.terminate()
        while part := opened.recv(65_536):
            taken += len(part)

    server.process.wait(timeout=120)
    assert taken > 8_000_000


def test_a_process_prepares_queries_and_collects_no_garbage_of_the_program(monkeypatch):
    options: dict[str, int] = {}
    monkeypatch.setitem(settings.DATABASES["default"], "OPTIONS", options)
    try:
        web_process.prepare()

        assert options == {"prepare_threshold": PREPARE_THRESHOLD}
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()
