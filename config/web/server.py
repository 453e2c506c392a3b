"""The listening side of the web server: takes connections, and as many as it can hold."""

import resource
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from waitress.server import TcpWSGIServer, UnixWSGIServer

from config.web import room
from config.web.channel import Channel

# Connections of one process, and of one address that wait at the same time.
MOST_CONNECTIONS = 1_000
MOST_OF_ONE = 100
SWEEP_SECONDS = 0.5


class Doors:
    """What servers on TCP and on Unix sockets have in common."""

    channel_class = Channel
    active_channels: dict[int, Channel]
    accepting: bool

    def prepare(
        self, *, held: int, most_of_one: int, log: Callable[[Any, timedelta], None]
    ) -> None:
        """Say how many threads uploads may hold, and downloads as many, and how many connections of
        an address may wait."""
        self.uploads = threading.Semaphore(held)
        self.downloads = threading.Semaphore(held)
        self.log_access = log
        self._most_of_one = most_of_one
        self._most = most_connections()
        self._swept = 0.0

    def handle_accept(self) -> None:
        before = len(self.active_channels)
        super().handle_accept()  # type: ignore[misc] # of the other parent
        if len(self.active_channels) > before:
            self._make_room()

    def sweep(self, now: float) -> None:
        """End the connections whose clients take too long; at most twice a second."""
        if now < self._swept + SWEEP_SECONDS:
            return
        self._swept = now
        for channel in list(self.active_channels.values()):
            channel.end_if_late(now)

    def maintenance(self, _now: float) -> None:
        """Do nothing: waitress would look only at connections where nothing moves."""

    def fit(self, writer: Channel) -> bool:
        """End waiting answers so that one more fits; say whether it does. A thread calls this."""
        for crowd, most in (
            (self._neighbours(writer), room.MOST_BYTES_OF_ONE),
            (self._staying(), room.MOST_BYTES),
        ):
            chosen, excess = room.surplus(crowd, lambda one: one.taken, most)
            for one in chosen:
                one.will_close = True
            if excess:
                return False
        self.pull_trigger()  # type: ignore[attr-defined] # of the other parent
        return True

    def _make_room(self) -> None:
        """Close the connection that has waited longest, of an address with too many or of all."""
        newest = next(reversed(self.active_channels.values()))
        waiting = [one for one in self._neighbours(newest) if one.waits]
        for crowd, most in ((waiting, self._most_of_one), (self._staying(), self._most)):
            chosen, _ = room.surplus(crowd, lambda _: 1, most)
            for one in chosen:
                one.end()

    def _staying(self) -> list[Channel]:
        return [one for one in list(self.active_channels.values()) if not one.will_close]

    def _neighbours(self, channel: Channel) -> list[Channel]:
        """The connections of the same address; none where all come from a proxy."""
        if not self._most_of_one:
            return []
        return [one for one in self._staying() if one.client == channel.client]


class TcpDoors(Doors, TcpWSGIServer):
    pass


class UnixDoors(Doors, UnixWSGIServer):
    pass


def most_connections() -> int:
    """How many connections fit, as each may need two more open files."""
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if files == resource.RLIM_INFINITY:
        return MOST_CONNECTIONS
    return max(50, min(MOST_CONNECTIONS, (files - 100) // 3))
