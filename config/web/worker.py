"""gunicorn's worker process, in which waitress reads requests and sends responses."""

import gc
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

from config.database import watch
from config.database.limits import limit_statements
from config.web.client_timeouts import NO_REQUEST
from config.web.request import LARGEST_HEAD
from config.web.server import MOST_OF_ONE, TcpServer, UnixServer, most_connections
from tracker.log.messages import PREPARE_THRESHOLD

# Bytes of a response that are buffered, most of them in a file, before its thread must wait.
MOST_WAITING = 64_000_000
# Longest wait for input, between two checks of timeouts.
POLL_SECONDS = 0.5


class BufferedWorker(Worker):
    """Handles requests with `threads` threads. Slow clients occupy no thread."""

    def run(self) -> None:
        # waitress would warn whenever a request waits for a thread.
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)
        prepare_process()
        for alias in settings.DATABASES:
            watch.of(alias).start()
        self.map: dict[int, Any] = {}
        self.dispatcher = ThreadedTaskDispatcher()
        self.dispatcher.set_thread_count(self.cfg.threads)
        self.servers = [self._server_for(one) for one in self.sockets]
        while self.alive and os.getppid() == self.ppid:
            self._poll()
        self._finish()

    def handle_exit(self, sig: int, frame: Any) -> None:
        super().handle_exit(sig, frame)
        for server in getattr(self, "servers", ()):
            server.pull_trigger()

    def _server_for(self, listener: Any) -> Any:
        listener.settimeout(0)
        bound = listener.sock
        unix = isinstance(bound.getsockname(), (str, bytes))
        servers = (UnixServer if unix else TcpServer)(
            self.wsgi,
            self.map,
            _sock=bound,
            dispatcher=self.dispatcher,
            adj=self._adjustments(),
            bind_socket=False,
            sockinfo=(bound.family, bound.type, bound.proto, bound.getsockname()),
        )
        servers.prepare(
            transfers=max(1, (self.cfg.threads - 1) // 2),
            most_of_one=0 if unix or settings.PROXIES else MOST_OF_ONE,
            log=self._log_access,
        )
        return servers

    def _adjustments(self) -> Any:
        return Adjustments(
            threads=self.cfg.threads,
            ident="entente",
            clear_untrusted_proxy_headers=False,
            channel_timeout=self.cfg.keepalive,
            # The servers make room themselves before waitress would stop listening.
            connection_limit=most_connections() + 50,
            max_request_header_size=LARGEST_HEAD,
            # Chunked bodies end there; others go to the application as they come.
            max_request_body_size=settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1,
            # None is written to a file while it arrives: it may be the text of an article.
            inbuf_overflow=2 * settings.DATA_UPLOAD_MAX_MEMORY_SIZE,
            outbuf_high_watermark=MOST_WAITING,
            recv_bytes=65_536,
            log_socket_errors=False,
            backlog=self.cfg.backlog,
        )

    def _poll(self) -> None:
        """Receive and send, and close connections that take too long."""
        self.notify()
        wasyncore.poll2(POLL_SECONDS, self.map)
        now = time.monotonic()
        for server in self.servers:
            server.sweep(now)

    def _finish(self) -> None:
        """Accept no more connections, answer pending requests, and close."""
        for server in self.servers:
            server.accepting = False
            server.del_channel()
        until = time.monotonic() + self.cfg.graceful_timeout
        while self._channels() and time.monotonic() < until:
            for channel in self._channels():
                if channel.waits and channel.phase in NO_REQUEST:
                    channel.end()
            self.notify()
            wasyncore.poll2(0.1, self.map)
        self.dispatcher.shutdown(cancel_pending=True, timeout=0.5)
        for channel in self._channels():
            channel.end()

    def _channels(self) -> list[Any]:
        return [
            channel for server in self.servers for channel in list(server.active_channels.values())
        ]

    def _log_access(self, task: Any, took: timedelta) -> None:
        if not self.log.access_log_enabled:
            return
        environ = task.get_environment()
        environ.setdefault("RAW_URI", task.request.request_uri)
        response = SimpleNamespace(
            status=task.status, headers=task.response_headers, sent=task.content_bytes_written
        )
        headers = {name.replace("_", "-"): value for name, value in task.request.headers.items()}
        self.log.access(response, headers, environ, took)


def prepare_process() -> None:
    """Settings that fit a process which serves requests until it ends."""
    # Each full collection would look at all of the program: a tenth of a second.
    gc.collect()
    gc.freeze()
    # The database plans a query once per connection. A connection ends after a minute
    # (`CONN_MAX_AGE`), and with it plans that no longer fit the tables.
    for database in settings.DATABASES.values():
        database["OPTIONS"]["prepare_threshold"] = PREPARE_THRESHOLD
    limit_statements(settings.WEB_STATEMENT_SECONDS)
