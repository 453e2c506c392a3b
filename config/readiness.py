"""`/healthz`: the process runs. `/readyz`: it can serve readers."""

from functools import cache

import redis
from django.conf import settings
from django.core.cache import caches
from django.db import Error as DatabaseProblem
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from config.database import state as database_state
from config.database.state import State
from tracker.queries import progress, unavailable

# An answer of the broker may take so long, in seconds.
BROKER_SECONDS = 0.03
# What the audits found is asked of the database once in so many seconds by each process.
AUDIT_SECONDS = 10


def healthz(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("alive\n", content_type="text/plain")


def readyz(_request: HttpRequest) -> HttpResponse:
    """503 if readers cannot be served. What else is not well makes it `degraded`: a proxy goes on
    to send readers here."""
    primary = database_state.of("default")
    database = _read_from(primary)
    checks = {
        "database": primary.why or "ok",
        "writes": _writes(primary),
        "followers": "ok" if database.followers else "stopped or late",
        "broker": "ok" if _broker_answers() else "does not answer",
    }
    if database.why:
        # They are not known.
        checks = {name: checks[name] for name in ("database", "broker")}
    serves = not database.why
    well = set(checks.values()) == {"ok"}
    state = "ready" if well else "degraded" if serves else "not ready"
    # It says nothing of whether readers can be served.
    details = {} if primary.why else {"audit": _audit()}
    response = JsonResponse({"state": state, **checks, **details}, status=200 if serves else 503)
    response["Cache-Control"] = "no-store"
    return response


def _read_from(primary: State) -> State:
    """The database that readers are served from: a standby, while the primary is not there."""
    if not primary.why or "reads" not in settings.DATABASES:
        return primary
    standby = database_state.of("reads")
    return primary if standby.why else standby


def _writes(database: State) -> str:
    """Whether this process can record, as far as it knows."""
    if database.why:
        return f"no: the database {database.why}"
    if database.standby:
        return "no: the database is a standby"
    return "no: the disk of the database is full" if unavailable.disk_is_full() else "ok"


def _audit() -> str:
    """What the audits found, or that they do not run; at most ten seconds old."""
    found = caches["answers"].get("audit")
    if found is None:
        # A server that is frozen by now would hold the question up.
        if database_state.of("default", within=0).why:
            return "not known"
        found = _ask_audits()
        caches["answers"].set("audit", found, AUDIT_SECONDS)
    return str(found)


def _ask_audits() -> str:
    try:
        audited = progress.audited()
        late = audited.overdue(at=timezone.now())
    except DatabaseProblem:
        return "not known"
    if audited.differing:
        return f"{len(audited.differing)} differences: manage.py doctor names them"
    return "the last one did not end" if audited.error else late or "ok"


def _broker_answers() -> bool:
    try:
        return bool(_broker().ping())
    except (redis.RedisError, OSError):
        return False


@cache
def _broker() -> "redis.Redis":
    """A client that does not wait: reads and writes do without the broker."""
    return redis.Redis.from_url(
        settings.CELERY_BROKER_URL,
        socket_timeout=BROKER_SECONDS,
        socket_connect_timeout=BROKER_SECONDS,
        retry=None,
    )
