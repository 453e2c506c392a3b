"""The product's processes, and how each is started."""

import os
import socket
from collections.abc import Mapping

from config.embedded.children import ProcessSpec
from config.embedded.state import CLONE, STATE

QUEUES = "follow,score,maintain"
# An archive takes hours; other tasks must not wait for it.
SLOW_QUEUES = "ingest"


def web(environ: Mapping[str, str], *, listener: socket.socket) -> ProcessSpec:
    """The web server; it inherits the bound socket."""
    options = ["--bind", f"fd://{listener.fileno()}", "--log-level", "warning", "--preload"]
    return _module(
        "web",
        ["gunicorn", "config.wsgi", *options],
        environ=environ,
        descriptors=(listener.fileno(),),
    )


def beat(environ: Mapping[str, str]) -> ProcessSpec:
    """Celery's scheduler."""
    schedule = str(STATE / "beat-schedule")
    options = ["--schedule", schedule, "--pidfile", "", "--loglevel", "WARNING"]
    return _module("beat", ["celery", "--quiet", "-A", "config", "beat", *options], environ=environ)


def worker(environ: Mapping[str, str]) -> ProcessSpec:
    """The worker for short tasks."""
    return _worker("worker", ["--queues", QUEUES, "--concurrency", "2"], environ)


def importer(environ: Mapping[str, str]) -> ProcessSpec:
    """The worker for imports: one process."""
    return _worker("importer", ["--queues", SLOW_QUEUES, "--pool", "solo"], environ)


def _worker(name: str, words: list[str], environ: Mapping[str, str]) -> ProcessSpec:
    options = [*words, "--hostname", f"{name}@%h", "--loglevel", "WARNING"]
    options += ["--without-gossip", "--without-mingle"]
    return _module(
        name,
        ["celery", "--quiet", "-A", "config", "worker", *options],
        environ=_quiet_for_root(environ),
    )


def command(environ: Mapping[str, str], *words: str) -> ProcessSpec:
    """A management command."""
    return _module(words[0], ["manage", *words], environ=environ)


def _module(
    name: str,
    words: list[str],
    *,
    environ: Mapping[str, str],
    descriptors: tuple[int, ...] = (),
) -> ProcessSpec:
    return ProcessSpec(
        name=name,
        command=words,
        module=True,
        folder=CLONE,
        environ={**environ, "PYTHONUNBUFFERED": "1"},
        descriptors=descriptors,
    )


def _quiet_for_root(environ: Mapping[str, str]) -> dict[str, str]:
    """Silence Celery's warning for root: perhaps only root can read the clone."""
    advice = "ignore:You're running the worker with superuser privileges"
    if os.geteuid() != 0:
        return dict(environ)
    filters = [text for text in (environ.get("PYTHONWARNINGS"), advice) if text]
    return {**environ, "PYTHONWARNINGS": ",".join(filters)}
