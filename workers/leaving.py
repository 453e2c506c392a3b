"""Whether this worker has been asked to go: its hands leave long work half-way then, to another."""

import mmap

# Shared with the processes that the worker forks: only itself hears of the end.
_asked = mmap.mmap(-1, 1)


def on_shutting_down(**_: object) -> None:
    """Take note that the end has begun."""
    _asked[0] = 1


def on_signal(*_: object) -> None:
    """Take note of it in a process that one of the worker's hands has started."""
    on_shutting_down()


def leaving() -> bool:
    """Whether the end has begun."""
    return _asked[0] == 1
