"""The product's processes, and how each is started."""

import os
import socket
from collections.abc import Mapping
from pathlib import Path

from config.embedded.children import ProcessSpec
from config.embedded.state import CLONE, STATE

QUEUES = "follow,score,maintain"
# An archive takes hours; other tasks must not wait for it.
SLOW_QUEUES = "ingest"


def web(environ: Mapping[str, str], *, listener: socket.socket | str) -> ProcessSpec:
    """The web server; it inherits the bound socket, or binds an address and a port itself."""
    inherited = () if isinstance(listener, str) else (listener.fileno(),)
    bind = listener if isinstance(listener, str) else f"fd://{listener.fileno()}"
    options = ["--bind", bind, "--log-level", "warning", "--preload"]
    return module(
        "web", ["gunicorn", "config.wsgi", *options], environ=environ, descriptors=inherited
    )


def beat(environ: Mapping[str, str], *, folder: Path = STATE) -> ProcessSpec:
    """Celery's scheduler; it keeps in `folder` when it sent what."""
    schedule = str(folder / "beat-schedule")
    options = ["--schedule", schedule, "--pidfile", "", "--loglevel", "WARNING"]
    return module("beat", ["celery", "--quiet", "-A", "config", "beat", *options], environ=environ)


def worker(environ: Mapping[str, str], *, host: str = "%h") -> ProcessSpec:
    """The worker for short tasks. `host` is its name in Celery; of this machine by default."""
    words = ["--queues", QUEUES, "--concurrency", "2", "--loglevel", "WARNING"]
    return _worker("worker", words, environ, host=host)


def importer(environ: Mapping[str, str], *, host: str = "%h") -> ProcessSpec:
    """The worker for imports: one process."""
    words = ["--queues", SLOW_QUEUES, "--pool", "solo", "--loglevel", "WARNING"]
    return _worker("importer", words, environ, host=host)


def _worker(name: str, words: list[str], environ: Mapping[str, str], *, host: str) -> ProcessSpec:
    options = [*words, "--hostname", f"{name}@{host}"]
    options += ["--without-gossip", "--without-mingle"]
    return module(
        name,
        ["celery", "--quiet", "-A", "config", "worker", *options],
        environ=_quiet_for_root(environ),
    )


def command(environ: Mapping[str, str], *words: str) -> ProcessSpec:
    """A management command."""
    return module(words[0], ["manage", *words], environ=environ)


def module(
    name: str,
    words: list[str],
    *,
    environ: Mapping[str, str],
    descriptors: tuple[int, ...] = (),
) -> ProcessSpec:
    """A Python module of this clone, the first of the words, with its arguments."""
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
