"""Processes that do the same thing at once, for a while, and say how long each time took."""

import multiprocessing
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, Self

type Act = Callable[[], object]
# Gives a process its acts by name, from tools that can be pickled and its own number.
type Equip = Callable[..., Mapping[str, Act]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What all processes did in one turn: seconds a time, and of processor in all."""

    seconds: float
    waits: list[float]
    cpu: float

    @property
    def rate(self) -> float:
        return len(self.waits) / self.seconds


class Crew:
    """The processes, each equipped and waiting until they are told what to do."""

    def __init__(self, size: int, *, equip: Equip, tools: tuple[Any, ...]) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipes: list[Connection] = []
        self._processes = []
        for number in range(size):
            near, far = context.Pipe()
            process = context.Process(target=_serve, args=(far, equip, tools, number), daemon=True)
            process.start()
            # So that the death of the process is the end of the pipe.
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

    def take_turn(self, name: str, *, seconds: float) -> Turn:
        """Let all processes do one thing again and again.

        :raises EOFError: if one of them has died.
        """
        start = time.monotonic() + 0.05
        for pipe in self._pipes:
            pipe.send((name, start, start + seconds))
        answers = [pipe.recv() for pipe in self._pipes]
        return Turn(
            seconds=seconds,
            waits=[wait for waits, _ in answers for wait in waits],
            cpu=sum(cpu for _, cpu in answers),
        )


def _serve(pipe: Connection, equip: Equip, tools: tuple[Any, ...], number: int) -> None:
    acts = equip(*tools, number)
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


def _repeat(act: Act, *, until: float) -> list[float]:
    waits = []
    while (start := time.monotonic()) < until:
        act()
        waits.append(time.monotonic() - start)
    return waits
