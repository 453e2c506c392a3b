"""Whether this worker shuts down. Its processes then leave long jobs to another worker."""

import mmap

# Shared with the processes that the worker forks, since only the worker gets the signal.
_flag = mmap.mmap(-1, 1)


def on_worker_shutdown(**_: object) -> None:
    """Celery's signal of the shutdown."""
    _flag[0] = 1


def on_signal(*_: object) -> None:
    """The handler for SIGTERM in a process that a worker has started."""
    on_worker_shutdown()


def is_requested() -> bool:
    return _flag[0] == 1
