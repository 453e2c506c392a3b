"""One connection of a client."""

import contextlib
import socket
import time
from datetime import datetime
from functools import partial
from typing import Any, NoReturn

from waitress.channel import ClientDisconnected, HTTPChannel
from waitress.task import ErrorTask, WSGITask

from config import security_headers
from config.client_address import address_key
from config.web import capacity
from config.web.client_timeouts import Phase, PhaseTimer
from config.web.request import BodyStream, Request, UploadsBusy

# Bytes that are read and dropped after a refusal, so that the client can read the reason.
MOST_DROPPED = 256_000
# Bytes of responses between two measurements of the memory that they occupy.
MEASURE_EVERY = 65_536
_SLOW = "The request took too long to arrive.\r\n"
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


def too_slow() -> bytes:
    """The answer to a request that takes too long."""
    headers = (
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Connection", "close"),
        ("Content-Length", str(len(_SLOW))),
        *security_headers.of_server(),
    )
    lines = ("HTTP/1.1 408 Request Timeout", *(f"{name}: {value}" for name, value in headers))
    return "\r\n".join((*lines, "", _SLOW)).encode()


class Task(WSGITask):
    """Handles one request, and writes it into the access log."""

    def service(self) -> None:
        started = datetime.now().astimezone()
        try:
            super().service()
        finally:
            self.channel.server.log_access(self, datetime.now().astimezone() - started)

    def execute(self) -> None:
        try:
            super().execute()
        except UploadsBusy as problem:
            self._refuse(problem)

    def write(self, data: bytes) -> None:
        if not self.wrote_header:
            self.channel.keep_in_memory(self._is_private)
        super().write(data)

    @property
    def _is_private(self) -> bool:
        """Whether the response must not be stored (RFC 9111, `no-store`), not even in a file while
        it waits for the client."""
        return any(
            name.lower() == "cache-control" and "no-store" in value
            for name, value in self.response_headers
        )

    def set_close_on_finish(self) -> None:
        # waitress closes after every response without a length; one without a body needs none.
        if self.has_body or self._closes_by_request:
            super().set_close_on_finish()

    @property
    def _closes_by_request(self) -> bool:
        connection = str(self.request.headers.get("CONNECTION", ""))
        return self.version == "1.0" or connection.lower() == "close"

    def _refuse(self, problem: UploadsBusy) -> None:
        """Answer instead of the application, which has not started its response."""
        ident = self.channel.server.adj.ident
        self.status, self.response_headers, body = problem.to_response(ident)
        self.response_headers += security_headers.of_server()
        self.content_length, self.complete = len(body), True
        self.set_close_on_finish()
        self.write(body)


class RefusingTask(ErrorTask):
    """Answers a request that is malformed or too large."""

    def execute(self) -> None:
        self.response_headers += security_headers.of_server()
        super().execute()


