"""Health checks of everything the product depends on, with a fix for each problem."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from celery import current_app
from django.conf import settings
from django.db import Error as DatabaseProblem
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from kombu.exceptions import OperationalError as BrokerProblem

from tracker import log
from tracker.imports import queries
from tracker.queries import guards, progress, rights
from tracker.queries import guards as indexes_on_record
from workers import tasks

OLDEST_POSTGRES = 150_000
MOST_LAG = 1_000
CLOCKS_APART = timedelta(seconds=2)
PATIENCE_SECONDS = 5.0
JOB_PATIENCE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The result of a check: whether it passed, what was found, and the fix. A `warning` does not
    stop anything from working."""

    what: str
    well: bool
    says: str
    fix: str = ""
    warning: bool = False


def examine(*, now: Callable[[], datetime]) -> list[Finding]:
    """Run all checks. Without a database or its tables, the other checks are skipped."""
    found = [database(), broker()]
    if not found[0].well:
        return found
    if found[1].well:
        found.append(_safely("worker", worker))
    found.append(_safely("indexes", indexes))
    found.append(_safely("migrations", migrations))
    if not found[-1].well:
        return found
    asked: dict[str, Callable[[], Finding]] = {
        "guards": guarded,
        "rights": narrow,
        "clock": lambda: clock(at=now()),
        "followers": followers,
        "pairs": pairs,
        "jobs": lambda: waiting_jobs(at=now()),
    }
    return found + [_safely(what, ask) for what, ask in asked.items()]


def database() -> Finding:
    """PostgreSQL responds and is recent enough."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('server_version_num')::int, version()")
            number, version = cursor.fetchone()
    except DatabaseProblem as problem:
        return Finding(
            what="database",
            well=False,
            says=str(problem).strip().splitlines()[0],
            fix="start it with make run or set DATABASE_URL",
        )
    return Finding(
        what="database",
        well=number >= OLDEST_POSTGRES,
        says=" ".join(version.split()[:2]),
        fix="install PostgreSQL 15 or newer",
    )


def migrations() -> Finding:
    """All migrations are applied."""
    executor = MigrationExecutor(connection)
    left = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return Finding(
        what="migrations",
        well=not left,
        says=f"{len(left)} to apply" if left else "all applied",
        fix="run manage.py migrate",
    )


def indexes() -> Finding:
    """No index is half built: it would slow down writes without serving reads."""
    broken = indexes_on_record.invalid()
    return Finding(
        what="indexes",
        well=not broken,
        says=f"invalid after a failed build: {', '.join(broken)}" if broken else "all valid",
        fix="run manage.py migrate: it rebuilds them without blocking reads and writes",
    )


def guarded() -> Finding:
    """The database refuses to change the log."""
    missing = guards.missing()
    return Finding(
        what="guards",
        well=not missing,
        says=f"missing: {', '.join(missing)}" if missing else "the log is append-only",
        fix="run manage.py migrate --skip-checks to restore them; find out who removed them",
    )


def narrow() -> Finding:
    """Web and workers have only the database rights that they need."""
    role = settings.DATABASE_APP or rights.whoami()
    found = rights.too_much(role)
    return Finding(
        what="rights",
        well=not found,
        says=f"{role}, the role of web and workers, {', '.join(found)}"
        if found
        else f"{role} can only add to the log",
        fix=rights.HINT,
        warning=True,
    )


def broker() -> Finding:
    """The broker accepts connections."""
    try:
        with current_app.connection_for_write() as channel:
            channel.ensure_connection(max_retries=0, timeout=2)
    except (BrokerProblem, OSError) as problem:
        return Finding(
            what="broker",
            well=False,
            says=str(problem) or type(problem).__name__,
            fix="start it with make run or set REDIS_URL; manage.py sweep works without it",
        )
    return Finding(what="broker", well=True, says="accepts connections")


def worker() -> Finding:
    """A worker takes a task from the queue and responds."""
    seconds = round_trip(patience=PATIENCE_SECONDS)
    return Finding(
        what="worker",
        well=seconds is not None,
        says=f"no worker responded within {PATIENCE_SECONDS:g} s"
        if seconds is None
        else f"responded in {seconds * 1000:.0f} ms",
        fix="start celery -A config worker -Q follow,score,maintain, or manage.py sweep",
    )


def waiting_jobs(*, at: datetime) -> Finding:
    """Jobs are being processed."""
    forgotten = queries.count_stalled(at=at, since=JOB_PATIENCE)
    return Finding(
        what="jobs",
        well=not forgotten,
        says=f"{forgotten} not started after {JOB_PATIENCE.seconds} s"
        if forgotten
        else f"{queries.waiting()} running or waiting",
        fix="start celery -A config worker -Q ingest --concurrency 1, or manage.py sweep",
    )


def round_trip(*, patience: float) -> float | None:
    """Send a task through the queue and return the seconds until a worker responds; None without.

    The worker responds through the database, which every worker uses anyway.
    """
    token = str(uuid4())
    with connection.cursor() as cursor:
        cursor.execute(f"LISTEN {tasks.ANSWERS}")
        began = time.monotonic()
        try:
            tasks.answer.apply_async(kwargs={"token": token}, expires=patience)
            while (left := began + patience - time.monotonic()) > 0:
                # Exhausted: an unfinished generator would keep the connection busy.
                heard = list(cursor.connection.notifies(timeout=left, stop_after=1))
                if any(one.payload == token for one in heard):
                    return time.monotonic() - began
        finally:
            cursor.execute(f"UNLISTEN {tasks.ANSWERS}")
    return None


def clock(*, at: datetime) -> Finding:
    """The local clock agrees with that of the database, and the log is not ahead of it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        theirs = cursor.fetchone()[0]
    apart, ahead = abs(theirs - at), log.head().recorded_at - at
    return Finding(
        what="clock",
        well=max(apart, ahead) <= CLOCKS_APART,
        says=f"{apart.total_seconds():.1f} s off the database clock; the log is "
        f"{max(0.0, ahead.total_seconds()):.1f} s ahead",
        fix="synchronise the clocks (NTP); times in the log keep increasing meanwhile",
    )


def followers() -> Finding:
    """Every view follows the log."""
    try:
        found = progress.followers()
    except DatabaseProblem as problem:
        return Finding(what="followers", well=False, says=str(problem), fix="run manage.py migrate")
    stopped = [one for one in found if one.stopped_by]
    new = sum(one.catching_up for one in found)
    lag = max((one.late for one in found if not one.catching_up), default=0)
    says = "; ".join(f"{one.view} stopped {one.stopped_by}" for one in stopped)
    caught = f", and {new} new catching up" if new else ""
    return Finding(
        what="followers",
        well=not stopped and lag <= MOST_LAG,
        says=says or f"{len(found) - new} views, at most {lag} events behind{caught}",
        fix="deploy a version that can read the event" if stopped else "start more workers",
    )


def pairs() -> Finding:
    """No pair is in quarantine."""
    aside = progress.set_aside()
    says = "; ".join(f"{one.subject}: {one.error}" for one in aside[:5])
    return Finding(
        what="pairs",
        well=not aside,
        says=f"{len(aside)} in quarantine: {says}" if aside else f"{progress.waiting()} waiting",
        fix="correct or retract the claims that fail; each change triggers a new attempt",
    )


def _safely(what: str, ask: Callable[[], Finding]) -> Finding:
    """A check that raises an error counts as failed."""
    try:
        return ask()
    except (DatabaseProblem, BrokerProblem, OSError) as problem:
        return Finding(what=what, well=False, says=str(problem), fix="see the error message")
