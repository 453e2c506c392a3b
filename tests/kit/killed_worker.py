"""A worker that is killed and started again, and a post that doubles and loses what it carries."""

import os
import random
import signal
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from celery import Celery

from config.embedded import processes as embedded_processes
from config.embedded.processes import Child
from tests.kit.processes import processes, running

KILL_EVERY_SECONDS = 0.2
# Every so many kills it is the worker itself that is killed, and not one of its children.
HEADS_TURN = 7
BEAT_SECONDS = 0.25


@dataclass(slots=True)
class Mortal:
    """A worker that somebody starts again whenever it was killed."""

    environ: dict[str, str]
    output: Path
    stack: ExitStack
    # Decides whom to kill.
    dice: random.Random = field(default_factory=lambda: random.Random(9))  # noqa: S311
    children: int = 2
    child: Child | None = None
    kills: int = 0
    last_kill: float = 0.0
    done_then: int = 0

    def live(self) -> None:
        if self.child is None or not self.child.alive:
            spec = embedded_processes.worker(self.environ)
            spec = replace(spec, command=[*spec.command, "--concurrency", str(self.children)])
            self.child = self.stack.enter_context(running(spec, output=self.output))

    @property
    def hands(self) -> list[int]:
        return [one.pid for one in processes() if one.parent == self.child.process.pid]

    def strike(self, *, done: int) -> None:
        """Kill one of its processes, if the time has come.

        Not before something was done since the last time: on a busy machine nothing ever would be,
        and Celery gives up if a child ends during the start.
        """
        hands = self.hands
        soon = time.monotonic() < self.last_kill + KILL_EVERY_SECONDS
        if soon or not hands or done == self.done_then:
            return
        self.kills, self.last_kill, self.done_then = self.kills + 1, time.monotonic(), done
        doomed = self.dice.choice(hands) if self.kills % HEADS_TURN else self.child.process.pid
        with suppress(ProcessLookupError):
            os.kill(doomed, signal.SIGKILL)


@dataclass(slots=True)
class Post:
    """Sends the ticks, each twice, in any spec, and loses one in ten."""

    broker: Celery
    dice: random.Random
    last: float = 0.0

    def beat(self) -> None:
        """Send ticks if there were none for a while: those in flight die with their worker."""
        if time.monotonic() > self.last + BEAT_SECONDS:
            self.tick()

    def tick(self) -> None:
        self.last = time.monotonic()
        ticks = ["follow", "score"] * 2
        self.dice.shuffle(ticks)
        for name in ticks:
            if self.dice.random() >= 0.1:
                self.broker.send_task(name, queue=name, expires=10)
