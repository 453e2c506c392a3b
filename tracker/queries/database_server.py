"""The database's server as a service: connections, archive, standbys, size, and who waits."""

from datetime import datetime, timedelta
from typing import NamedTuple

from tracker.queries.sql import select


class Connections(NamedTuple):
    """How many connections there are, of all databases of the server, and how many there can be."""

    used: int
    most: int


class Archive(NamedTuple):
    """The archive of the write-ahead log: when a file was last archived, and whether the last
    attempt failed."""

    archived_at: datetime | None
    failing: bool


class Waiting(NamedTuple):
    """The appends that wait for another one now, and for how long the first of them does."""

    number: int
    longest: timedelta


def connections() -> Connections:
    statement = """SELECT (SELECT count(*) FROM pg_stat_activity WHERE backend_type =
        'client backend'), current_setting('max_connections')::int"""
    return Connections(*select(statement)[0])


def archive() -> Archive | None:
    """None if the server archives nothing."""
    statement = """SELECT last_archived_time, coalesce(last_failed_time > last_archived_time,
        last_failed_time IS NOT NULL) FROM pg_stat_archiver
        WHERE current_setting('archive_mode') <> 'off'"""
    return next((Archive(*row) for row in select(statement)), None)


def standbys() -> dict[str, int]:
    """How many bytes each standby is behind, by its name. Only a member of `pg_monitor` sees them;
    others get none."""
    statement = """SELECT application_name, max(greatest(0,
        pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)))::bigint
        FROM pg_stat_replication
        WHERE NOT pg_is_in_recovery() AND replay_lsn IS NOT NULL GROUP BY 1"""
    return dict(select(statement))


def size() -> int:
    """The bytes of this database on disk."""
    return int(select("SELECT pg_database_size(current_database())")[0][0])


def waiting_appends() -> Waiting:
    """The lock is that of `log_append_in_turn`."""
    statement = """SELECT count(*), coalesce(max(clock_timestamp() - waitstart), interval '0')
        FROM pg_locks WHERE locktype = 'advisory' AND classid = 20262 AND objid = 0
        AND NOT granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"""
    return Waiting(*select(statement)[0])
