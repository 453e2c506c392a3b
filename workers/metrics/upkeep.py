"""What an operator looks after. What is not set up is left out, so that no alert fires for it."""

import math
import shutil
from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from prometheus_client.core import GaugeMetricFamily as Gauge

from tracker.imports import queries as jobs
from tracker.queries import progress
from tracker.queries.sql import select, select_value
from tracker.webhooks import queries as webhooks
from workers import doctor
from workers.metrics.shapes import by, gauge

# How many connections there are, of all databases of the server, and how many there can be.
_CONNECTIONS = """SELECT (SELECT count(*) FROM pg_stat_activity WHERE backend_type =
    'client backend'), current_setting('max_connections')::int"""
# When a file of the write-ahead log was last archived, and whether the last attempt failed; no row
# if the server archives nothing.
_ARCHIVE = """SELECT last_archived_time, coalesce(last_failed_time > last_archived_time,
    last_failed_time IS NOT NULL) FROM pg_stat_archiver
    WHERE current_setting('archive_mode') <> 'off'"""
# How many bytes each standby is behind, by its name. Only a member of `pg_monitor` sees them.
_STANDBYS = """SELECT application_name, max(greatest(0,
    pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)))::bigint
    FROM pg_stat_replication
    WHERE NOT pg_is_in_recovery() AND replay_lsn IS NOT NULL GROUP BY 1"""
# How many appends wait for another one now, and for how long the first of them does. The lock is
# that of `log_append_in_turn`.
_WAITING_APPENDS = """SELECT count(*), coalesce(max(clock_timestamp() - waitstart), interval '0')
    FROM pg_locks WHERE locktype = 'advisory' AND classid = 20262 AND objid = 0
    AND NOT granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"""


def gauges(*, at: datetime) -> Iterator[Gauge]:
    """Read the database, the disks and the broker."""
    yield from _of_audit(at)
    yield from _of_backup(at)
    yield from _of_database()
    yield from _of_disks()
    yield from _of_queues(at)
    yield gauge("broker_up", int(doctor.broker().ok))


def _of_audit(at: datetime) -> Iterator[Gauge]:
    last = progress.audited()
    if last.at:
        yield gauge("audit_age_seconds", _since(last.at, at))
        yield gauge("audit_differences", len(last.differing))
        yield gauge("audit_failed", int(bool(last.error)))


def _of_backup(at: datetime) -> Iterator[Gauge]:
    if stamp := settings.BACKUP_STAMP:
        # A backup that never succeeded is as bad as one that is old.
        age = at.timestamp() - stamp.stat().st_mtime if stamp.exists() else math.inf
        yield gauge("backup_age_seconds", max(0.0, age))
    for archived_at, failing in select(_ARCHIVE):
        yield gauge("archive_failing", int(failing))
        if archived_at:
            yield gauge("archive_age_seconds", _since(archived_at, at))


def _of_database() -> Iterator[Gauge]:
    [(used, most)] = select(_CONNECTIONS)
    yield gauge("connections_used", used)
    yield gauge("connections_max", most)
    yield gauge("database_bytes", select_value("SELECT pg_database_size(current_database())"))
    [(waiting, longest)] = select(_WAITING_APPENDS)
    yield gauge("appends_waiting", waiting)
    yield gauge("append_wait_seconds", longest.total_seconds())
    if lags := dict(select(_STANDBYS)):
        yield by("standby_lag_bytes", lags)


def _of_disks() -> Iterator[Gauge]:
    folders = {"spool": settings.SPOOL_FOLDER, "seal": settings.SEAL_FOLDER}
    usage = {name: shutil.disk_usage(path) for name, path in folders.items() if path.is_dir()}
    yield by("disk_free_bytes", {name: one.free for name, one in usage.items()})
    yield by("disk_size_bytes", {name: one.total for name, one in usage.items()})


def _of_queues(at: datetime) -> Iterator[Gauge]:
    waiting = {"jobs": jobs.backlog(), "webhook_messages": webhooks.backlog()}
    for name, (number, oldest) in waiting.items():
        yield gauge(f"{name}_waiting", number)
        yield gauge(f"{name}_oldest_seconds", _since(oldest, at) if oldest else 0)
    yield gauge("webhooks_disabled", webhooks.count_disabled())


def _since(moment: datetime, at: datetime) -> float:
    return max(0.0, (at - moment).total_seconds())
