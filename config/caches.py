"""The cache that all processes share: on the broker's Redis, and never needed."""

import time
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

# Whoever got no answer asks no more for so long.
PAUSE_SECONDS = 1.0


class Shared(RedisCache):
    """Counts. Where Redis does not answer there is no count, and nobody waits for one again and
    again."""

    _silent_until = 0.0

    def counted(self, key: str, *, seconds: int) -> int | None:
        """Count one more under a key that is forgotten after a while; None if nobody counts."""
        if time.monotonic() < Shared._silent_until:
            return None
        name = self.make_and_validate_key(key)
        try:
            return self._count(name, seconds)
        except (RedisError, OSError):
            Shared._silent_until = time.monotonic() + PAUSE_SECONDS
            return None

    def _count(self, name: str, seconds: int) -> int:
        client: Any = self._cache.get_client(name, write=True)
        with client.pipeline(transaction=False) as asked:
            asked.incr(name)
            asked.expire(name, seconds)
            return int(asked.execute()[0])
