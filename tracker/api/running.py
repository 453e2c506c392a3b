"""Limits how many whole tables are sent at once: each occupies a thread until it is sent.

Each process counts for itself, so that no count survives a process that dies. Nothing is counted
if `RATE_LIMIT` is 0.
"""

import threading
import weakref
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.conf import settings

from tracker.api.problems import Refused

# Of the four threads of a process.
MOST = 2
WAIT_SECONDS = 10


class Places:
    """The clients that are being sent a table; each at most once."""

    def __init__(self, *, most: int) -> None:
        self._most = most
        self._clients: set[str] = set()
        self._changed = threading.Lock()

    def taken(self, client: str) -> Callable[[], None]:
        """Take a place and return a function that releases it.

        :raises Refused: if the client has a place already, or all are taken.
        """
        with self._changed:
            if client in self._clients:
                raise Refused(
                    "throttled",
                    "You are already downloading a whole table. Wait until it is complete, or try"
                    f" again in {WAIT_SECONDS} seconds.",
                    wait=WAIT_SECONDS,
                )
            if len(self._clients) >= self._most:
                raise Refused(
                    "busy",
                    "Too many whole tables are being downloaded. Try again in"
                    f" {WAIT_SECONDS} seconds.",
                    wait=WAIT_SECONDS,
                )
            self._clients.add(client)
        return lambda: self._left(client)

    def _left(self, client: str) -> None:
        with self._changed:
            self._clients.discard(client)


PLACES = Places(most=MOST)


class Placed:
    """The chunks of a table. Its place is released when the response is closed or dropped."""

    def __init__(self, pieces: Iterable[bytes], leave: Callable[[], None]) -> None:
        self._pieces = pieces
        self._leave = weakref.finalize(self, leave)

    def __iter__(self) -> Iterator[bytes]:
        yield from self._pieces

    def close(self) -> None:
        close: Any = getattr(self._pieces, "close", None)
        if close:
            close()
        self._leave()


def placed(client: str, pieces: Iterable[bytes]) -> Iterable[bytes]:
    """Take a place and return the chunks of a table.

    :raises Refused: if there is no place.
    """
    return Placed(pieces, PLACES.taken(client)) if settings.RATE_LIMIT else pieces