class Channel(HTTPChannel):
    """Reads requests and sends responses in the event loop; closes when the client is too slow."""

    task_class = Task
    error_task_class = RefusingTask

    def __init__(self, server: Any, sock: Any, addr: Any, adj: Any, map: Any = None) -> None:  # noqa: A002 # waitress calls it so
        self.parser_class = partial(Request, receive=self._receive)
        self.timer = PhaseTimer(idle=adj.channel_timeout, now=time.monotonic())
        self.client = address_key(addr[0])
        self._stream: BodyStream | None = None
        self._expects = self._lingering = self._refused = self._holds_upload = False
        self._served = self._bytes_in = self._bytes_out = self._dropped = self._unmeasured = 0
        super().__init__(server, sock, addr, adj, map=map)

    @property
    def phase(self) -> Phase:
        if self._lingering:
            return Phase.LINGERING
        if self.total_outbufs_len:
            return Phase.ANSWERING
        if self.requests:
            return Phase.BODY if self._stream and self._stream.wanted else Phase.WORKING
        if self.request is not None:
            return Phase.BODY if self.request.headers_finished else Phase.HEAD
        return Phase.IDLE if self._served else Phase.HEAD

    @property
    def waits(self) -> bool:
        """Whether no thread works for this connection, so that it may be closed."""
        return not self.requests

    @property
    def buffered(self) -> int:
        """The bytes that its responses occupy."""
        return capacity.buffered_bytes(self.outbufs)

    @property
    def receiving(self) -> int:
        """The bytes of an incomplete request body, all in memory."""
        body = self.request.body_rcv if self.request is not None else None
        return len(body) if body is not None else 0

    def end_if_late(self, now: float) -> None:
        phase = self.phase
        moved = self._bytes_out if phase is Phase.ANSWERING else self._bytes_in
        if not self.timer.expired(phase, number=self._served, moved=moved, now=now):
            return
        if phase in (Phase.HEAD, Phase.BODY) and not self.requests and self._bytes_in:
            with contextlib.suppress(OSError):
                self.socket.send(too_slow())
        self.end()

    def end(self) -> None:
        """Close the connection now."""
        self._refused = False
        self._lingering = True
        self.handle_close()

    # Called by the event loop.

    # The event loop calls the next two for each connection and poll, so common cases come first.

    def readable(self) -> bool:
        if not (self.requests or self.total_outbufs_len or self._lingering):
            return not (self.will_close or self.close_when_flushed)
        if self._lingering:
            return self._dropped < MOST_DROPPED
        if self.requests and self._stream is not None:
            return self._stream.wanted and not self.will_close
        return False

    def writable(self) -> bool:
        if not (self.total_outbufs_len or self.will_close or self.close_when_flushed):
            return False
        return not self._lingering

    def recv(self, size: int) -> bytes:
        data: bytes = super().recv(size)
        self._bytes_in += len(data)
        return data

    def send(self, data: bytes, do_close: bool = True) -> int:  # noqa: FBT001, FBT002 # waitress calls it so
        sent: int = super().send(data, do_close=do_close)
        self._bytes_out += sent
        return sent

    def received(self, data: bytes) -> bool:
        if self._lingering:
            self._dropped += len(data)
            return True
        if self.requests and self._stream is not None:
            self._stream.feed(data)
            return True
        return bool(super().received(data))

    def handle_close(self) -> None:
        stream = self._stream
        if stream is not None:
            stream.abort()
        unread = self._refused or (stream is not None and stream.missing > 0)
        if unread and not self._lingering and not self.requests and self.connected:
            self._linger()
        else:
            super().handle_close()

    def _linger(self) -> None:
        """Read and drop input for a moment, so that the client can read the reason."""
        self._lingering = True
        self.will_close = self.close_when_flushed = False
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_WR)

    def _receive(self, length: int) -> BodyStream:
        assert self.request is not None  # noqa: S101 # it is the request that calls
        self._expects, self.request.expect_continue = self.request.expect_continue, False
        self._stream = BodyStream(length, wake=self.server.pull_trigger, begin=self._start_upload)
        return self._stream

    # Called by a thread.

    def service(self) -> None:
        self._refused = self.requests[0].error is not None
        # Counted first, so that generating and sending a response have one time limit.
        self._served += 1
        try:
            super().service()
        finally:
            if self._holds_upload:
                self._holds_upload = False
                self.server.uploads.release()

    def keep_in_memory(self, is_private: bool) -> None:  # noqa: FBT001 # for each response
        """Write the next response to no file, or to one if it is large."""
        self.adj = self.server.adj_of_private if is_private else self.server.adj
        self.outbufs[-1].overflow = self.adj.outbuf_overflow

    def write_soon(self, data: Any) -> int:
        size: int = super().write_soon(data)
        self._unmeasured += size
        if self._unmeasured >= MEASURE_EVERY:
            self._unmeasured = 0
            if not self.server.make_room(self):
                self._give_up()
        return size

    def _flush_outbufs_below_high_watermark(self) -> None:
        """Wait while the client takes a large response. If too many wait, give up."""
        if self.total_outbufs_len <= self.adj.outbuf_high_watermark:
            return
        if not self.server.downloads.acquire(blocking=False):
            self._give_up()
        try:
            super()._flush_outbufs_below_high_watermark()
        finally:
            self.server.downloads.release()

    def _give_up(self) -> NoReturn:
        """Close the connection and drop the rest of the response."""
        self.will_close = True
        self.server.pull_trigger()
        raise ClientDisconnected

    def _start_upload(self) -> None:
        """Take a place among the uploads. The application reads, so it has accepted the sender."""
        if not self.server.uploads.acquire(blocking=False):
            raise UploadsBusy("Too many uploads are in progress. Try again in 10 seconds.")
        self._holds_upload = True
        if self._expects:
            self.write_soon(CONTINUE)
