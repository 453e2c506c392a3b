"""pgbouncer between the product and the primary.

It hands out connections by the transaction: `entente` for workers, `entente_web` for web, whose
statements have a limit of their own, and `entente_read` for what web reads from the standby.
"""

import os
import signal
import socket
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from config.embedded.places import Place
from config.embedded.postgres import NAME, ROLES
from config.embedded.processes import Child, ProcessSpec, start, stop
from tests.kit.debian_programs import Program

WEB, READ = f"{NAME}_web", f"{NAME}_read"
PORT = 6432
# As docs/operations.md says.
LIMIT = "connect_query='SET statement_timeout = ''30s'''"
# Waits end within seconds, so that the product answers with a 503 when the primary is away, and
# comes back soon after it.
SETTINGS = {
    "auth_type": "scram-sha-256",
    "pool_mode": "transaction",
    "max_client_conn": "500",
    "default_pool_size": "60",
    "max_prepared_statements": "500",
    "server_login_retry": "1",
    "server_connect_timeout": "3",
    "query_wait_timeout": "8",
    "server_check_delay": "2",
    "server_lifetime": "600",
    "tcp_keepalive": "1",
    "tcp_user_timeout": "6000",
    "unix_socket_dir": "",
    "logfile": "",
    "pidfile": "",
    "admin_users": NAME,
    "log_connections": "0",
    "log_disconnections": "0",
}


class NoPooler(RuntimeError):
    """The pooler does not start. The text ends with the end of its log."""


class Pooler:
    """One pgbouncer. It can be pointed at another primary while it runs."""

    name = "pgbouncer"

    def __init__(
        self, place: Place, *, program: Program, address: str, passwords: Mapping[str, str]
    ) -> None:
        self.place = place
        self.program = program
        self.address = address
        self.passwords = passwords
        self.log = place.home / "pgbouncer.log"
        self.child: Child | None = None
        self._targets = ("", "")

    def url(self, database: str = NAME) -> str:
        """The address of a database, for the role of web and workers."""
        role = ROLES.app
        return f"postgres://{role}:{self.passwords[role]}@{self.address}:{PORT}/{database}"

    def point(self, *, primary: str, standby: str) -> None:
        """Pass on to these servers, by their addresses; new transactions go there at once."""
        self._targets = (primary, standby)
        self._write("pgbouncer.ini", self._configuration())
        if self.child:
            self.child.send_signal(signal.SIGHUP)

    def start(self) -> None:
        """Start it and wait until it accepts connections.

        :raises NoPooler: if it does not.
        """
        names = (NAME, ROLES.app)
        users = "".join(f'"{name}" "{self.passwords[name]}"\n' for name in names)
        self._write("users.txt", users)
        self._write("pgbouncer.ini", self._configuration())
        spec = ProcessSpec(
            name="pgbouncer",
            command=[self.program.path, str(self.place.home / "pgbouncer.ini")],
            account=self.place.account,
            folder=self.place.home,
            environ={"PATH": os.defpath, **self.program.environ},
            stop_signals=(signal.SIGKILL,),
        )
        with self.log.open("ab") as log:
            self.child = start(spec, output=log)
        if not accepts(self.child, (self.address, PORT)):
            stop([self.child])
            raise NoPooler(f"pgbouncer does not start:\n{log_end(self.log)}")

    def stop(self) -> None:
        if self.child:
            stop([self.child])

    def _configuration(self) -> str:
        primary, standby = (urlsplit(target) for target in self._targets)
        to_primary = f"host={primary.hostname} port={primary.port} dbname={NAME}"
        to_standby = f"host={standby.hostname} port={standby.port} dbname={NAME}"
        databases = {
            NAME: to_primary,
            WEB: f"{to_primary} {LIMIT}",
            READ: f"{to_standby} {LIMIT}",
        }
        settings = SETTINGS | {
            "listen_addr": self.address,
            "listen_port": str(PORT),
            "auth_file": str(self.place.home / "users.txt"),
        }
        return "\n".join(
            ["[databases]", *_lines(databases), "", "[pgbouncer]", *_lines(settings), ""]
        )

    def _write(self, name: str, text: str) -> None:
        write_private(self.place, name, text)


def _lines(values: Mapping[str, str]) -> Sequence[str]:
    return [f"{key} = {value}" for key, value in values.items()]


def write_private(place: Place, name: str, text: str) -> Path:
    """Write a file that only the account of the servers can read."""
    file = place.home / name
    draft = file.with_name(f"{name}.draft")
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600)
    draft.write_text(text)
    if place.account:
        os.chown(draft, place.account.uid, place.account.gid)
    return draft.replace(file)


def accepts(child: Child, address: tuple[str, int], *, within: float = 30) -> bool:
    """Wait until a process accepts connections at an address."""
    end = time.monotonic() + within
    while child.alive and time.monotonic() < end:
        with suppress(OSError), socket.create_connection(address, 1):
            return True
        time.sleep(0.05)
    return False


def log_end(log: Path) -> str:
    """The last lines of a log."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-15:])
