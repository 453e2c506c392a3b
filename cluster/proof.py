"""The way of one claim through the cluster: entered at a web host, scored by a worker of another
host, read from the standby."""

import json
import random
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any, NamedTuple
from urllib.error import HTTPError
from urllib.request import Request, urlopen
from uuid import uuid4

from celery import Celery

from cluster.cluster import Cluster
from cluster.load import Load
from cluster.members import NotStarted
from config.embedded.processes import QUEUES

WAIT_SECONDS = 60
PAIR = ("KAZ", "RUS")
ENTERING, READING, SCORING, RESTING = "web-1", "web-2", "worker-2", "worker-1"
# The tasks that score.
SCORE = ("follow", "score")


class Way(NamedTuple):
    """Where a claim was, and after how many seconds from its entry."""

    position: int
    entered_at: str
    scored_by: str
    read_at: str
    # When the standby has the claim, and the score that follows from it.
    replayed_after: float
    scored_after: float

    def __str__(self) -> str:
        return (
            f"a claim entered at {self.entered_at} is at position {self.position}; {self.read_at}"
            f" reads it from the standby after {self.replayed_after:.2f} s, and after"
            f" {self.scored_after:.2f} s its score, computed by {self.scored_by}"
        )


def send_one(cluster: Cluster) -> Way:
    """Send a claim through the cluster. One of the two workers rests, so that it is known which
    one scores.

    :raises NotStarted: if it does not arrive.
    """
    with resting(cluster, RESTING):
        before = cluster.process(SCORING).log_size()
        started = time.monotonic()
        receipt = _ask(cluster, ENTERING, "claims/", body=_claim(cluster))
        position = receipt["position"]
        _read(cluster, f"claims/{receipt['id']}/", position)
        replayed = time.monotonic() - started
        _read(cluster, f"pairs/{'-'.join(PAIR)}/scores/", position)
        scored = time.monotonic() - started
        return Way(
            position=position,
            entered_at=ENTERING,
            scored_by=_scorer(cluster, since=before),
            read_at=READING,
            replayed_after=replayed,
            scored_after=scored,
        )


@contextmanager
def resting(cluster: Cluster, name: str) -> Iterator[None]:
    """A worker takes no tasks meanwhile, and this thread is on a host. The worker is not frozen,
    since it would keep its locks."""
    app = Celery(broker=cluster.plan.broker.url, set_as_current=False)
    there = [f"worker@{cluster.process(name).host.name}"]
    with cluster.host("proxy").inside(), closing(app):
        for queue in QUEUES.split(","):
            app.control.cancel_consumer(queue, destination=there, reply=True, timeout=5)
        ask = app.control.inspect(destination=there, timeout=5)
        while any((ask.active() or {}).values()) or any((ask.reserved() or {}).values()):
            cluster.pace.pause(0.1)
        try:
            yield
        finally:
            for queue in QUEUES.split(","):
                app.control.add_consumer(queue, destination=there, reply=True, timeout=5)


def _claim(cluster: Cluster) -> dict[str, Any]:
    return Load(url="", token=cluster.token, countries=PAIR).claim(random.Random())  # noqa: S311


def _read(cluster: Cluster, path: str, position: int) -> None:
    """Read what follows from a position. A web host that waited in vain is asked again."""

    def answers() -> bool:
        try:
            _ask(cluster, READING, f"{path}?min_position={position}")
        except HTTPError as problem:
            problem.close()
            if problem.code != 503:
                raise
            return False
        return True

    _wait(cluster, answers, f"{READING} has what follows from position {position}")


def _ask(cluster: Cluster, host: str, path: str, body: dict[str, Any] | None = None) -> Any:
    """Ask a web host itself, not by the proxy. On a host."""
    headers = {"Authorization": f"Bearer {cluster.token}", "Content-Type": "application/json"}
    if body:
        headers["Idempotency-Key"] = str(uuid4())
    sent = json.dumps(body).encode() if body else None
    request = Request(f"{cluster.web_url(host)}/api/v1/{path}", data=sent, headers=headers)  # noqa: S310
    with urlopen(request, timeout=20) as answer:  # noqa: S310
        return json.load(answer)


def _wait(cluster: Cluster, done: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + WAIT_SECONDS
    while not done():
        if time.monotonic() > end:
            raise NotStarted(f"In {WAIT_SECONDS} s it did not happen that {what}.")
        cluster.pace.pause(0.02)


def _scorer(cluster: Cluster, *, since: int) -> str:
    """The worker that says in its log that it has worked, and on what."""
    member = cluster.process(SCORING)

    def done() -> set[str]:
        return _worked(member.read_log(after=since))

    _wait(cluster, lambda: bool(done()), f"{SCORING} says that it has worked")
    return f"{SCORING} on {member.host.name} ({', '.join(sorted(done()))})"


def _worked(log: str) -> set[str]:
    """The tasks of `SCORE` that succeeded, by a log in JSON."""
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    begun = {one["task_id"]: one.get("task") for one in lines if one["event"] == "task_started"}
    ended = {begun.get(one["task_id"]) for one in lines if one["event"] == "task_succeeded"}
    return {one for one in ended if one in SCORE}
