"""Tells the workers that the log has grown, as long as somebody takes the message."""

import time

import structlog
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from workers import tasks

# So long a broker that failed is left alone: a write must not wait for it again and again.
PAUSE_SECONDS = 5.0
logger = structlog.get_logger()


class Hints:
    """Receives the log's signal and sends a tick. Without a broker the schedule finds the work."""

    def __init__(self) -> None:
        self._silent_until = 0.0

    def on_appended(self, **_: object) -> None:
        """The hint expires soon: the schedule looks every five seconds."""
        if time.monotonic() < self._silent_until:
            return
        try:
            tasks.follow.apply_async(expires=10)
        except (OperationalError, RedisError, OSError) as problem:
            self._silent_until = time.monotonic() + PAUSE_SECONDS
            logger.warning("no broker takes hints", reason=str(problem))


hints = Hints()
