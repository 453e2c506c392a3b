"""The PostgreSQL servers of a cluster: one is the primary, the other follows it."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import psycopg
from psycopg import sql

from config.embedded.places import CannotRun, Place
from config.embedded.postgres import NAME, Postgres
from tests.kit.private_servers import FAST

# A cut link is noticed within seconds.
SETTINGS = {
    "wal_level": "replica",
    "max_wal_senders": "8",
    "max_replication_slots": "8",
    # A standby that stays away must not fill the primary's disk.
    "max_slot_wal_keep_size": "1GB",
    "hot_standby_feedback": "on",
    # In files of its own folder, so that a server that is killed leaves none elsewhere.
    "dynamic_shared_memory_type": "mmap",
    "wal_sender_timeout": "6s",
    "wal_receiver_timeout": "6s",
    "wal_receiver_status_interval": "1s",
    "wal_retrieve_retry_interval": "500ms",
    "tcp_user_timeout": "6s",
    "client_connection_check_interval": "2s",
}
# A promotion ends a recovery that waits for nothing.
PROMOTE_SECONDS = 18


class Node(Postgres):
    """A server that is a primary, or with `upstream` the standby of another one: from its next
    start on, with a new copy of its data."""

    def __init__(
        self,
        place: Place,
        *,
        name: str,
        address: str,
        clients: str,
        passwords: Mapping[str, str] | None = None,
    ) -> None:
        own = {"cluster_name": name.replace("-", "_"), "listen_addresses": address}
        super().__init__(place, settings=SETTINGS | FAST | own)
        self.name, self.address, self.clients = name, address, clients
        self.slot = own["cluster_name"]
        self.upstream: Node | None = None
        self._has_database = False
        if passwords:
            self.passwords = dict(passwords)

    def remote_url(self, role: str = NAME) -> str:
        """The address for other hosts."""
        return f"postgres://{role}:{self.passwords[role]}@{self.address}:5432/{NAME}"

    def _create(self) -> None:
        """Create the data folder, or copy it from the primary, with its password."""
        if self.upstream is None:
            super()._create()
            with (self.data / "pg_hba.conf").open("a") as access:
                for database in ("all", "replication"):
                    access.write(f"host {database} all {self.clients} scram-sha-256\n")
            return
        self.upstream.drop_slot(self.slot)
        address = f"{self.upstream.remote_url()}?application_name={self.slot}&connect_timeout=5"
        options = ["--pgdata", str(self.data), "--dbname", address, "--checkpoint", "fast"]
        options += ["--create-slot", "--slot", self.slot, "--write-recovery-conf"]
        self._finish("pg_basebackup", *options)

    def _ensure_database(self) -> None:
        """A server that was restarted has its database, and perhaps nobody to confirm a write."""
        if self.upstream is None and not self._has_database:
            super()._ensure_database()
        self._has_database = True

    def ask(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Ask the server as its superuser, by its socket: also when its host is cut off.

        :raises psycopg.OperationalError: if it does not answer.
        """
        url = f"{self.url_of(NAME)}?connect_timeout=5&options=-cstatement_timeout%3D20s"
        with psycopg.connect(url, autocommit=True) as connection:
            cursor = connection.execute(query.encode(), values or None)
            return cursor.fetchall() if cursor.description else []

    def is_followed_by(self, standby: str) -> bool:
        """Of a primary: whether a standby receives from it."""
        query = (
            "SELECT 1 FROM pg_stat_replication WHERE state = 'streaming' AND application_name = %s"
        )
        return bool(self.ask(query, standby))

    def position(self) -> int:
        """The last position of the log that this server has."""
        with suppress(psycopg.errors.UndefinedTable):
            rows = self.ask("SELECT position FROM log_head")
            return int(rows[0][0]) if rows else 0
        return 0

    def require_standby(self, name: str | None) -> None:
        """Of a primary: let commits wait until this standby shows them, or with None for nobody."""
        setting = sql.Literal(name or "").as_string()
        self.ask(f"ALTER SYSTEM SET synchronous_standby_names = {setting}")
        level = "remote_apply" if name else "on"
        self.ask(f"ALTER SYSTEM SET synchronous_commit = {level}")
        self.ask("SELECT pg_reload_conf()")

    def promote(self) -> None:
        """Make this standby the primary, which waits for no other.

        :raises CannotRun: if it does not become one.
        """
        [(done,)] = self.ask("SELECT pg_promote(true, %s)", PROMOTE_SECONDS)
        if not done:
            raise CannotRun(f"{self.name} was not promoted in time:\n{self._log_end()}")
        self.upstream = None
        self.require_standby(None)

    def drop_slot(self, slot: str) -> None:
        """Forget what a standby still needs."""
        self.ask(
            "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots"
            " WHERE slot_name = %s AND NOT active",
            slot,
        )
