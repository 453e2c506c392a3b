"""Errors of the database that are nobody's mistake: what they mean, in words for a client."""

import time
from collections.abc import Callable

import psycopg
from django.db import DatabaseError, Error, InterfaceError, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from tracker.domain.problems import Unavailable
from tracker.log.standby import ReadOnly

# The apps whose tables are this project's.
_OURS = ("tracker", "desk")
# When the disk was found full for the last time.
_full: list[float] = []


class NoDatabase(Unavailable):
    """The database does not answer."""


class DiskFull(Unavailable):
    """The database has no room to record anything."""

    wait = 60


class NotMigrated(Unavailable):
    """The tables are not those of this version."""

    wait = 30


def meaning(problem: BaseException | None) -> Unavailable | None:
    """What an error of the database means; None if it is a mistake of the program."""
    if not isinstance(problem, Error):
        return None
    for kinds, means in _MEANINGS:
        if isinstance(problem.__cause__, kinds):
            return means()
    if isinstance(problem, OperationalError | InterfaceError):
        return NoDatabase("the database does not answer")
    return None


def disk_is_full() -> bool:
    """Whether a write of this process failed in the last minute because the disk was full."""
    return any(time.monotonic() < since + DiskFull.wait for since in _full[-1:])


def pending_migrations() -> int:
    """The number of migrations that are not applied."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def unknown_migrations() -> list[str]:
    """The migrations of our apps that the database had and that this version does not have."""
    loader = MigrationExecutor(connection).loader
    return sorted(
        f"{app}.{name}"
        for app, name in loader.applied_migrations
        if app in _OURS and (app, name) not in loader.disk_migrations
    )


def _of_missing() -> Unavailable | None:
    """A table is missing: because of a migration, or by mistake."""
    try:
        pending = not connection.in_atomic_block and pending_migrations()
    except DatabaseError:
        return None
    if not pending:
        return None
    return NotMigrated("the tables of the database are not those of this version: migrate them")


def _of_full_disk() -> Unavailable:
    _full[:] = [time.monotonic()]
    return DiskFull("the disk of the database is full: nothing can be recorded")


# What the driver raises, and what it means.
_MEANINGS: tuple[tuple[tuple[type[psycopg.Error], ...], Callable[[], Unavailable | None]], ...] = (
    ((psycopg.errors.ReadOnlySqlTransaction,), ReadOnly),
    (
        (psycopg.errors.SerializationFailure, psycopg.errors.DeadlockDetected),
        lambda: Unavailable("the database was busy with a change of the same rows: try again"),
    ),
    (
        (psycopg.errors.DiskFull,),
        _of_full_disk,
    ),
    (
        (psycopg.errors.QueryCanceled,),
        lambda: Unavailable("the answer took longer than the database may work on it"),
    ),
    (
        (
            psycopg.errors.UndefinedTable,
            psycopg.errors.UndefinedColumn,
            psycopg.errors.UndefinedFunction,
        ),
        _of_missing,
    ),
)
