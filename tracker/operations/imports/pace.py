"""How much is written at once, and how often it is tried, where others write too."""

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count

from tracker import log

# For so long a transaction may hold the head of the log.
HOLD_SECONDS = 0.025
FIRST_CHUNK, LEAST_CHUNK, MOST_CHUNK = 200, 20, 2_000
# So often can a rival be first, or the log be busy.
MOST_ATTEMPTS = 5
PAUSE_SECONDS = 0.2
# Chunks between two looks for garbage.
SWEEP = 200


class Pace:
    """How many rows the next transaction had best be made of."""

    def __init__(self) -> None:
        self.chunk = FIRST_CHUNK

    def held(self, seconds: float) -> None:
        """Let the next chunk hold the head for as long as it may, if it is like the one that held
        it for so long."""
        factor = HOLD_SECONDS / seconds if seconds else 2.0
        wanted = int(self.chunk * min(2.0, max(0.5, factor)))
        self.chunk = max(LEAST_CHUNK, min(MOST_CHUNK, wanted))


def persistently[T](write: Callable[[], T], *, look_again: Callable[[], object]) -> T:
    """Write, and look again and try anew where somebody was first.

    :raises VersionConflict: :raises LogBusy: after several attempts.
    """
    for _ in range(1, MOST_ATTEMPTS):
        try:
            return write()
        except log.VersionConflict:
            look_again()
        except log.LogBusy:
            time.sleep(PAUSE_SECONDS)
            look_again()
    return write()


@contextmanager
def seldom_swept() -> Iterator[Callable[[], None]]:
    """Let Python look for garbage once in many chunks: what one is made of goes by itself, and
    looking for more among so many new objects takes a tenth of the time."""
    swept, chunks = gc.isenabled(), count(1)

    def sweep() -> None:
        if next(chunks) % SWEEP == 0:
            gc.collect()

    gc.disable()
    try:
        yield sweep
    finally:
        if swept:
            gc.enable()
