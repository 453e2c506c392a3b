"""Finds a pgbouncer and puts it before a database; run as a program it fetches Debian's."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psycopg
import pytest

from config.embedded.children import ProcessSpec, Sleep, start, stop
from config.embedded.places import Account
from tests.kit import debian
from tests.kit.databases import PASSWORD, ROLES
from tests.kit.processes import free_port

PACKAGE = "pgbouncer"
MISSING = (
    f"no {PACKAGE} is to be had: install Debian's, or set ENTENTE_PGBOUNCER to the path of one"
)
# Two for each role: clients take turns at them.
SETTINGS = """\
[databases]
* = host={sockets} port=5432
; Web has connections of its own, whose statements take at most 30 s.
web = host={sockets} port=5432 dbname={database} connect_query='SET statement_timeout = ''30s'''
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = {folder}/users.txt
pool_mode = transaction
default_pool_size = 2
max_prepared_statements = 100
max_client_conn = 200
"""


@pytest.fixture(scope="session")
def pgbouncer() -> str:
    """Give the path of a pgbouncer. Without one the test is skipped, and on CI it fails."""
    path = find()
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    return path


def find() -> str | None:
    named = (os.environ.get("ENTENTE_PGBOUNCER"), shutil.which(PACKAGE), "/usr/sbin/pgbouncer")
    candidates = (*named, str(debian.unpacked(PACKAGE) / "usr/sbin/pgbouncer"))
    return next((path for path in candidates if path and _runs(path)), None)


def _runs(path: str) -> bool:
    environ = {**os.environ, **debian.libraries(PACKAGE)}
    try:
        trial = subprocess.run(
            [path, "--version"], check=False, capture_output=True, timeout=60, env=environ
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return trial.returncode == 0


@contextmanager
def pooled(program: str, url: str) -> Iterator[str]:
    """Put a pooler that hands connections on after each transaction before a database of the
    session's server, and give the address behind it. Its alias `web` is the same database."""
    parts = urlsplit(url)
    sockets = Path(unquote(parts.hostname or ""))
    owner = sockets.stat()
    # It refuses to run as root, and only the server's account may open its socket.
    account = Account(uid=owner.st_uid, gid=owner.st_gid) if os.geteuid() == 0 else None
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="pgbouncer-") as name:
        folder = Path(name)
        users = "".join(f'"{role}" "{PASSWORD}"\n' for role in ROLES)
        (folder / "users.txt").write_text(users)
        settings = SETTINGS.format(
            sockets=sockets, port=port, folder=folder, database=parts.path[1:]
        )
        (folder / "pgbouncer.ini").write_text(settings)
        if account:
            for path in (folder, *folder.iterdir()):
                os.chown(path, account.uid, account.gid)
        spec = ProcessSpec(
            name=PACKAGE,
            command=[program, str(folder / "pgbouncer.ini")],
            account=account,
            folder=folder,
            environ={"PATH": os.defpath, **debian.libraries(PACKAGE)},
            stop_signals=((signal.SIGKILL, 5),),
        )
        with (folder / "log").open("ab") as log:
            child = start(spec, output=log)
        try:
            behind = parts._replace(
                netloc=f"{parts.username}:{parts.password}@127.0.0.1:{port}"
            ).geturl()
            _wait_for(behind, folder / "log")
            yield behind
        finally:
            stop([child], pace=Sleep())


def _wait_for(url: str, log: Path) -> None:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        with suppress(psycopg.OperationalError), psycopg.connect(url):
            return
        time.sleep(0.05)
    pytest.fail(f"pgbouncer never answered:\n{log.read_text()[-2_000:]}")


if __name__ == "__main__":
    if find() is None:
        print("entente | fetching Debian's pgbouncer for the tests of pooling")  # noqa: T201
        debian.fetch(PACKAGE, "libcares2", "libevent-2.1-7t64")
    if find() is None:
        print(f"entente | {MISSING}")  # noqa: T201
