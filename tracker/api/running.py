"""How many whole tables are sent at once: each of them holds a thread while it is read.

Every process counts for itself, so that nothing stays counted when one of them dies. Where
`RATE_LIMIT` is 0 nothing is counted.
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
    """Who is being sent something; each client once."""

    def __init__(self, *, most: int) -> None:
        self._most = most
        self._clients: set[str] = set()
        self._changed = threading.Lock()

    def taken(self, client: str) -> Callable[[], None]:
        """Take a place, and give what leaves it.

        :raises Refused: if the client has one, or all are taken.
        """
        with self._changed:
            if client in self._clients:
                raise Refused(
                    "throttled",
                    "You are already being sent a whole table. Wait until it has arrived, or try"
                    f" again in {WAIT_SECONDS} seconds.",
                    wait=WAIT_SECONDS,
                )
            if len(self._clients) >= self._most:
                raise Refused(
                    "busy",
                    "Too many whole tables are being sent to others. Try again in"
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
    """The pieces of a table. Its place is left when the answer is closed or given up."""

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
    """Give the pieces of a table once there is a place for them.

    :raises Refused: if there is none.
    """
    return Placed(pieces, PLACES.taken(client)) if settings.RATE_LIMIT else pieces
