"""Lends a command private servers that are thrown away with their data."""

import signal
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from config.embedded import crew, places
from config.embedded.children import Child, Order, start, stop
from config.embedded.loop import Loop, Stopped
from config.embedded.servers import started

# Seconds that a command has to end by itself after Ctrl-C, which the terminal sends to it too.
GRACE = 10


def lend(command: Sequence[str], *, fast: bool, migrated: bool, given: Mapping[str, str]) -> int:
    """Run the command beside private servers and give its exit status, as a shell would."""
    loop = Loop(descriptor=sys.stderr.fileno())
    try:
        with (
            places.passing() as place,
            started(place, given=given, fast=fast, pace=loop, say=loop.say) as servers,
        ):
            environ = servers.environ(given)
            if migrated:
                loop.say("making the tables")
                status = _finish(crew.command(environ, "migrate", "--verbosity", "0"), loop=loop)
                if status:
                    return status
            order = Order(name="command", command=command, folder=Path.cwd(), environ=environ)
            return _finish(order, loop=loop)
    except Stopped:
        return 128 + loop.last_signal


def _finish(order: Order, *, loop: Loop) -> int:
    # In this process's own group, so that Ctrl-C and the keyboard reach it.
    child = start(order, output=None, own_group=False)
    try:
        while child.alive:
            loop.wait(60)
    except Stopped:
        if loop.last_signal == signal.SIGINT:
            _let_end(child, loop=loop)
        raise
    finally:
        stop([child], pace=loop)
    code = child.process.returncode
    return code if code >= 0 else 128 - code


def _let_end(child: Child, *, loop: Loop) -> None:
    end = time.monotonic() + GRACE
    while child.alive and time.monotonic() < end and not loop.hurried:
        loop.pause(0.05)
