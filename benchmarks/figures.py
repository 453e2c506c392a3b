"""How the benchmarks time, summarise and print. Lines for machines go to the standard output, all
other text to the standard error."""

import math
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager


def print_line(name: str, /, **figures: object) -> None:
    """Print a machine-readable line."""
    print(name, *(f"{key}={figure}" for key, figure in figures.items()), flush=True)


def note(text: str, *, end: str = "\n") -> None:
    """Print text for people."""
    print(text, end=end, file=sys.stderr, flush=True)


def print_waits(waits: Mapping[str, Sequence[float]]) -> None:
    """Print for people how the seconds under each name are distributed."""
    note(f"{'':16}{'number':>8}{'p50 ms':>10}{'p99 ms':>10}{'max ms':>10}")
    for name, seconds in waits.items():
        shares = "".join(f"{1e3 * percentile(seconds, share):10.2f}" for share in (0.5, 0.99, 1.0))
        note(f"{name:16}{len(seconds):8}{shares}")


@contextmanager
def stage(what: str) -> Iterator[None]:
    """Print for people how long a stage took."""
    note(f"{what} …", end=" ")
    started = time.monotonic()
    yield
    note(f"{time.monotonic() - started:.1f} s, load {load():.1f}")


def seconds_of(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def load() -> float:
    """The load of the machine in the last minute."""
    return os.getloadavg()[0]


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least a share of them does not exceed."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def p95(values: Sequence[float]) -> float:
    return percentile(values, 0.95)
