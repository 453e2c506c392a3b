"""A served site with the article on record, an administrator, and workers on call."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.error import URLError
from urllib.request import urlopen
from uuid import uuid4

from tests.clones import CHECKOUT, free_port
from tests.faults.arenas import a_clone, a_database, address
from tests.separate import give_to_owner, of_app, of_owner

NAME, PASSWORD = "ann", "correct horse battery"
ACCOUNT = (
    "from django.contrib.auth import get_user_model;"
    f"get_user_model().objects.create_superuser({NAME!r}, password={PASSWORD!r})"
)
CATCH_UP = (
    "from django.utils import timezone;"
    "from tracker.projections import disclosure, impacts, scores;"
    "disclosure.follow_all(); impacts.follow_all(); scores.recompute_all(at=timezone.now())"
)
INGEST = "from workers import sweeper; sweeper.ingest_all(leaving=lambda: False)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeded:
    url: str
    environ: dict[str, str]

    def catch_up(self) -> None:
        """Do what the workers do."""
        _manage(self.environ, "shell", "-c", CATCH_UP)

    def shell(self, command: str) -> None:
        """Run a line in the site's own Python."""
        _manage(self.environ, "shell", "-c", command)

    def ingest(self) -> None:
        """Work on the jobs that wait."""
        _manage(self.environ, "shell", "-c", INGEST)


@contextmanager
def a_seeded_database(*, article: bool = True) -> Iterator[str]:
    """Make a migrated database with an administrator and the article's claims and scores, and give
    its name. Sites are clones of it. Without the article it has the administrator alone."""
    with a_database(f"browser_{uuid4().hex[:12]}") as name:
        environ = {**os.environ, "DATABASE_URL": of_app(address(name))}
        give_to_owner(address(name))
        of_ours = {**environ, "DATABASE_OWNER_URL": of_owner(address(name))}
        _manage(of_ours, "migrate", "--verbosity", "0")
        if article:
            _manage(environ, "loadseed")
        _manage(environ, "shell", "-c", f"{ACCOUNT}; {CATCH_UP}")
        yield name


@contextmanager
def a_site(template: str) -> Iterator[Seeded]:
    """Serve a clone of a database, to which nothing is connected, until the end."""
    with a_clone(template) as name, tempfile.TemporaryDirectory(prefix="spool-") as spool:
        url = of_app(address(name))
        environ = {**os.environ, "DATABASE_URL": url, "SPOOL_FOLDER": spool}
        with _served(environ) as served:
            yield Seeded(url=served, environ=environ)


@contextmanager
def _served(environ: dict[str, str]) -> Iterator[str]:
    url = f"127.0.0.1:{free_port()}"
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", url, "--threads", "4"]
    process = subprocess.Popen([*command, "--log-level", "error"], cwd=CHECKOUT, env=environ)
    try:
        _wait_for(f"http://{url}/admin/login/")
        yield f"http://{url}"
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait_for(url: str) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with suppress(URLError, OSError), urlopen(url, timeout=5):  # noqa: S310 # our own server
            return
        time.sleep(0.1)
    raise TimeoutError(url)


def _manage(environ: dict[str, str], *command: str) -> None:
    subprocess.run(
        [sys.executable, "-W", "ignore::RuntimeWarning", "manage.py", *command],
        cwd=CHECKOUT,
        env=environ,
        check=True,
        stdout=subprocess.DEVNULL,
    )
