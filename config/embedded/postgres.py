"""A private PostgreSQL: created on first use, on a socket that only its user can open, and if it is
told to, at an address for other hosts.

Each role gets a new password at each start of `make run`. Web and workers connect as the role
`app`, commands that change tables as the owner. The superuser's password stays in the memory of
this process.
"""

import os
import re
import secrets
import shutil
import signal
import time
from collections.abc import Mapping
from contextlib import suppress
from urllib.parse import quote

import psycopg
from psycopg import sql

from config.embedded.children import Child, Pace, ProcessSpec, start, stop
from config.embedded.listening import Listening
from config.embedded.places import Place, begin_log
from tracker.queries.roles import Roles, creation_sql, limits_sql

# The name of the superuser and of the database.
NAME = "entente"
ROLES = Roles()
ACCESS = "local all all scram-sha-256\n"
REMOTE_ACCESS = """host all all {clients} scram-sha-256
host replication all {clients} scram-sha-256
"""
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "128MB",
    # A small database is in memory; extra processes to read it do not pay.
    "io_method": "sync",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
# Commits survive kill -9 of the server, but not a crash of the machine.
FAST = {"fsync": "off", "full_page_writes": "off"}


class NoPostgres(RuntimeError):
    """The private PostgreSQL does not start. The text ends with the end of its log."""


