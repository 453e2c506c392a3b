"""Counters that all processes share, on the broker's Redis. The site works without them."""

import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

# After an error, requests to Redis are skipped for so long.
PAUSE_SECONDS = 1.0


class SharedCache(RedisCache):
    """Counters with an expiry. While Redis is down there is no count, and no request waits."""

    _paused_until = 0.0

    def increment(self, key: str, *, seconds: int, by: int = 1) -> int | None:
        """Add to a counter that expires after `seconds`. Returns the sum; None: Redis is down."""
        return self._request(lambda name: self._increment(name, seconds, by), key)

    def count(self, key: str) -> int | None:
        """The value of a counter; None: Redis is down."""
        return self._request(lambda name: int(self._cache.get_client(name).get(name) or 0), key)

    def _request(self, request: Callable[[str], int], key: str) -> int | None:
        if time.monotonic() < SharedCache._paused_until:
            return None
        try:
            return request(self.make_and_validate_key(key))
        except (RedisError, OSError):
            SharedCache._paused_until = time.monotonic() + PAUSE_SECONDS
            return None

    def _increment(self, name: str, seconds: int, by: int) -> int:
        client: Any = self._cache.get_client(name, write=True)
        with client.pipeline(transaction=False) as pipeline:
            pipeline.incr(name, by)
            pipeline.expire(name, seconds)
            return int(pipeline.execute()[0])
