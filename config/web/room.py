"""How much all connections may take up, and which of them end when it is too much."""

import os
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

from waitress.buffers import OverflowableBuffer, TempfileBasedBuffer

# Bytes of answers that wait in one process for their clients, and of them those of one address.
MOST_BYTES = 512_000_000
MOST_BYTES_OF_ONE = 128_000_000


def surplus(
    channels: Iterable[Any], size: Callable[[Any], int], most: int
) -> tuple[list[Any], int]:
    """Choose which connections end so that the others take at most so much.

    Only those that no thread works for are chosen, and those that have waited longest come first.
    Also gives what is still too much after that.
    """
    sizes = {one: size(one) for one in channels}
    excess = sum(sizes.values()) - most
    chosen = []
    for one in sorted((one for one in sizes if one.waits and sizes[one]), key=_age):
        if excess <= 0:
            break
        chosen.append(one)
        excess -= sizes[one]
    return chosen, max(0, excess)


def taken_by(buffers: Iterable[Any]) -> int:
    """Count the bytes that answers take in memory and in temporary files.

    What was sent stays there until its buffer is closed. A file that is sent as it lies on disk
    takes nothing.
    """
    return sum(_size(one) for one in list(buffers) if isinstance(one, OverflowableBuffer))


def _size(buffer: Any) -> int:
    kept = buffer.buf
    if kept is None:
        return len(buffer.strbuf)
    # The event loop may close it at the same time.
    with suppress(OSError, ValueError):
        if isinstance(kept, TempfileBasedBuffer):
            return os.fstat(kept.file.fileno()).st_size
        return sys.getsizeof(kept.file)
    return 0


def _age(channel: Any) -> float:
    since: float = channel.patience.since
    return since
