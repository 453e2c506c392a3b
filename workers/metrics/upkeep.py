"""What an operator looks after. What is not set up is left out, so that no alert fires for it."""

import math
import shutil
from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from prometheus_client.core import GaugeMetricFamily as Gauge

from tracker.imports import queries as jobs
from tracker.queries import database_server, progress
from tracker.webhooks import queries as webhooks
from workers import doctor
from workers.metrics.shapes import by, gauge


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
    archive = database_server.archive()
    if archive:
        yield gauge("archive_failing", int(archive.failing))
    if archive and archive.archived_at:
        yield gauge("archive_age_seconds", _since(archive.archived_at, at))


def _of_database() -> Iterator[Gauge]:
    used, most = database_server.connections()
    yield gauge("connections_used", used)
    yield gauge("connections_max", most)
    yield gauge("database_bytes", database_server.size())
    waiting, longest = database_server.waiting_appends()
    yield gauge("appends_waiting", waiting)
    yield gauge("append_wait_seconds", longest.total_seconds())
    if lags := database_server.standbys():
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
