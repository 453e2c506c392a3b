"""Tells the workers that there is work, without making the writer wait for a broker.

A hint goes out at once from a thread of its own; those of a burst go together. One that is lost
costs nothing but time: the schedule looks for work too.
"""

import os
import time
from threading import Condition, Thread
from typing import Any

import structlog
from celery import Task
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from workers import tasks

# The events of so long a time share a hint, after the first, which goes out at once. On a busy
# machine it is longer, so that hints take no more than a sixth of the writer's time.
BURST_SECONDS = 0.02
LONGEST_BURST_SECONDS = 0.2
REST = 5
# So long the thread waits for more: a new one for each hint takes as much again.
LINGER_SECONDS = 0.3
# Older ones find nothing that the schedule has not found.
EXPIRES_SECONDS = 10
# So long a broker that failed is left alone: each try takes the writer's processor.
SILENCE_SECONDS = 1.0
logger = structlog.get_logger()


class Hints:
    """Receives a signal and sends ticks of a task, as long as there is something to tell."""

    def __init__(self, task: "Task[Any, Any]") -> None:
        self._task = task
        self.reset()

    def reset(self) -> None:
        """Begin anew: a forked child has none of its parent's threads."""
        self._more = Condition()
        self._wanted = False
        self._sender: Thread | None = None
        self._heard = True
        self._silent_until = 0.0

    def on_news(self, **_: object) -> None:
        """Have a hint sent that is later than this call."""
        with self._more:
            self._wanted = True
            if self._sender is None and time.monotonic() >= self._silent_until:
                # No daemon: a command that ends right after its write still gives its hint.
                self._sender = Thread(target=self._send, name="hints")
                self._sender.start()
            self._more.notify()

    def _send(self) -> None:
        while self._take():
            began = time.monotonic()
            self._publish()
            rest = max(BURST_SECONDS, REST * (time.monotonic() - began))
            time.sleep(min(rest, LONGEST_BURST_SECONDS))

    def _take(self) -> bool:
        """Whether a hint is wanted soon; if not, this thread is done."""
        with self._more:
            self._more.wait_for(lambda: self._wanted, timeout=LINGER_SECONDS)
            wanted = self._wanted and time.monotonic() >= self._silent_until
            self._wanted = False
            if not wanted:
                self._sender = None
            return wanted

    def _publish(self) -> None:
        try:
            self._task.apply_async(expires=EXPIRES_SECONDS)
        except (OperationalError, RedisError, OSError) as problem:
            if self._heard:
                logger.warning("no broker takes hints", reason=str(problem))
            self._heard = False
            self._silent_until = time.monotonic() + SILENCE_SECONDS
        else:
            self._heard = True


# That the log has grown, and that somebody asked for a job.
grown, asked = Hints(tasks.follow), Hints(tasks.ingest)
for one in (grown, asked):
    os.register_at_fork(after_in_child=one.reset)
