"""The listening side of the web server, and its limits of connections."""

import resource
import threading
from collections.abc import Callable
from copy import copy
from datetime import timedelta
from typing import Any

from waitress.server import TcpWSGIServer, UnixWSGIServer

from config.web import capacity
from config.web.channel import Channel

# Connections of one process, and waiting connections of one address.
MOST_CONNECTIONS = 1_000
MOST_OF_ONE = 100
SWEEP_SECONDS = 0.5


class ServerMixin:
    """The common part of servers on TCP and on Unix sockets."""

    channel_class = Channel
    active_channels: dict[int, Channel]
    adj: Any
    accepting: bool

    def prepare(
        self, *, transfers: int, most_of_one: int, log: Callable[[Any, timedelta], None]
    ) -> None:
        """Set the limits: threads for uploads, as many for downloads, and waiting connections of
        one address (0: no limit)."""
        # For responses that are written to no file. `capacity` limits their size.
        self.adj_of_private = copy(self.adj)
        self.adj_of_private.outbuf_overflow = 2 * capacity.MOST_BYTES
        self.uploads = threading.Semaphore(transfers)
        self.downloads = threading.Semaphore(transfers)
        self.log_access = log
        self._most_of_one = most_of_one
        self._most = most_connections()
        self._swept = 0.0

    def handle_accept(self) -> None:
        before = len(self.active_channels)
        super().handle_accept()  # type: ignore[misc] # from the other base class
        if len(self.active_channels) > before:
            self._enforce_connection_limits()

    def sweep(self, now: float) -> None:
        """Close the connections of clients that take too long; at most twice a second."""
        if now < self._swept + SWEEP_SECONDS:
            return
        self._swept = now
        for channel in list(self.active_channels.values()):
            channel.end_if_late(now)
        self._limit_bodies()

    def maintenance(self, _now: float) -> None:
        """Do nothing: `sweep` replaces waitress's check, which sees only idle connections."""

    def make_room(self, writer: Channel) -> bool:
        """Close connections with waiting responses until the limits hold. Called by a thread.

        :returns: whether the limits hold.
        """
        for channels, most in (
            (self._same_address(writer), capacity.MOST_BYTES_OF_ONE),
            (self._open_channels(), capacity.MOST_BYTES),
        ):
            chosen, excess = capacity.connections_to_close(channels, lambda c: c.buffered, most)
            for channel in chosen:
                channel.will_close = True
            if excess:
                return False
        self.pull_trigger()  # type: ignore[attr-defined] # from the other base class
        return True

    def _limit_bodies(self) -> None:
        """Close connections whose incomplete bodies occupy more memory than responses may."""
        receiving = [channel for channel in self._open_channels() if channel.receiving]
        groups = [(receiving, capacity.MOST_BYTES)]
        if self._most_of_one:
            for client in {channel.client for channel in receiving}:
                own = [channel for channel in receiving if channel.client == client]
                groups.append((own, capacity.MOST_BYTES_OF_ONE))
        for channels, most in groups:
            for channel in capacity.connections_to_close(channels, _receiving, most)[0]:
                channel.end()

    def _enforce_connection_limits(self) -> None:
        """Close the longest waiting connections of an address with too many, then of all."""
        newest = next(reversed(self.active_channels.values()))
        waiting = [channel for channel in self._same_address(newest) if channel.waits]
        for channels, most in ((waiting, self._most_of_one), (self._open_channels(), self._most)):
            chosen, _ = capacity.connections_to_close(channels, lambda _: 1, most)
            for channel in chosen:
                channel.end()

    def _open_channels(self) -> list[Channel]:
        return [
            channel for channel in list(self.active_channels.values()) if not channel.will_close
        ]

    def _same_address(self, channel: Channel) -> list[Channel]:
        """The connections of the same address; empty if there is no limit per address."""
        if not self._most_of_one:
            return []
        return [other for other in self._open_channels() if other.client == channel.client]


def _receiving(channel: Channel) -> int:
    return channel.receiving


class TcpServer(ServerMixin, TcpWSGIServer):
    pass


class UnixServer(ServerMixin, UnixWSGIServer):
    pass


def most_connections() -> int:
    """The number of connections for which there are open files: each may need two more."""
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if files == resource.RLIM_INFINITY:
        return MOST_CONNECTIONS
    return max(50, min(MOST_CONNECTIONS, (files - 100) // 3))
