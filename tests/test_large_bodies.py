"""Bodies that the web server hands over as they come, and the places of those who read them."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from tests.test_connections import House, Street

LENGTH = 5_000_000
HEAD = f"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: {LENGTH}\r\n".encode()


@pytest.fixture
def street() -> Iterator[Street]:
    with ExitStack() as stack:
        house = House(uploads=1)
        house.adj.max_request_body_size = 1_000
        yield Street(stack, house)


def unread(_environ: Any, start_response: Any) -> list[bytes]:
    start_response("401 Unauthorized", [("Content-Length", "3")])
    return [b"who"]


def reading(environ: Any, start_response: Any) -> list[bytes]:
    """An application like Django, which answers whatever goes wrong while it reads."""
    try:
        size = len(environ["wsgi.input"].read(1_000))
    except Exception:  # noqa: BLE001 # as Django does
        start_response("500 Internal Server Error", [])
        return [b"wrong"]
    start_response("200 OK", [])
    return [str(size).encode()]


def answer(street: Street, application: Any, *, head: bytes = HEAD) -> str:
    """What one client is answered that has sent a head and the begin of a body."""
    street.house.application = application
    channel = street.connects()
    channel.received(head + b"\r\n" + b"x" * 2_000)
    channel.service()
    client = street.clients[-1]
    client.settimeout(5)
    return client.recv(65_536).decode()


class TestAPlaceForUploads:
    def test_is_not_needed_by_who_is_refused_unread(self, street):
        street.house.uploads.acquire()

        assert answer(street, unread).startswith("HTTP/1.1 401 ")

    def test_that_is_taken_is_a_503_to_the_next_who_is_read(self, street):
        street.house.uploads.acquire()

        said = answer(street, reading)

        assert said.startswith("HTTP/1.1 503 ")
        assert "\r\nRetry-After: 10\r\n" in said
        assert "Too many uploads are in progress. Try again in 10 seconds." in said

    def test_is_refused_before_a_waiting_client_is_told_to_go_on(self, street):
        street.house.uploads.acquire()

        said = answer(street, reading, head=HEAD + b"Expect: 100-continue\r\n")

        assert said.startswith("HTTP/1.1 503 ")

    def test_is_free_again_afterwards(self, street):
        for _ in range(2):
            assert answer(street, reading).endswith("\r\n\r\n1000")
            assert street.house.uploads.acquire(blocking=False)
            street.house.uploads.release()

    def test_that_was_refused_is_not_given_back(self, street):
        street.house.uploads.acquire()

        answer(street, reading)

        assert not street.house.uploads.acquire(blocking=False)


class TestABody:
    def test_is_not_received_before_it_is_read(self, street):
        """Else a thousand that wait for a thread would hold a megabyte each."""
        channel = street.connects()
        channel.received(HEAD + b"\r\n")

        assert not channel.readable()

        stream = channel.requests[0].stream
        reader = threading.Thread(target=stream.read, args=(10,))
        reader.start()
        while not channel.readable():
            assert reader.is_alive()
        channel.received(b"x" * 10)
        reader.join(5)
        assert not reader.is_alive()
