"""How much memory and disk responses may occupy, and which connections are closed beyond that."""

import os
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

from waitress.buffers import OverflowableBuffer, TempfileBasedBuffer

# Bytes of waiting responses in one process: in all, and for one address.
MOST_BYTES = 512_000_000
MOST_BYTES_OF_ONE = 128_000_000


def connections_to_close(
    channels: Iterable[Any], size: Callable[[Any], int], most: int
) -> tuple[list[Any], int]:
    """Choose connections to close so that the sizes of the others sum to `most` at the most.

    Only connections without a thread are chosen, the longest waiting first.

    :returns: the chosen connections, and the excess that remains.
    """
    sizes = {channel: size(channel) for channel in channels}
    excess = sum(sizes.values()) - most
    chosen = []
    waiting = (channel for channel in sizes if channel.waits and sizes[channel])
    for channel in sorted(waiting, key=lambda channel: channel.timer.since):
        if excess <= 0:
            break
        chosen.append(channel)
        excess -= sizes[channel]
    return chosen, max(0, excess)


def buffered_bytes(buffers: Iterable[Any]) -> int:
    """The bytes that responses occupy in memory and in temporary files.

    Bytes that were sent count until their buffer is closed. A file that is sent directly from disk
    counts nothing.
    """
    return sum(_buffer_size(b) for b in list(buffers) if isinstance(b, OverflowableBuffer))


def _buffer_size(buffer: Any) -> int:
    inner = buffer.buf
    if inner is None:
        return len(buffer.strbuf)
    # The event loop may close it at the same time.
    with suppress(OSError, ValueError):
        if isinstance(inner, TempfileBasedBuffer):
            return os.fstat(inner.file.fileno()).st_size
        return sys.getsizeof(inner.file)
    return 0
