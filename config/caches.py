"""The cache that all processes share: on the broker's Redis, and never needed."""

import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

# Whoever got no answer asks no more for so long.
PAUSE_SECONDS = 1.0


class Shared(RedisCache):
    """Counts. Where Redis does not answer there is no count, and nobody waits for one again and
    again."""

    _silent_until = 0.0

    def counted(self, key: str, *, seconds: int, by: int = 1) -> int | None:
        """Add to a count that expires after `seconds`, and give it; None while Redis is down."""
        return self._asked(lambda name: self._count(name, seconds, by), key)

    def told(self, key: str) -> int | None:
        """How many were counted under a key; None if nobody counts."""
        return self._asked(self._told, key)

    def _asked(self, ask: Callable[[str], int], key: str) -> int | None:
        if time.monotonic() < Shared._silent_until:
            return None
        try:
            return ask(self.make_and_validate_key(key))
        except (RedisError, OSError):
            Shared._silent_until = time.monotonic() + PAUSE_SECONDS
            return None

    def _count(self, name: str, seconds: int, by: int) -> int:
        client: Any = self._cache.get_client(name, write=True)
        with client.pipeline(transaction=False) as asked:
            asked.incr(name, by)
            asked.expire(name, seconds)
            return int(asked.execute()[0])

    def _told(self, name: str) -> int:
        client: Any = self._cache.get_client(name)
        return int(client.get(name) or 0)
