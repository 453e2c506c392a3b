"""pgbouncer between the product and the primary.

It hands out connections by the transaction: `entente` for workers, `entente_web` for web, whose
statements have a limit of their own, and `entente_read` for what web reads from the standby.
"""

import os
import signal
from collections.abc import Mapping, Sequence
from functools import partial
from urllib.parse import urlsplit

from config.embedded.places import Place
from config.embedded.postgres import NAME, ROLES
from config.embedded.processes import Child, ProcessSpec, stop
from tests.kit.cluster.members import accepts, begin, write_private
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


class Pooler:
    """One pgbouncer. It can be pointed at another primary while it runs."""

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
        write_private(self.place, "pgbouncer.ini", self._configuration())
        if self.child:
            self.child.send_signal(signal.SIGHUP)

    def start(self) -> None:
        """Start it and wait until it accepts connections."""
        names = (NAME, ROLES.app)
        users = "".join(f'"{name}" "{self.passwords[name]}"\n' for name in names)
        write_private(self.place, "users.txt", users)
        write_private(self.place, "pgbouncer.ini", self._configuration())
        spec = ProcessSpec(
            name="pgbouncer",
            command=[self.program.path, str(self.place.home / "pgbouncer.ini")],
            account=self.place.account,
            folder=self.place.home,
            environ={"PATH": os.defpath, **self.program.environ},
            stop_signals=(signal.SIGKILL,),
        )
        self.child = begin(spec, self.log, partial(accepts, (self.address, PORT)))

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


def _lines(values: Mapping[str, str]) -> Sequence[str]:
    return [f"{key} = {value}" for key, value in values.items()]
