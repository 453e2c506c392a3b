"""Processes of the benchmarks: one with a pipe, and many that repeat an action at the same time."""

import multiprocessing
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

CONTEXT = multiprocessing.get_context("spawn")

type Action = Callable[[], object]
# Returns the actions of a process by name, from arguments that can be pickled and its number.
type Setup = Callable[..., Mapping[str, Action]]


def start_process(target: Callable[..., None], *given: Any) -> Connection:
    """Start a process with one end of a pipe, and return the other end. The pipe ends with the
    process."""
    near, far = CONTEXT.Pipe()
    CONTEXT.Process(target=target, args=(far, *given), daemon=True).start()
    far.close()
    return near


def end_processes() -> None:
    """Wait for the processes whose work is done, and end the others."""
    for process in multiprocessing.active_children():
        process.join(10)
        process.kill()


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
    """Processes that wait for the name of an action."""

    def __init__(self, pipes: list[Connection]) -> None:
        self._pipes = pipes

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


@contextmanager
def process_pool(size: int, setup: Setup, *given: Any) -> Iterator[ProcessPool]:
    """Start so many processes. They end with the block."""
    pipes = [start_process(_serve, setup, given, number) for number in range(size)]
    try:
        for pipe in pipes:
            pipe.recv()
        yield ProcessPool(pipes)
    finally:
        for pipe in pipes:
            pipe.close()
        end_processes()


def _serve(pipe: Connection, setup: Setup, given: tuple[Any, ...], number: int) -> None:
    actions = setup(*given, number)
    pipe.send("ready")
    while True:
        try:
            name, start, end = pipe.recv()
        except EOFError:
            return
        time.sleep(max(0.0, start - time.monotonic()))
        before = time.process_time()
        waits = _repeat(actions[name], until=end)
        pipe.send((waits, time.process_time() - before))


def _repeat(action: Action, *, until: float) -> list[float]:
    waits = []
    while (start := time.monotonic()) < until:
        action()
        waits.append(time.monotonic() - start)
    return waits
