"""A connection of the web server and its limits, over real sockets and without threads."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from waitress.adjustments import Adjustments
from waitress.buffers import ReadOnlyFileBasedBuffer, TempfileBasedBuffer
from waitress.channel import ClientDisconnected

from config.web import capacity
from config.web.channel import Channel, too_slow
from config.web.client_timeouts import Phase
from config.web.server import ServerMixin


class House(ServerMixin):
    """The doors without a socket that listens."""

    def __init__(self, *, most_of_one: int = 100, uploads: int = 1) -> None:
        self.active_channels: dict[int, Channel] = {}
        self.accepting = True
        self.tasks: list[Any] = []
        self.application: Any = None
        self.server_name, self.effective_host, self.effective_port = "localhost", "127.0.0.1", 80
        self.adj = Adjustments(
            ident="entente", outbuf_high_watermark=64_000_000, inbuf_overflow=4_000_000
        )
        self.prepare(transfers=uploads, most_of_one=most_of_one, log=_no_log)

    def pull_trigger(self) -> None:
        pass

    def add_task(self, task: Any) -> None:
        self.tasks.append(task)


def _no_log(_task: Any, _took: timedelta) -> None:
    pass


class Street:
    """Clients of a house, and what they hold open."""

    def __init__(self, stack: ExitStack, house: House) -> None:
        self.stack, self.house = stack, house
        self.map: dict[int, Any] = {}
        self.clients: list[socket.socket] = []

    def connects(self, address: str = "192.0.2.1") -> Channel:
        ours, theirs = (self.stack.enter_context(one) for one in socket.socketpair())
        self.clients.append(theirs)
        channel = Channel(self.house, ours, (address, 1), self.house.adj, map=self.map)
        self.stack.callback(channel.end)
        channel.timer.since = len(self.clients)
        return channel


@pytest.fixture
def street() -> Iterator[Street]:
    with ExitStack() as stack:
        yield Street(stack, House())


def answered(channel: Channel, size: int) -> bool:
    """Write an answer that nobody takes, as a thread does; whether it was kept."""
    channel.requests = [SimpleNamespace(stream=None)]
    try:
        channel.write_soon(b"x" * size)
    except ClientDisconnected:
        return False
    finally:
        channel.requests = []
    return True


def ended(channels: list[Channel]) -> list[int]:
    return [n for n, one in enumerate(channels) if one.will_close or not one.connected]


class TestASlowAnswer:
    def test_gives_way_to_a_new_connection_of_its_address(self, street):
        """As any other that waits: the oldest of more than a hundred."""
        held = [street.connects() for _ in range(100)]
        for one in held:
            answered(one, 1_000_000)
        assert {one.phase for one in held} == {Phase.ANSWERING}

        street.connects()
        street.house._enforce_connection_limits()

        assert ended(held) == [0]

    def test_gives_way_where_the_server_is_full(self, street):
        held = [street.connects(f"192.0.2.{n}") for n in range(1, 11)]
        for one in held:
            answered(one, 1_000_000)
        street.house._most = 10

        newest = street.connects("198.51.100.1")
        street.house._enforce_connection_limits()

        assert (ended(held), newest.connected) == ([0], True)

    def test_keeps_its_thread_from_none(self, street):
        """A connection that a thread works for is not ended for another one."""
        working, *others = [street.connects(f"192.0.2.{n}") for n in range(1, 5)]
        working.requests = [SimpleNamespace(stream=None)]
        street.house._most = 4

        street.connects("198.51.100.1")
        street.house._enforce_connection_limits()

        assert (ended([working]), ended(others)) == ([], [0])


class TestBytesThatWait:
    def test_of_one_address_are_bounded(self, street):
        held = [street.connects() for _ in range(20)]
        other = street.connects("198.51.100.1")
        answered(other, 8_000_000)

        assert all(answered(one, 8_000_000) for one in held)

        assert sum(one.buffered for one in held if not one.will_close) <= capacity.MOST_BYTES_OF_ONE
        # Sixteen fit, and the oldest went.
        assert ended(held) == [0, 1, 2, 3]
        assert not other.will_close

    def test_of_all_are_bounded(self, street, monkeypatch):
        monkeypatch.setattr(capacity, "MOST_BYTES", 40_000_000)
        held = [street.connects(f"192.0.2.{n}") for n in range(1, 8)]

        assert all(answered(one, 8_000_000) for one in held)

        assert ended(held) == [0, 1]

    def test_behind_a_proxy_are_bounded_for_all_only(self):
        with ExitStack() as stack:
            street = Street(stack, House(most_of_one=0))
            held = [street.connects() for _ in range(20)]

            assert all(answered(one, 8_000_000) for one in held)

            assert ended(held) == []

    def test_are_given_up_if_no_other_answer_can_end(self, street, monkeypatch):
        monkeypatch.setattr(capacity, "MOST_BYTES", 5_000_000)
        channel = street.connects()

        assert not answered(channel, 8_000_000)

        assert channel.will_close

    def test_count_until_their_file_is_gone(self, street):
        """What was sent stays in the file: a client may not take all but a little of many."""
        channel = street.connects()
        answered(channel, 3_000_000)
        client = street.clients[0]
        client.settimeout(0)
        while channel.total_outbufs_len > 100_000:
            client.recv(65_536)
            channel.handle_write()

        assert channel.buffered >= 3_000_000

    def test_do_not_count_where_a_file_is_sent_as_it_lies(self, street, tmp_path):
        (tmp_path / "large").write_bytes(b"x" * 3_000_000)
        channel = street.connects()
        with (tmp_path / "large").open("rb") as file:
            lent = ReadOnlyFileBasedBuffer(file)
            lent.prepare()

            channel.write_soon(lent)

            assert channel.total_outbufs_len > 1_000_000
            assert channel.buffered < 1_000


class TestAnAnswerTooLargeToKeep:
    def test_is_ended_if_as_many_wait_as_may(self, street):
        """Whatever else was asked for on the same connection."""
        channel = street.connects()
        street.house.downloads.acquire()
        channel.total_outbufs_len = 64_000_001

        with pytest.raises(ClientDisconnected):
            channel.write_soon(b"more")

        assert channel.will_close


class TestAnAnswerInTheMaking:
    def test_has_one_time_with_what_is_left_of_it(self, street):
        """Its end does not begin the client's time anew."""
        channel = street.connects()
        numbers: list[int] = []
        channel.requests = [SimpleNamespace(error=None, stream=None, close=lambda: None)]
        channel.task_class = lambda of, _: SimpleNamespace(
            service=lambda: numbers.append(of._served), close_on_finish=False
        )

        channel.service()

        assert numbers == [channel._served] == [1]


