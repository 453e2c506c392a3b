"""Runs a command with private servers, by default removed with their data afterwards."""

import signal
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from config.embedded import places
from config.embedded.children import Child, ProcessSpec, start, stop
from config.embedded.loop import Loop, StopRequested
from config.embedded.servers import running_servers

# The terminal sends Ctrl-C to the command too; it has so many seconds to end by itself.
GRACE_SECONDS = 10


def run(command: Sequence[str], *, fast: bool, benchmark: bool, base: Mapping[str, str]) -> int:
    """Run the command and return its exit status, as a shell would: 128 + n for signal n.

    The databases of a benchmark are kept for the next one.
    """
    loop = Loop(descriptor=sys.stderr.fileno())
    try:
        with (
            places.benchmark_place() if benchmark else places.temporary_place() as place,
            running_servers(
                place, base=base, fast=fast, pace=loop, report=loop.print_line
            ) as servers,
        ):
            # The key and the last checkpoint of the clone's own log are left alone.
            environ = servers.environ(base) | {"SEAL_FOLDER": str(place.home / "seal")}
            spec = ProcessSpec(name="command", command=command, folder=Path.cwd(), environ=environ)
            return _finish(spec, loop=loop)
    except StopRequested:
        return 128 + loop.last_signal


def _finish(spec: ProcessSpec, *, loop: Loop) -> int:
    # In this process's group, so that Ctrl-C and the keyboard reach it.
    child = start(spec, output=None, own_group=False)
    try:
        while child.alive:
            loop.wait(60)
    except StopRequested:
        if loop.last_signal == signal.SIGINT:
            _wait(child, loop=loop)
        raise
    finally:
        stop([child], pace=loop)
    code = child.process.returncode
    return code if code >= 0 else 128 - code


def _wait(child: Child, *, loop: Loop) -> None:
    end = time.monotonic() + GRACE_SECONDS
    while child.alive and time.monotonic() < end and not loop.hurried:
        loop.pause(0.05)
