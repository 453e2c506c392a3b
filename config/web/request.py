"""Requests: small bodies are read by the event loop, large ones by a thread as they arrive."""

import io
import threading
from collections.abc import Callable
from typing import Any

from waitress.parser import HTTPRequestParser
from waitress.utilities import BadRequest, Error, RequestEntityTooLarge

# Bytes of the request line and headers, and of the request line.
LARGEST_HEAD = 32_768
LONGEST_LINE = 8_190
# Bytes of a large body that wait for the thread.
MOST_AHEAD = 1_000_000


class LineTooLong(BadRequest):
    code = 414
    reason = "URI Too Long"


class UploadsBusy(Error, BaseException):
    """All threads for uploads are in use.

    Not an `Exception`: the application answers every exception, and must let this one pass.
    """

    code = 503
    reason = "Service Unavailable"

    def to_response(self, ident: str | None = None) -> tuple[str, list[tuple[str, str]], bytes]:
        status, headers, body = super().to_response(ident)
        return status, [*headers, ("Retry-After", "10")], body


class BodyStream(io.RawIOBase):
    """A body that a thread reads while the event loop receives it.

    `wake` is called when the loop can receive more, `begin` at the first read.

    :raises UploadsBusy: from the first read, by `begin`.
    """

    def __init__(self, length: int, *, wake: Callable[[], None], begin: Callable[[], None]) -> None:
        super().__init__()
        self.missing = length
        self._wake, self._begin = wake, begin
        self._buffer = bytearray()
        self._changed = threading.Condition()
        self._started = self._aborted = False

    @property
    def wanted(self) -> bool:
        """Whether the loop shall receive more: not before the first read."""
        return self._started and self.missing > 0 and len(self._buffer) < MOST_AHEAD

    def feed(self, data: bytes) -> None:
        """Add received bytes; bytes beyond the body's length are dropped."""
        with self._changed:
            part = data[: self.missing]
            self._buffer += part
            self.missing -= len(part)
            self._changed.notify()

    def abort(self) -> None:
        """End the body: no more bytes arrive."""
        with self._changed:
            self._aborted = True
            self._changed.notify()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._started:
            self._begin()
            self._started = True
            self._wake()
        with self._changed:
            while not self._buffer and self.missing and not self._aborted:
                self._changed.wait()
            if not self._buffer and self.missing:
                raise ConnectionResetError("the connection ended before the body did")
            full = not self.wanted
            size = min(len(buffer), len(self._buffer))
            buffer[:size] = self._buffer[:size]
            del self._buffer[:size]
        if full:
            self._wake()
        return size


class Request(HTTPRequestParser):
    """One request. `receive` returns the stream for a body too large to buffer."""

    error: Error | None

    def __init__(self, adj: Any, *, receive: Callable[[int], BodyStream] | None = None) -> None:
        super().__init__(adj)
        self._receive = receive
        self.stream: BodyStream | None = None

    def received(self, data: bytes) -> int:
        was_open = not self.headers_finished
        taken: int = super().received(data)
        if not (was_open and self.headers_finished):
            return taken
        if len(getattr(self, "first_line", b"")) > LONGEST_LINE:
            self.error = LineTooLong(f"An address has at most {LONGEST_LINE} bytes.")
            self.completed = True
        elif isinstance(self.error, RequestEntityTooLarge) and self._receive:
            return self._hand_over(data, taken)
        return taken

    def _hand_over(self, data: bytes, taken: int) -> int:
        """Start the application now; it decides whether to read the body."""
        assert self._receive is not None  # noqa: S101 # checked by the caller
        self.error = None
        self.stream = self._receive(self.content_length)
        self.stream.feed(data[taken:])
        # If the body is not read to its end, the connection cannot serve another request.
        self.headers["CONNECTION"] = "close"
        return len(data)

    def get_body_stream(self) -> Any:
        if self.stream is not None:
            return io.BufferedReader(self.stream, 1 << 18)
        return super().get_body_stream()
