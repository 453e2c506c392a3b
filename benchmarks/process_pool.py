"""Processes that repeat an action at the same time, and report the duration of each repetition."""

import multiprocessing
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, Self

type Action = Callable[[], object]
# Returns the actions of a process by name, from arguments that can be pickled and its number.
type Setup = Callable[..., Mapping[str, Action]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """The result of all processes: the seconds of each repetition, and the CPU seconds in all."""

    seconds: float
    waits: list[float]
    cpu: float

    @property
    def rate(self) -> float:
        return len(self.waits) / self.seconds


class ProcessPool:
    """The processes. Each waits for the name of an action."""

    def __init__(self, size: int, *, setup: Setup, tools: tuple[Any, ...]) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipes: list[Connection] = []
        self._processes = []
        for number in range(size):
            near, far = context.Pipe()
            process = context.Process(target=_serve, args=(far, setup, tools, number), daemon=True)
            process.start()
            # The pipe then ends when the process ends.
            far.close()
            self._pipes.append(near)
            self._processes.append(process)

    def __enter__(self) -> Self:
        for pipe in self._pipes:
            pipe.recv()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for pipe in self._pipes:
            pipe.close()
        for process in self._processes:
            process.join(10)
            process.kill()

    def run_for(self, name: str, *, seconds: float) -> Measurement:
        """Let all processes repeat an action.

        :raises EOFError: if a process has ended.
        """
        start = time.monotonic() + 0.05
        for pipe in self._pipes:
            pipe.send((name, start, start + seconds))
        answers = [pipe.recv() for pipe in self._pipes]
        return Measurement(
            seconds=seconds,
            waits=[wait for waits, _ in answers for wait in waits],
            cpu=sum(cpu for _, cpu in answers),
        )


def _serve(pipe: Connection, setup: Setup, tools: tuple[Any, ...], number: int) -> None:
    acts = setup(*tools, number)
    pipe.send("ready")
    while True:
        try:
            name, start, end = pipe.recv()
        except EOFError:
            return
        time.sleep(max(0.0, start - time.monotonic()))
        before = time.process_time()
        waits = _repeat(acts[name], until=end)
        pipe.send((waits, time.process_time() - before))


def _repeat(act: Action, *, until: float) -> list[float]:
    waits = []
    while (start := time.monotonic()) < until:
        act()
        waits.append(time.monotonic() - start)
    return waits
