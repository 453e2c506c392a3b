"""Puts a pgbouncer before a database."""

import os
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg
import pytest

from config.embedded.places import Account
from config.embedded.processes import ProcessSpec, start, stop
from tests.kit.databases import PASSWORD, ROLES
from tests.kit.debian_programs import Program
from tests.kit.processes import free_port

NAME = "pgbouncer"
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

TLS = """\
client_tls_sslmode = require
client_tls_key_file = {folder}/server.key
client_tls_cert_file = {folder}/server.pem
"""


@contextmanager
def pooled(program: Program, url: str, *, tls: Path | None = None) -> Iterator[str]:
    """Put a pooler that hands connections on after each transaction before a database of the
    session's server, and give the address behind it. Its alias `web` is the same database. With
    `tls`, a folder of `tests.kit.tls`, it takes nothing else."""
    parts = urlsplit(url)
    sockets, port = Path(unquote(parts.hostname or "")), free_port()
    owner = sockets.stat()
    # It refuses to run as root, and only the server's account may open its socket.
    account = Account(uid=owner.st_uid, gid=owner.st_gid) if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory(prefix="pgbouncer-") as name:
        folder = Path(name)
        users = "".join(f'"{role}" "{PASSWORD}"\n' for role in ROLES)
        (folder / "users.txt").write_text(users)
        _configure(folder, tls=tls, sockets=sockets, port=port, database=parts.path[1:])
        if account:
            for path in (folder, *folder.iterdir()):
                os.chown(path, account.uid, account.gid)
        with (folder / "log").open("ab") as log:
            child = start(_process(program, folder, account), output=log)
        try:
            login = f"{parts.username}:{parts.password}"
            behind = parts._replace(netloc=f"{login}@127.0.0.1:{port}").geturl()
            _wait_for(behind, folder / "log")
            yield behind
        finally:
            stop([child])


def _process(program: Program, folder: Path, account: Account | None) -> ProcessSpec:
    return ProcessSpec(
        name=NAME,
        command=[program.path, str(folder / "pgbouncer.ini")],
        account=account,
        folder=folder,
        environ={"PATH": os.defpath, **program.environ},
        stop_signals=(signal.SIGKILL,),
    )


def _configure(folder: Path, *, tls: Path | None, **settings: Any) -> None:
    """Write the files that it reads."""
    text = SETTINGS.format(folder=folder, **settings)
    if tls:
        text += TLS.format(folder=folder)
        for file in tls.glob("server.*"):
            shutil.copy(file, folder)
    (folder / "pgbouncer.ini").write_text(text)


def _wait_for(url: str, log: Path) -> None:
    end = time.monotonic() + 120
    while time.monotonic() < end:
        with suppress(psycopg.OperationalError), psycopg.connect(url):
            return
        time.sleep(0.05)
    pytest.fail(f"pgbouncer never answered:\n{log.read_text()[-2_000:]}")
