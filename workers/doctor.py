"""Health checks of everything the product depends on, with a fix for each problem."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from celery import current_app
from django.conf import settings
from django.core.cache import caches
from django.db import Error as DatabaseProblem
from django.db import connection
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerProblem

from tracker import log
from tracker.domain.proofs.witnessing import BadWitnesses
from tracker.imports import queries
from tracker.operations import sealing, timestamping
from tracker.queries import guards, progress, rights, seals, unavailable
from tracker.queries.seals import WitnessState
from workers import tasks

OLDEST_POSTGRES = 150_000
MOST_LAG = 1_000
MOST_SKEW = timedelta(seconds=2)
MOST_UNSEALED = timedelta(minutes=1)
MOST_UNSIGNED = timedelta(minutes=10)
MOST_UNSTAMPED = timedelta(days=2)
WORKER_SECONDS = 5.0
ANSWER_POLL_SECONDS = 0.005
JOB_WAIT = timedelta(seconds=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The result of a check. A failed check with `warning` does not stop the product."""

    check: str
    ok: bool
    detail: str
    fix: str = ""
    warning: bool = False


def run_checks(*, now: Callable[[], datetime]) -> list[Finding]:
    """Run all checks. Without a database or its tables, the other checks are skipped."""
    findings = [database(), broker()]
    if not findings[0].ok:
        return findings
    if findings[-1].ok:
        findings.append(_run_check("worker", worker))
    findings.append(_run_check("migrations", migrations))
    if not findings[-1].ok:
        return findings
    checks: dict[str, Callable[[], Finding]] = {
        "guards": log_guards,
        "seal": lambda: log_seal(at=now()),
        "audit": lambda: last_audit(at=now()),
        "witnesses": lambda: log_witnesses(at=now()),
        "timestamp": lambda: log_timestamp(at=now()),
        "rights": role_rights,
        "limits": role_limits,
        "clock": clocks,
        "followers": followers,
        "pairs": pairs,
        "jobs": lambda: waiting_jobs(at=now()),
    }
    return findings + [_run_check(name, check) for name, check in checks.items()]


