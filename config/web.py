"""The web server: the event loop and the threads of waitress, in the processes of gunicorn.

A thread gets a request when it has arrived, and is free when its answer is made: slow clients wait
in the loop. Only a body too large for memory is received by the thread, so that the application can
refuse its sender first. A client that reads nothing is cut off. Total deadlines and limits for each
address are left to a proxy: without one, a thousand connections that send a byte now and then fill
a process.
"""

import contextlib
import io
import logging
import os
import socket
import time
from typing import Any

from django.conf import settings
from gunicorn.workers.base import Worker as GunicornWorker
from waitress import create_server, wasyncore
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import BaseWSGIServer
from waitress.task import WSGITask
from waitress.utilities import RequestEntityTooLarge

# Seconds without a byte after which a connection is closed.
IDLE_SECONDS = 20
# Connections of a process; others wait to be accepted.
MOST_CONNECTIONS = 1_000
# Bytes that are dropped after a refusal, so that the client can read the reason.
MOST_DROPPED = 4_000_000
# Bytes of an answer that wait for the client: in no file, since they may be private.
MOST_WAITING = 16_000_000


class Request(HTTPRequestParser):
    """A request. `begun`: of a body too large for memory, what came with the head."""

    error: Any
    begun: bytes | None = None
    expected = False
    expect_continue: bool

    def received(self, data: bytes) -> int:
        taken: int = super().received(data)
        if self.chunked or not isinstance(self.error, RequestEntityTooLarge):
            return taken
        self.error, self.begun = None, data[taken:]
        self.expected, self.expect_continue = self.expect_continue, False
        # What is not read of the body would be taken for the next request.
        self.headers["CONNECTION"], self.connection_close = "close", True
        return len(data)


class LargeBody(io.RawIOBase):
    """A body that is received as it is read."""

    def __init__(self, connection: socket.socket, request: Request) -> None:
        super().__init__()
        self._begun, self.missing = io.BytesIO(request.begun or b""), request.content_length
        self._expected = request.expected
        self._connection = connection.dup()
        self._connection.settimeout(IDLE_SECONDS)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self._expected:
            self._connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
            self._expected = False
        part = memoryview(buffer)[: self.missing]
        size = self._begun.readinto(part) or self._connection.recv_into(part)
        if part and not size:
            raise ConnectionResetError("the connection ended before the body did")
        self.missing -= size
        return size

    def close(self) -> None:
        self._connection.close()
        super().close()


class Task(WSGITask):
    chunked_response: bool

    def get_environment(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().get_environment()
        if self.request.command == "HEAD":
            # A file would be sent past `write`.
            environ.pop("wsgi.file_wrapper", None)
        return environ

    def write(self, data: bytes) -> None:
        # The answer to HEAD is without its body, which would be taken for the next answer.
        is_head = self.request.command == "HEAD"
        super().write(b"" if is_head else data)
        self.chunked_response = self.chunked_response and not is_head

    def set_close_on_finish(self) -> None:
        # waitress closes after every answer without a length; a 304 needs none.
        if self.has_body or self.request.connection_close:
            super().set_close_on_finish()


class Channel(HTTPChannel):
    """A connection. `_dropped`: bytes that came after a refusal, and 1."""

    parser_class, task_class = Request, Task
    _body: LargeBody | None = None
    _refused, _dropped = False, 0

    def service(self) -> None:
        request = self.requests[0]
        self._refused = request.error is not None
        if request.begun is not None:
            body = LargeBody(self.socket, request)
            request.get_body_stream = lambda: io.BufferedReader(body, 1 << 18)
            self._body = body
        super().service()
        if self._body is not None:
            # Its handle of the connection would keep it open after it is closed here.
            self._body.close()

    def handle_close(self) -> None:
        """Close. A client that still sends may read the reason first."""
        sends = self._refused or (self._body is not None and self._body.missing > 0)
        if sends and self.connected and not self.requests and not self._dropped:
            self._dropped, self.will_close = 1, False
            with contextlib.suppress(OSError):
                self.socket.shutdown(socket.SHUT_WR)
        else:
            super().handle_close()

    def received(self, data: bytes) -> bool:
        if not self._dropped:
            return bool(super().received(data))
        self._dropped += len(data)
        self.will_close = self._dropped > MOST_DROPPED
        return True


class Worker(GunicornWorker):
    """A process of gunicorn, which starts another one if it ends."""

    def run(self) -> None:
        # waitress would warn whenever a request waits for a thread.
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)
        self.map: dict[int, Any] = {}
        self.looked = time.monotonic()
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        server = create_server(
            self.wsgi,
            self.map,
            sockets=[listener.sock for listener in self.sockets],
            threads=self.cfg.threads,
            ident="entente",
            clear_untrusted_proxy_headers=False,
            channel_timeout=IDLE_SECONDS,
            cleanup_interval=IDLE_SECONDS // 4,
            connection_limit=MOST_CONNECTIONS,
            max_request_header_size=32_768,
            max_request_body_size=most + 1,
            inbuf_overflow=2 * most,
            outbuf_overflow=2 * MOST_WAITING,
            outbuf_high_watermark=MOST_WAITING,
            log_socket_errors=False,
        )
        listening = [one for one in self.map.values() if isinstance(one, BaseWSGIServer)]
        for one in listening:
            one.channel_class = Channel
        while self.alive and os.getppid() == self.ppid:
            self._poll(0.5)
        for one in listening:
            one.accepting = False
            one.del_channel()
        end = time.monotonic() + self.cfg.graceful_timeout
        while time.monotonic() < end and any(map(_is_busy, self.map.values())):
            self._poll(0.1)
        server.task_dispatcher.shutdown(timeout=0.5)

    def _poll(self, seconds: float) -> None:
        self.notify()
        wasyncore.poll2(seconds, self.map)
        if time.monotonic() - self.looked > 1:
            self.looked = time.monotonic()
            self._end_unread()

    def _end_unread(self) -> None:
        """Close connections whose client reads nothing: a thread may wait for it, and waitress
        would wait without an end."""
        late = time.time() - IDLE_SECONDS
        for one in [*self.map.values()]:
            if isinstance(one, Channel) and one.total_outbufs_len and one.last_activity < late:
                HTTPChannel.handle_close(one)


def _is_busy(one: Any) -> bool:
    return isinstance(one, Channel) and bool(one.requests or one.total_outbufs_len)