class Postgres:
    """One data folder and the server on it."""

    name = "PostgreSQL"

    def __init__(
        self,
        place: Place,
        *,
        fast: bool,
        listening: Listening | None = None,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.place = place
        self.fast = fast
        self.listening = listening
        self.more_settings = settings or {}
        self.data = place.home / "postgres" / "data"
        self.log = place.home / "postgres.log"
        self.child: Child | None = None
        self.passwords = {name: secrets.token_urlsafe(24) for name in (NAME, *ROLES)}
        self._passwords_required = False

    @property
    def url(self) -> str:
        """The database's address for the superuser."""
        return self.url_of(NAME)

    @property
    def app_url(self) -> str:
        """The database's address for web and workers."""
        return self.url_of(NAME, role=ROLES.app)

    @property
    def owner_url(self) -> str:
        """The database's address for commands that change tables."""
        return self.url_of(NAME, role=ROLES.owner)

    @property
    def reader_url(self) -> str:
        """The database's address for the role `reader`."""
        return self.url_of(NAME, role=ROLES.reader)

    def url_of(self, database: str, *, role: str = NAME, remote: bool = False) -> str:
        """The address of a database for a role; `remote`: for other hosts."""
        # Escape capitals too: readers of addresses lower the case of the host.
        host = "".join(
            letter if re.match(r"[a-z0-9._-]", letter) else f"%{ord(letter):02x}"
            for letter in str(self.place.sockets)
        )
        if self.listening and remote:
            host = self.listening.address
        port = f":{self.listening.port}" if self.listening else ""
        return f"postgres://{role}:{self.passwords[role]}@{host}{port}/{quote(database)}"

    @property
    def new(self) -> bool:
        """Whether the data folder does not exist yet."""
        return not self.data.exists()

    def start(self, *, pace: Pace) -> None:
        """Create the data folder if missing, start the server and wait until it answers.

        :raises NoPostgres: if it does not answer.
        """
        if self.child is None:
            begin_log(self.log)
        if self.new:
            self._initialise(pace=pace)
        self._stop_leftover(pace=pace)
        if not self._passwords_required:
            self._require_passwords(pace=pace)
        for _ in range(3):
            if self._try_start(pace=pace):
                return self._ensure_database()
            # The children of a killed server may take a second to end.
            pace.pause(1)
        raise NoPostgres(f"PostgreSQL does not start:\n{self._log_end()}")

    def stop(self, *, pace: Pace) -> None:
        """Stop the server and its connections."""
        if self.child:
            stop([self.child], pace=pace)

    def _initialise(self, *, pace: Pace) -> None:
        draft = self.data.with_name("draft")
        shutil.rmtree(draft, ignore_errors=True)
        options = [f"--username={NAME}", "--auth=reject", "--encoding=UTF8", "--no-instructions"]
        # The built-in provider sorts the same on every machine and needs no installed locale.
        options += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        options += ["--no-sync"] if self.fast else []
        self._finish(self._run("initdb", "-D", str(draft), *options), pace=pace)
        draft.rename(self.data)

    def _require_passwords(self, *, pace: Pace) -> None:
        """Require a password for every connection, and set the superuser's.

        A single-user server sets it, since it accepts no connections: a data folder of an earlier
        version requires no password yet.
        """
        draft = self.data / "pg_hba.conf.draft"
        draft.write_text(self._access())
        draft.chmod(0o600)
        if self.place.account:
            os.chown(draft, self.place.account.uid, self.place.account.gid)
        draft.replace(self.data / "pg_hba.conf")
        command = f"ALTER ROLE {NAME} PASSWORD '{self.passwords[NAME]}'\n"
        options = [*self._settings(), "postgres"]
        single = self._run("postgres", "--single", "-D", str(self.data), *options, stdin=command)
        self._finish(single, pace=pace)
        self._passwords_required = True

    def _access(self) -> str:
        if self.listening is None:
            return ACCESS
        return ACCESS + REMOTE_ACCESS.format(clients=self.listening.clients)

    def _finish(self, child: Child, *, pace: Pace) -> None:
        try:
            while child.alive:
                pace.pause(0.02)
        finally:
            stop([child], pace=pace)
        if child.process.returncode != 0:
            raise NoPostgres(f"The database cannot be prepared:\n{self._log_end()}")

    def _settings(self) -> list[str]:
        settings = SETTINGS | (FAST if self.fast else {})
        settings["unix_socket_directories"] = str(self.place.sockets)
        if self.listening:
            settings["listen_addresses"] = self.listening.address
            settings["port"] = str(self.listening.port)
        settings |= self.more_settings
        return [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]

    def _try_start(self, *, pace: Pace) -> bool:
        self.child = self._run("postgres", "-D", str(self.data), *self._settings())
        end = time.monotonic() + 120
        while self.child.alive and time.monotonic() < end:
            if self._answers():
                return True
            pace.pause(0.05)
        stop([self.child], pace=pace)
        return False

    def _run(self, program: str, *arguments: str, stdin: str = "", **environ: str) -> Child:
        spec = ProcessSpec(
            name=program,
            command=[str(self.place.programs.postgres / program), *arguments],
            account=self.place.account,
            folder=self.place.home,
            environ={"PATH": os.defpath, "LC_ALL": "C", **environ},
            stdin=stdin.encode(),
            stop_signals=((signal.SIGINT, 20), (signal.SIGQUIT, 8), (signal.SIGKILL, 5)),
            # Immediate shutdown: the next start recovers, and a frozen connection cannot delay it.
            parent_death_signal=signal.SIGQUIT,
        )
        with self.log.open("ab") as log:
            return start(spec, output=log)

    def _answers(self) -> bool:
        with suppress(psycopg.OperationalError), psycopg.connect(self.url_of("postgres")):
            return True
        return False

    def _ensure_database(self) -> None:
        with psycopg.connect(self.url_of("postgres"), autocommit=True) as connection:
            query = "SELECT FROM pg_database WHERE datname = %s"
            if not connection.execute(query, [NAME]).rowcount:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(NAME)))
        with psycopg.connect(self.url) as connection:
            connection.execute(creation_sql(ROLES, database=NAME).encode())
            for role in ROLES:
                # A role can change its own settings; reset them.
                reset = sql.SQL("ALTER ROLE {0} RESET ALL; ALTER ROLE {0} PASSWORD {1}")
                password = sql.Literal(self.passwords[role])
                connection.execute(reset.format(sql.Identifier(role), password))
            connection.execute(limits_sql(ROLES).encode())

    def _stop_leftover(self, *, pace: Pace) -> None:
        """Stop the server that a killed supervisor left behind, or delete its lock file.

        The caller holds the lock of the place, so the server belongs to no other process.
        """
        end = time.monotonic() + 30
        while pid := self._leftover_pid():
            if time.monotonic() > end:
                raise NoPostgres(f"An earlier PostgreSQL does not end: kill {pid}")
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGQUIT)
            pace.pause(0.2)

    def _leftover_pid(self) -> int | None:
        lock = self.data / "postmaster.pid"
        try:
            pid = int(lock.read_text().split()[0])
        except (FileNotFoundError, ValueError, IndexError):
            return None
        with suppress(OSError):
            if os.path.samefile(f"/proc/{pid}/cwd", self.data):  # noqa: PTH121
                return pid
        # Another process may have this number by now, and PostgreSQL would refuse to start.
        lock.unlink(missing_ok=True)
        return None

    def _log_end(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])