def database() -> Finding:
    """PostgreSQL responds and is recent enough."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('server_version_num')::int, version()")
            number, version = cursor.fetchone()
    except DatabaseProblem as problem:
        return Finding(
            check="database",
            ok=False,
            detail=str(problem).strip().splitlines()[0],
            fix="start it with make run or set DATABASE_URL",
        )
    return Finding(
        check="database",
        ok=number >= OLDEST_POSTGRES,
        detail=" ".join(version.split()[:2]),
        fix="install PostgreSQL 15 or newer",
    )


def migrations() -> Finding:
    """All migrations are applied."""
    pending = unavailable.pending_migrations()
    return Finding(
        check="migrations",
        ok=not pending,
        detail=f"{pending} to apply" if pending else "all applied",
        fix="run manage.py migrate",
    )


def log_guards() -> Finding:
    """The database refuses to change the log."""
    missing = guards.missing()
    return Finding(
        check="guards",
        ok=not missing,
        detail=f"missing: {', '.join(missing)}" if missing else "the log is append-only",
        fix="run manage.py migrate --skip-checks to restore them; find out who removed them",
    )


def log_seal(*, at: datetime) -> Finding:
    """New events are sealed and signed, and the log continues what this host has signed."""
    state, last, end = seals.state(), seals.last_checkpoint(), log.head()
    # By the memory of this host, whatever the database says.
    alarm = "; ".join(sealing.problems()) or state.alarm
    behind = end.position - (last.size if last else state.sealed_through)
    waiting = at - end.recorded_at if behind > 0 else timedelta(0)
    late = behind > MOST_LAG or waiting > MOST_UNSEALED
    # Signing that has stopped: a folder that is not mounted looks like one without a key.
    stopped = last is not None and waiting > MOST_UNSIGNED
    detail = f"{state.sealed_through} events are sealed"
    detail += f", {last.size} of them signed" if last else ", none of them signed"
    return Finding(
        check="seal",
        ok=not alarm and not late and last is not None,
        detail=alarm or detail,
        fix="docs/trust.md says what an alarm means, and how to make a key",
        warning=not alarm and not stopped,
    )


def last_audit(*, at: datetime) -> Finding:
    """The audits run, end, and find no difference."""
    last = progress.audited()
    overdue = last.overdue(at=at)
    failed = f"the last one did not end: {last.error}" if last.error else ""
    return Finding(
        check="audit",
        ok=not (last.differing or last.error or overdue),
        detail=last.found
        or failed
        or overdue
        or (f"the last on {last.at:%Y-%m-%d %H:%M} UTC found nothing" if last.at else "none yet"),
        fix=last.advice
        if last.differing
        else "run manage.py audit --all; is there a worker for maintain?",
        warning=not (last.differing or failed),
    )


def log_witnesses(*, at: datetime) -> Finding:
    """The witnesses that the settings name sign the log."""
    problem = ""
    try:
        count = len(seals.named_witnesses())
    except BadWitnesses as unreadable:
        count, problem = 0, f"the setting WITNESSES cannot be read: {unreadable}"
    asked = seals.witness_states()
    problem = problem or next((one.refused for one in asked if one.refused), "")
    late = [one for one in asked if _is_late(one, at=at)]
    detail = "; ".join(f"{one.name} has not signed: {one.error or 'not asked'}" for one in late)
    return Finding(
        check="witnesses",
        ok=not problem and not late,
        detail=problem or detail or (f"{count} sign the log" if count else "none is named"),
        fix="docs/trust.md says what it means that a witness refuses the log, and how to name one",
        warning=not problem,
    )


def _is_late(witness: WitnessState, *, at: datetime) -> bool:
    """Whether a witness has not signed for a minute. Each is asked four times as often."""
    since = witness.failing_since or witness.signed_at
    return since is None or at - since > MOST_UNSEALED


def log_timestamp(*, at: datetime) -> Finding:
    """An outside authority says when a checkpoint of the last days existed, if one is named."""
    last, checkpoint, problem = seals.last_timestamp(), seals.last_checkpoint(), ""
    try:
        if settings.TIMESTAMP_URL:
            timestamping.authority()
            timestamping.certificates()
            if last:
                timestamping.check(last)
    except timestamping.NoTimestamp as wrong:
        problem = str(wrong)
    old = not last or (
        checkpoint is not None
        and checkpoint.size > last.size
        and at - last.stamped_at > MOST_UNSTAMPED
    )
    says = f"the last is of {last.stamped_at:%Y-%m-%d %H:%M} UTC" if last else "none yet"
    return Finding(
        check="timestamp",
        ok=not settings.TIMESTAMP_URL or not (problem or old),
        detail=problem or (says if last or settings.TIMESTAMP_URL else "no authority is named"),
        fix="the log of the workers says what the authority answered; it is asked each hour",
        warning=True,
    )


def role_rights() -> Finding:
    """Web and workers have only the database rights that they need."""
    role = settings.DATABASE_APP or rights.current_role()
    excess = rights.excess_rights(role)
    return Finding(
        check="rights",
        ok=not excess,
        detail=f"{role}, the role of web and workers, {', '.join(excess)}"
        if excess
        else f"{role} can only add to the log",
        fix=rights.HINT,
        warning=True,
    )


def role_limits() -> Finding:
    """The role of web and workers brings its limits of waiting along, also through a pooler."""
    names = {settings.DATABASE_APP or rights.current_role(), rights.current_role()}
    missing = {
        name: ", ".join(lost) for name in sorted(names) if (lost := rights.limits_missing(name))
    }
    return Finding(
        check="limits",
        ok=not missing,
        detail="; ".join(f"{name} has no {lost} of its own" for name, lost in missing.items())
        or "the database ends long waits",
        fix="run the SQL of manage.py grants, before you put a connection pooler between",
        warning=True,
    )


def broker() -> Finding:
    """The broker accepts connections."""
    try:
        with current_app.connection_for_write() as channel:
            channel.ensure_connection(max_retries=0, timeout=2)
    except (BrokerProblem, OSError) as problem:
        return Finding(
            check="broker",
            ok=False,
            detail=str(problem) or type(problem).__name__,
            fix="start it with make run or set REDIS_URL; manage.py sweep works without it",
        )
    return Finding(check="broker", ok=True, detail="accepts connections")


def worker() -> Finding:
    """A worker takes a task from the queue and responds."""
    seconds = round_trip(timeout=WORKER_SECONDS)
    return Finding(
        check="worker",
        ok=seconds is not None,
        detail=f"no worker responded within {WORKER_SECONDS:g} s"
        if seconds is None
        else f"responded in {seconds * 1000:.0f} ms",
        fix="start celery -A config worker -Q follow,score,maintain, or manage.py sweep",
    )


def waiting_jobs(*, at: datetime) -> Finding:
    """Jobs are being processed."""
    overdue = queries.count_stalled(at=at, since=JOB_WAIT)
    return Finding(
        check="jobs",
        ok=not overdue,
        detail=f"{overdue} not started after {JOB_WAIT.seconds} s"
        if overdue
        else f"{queries.waiting()} running or waiting",
        fix="start celery -A config worker -Q ingest --concurrency 1, or manage.py sweep",
    )


def round_trip(*, timeout: float) -> float | None:
    """Send a task through the queue; the seconds until a worker responds, or None.

    The worker asks the database and then responds through the broker, because notifications of
    PostgreSQL do not pass a connection pooler.
    """
    token, started = str(uuid4()), time.monotonic()
    counter: Any = caches["shared"]
    tasks.answer.apply_async(kwargs={"token": token}, expires=timeout)
    while time.monotonic() < started + timeout:
        if counter.count(tasks.ANSWER.format(token=token)):
            return time.monotonic() - started
        time.sleep(ANSWER_POLL_SECONDS)
    return None


def clock_skew() -> timedelta:
    """How far the clock of this host is ahead of the database's; negative if it is behind."""
    before = timezone.now()
    theirs = log.log_clock().now
    return before + (timezone.now() - before) / 2 - theirs