def answers(street: Street, size: int, **headers: str) -> Channel:
    """A channel with a response that its client does not take."""

    def application(_environ: Any, start_response: Any) -> list[bytes]:
        named = [(name.replace("_", "-"), value) for name, value in headers.items()]
        start_response("200 OK", [*named, ("Content-Length", str(size))])
        return [b"x" * (size // 2)] * 2

    street.house.application = application
    channel = street.connects()
    street.clients[-1].sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    channel.handle_read()
    channel.service()
    return channel


def is_in_a_file(channel: Channel) -> bool:
    return any(isinstance(one.buf, TempfileBasedBuffer) for one in channel.outbufs)


class TestALargeAnswer:
    def test_that_must_not_be_stored_waits_in_memory(self, street):
        private = answers(street, 4_000_000, Cache_Control="max-age=0, no-store, private")

        assert not is_in_a_file(private)
        assert private.buffered >= 2_000_000
        assert is_in_a_file(answers(street, 4_000_000, Cache_Control="private, no-cache"))
        assert is_in_a_file(answers(street, 4_000_000))

    def test_leaves_the_next_one_of_its_connection_as_it_is(self, street):
        channel = answers(street, 10, Cache_Control="no-store")
        channel.handle_write()

        def application(_environ: Any, start_response: Any) -> list[bytes]:
            start_response("200 OK", [("Content-Length", "4000000")])
            return [b"x" * 4_000_000]

        street.house.application = application
        street.clients[-1].sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        channel.handle_read()
        channel.service()

        assert is_in_a_file(channel)


def sends(street: Street, size: int, address: str = "192.0.2.1") -> Channel:
    """A channel that has received so much of a body, and waits for more."""
    channel = street.connects(address)
    channel.received(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000\r\n\r\n")
    channel.received(b"x" * size)
    return channel


class TestBodiesThatArrive:
    """All of them are in memory."""

    @pytest.fixture(autouse=True)
    def _little(self, monkeypatch):
        monkeypatch.setattr(capacity, "MOST_BYTES_OF_ONE", 5_000_000)
        monkeypatch.setattr(capacity, "MOST_BYTES", 8_000_000)

    def test_are_bounded_for_one_address(self, street):
        held = [sends(street, 1_500_000) for _ in range(5)]
        other = sends(street, 1_500_000, "198.51.100.1")

        street.house.sweep(0.6)

        assert ended(held) == [0, 1]
        assert other.connected

    def test_are_bounded_for_all(self, street):
        held = [sends(street, 1_500_000, f"192.0.2.{n}") for n in range(1, 8)]

        street.house.sweep(0.6)

        assert ended(held) == [0, 1]

    def test_behind_a_proxy_are_bounded_for_all_only(self):
        with ExitStack() as stack:
            street = Street(stack, House(most_of_one=0))
            held = [sends(street, 1_500_000) for _ in range(5)]

            street.house.sweep(0.6)

            assert ended(held) == []


def response_to(street: Street, head: bytes, *, status: str) -> tuple[Channel, bytes]:
    """The response of an application that gives this status and no body."""

    def application(_environ: Any, start_response: Any) -> list[bytes]:
        start_response(status, [])
        return []

    street.house.application = application
    channel = street.connects()
    street.clients[-1].sendall(head + b"\r\n\r\n")
    channel.handle_read()
    channel.service()
    channel.handle_write()
    return channel, street.clients[-1].recv(65_536)


class TestAResponseWithoutBody:
    @pytest.mark.parametrize("status", ["304 Not Modified", "204 No Content"])
    def test_leaves_the_connection_open(self, street, status):
        channel, response = response_to(street, b"GET / HTTP/1.1\r\nHost: x", status=status)

        assert response.startswith(f"HTTP/1.1 {status}".encode())
        assert b"connection: close" not in response.lower()
        assert channel.connected
        assert not channel.close_when_flushed

    @pytest.mark.parametrize(
        "head", [b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close", b"GET / HTTP/1.0\r\nHost: x"]
    )
    def test_closes_the_connection_on_request(self, street, head):
        channel, response = response_to(street, head, status="304 Not Modified")

        assert b"connection: close" in response.lower()
        assert not channel.connected


class TestARefusal:
    def test_of_a_slow_request_says_its_length(self):
        head, _, body = too_slow().partition(b"\r\n\r\n")

        assert f"Content-Length: {len(body)}\r\n" in head.decode() + "\r\n"
