"""Every reader of foreign bytes takes time in proportion to them, whatever they are.

Time is measured against time in the same run, as CPU time of this process, so that a busy machine
does not matter: four times the input may take eight times as long, where a quadratic reader takes
sixteen.
"""

import gc
import time
from collections.abc import Callable

import pytest

from tests.kit.hostile_files import HOSTILE

LEAST, MOST = 500, 128_000
# Below, a library's buffer of fixed size is what takes the time.
FROM = {"archive: many empty packings": 8_000}
ENOUGH_SECONDS = 0.02
ALLOWED = 8


def seconds(work: Callable[[], object], *, runs: int) -> float:
    """The CPU time of the fastest of some runs."""
    found = []
    gc.disable()
    try:
        for _ in range(runs):
            began = time.process_time()
            work()
            found.append(time.process_time() - began)
    finally:
        gc.enable()
    return min(found)


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.long
def test_four_times_the_input_takes_about_four_times_as_long(name):
    make, n = HOSTILE[name], FROM.get(name, LEAST)
    while (small := seconds(make(n), runs=2)) < ENOUGH_SECONDS and n < MOST:
        n *= 2

    large = seconds(make(4 * n), runs=2)

    assert large < ALLOWED * max(small, ENOUGH_SECONDS / 4)