def clocks() -> Finding:
    """The clock of this host agrees with that of the database, and the log is not ahead of it."""
    skew, times = clock_skew(), log.log_clock()
    detail = f"{abs(skew.total_seconds()):.1f} s off the database clock"
    fix = "synchronise the clocks (NTP); hosts that are more than 2 s ahead cannot record"
    ahead = times.ahead > log.MOST_AHEAD_SECONDS
    if ahead:
        detail += (
            f"; the log is {times.ahead:.0f} s ahead of it: its last time is"
            f" {times.until.isoformat()}"
        )
        fix = (
            "check the clock of the database's host; if it is right, new events follow the last"
            " time of the log by a microsecond each, and as_of takes positions, but no recent time"
        )
    return Finding(check="clock", ok=abs(skew) <= MOST_SKEW and not ahead, detail=detail, fix=fix)


def followers() -> Finding:
    """Every view follows the log."""
    try:
        views, undisclosed = progress.followers(), progress.undisclosed()
    except DatabaseProblem as problem:
        return Finding(
            check="followers", ok=False, detail=str(problem), fix="run manage.py migrate"
        )
    stopped = {view.view: view.stopped_by for view in views if view.stopped_by}
    if reason := progress.disclosure_stopped_by():
        stopped["disclosure"] = reason
    new = sum(view.catching_up for view in views)
    lag = max(undisclosed, 0, *(view.late for view in views if not view.catching_up))
    problems = "; ".join(f"{view} stopped {reason}" for view, reason in stopped.items())
    catching_up = f", and {new} new catching up" if new else ""
    return Finding(
        check="followers",
        ok=not stopped and lag <= MOST_LAG,
        detail=problems or f"{len(views) - new} views, at most {lag} events behind{catching_up}",
        fix=_fix_of_followers(problems),
    )


def _fix_of_followers(problems: str) -> str:
    if progress.AHEAD in problems:
        return (
            "events are missing that were processed. Do as the checks seal and audit say; only if"
            " both are well, or the log was reopened, run manage.py rebuild"
        )
    return "deploy a version that can read the event" if problems else "start more workers"


def pairs() -> Finding:
    """No pair is in quarantine."""
    failed = progress.quarantine()
    errors = "; ".join(f"{failure.subject}: {failure.error}" for failure in failed[:5])
    return Finding(
        check="pairs",
        ok=not failed,
        detail=f"{len(failed)} in quarantine: {errors}"
        if failed
        else f"{progress.count_pending()} waiting",
        fix="correct or retract the claims that fail; each change triggers a new attempt",
    )


def _run_check(name: str, check: Callable[[], Finding]) -> Finding:
    """A check that raises an error counts as failed."""
    try:
        return check()
    except (DatabaseProblem, BrokerProblem, OSError) as problem:
        return Finding(check=name, ok=False, detail=str(problem), fix="see the error message")
