"""Django's `manage.py migrate`, beside readers and writers, and never two at once.

A change of a table waits half a second for whoever uses it, since all others wait behind it; then
it lets them pass and tries again. Each migration is one transaction, or made of steps that can be
done again: one that was killed or gave up goes on where it was.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
from django.core.checks import Tags
from django.core.management.base import CommandError, CommandParser
from django.core.management.commands import migrate
from django.db import DatabaseError, OperationalError

from tracker.migrations._session import session_settings
from tracker.queries import guards
from tracker.queries.sql import select, select_value

# Shorter than a second, after which the database searches for deadlocks and might end a writer.
LOCK_TIMEOUT = "500ms"
# So writers that have waited come first.
PAUSE_SECONDS = 1.0
PATIENCE_SECONDS = 120
# The server ends the work of a command that was killed, also while it waits for a lock.
CHECK_CLIENT = "1s"
_LOCK = "hashtext('entente migrate')"
_HOLDER = """
    SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND (classid::bigint << 32 | objid::bigint) = hashtext('entente migrate')::bigint"""
_USERS = """
    SELECT DISTINCT l.pid, a.usename FROM pg_locks l JOIN pg_stat_activity a USING (pid)
    JOIN pg_class c ON c.oid = l.relation
    WHERE l.granted AND l.pid <> pg_backend_pid() AND c.relkind = 'r'
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND c.relnamespace = current_schema()::regnamespace ORDER BY 1"""


class Command(migrate.Command):
    # The checks of the code, which load every page of the site, are left to `manage.py check`.
    requires_system_checks = (guards.CHECK, Tags.database)

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--patience",
            type=float,
            default=PATIENCE_SECONDS,
            metavar="SECONDS",
            help="how long to try again while a table that is to be changed is in use"
            f" (default: {PATIENCE_SECONDS})",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        end = time.monotonic() + options["patience"]
        with (
            self._alone(),
            session_settings(
                lock_timeout=LOCK_TIMEOUT, client_connection_check_interval=CHECK_CLIENT
            ),
        ):
            while not self._try(*args, end=end, **options):
                time.sleep(PAUSE_SECONDS)

    def _try(self, *args: Any, end: float, **options: Any) -> bool:
        """Apply what is left to apply. False: a table is in use, and there is time to try again."""
        try:
            super().handle(*args, **options)
        except OperationalError as problem:
            if not isinstance(
                problem.__cause__, psycopg.errors.LockNotAvailable | psycopg.errors.DeadlockDetected
            ):
                raise
            if time.monotonic() > end:
                raise CommandError(_gave_up(options["patience"])) from problem
            self.stderr.write("a table that is to be changed is in use: trying again")
            return False
        return True

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Wait until no other command migrates this database. Nothing is held while it waits: the
        other one may wait for all transactions to end."""
        told = False
        while not select_value(f"SELECT pg_try_advisory_lock({_LOCK})"):
            if not told:
                holders = ", ".join(str(pid) for (pid,) in select(_HOLDER))
                self.stderr.write(
                    "another manage.py migrate is at work in this database, as its process"
                    f" {holders or 'that has just ended'}: waiting for it"
                )
                told = True
            time.sleep(PAUSE_SECONDS)
        try:
            yield
        finally:
            with suppress(DatabaseError):
                select_value(f"SELECT pg_advisory_unlock({_LOCK})")


def _gave_up(patience: float) -> str:
    users = ", ".join(f"{pid} ({role})" for pid, role in select(_USERS))
    return (
        f"a table that is to be changed was in use for {patience:g} s. Nothing is half done: end"
        " the long transaction and run manage.py migrate again, or run it with more --patience."
        f" Processes of the database that use tables now: {users or 'none'}"
    )
