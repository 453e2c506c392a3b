"""What processes count as they work. If a count cannot be kept, nothing else fails."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from prometheus_client import Counter, Histogram
from prometheus_client.metrics_core import Metric

from workers.metrics import files

files.share()
REQUESTS = Counter(
    "entente_requests",
    "Requests, by route.",
    ["route", "method", "status"],
    registry=None,
)
REQUEST_SECONDS = Histogram(
    "entente_request_seconds",
    "Seconds until an answer begins.",
    ["route"],
    buckets=(0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
    registry=None,
)
APPEND_SECONDS = Histogram(
    "entente_append_seconds",
    "Seconds of an append to the log.",
    ["waited"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5),
    registry=None,
)
TASK_SECONDS = Histogram(
    "entente_task_seconds",
    "Seconds of a run of a task.",
    ["task"],
    buckets=(0.01, 0.1, 1, 10, 60, 600, 3600),
    registry=None,
)
TASK_FAILURES = Counter(
    "entente_task_failures", "Runs of a task that failed.", ["task"], registry=None
)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
ALL = (REQUESTS, REQUEST_SECONDS, APPEND_SECONDS, TASK_SECONDS, TASK_FAILURES)
# With their names as in the files.
NAMES = frozenset(family.name for one in ALL for family in one.describe())


def sums() -> list[Metric]:
    """The counts of all processes of this host; those of earlier versions are left out."""
    shared = files.sums()
    if shared is None:
        return [family for one in ALL for family in one.collect()]
    return [family for family in shared if family.name in NAMES]


def request(*, route: str, method: str, status: int, seconds: float) -> None:
    """Count a request. `route` is the name of a route, never a path: paths have no end."""
    with suppress(OSError):
        method = method if method in METHODS else "other"
        REQUESTS.labels(route=route, method=method, status=str(status)).inc()
        REQUEST_SECONDS.labels(route=route).observe(seconds)


def append(*, seconds: float | None = None, waited: bool = False, **_: object) -> None:
    """Count an append; a receiver of the signal `appended`. `waited`: for another append."""
    if seconds is None:
        return
    with suppress(OSError):
        APPEND_SECONDS.labels(waited="yes" if waited else "no").observe(seconds)


@contextmanager
def task(name: str) -> Iterator[None]:
    """Count a run of a task."""
    started = time.monotonic()
    try:
        yield
    except BaseException:
        with suppress(OSError):
            TASK_FAILURES.labels(task=name).inc()
        raise
    finally:
        with suppress(OSError):
            TASK_SECONDS.labels(task=name).observe(time.monotonic() - started)
