"""A private PostgreSQL: created on first use, on a socket that only its user can open.

Each role gets a new password at each start. Web and workers connect as the role `app`, commands
that change tables as the owner. The superuser's password is beside the data, for its account alone.
"""

import os
import secrets
import shutil
import signal
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from config.embedded.places import CannotRun, Place
from config.embedded.processes import Child, ProcessSpec, start, stop
from tracker.queries.rights import Roles, creation_sql, limits_sql

# The name of the superuser and of the database.
NAME = "entente"
ROLES = Roles()
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


class Postgres:
    """One data folder and the server on it. `settings` add to the usual ones."""

    name = "PostgreSQL"

    def __init__(self, place: Place, *, settings: Mapping[str, str] | None = None) -> None:
        self.place = place
        sockets = {"unix_socket_directories": str(place.sockets)}
        self.settings = {**SETTINGS, **sockets, **(settings or {})}
        self.data = place.home / "postgres" / "data"
        self.log = place.home / "postgres.log"
        self.child: Child | None = None
        self.passwords = {name: secrets.token_urlsafe(24) for name in (NAME, *ROLES)}

    @property
    def url(self) -> str:
        """The database's address for the superuser."""
        return self.url_of(NAME)

    def url_of(self, database: str, *, role: str = NAME) -> str:
        """The address of a database for a role."""
        # Readers of addresses lower the case of the host, also in escapes.
        host = quote(str(self.place.sockets), safe="").lower()
        return f"postgres://{role}:{self.passwords[role]}@{host}/{quote(database)}"

    def start(self) -> None:
        """Create the data folder if missing, start the server and wait until it answers.

        :raises CannotRun: if it does not answer.
        """
        if self.child is None:
            _begin(self.log)
        if not self.data.exists():
            self._create()
        self._read_password()
        self._end_leftover()
        for _ in range(3):
            if self._try_start():
                return self._ensure_database()
            # The children of a killed server may take a second to end.
            time.sleep(1)
        raise CannotRun(f"PostgreSQL does not start:\n{self._log_end()}")

    def stop(self) -> None:
        """Stop the server and its connections."""
        if self.child:
            stop([self.child])

    def _create(self) -> None:
        draft, password = self.data.with_name("draft"), self.data.with_name("password")
        shutil.rmtree(draft, ignore_errors=True)
        _begin(password)
        password.write_text(self.passwords[NAME])
        if account := self.place.account:
            os.chown(password, account.uid, account.gid)
        options = [f"--username={NAME}", "--encoding=UTF8", "--no-instructions"]
        options += ["--auth=scram-sha-256", f"--pwfile={password}"]
        # The built-in provider sorts the same on every machine and needs no installed locale.
        options += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        options += ["--no-sync"] if self.settings.get("fsync") == "off" else []
        self._finish("initdb", "-D", str(draft), *options)
        draft.rename(self.data)

    def _read_password(self) -> None:
        with suppress(FileNotFoundError):
            self.passwords[NAME] = self.data.with_name("password").read_text()

    def _finish(self, program: str, *arguments: str) -> None:
        """Run a program to its end."""
        child = self._run(program, *arguments)
        try:
            child.process.wait()
        finally:
            stop([child])
        if child.process.returncode != 0:
            raise CannotRun(f"The database cannot be prepared:\n{self._log_end()}")

    def _try_start(self) -> bool:
        options = [part for one in self.settings.items() for part in ("-c", "=".join(one))]
        self.child = self._run("postgres", "-D", str(self.data), *options)
        end = time.monotonic() + 120
        while self.child.alive and time.monotonic() < end:
            with suppress(psycopg.OperationalError), psycopg.connect(self.url_of("postgres")):
                return True
            time.sleep(0.05)
        stop([self.child])
        return False

    def _run(self, program: str, *arguments: str) -> Child:
        spec = ProcessSpec(
            name=program,
            command=[str(self.place.programs / program), *arguments],
            account=self.place.account,
            folder=self.place.home,
            environ={"PATH": os.defpath, "LC_ALL": "C"},
            stop_signals=(signal.SIGINT, signal.SIGQUIT, signal.SIGKILL),
            # Immediate shutdown: the next start recovers, and a frozen connection cannot delay it.
            parent_death_signal=signal.SIGQUIT,
        )
        with self.log.open("ab") as log:
            return start(spec, output=log)

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

    def _end_leftover(self) -> None:
        """End a server that still runs on the data, or delete its lock file: another process may
        have its number by now, and PostgreSQL would refuse to start.

        The caller holds the lock of the place, so the server belongs to no other process.
        """
        lock = self.data / "postmaster.pid"
        with suppress(FileNotFoundError, ValueError, IndexError):
            pid = int(lock.read_text().split()[0])
            with suppress(OSError):
                while os.path.samefile(f"/proc/{pid}/cwd", self.data):  # noqa: PTH121
                    os.kill(pid, signal.SIGQUIT)
                    time.sleep(0.2)
            lock.unlink(missing_ok=True)

    def _log_end(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])


def _begin(file: Path) -> None:
    """Begin a file anew that only its owner can read: a log has what people entered."""
    file.unlink(missing_ok=True)
    file.touch(mode=0o600)
