"""Web servers of tests, and the one that is kept from one site to the next."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.error import URLError
from urllib.request import urlopen
from uuid import uuid4

from config.embedded.processes import LAUNCHER
from tests.kit.databases import address, of_app
from tests.kit.processes import CHECKOUT, eventually, free_port, processes


@dataclass(frozen=True, slots=True, kw_only=True)
class WebServer:
    """A server, and the environment that it was given."""

    process: subprocess.Popen[bytes]
    url: str
    environ: dict[str, str]

    def wait_for(self, path: str) -> None:
        """Wait until it answers."""
        end = time.monotonic() + 120
        while time.monotonic() < end:
            with suppress(URLError, OSError), urlopen(f"{self.url}{path}", timeout=5):  # noqa: S310
                return
            time.sleep(0.1)
        raise TimeoutError(self.url)

    def renew(self) -> None:
        """Let it fork new workers, which know nothing of what the old ones served."""
        old = {one for one in processes() if one.parent == self.process.pid}
        for one in old:
            os.kill(one.pid, signal.SIGKILL)
        eventually(lambda: old.isdisjoint(processes()), what="the old workers end")

    def end(self, by: signal.Signals = signal.SIGKILL) -> None:
        """End its workers too: to take such a program down in order costs as much as to start
        it."""
        os.killpg(self.process.pid, by)
        self.process.wait(timeout=120)


def start(
    environ: dict[str, str],
    *,
    application: str = "config.wsgi",
    output: IO[bytes] | None = None,
) -> WebServer:
    """Start a server of this code; what it logs goes to `output`."""
    port = free_port()
    # The kernel ends it and its forks with this process, whatever ends that.
    bound = [str(os.getpid()), str(int(signal.SIGKILL)), "-1", "-1", "module"]
    gunicorn = ["gunicorn", application, "--bind", f"127.0.0.1:{port}", "--preload"]
    gunicorn += ["--threads", "12", "--log-level", "error"]
    process = subprocess.Popen(
        # As in `make run`, its two workers are forks of one process that has loaded all.
        [sys.executable, str(LAUNCHER), *bound, *gunicorn],
        cwd=CHECKOUT,
        env=environ,
        start_new_session=True,
        stdout=output,
        stderr=output,
    )
    return WebServer(process=process, url=f"http://127.0.0.1:{port}", environ=environ)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A server that serves one site after another. All have the same name of the database, and the
    same folder for files of jobs."""

    server: WebServer
    database: str
    spool: Path
    # The environment of this process at the start.
    around: dict[str, str]

    def renew(self) -> None:
        self.server.renew()
        shutil.rmtree(self.spool)
        self.spool.mkdir()

    def end(self) -> None:
        self.server.end()
        shutil.rmtree(self.spool)


_idle: list[Kept] = []


@contextmanager
def lent() -> Iterator[Kept]:
    """Lend the server of the last site, or start one if there is none: to load all that it needs
    takes longer than most tests. Whoever has it makes its database."""
    around = {name: of for name, of in os.environ.items() if not name.startswith("PYTEST_")}
    if _idle and _idle[-1].around != around:
        end_idle()
    kept = _idle.pop() if _idle else _start_kept(around)
    try:
        yield kept
    finally:
        kept.renew()
        _idle.append(kept)


def end_idle() -> None:
    """End the servers that nobody has."""
    while _idle:
        _idle.pop().end()


def _start_kept(around: dict[str, str]) -> Kept:
    database, spool = f"clone_{uuid4().hex[:12]}", tempfile.mkdtemp(prefix="spool-")
    environ = around | place(database, spool)
    return Kept(server=start(environ), database=database, spool=Path(spool), around=around)


def place(database: str, spool: str) -> dict[str, str]:
    """What web and workers of a site need to know."""
    return {
        "DATABASE_URL": of_app(address(database)),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SPOOL_FOLDER": spool,
        "SEAL_FOLDER": f"{spool}/seal",
    }
