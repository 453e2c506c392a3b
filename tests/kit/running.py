"""Programs that end with the test, and waiting that gives up."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from config.embedded.children import Child, ProcessSpec, Sleep, start, stop
from tests.clones import CHECKOUT

PROGRAM = "import django; django.setup(); from tests.faults.writing import main; main()"
PATIENCE_SECONDS = 90


@contextmanager
def running(spec: ProcessSpec, *, output: Path, **environ: str) -> Iterator[Child]:
    """Start a program that writes into a file; it ends with the block, or with this process."""
    given = spec.environ or os.environ
    with output.open("ab") as out:
        child = start(replace(spec, environ={**given, **environ}), output=out)
    try:
        yield child
    finally:
        child.spec = replace(child.spec, stop_signals=spec.stop_signals[-1:])
        stop([child], pace=Sleep())


def a_writer(*words: str) -> ProcessSpec:
    """One of the programs of `writing`."""
    settings = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "-c", PROGRAM, *words]
    return ProcessSpec(name=words[0], command=command, folder=CHECKOUT, environ=settings)


def eventually(done: Callable[[], object], *, what: str, within: float = PATIENCE_SECONDS) -> None:
    """Wait until something is so."""
    end = time.monotonic() + within
    while not done():
        if time.monotonic() > end:
            pytest.fail(f"In {within:g} s it never came about that {what}.")
        time.sleep(0.05)
