"""A process whose code is too old for the database leaves, so that it does no harm.

Its exit status tells a supervisor not to start it again. A web process stays and answers 503
(`config/outdated.py`).
"""

import os
import sys
import threading
import time
from collections.abc import Callable

from django.db import Error as DatabaseProblem
from django.db import connection

from tracker import log, release

EVERY_SECONDS = 5.0


def problem() -> str:
    """Why this process may not go on; empty if it may, or if nobody can be asked."""
    try:
        return log.code_problem()
    except DatabaseProblem:
        return ""


def refuse_to_start(**_: object) -> None:
    """Celery's signal before a worker takes tasks."""
    found = problem()
    # The processes to come must not share it.
    connection.close()
    if found:
        _say(found)
        sys.exit(release.EXIT_STATUS)


def watch_worker(**_: object) -> None:
    """Celery's signal when a worker takes tasks: let it end in order once its code is too old."""
    from celery.worker import state  # noqa: PLC0415 # web does not need it

    def leave() -> None:
        state.should_stop = release.EXIT_STATUS  # type: ignore[assignment] # a status, or None

    _watch(leave)


def watch_beat(**_: object) -> None:
    """Celery's signal at the start of its scheduler, which keeps nothing that could be lost."""
    _watch(lambda: os._exit(release.EXIT_STATUS))


def _watch(leave: Callable[[], object]) -> None:
    """Look every few seconds in a thread, since the process may work on one task for hours."""

    def look() -> None:
        while not (found := problem()):
            connection.close()
            time.sleep(EVERY_SECONDS)
        connection.close()
        _say(found)
        leave()

    threading.Thread(target=look, name="code", daemon=True).start()


def _say(text: str) -> None:
    print(f"this process ends: {text}", file=sys.stderr, flush=True)  # noqa: T201
