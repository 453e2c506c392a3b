"""Requests as the event loop reads them: small ones whole, large ones handed over as they come."""

import io
import threading
from collections.abc import Callable
from typing import Any

from waitress.parser import HTTPRequestParser
from waitress.utilities import BadRequest, Error, RequestEntityTooLarge

# Bytes of the request's line and headers, and of the line alone.
LARGEST_HEAD = 32_768
LONGEST_LINE = 8_190
# Bytes of a large body that wait for the thread that reads them.
MOST_AHEAD = 1_000_000


class LineTooLong(BadRequest):
    code = 414
    reason = "URI Too Long"


class NoRoom(Error, BaseException):
    """All threads that may read uploads do so.

    No `Exception`, so that an application which answers every exception lets it through.
    """

    code = 503
    reason = "Service Unavailable"

    def to_response(self, ident: str | None = None) -> tuple[str, list[tuple[str, str]], bytes]:
        status, headers, body = super().to_response(ident)
        return status, [*headers, ("Retry-After", "10")], body


class ComingIn(io.RawIOBase):
    """A body that one thread reads while the event loop receives it.

    `wake` is called when the loop may go on, and `begin` at the first read; it may raise `NoRoom`.
    """

    def __init__(self, length: int, *, wake: Callable[[], None], begin: Callable[[], None]) -> None:
        super().__init__()
        self.missing = length
        self._wake, self._begin = wake, begin
        self._held = bytearray()
        self._changed = threading.Condition()
        self._begun = self._broken = False

    @property
    def wanted(self) -> bool:
        """Whether the loop is to receive more: nothing before somebody reads."""
        return self._begun and self.missing > 0 and len(self._held) < MOST_AHEAD

    def feed(self, data: bytes) -> None:
        """Add what was received; what is beyond the body's length is dropped."""
        with self._changed:
            part = data[: self.missing]
            self._held += part
            self.missing -= len(part)
            self._changed.notify()

    def break_off(self) -> None:
        """Say that nothing more comes."""
        with self._changed:
            self._broken = True
            self._changed.notify()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._begun:
            self._begin()
            self._begun = True
            self._wake()
        with self._changed:
            while not self._held and self.missing and not self._broken:
                self._changed.wait()
            if not self._held and self.missing:
                raise ConnectionResetError("the connection ended before the body did")
            full = not self.wanted
            size = min(len(buffer), len(self._held))
            buffer[:size] = self._held[:size]
            del self._held[:size]
        if full:
            self._wake()
        return size


class Request(HTTPRequestParser):
    """One request. `receive` makes the stream for a body that is not kept here."""

    error: Error | None

    def __init__(self, adj: Any, *, receive: Callable[[int], ComingIn] | None = None) -> None:
        super().__init__(adj)
        self._receive = receive
        self.stream: ComingIn | None = None

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
        """Let the application see the request now, and decide whether it reads the body."""
        assert self._receive is not None  # noqa: S101 # asked by the caller
        self.error = None
        self.stream = self._receive(self.content_length)
        self.stream.feed(data[taken:])
        # The connection is of no use for another request if this body is not read to its end.
        self.headers["CONNECTION"] = "close"
        return len(data)

    def get_body_stream(self) -> Any:
        if self.stream is not None:
            return io.BufferedReader(self.stream, 1 << 18)
        return super().get_body_stream()
