"""How each process of the product is started."""

import os
import signal
import socket
from collections.abc import Mapping

from config.embedded.children import Order
from config.embedded.state import CLONE, STATE

QUEUES = "follow,score,maintain"
# An archive takes hours, which nothing else is to wait for.
SLOW_QUEUES = "ingest"


def web(environ: Mapping[str, str], *, door: socket.socket) -> Order:
    """Give the web server, which is handed its bound socket."""
    options = ["--bind", f"fd://{door.fileno()}", "--log-level", "warning", "--preload"]
    return _module(
        "web",
        ["gunicorn", "config.wsgi", *options],
        environ=environ,
        descriptors=(door.fileno(),),
    )


def beat(environ: Mapping[str, str]) -> Order:
    """Give the clock that sends the ticks."""
    schedule = str(STATE / "beat-schedule")
    options = ["--schedule", schedule, "--pidfile", "", "--loglevel", "WARNING"]
    return _module("beat", ["celery", "--quiet", "-A", "config", "beat", *options], environ=environ)


def worker(environ: Mapping[str, str]) -> Order:
    """Give the worker for all that is soon done."""
    return _worker("worker", ["--queues", QUEUES, "--concurrency", "2"], environ)


def importer(environ: Mapping[str, str]) -> Order:
    """Give the worker for imports, which is one process."""
    return _worker("importer", ["--queues", SLOW_QUEUES, "--pool", "solo"], environ)


def _worker(name: str, words: list[str], environ: Mapping[str, str]) -> Order:
    options = [*words, "--hostname", f"{name}@%h", "--loglevel", "WARNING"]
    options += ["--without-gossip", "--without-mingle"]
    return _module(
        name,
        ["celery", "--quiet", "-A", "config", "worker", *options],
        environ=_quiet_for_root(environ),
    )


def command(environ: Mapping[str, str], *words: str) -> Order:
    """Give a management command."""
    return _module(words[0], ["manage", *words], environ=environ)


def _module(
    name: str,
    words: list[str],
    *,
    environ: Mapping[str, str],
    descriptors: tuple[int, ...] = (),
) -> Order:
    return Order(
        name=name,
        command=words,
        module=True,
        folder=CLONE,
        environ={**environ, "PYTHONUNBUFFERED": "1"},
        descriptors=descriptors,
        farewell=((signal.SIGTERM, 10), (signal.SIGKILL, 5)),
    )


def _quiet_for_root(environ: Mapping[str, str]) -> dict[str, str]:
    """Leave out Celery's advice to root: the clone may be one that only root can read."""
    advice = "ignore:You're running the worker with superuser privileges"
    given = environ.get("PYTHONWARNINGS")
    quiet = {"PYTHONWARNINGS": ",".join([given, advice] if given else [advice])}
    return {**environ, **(quiet if os.geteuid() == 0 else {})}
