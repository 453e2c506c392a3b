"""gunicorn's worker process, in which waitress reads requests and sends answers."""

import logging
import os
import time
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from gunicorn.workers.base import Worker
from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.task import ThreadedTaskDispatcher

from config.web.patience import UNASKED
from config.web.request import LARGEST_HEAD
from config.web.server import MOST_OF_ONE, TcpDoors, UnixDoors, most_connections

# Bytes of an answer that wait for its client, most of them in a file, before its thread does.
MOST_WAITING = 64_000_000
# Seconds between two looks at connections whose time may be up.
TURN_SECONDS = 0.5


class BufferedWorker(Worker):
    """Works on requests with `threads` threads. Slow clients take no thread."""

    def run(self) -> None:
        # It would warn whenever a request waits for a thread.
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)
        self.map: dict[int, Any] = {}
        self.dispatcher = ThreadedTaskDispatcher()
        self.dispatcher.set_thread_count(self.cfg.threads)
        self.doors = [self._opened(one) for one in self.sockets]
        while self.alive and os.getppid() == self.ppid:
            self._turn()
        self._finish()

    def handle_exit(self, sig: int, frame: Any) -> None:
        super().handle_exit(sig, frame)
        for door in getattr(self, "doors", ()):
            door.pull_trigger()

    def _opened(self, listener: Any) -> Any:
        listener.settimeout(0)
        bound = listener.sock
        unix = isinstance(bound.getsockname(), (str, bytes))
        doors = (UnixDoors if unix else TcpDoors)(
            self.wsgi,
            self.map,
            _sock=bound,
            dispatcher=self.dispatcher,
            adj=self._adjustments(),
            bind_socket=False,
            sockinfo=(bound.family, bound.type, bound.proto, bound.getsockname()),
        )
        doors.prepare(
            held=max(1, (self.cfg.threads - 1) // 2),
            most_of_one=0 if unix or settings.PROXIES else MOST_OF_ONE,
            log=self._log_access,
        )
        return doors

    def _adjustments(self) -> Any:
        return Adjustments(
            threads=self.cfg.threads,
            ident="entente",
            clear_untrusted_proxy_headers=False,
            channel_timeout=self.cfg.keepalive,
            # The doors make room themselves before waitress would stop listening.
            connection_limit=most_connections() + 50,
            max_request_header_size=LARGEST_HEAD,
            # Chunked bodies end there; others go to the application as they come.
            max_request_body_size=settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1,
            outbuf_high_watermark=MOST_WAITING,
            recv_bytes=65_536,
            log_socket_errors=False,
            backlog=self.cfg.backlog,
        )

    def _turn(self) -> None:
        """Receive and send what there is, and end what takes too long."""
        self.notify()
        wasyncore.poll2(TURN_SECONDS, self.map)
        now = time.monotonic()
        for door in self.doors:
            door.sweep(now)

    def _finish(self) -> None:
        """Take no more connections, answer what was asked, and close."""
        for door in self.doors:
            door.accepting = False
            door.del_channel()
        until = time.monotonic() + self.cfg.graceful_timeout
        while self._busy() and time.monotonic() < until:
            for channel in self._channels():
                if channel.waits and channel.phase in UNASKED:
                    channel.end()
            self.notify()
            wasyncore.poll2(0.1, self.map)
        self.dispatcher.shutdown(cancel_pending=True, timeout=0.5)
        for channel in self._channels():
            channel.end()

    def _channels(self) -> list[Any]:
        return [channel for door in self.doors for channel in list(door.active_channels.values())]

    def _busy(self) -> bool:
        return any(True for _ in self._channels())

    def _log_access(self, task: Any, took: timedelta) -> None:
        if not self.log.access_log_enabled:
            return
        environ = task.get_environment()
        environ.setdefault("RAW_URI", task.request.request_uri)
        answer = SimpleNamespace(
            status=task.status, headers=task.response_headers, sent=task.content_bytes_written
        )
        headers = {name.replace("_", "-"): value for name, value in task.request.headers.items()}
        self.log.access(answer, headers, environ, took)
