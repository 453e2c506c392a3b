"""Wakes workers when there is work, without making the writer wait for a broker.

A separate thread sends a task at once; the wakeups of a burst are combined into one. If a wakeup is
lost, the schedule finds the work later.
"""

import os
import time
from contextvars import copy_context
from threading import Condition, Thread
from typing import Any

import structlog
from celery import Task
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from workers import tasks

# The first wakeup is sent at once; later ones within so long are combined. On a busy machine the
# pause is longer, so that wakeups take at most a sixth of the writer's time.
BURST_SECONDS = 0.01
LONGEST_BURST_SECONDS = 0.2
PAUSE_FACTOR = 5
# The thread waits so long for more: starting a thread costs as much as sending.
LINGER_SECONDS = 0.3
# By then the schedule has found the work.
EXPIRES_SECONDS = 10
# After an error no wakeup is sent for so long, since each attempt takes the writer's CPU time.
PAUSE_SECONDS = 1.0
logger = structlog.get_logger()


class Wakeup:
    """Receives a signal and sends a task."""

    def __init__(self, task: "Task[Any, Any]") -> None:
        self._task = task
        self.reset()

    def reset(self) -> None:
        """Forget the thread, for a forked child, which has none of its parent's threads."""
        self._condition = Condition()
        self._pending = False
        self._context = copy_context()
        self._sender: Thread | None = None
        self._broker_up = True
        self._paused_until = 0.0

    def send_soon(self, **_: object) -> None:
        """Send the task after this call, from another thread."""
        with self._condition:
            self._pending = True
            # Of several in a burst the task has the request of the last.
            self._context = copy_context()
            if self._sender is None and time.monotonic() >= self._paused_until:
                # No daemon: a command that ends right after its write still sends its wakeup.
                self._sender = Thread(target=self._send, name="wakeups")
                self._sender.start()
            self._condition.notify()

    def _send(self) -> None:
        while self._wait():
            started = time.monotonic()
            # With the id of the request that wrote.
            self._context.copy().run(self._publish)
            pause = max(BURST_SECONDS, PAUSE_FACTOR * (time.monotonic() - started))
            time.sleep(min(pause, LONGEST_BURST_SECONDS))

    def _wait(self) -> bool:
        """Wait for a wakeup to send; without one, the thread ends."""
        with self._condition:
            self._condition.wait_for(lambda: self._pending, timeout=LINGER_SECONDS)
            pending = self._pending and time.monotonic() >= self._paused_until
            self._pending = False
            if not pending:
                self._sender = None
            return pending

    def _publish(self) -> None:
        try:
            self._task.apply_async(expires=EXPIRES_SECONDS)
        except (OperationalError, RedisError, OSError) as problem:
            if self._broker_up:
                logger.warning("wakeups cannot be sent to the broker", reason=str(problem))
            self._broker_up = False
            self._paused_until = time.monotonic() + PAUSE_SECONDS
        else:
            self._broker_up = True


def note_append(*, position: int | None = None, **_: object) -> None:
    """Write into the log which position a request or a task has appended."""
    logger.info("appended", position=position)


# After an append to the log, and after the request of a job.
follow_log, run_jobs = Wakeup(tasks.follow), Wakeup(tasks.ingest)
for wakeup in (follow_log, run_jobs):
    os.register_at_fork(after_in_child=wakeup.reset)
