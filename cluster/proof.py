"""The way of one claim through the cluster: entered at a web host, scored by a worker of another
host, read from the standby."""

import json
import random
import re
import time
from collections.abc import Callable
from typing import NamedTuple
from urllib.request import Request, urlopen
from uuid import uuid4

from cluster.cluster import Cluster
from cluster.load import Load
from cluster.members import NotStarted

WAIT_SECONDS = 60
PAIR = ("KAZ", "RUS")
WEB, SCORING, RESTING = "web-1", "worker-2", "worker-1"
_SCORED = "SELECT FROM scored WHERE pair = %s AND position >= %s"
_DONE = re.compile(r"INFO/(\S+)\] Task (follow|score)\[\S+\] succeeded")


class Way(NamedTuple):
    """Where a claim was, and after how many seconds from its entry."""

    position: int
    entered_at: str
    scored_by: str
    replayed_after: float
    # When the standby has the score that follows from it.
    scored_after: float

    def __str__(self) -> str:
        return (
            f"a claim entered at {self.entered_at} is at position {self.position}; the standby has"
            f" it after {self.replayed_after:.2f} s, and after {self.scored_after:.2f} s its score,"
            f" computed by {self.scored_by}"
        )


def send_one(cluster: Cluster) -> Way:
    """Send a claim through the cluster. One of the two workers rests, so that it is known which
    one scores.

    :raises NotStarted: if it does not arrive.
    """
    cluster.freeze(RESTING)
    try:
        before = cluster.process(SCORING).log_size()
        started = time.monotonic()
        position = _enter(cluster)
        replayed = _wait(
            cluster, lambda: cluster.standby.position() >= position, "the standby has the claim"
        )
        scored = _wait(
            cluster,
            lambda: bool(cluster.standby.ask(_SCORED, "-".join(PAIR), position)),
            "the standby has the score",
        )
        return Way(
            position=position,
            entered_at=WEB,
            scored_by=_scorer(cluster, since=before),
            replayed_after=replayed - started,
            scored_after=scored - started,
        )
    finally:
        cluster.thaw(RESTING)


def _enter(cluster: Cluster) -> int:
    """Enter a claim at the web host itself, not by the proxy; its position."""
    load = Load(url="", token=cluster.token, countries=PAIR)
    request = Request(  # noqa: S310
        f"{cluster.web_url(WEB)}/api/v1/claims/",
        data=json.dumps(load.claim(random.Random())).encode(),  # noqa: S311
        headers={
            "Authorization": f"Bearer {cluster.token}",
            "Content-Type": "application/json",
            "Idempotency-Key": str(uuid4()),
        },
    )
    with cluster.host("proxy").inside(), urlopen(request, timeout=20) as answer:  # noqa: S310
        return int(json.load(answer)["position"])


def _wait(cluster: Cluster, done: Callable[[], bool], what: str) -> float:
    end = time.monotonic() + WAIT_SECONDS
    while not done():
        if time.monotonic() > end:
            raise NotStarted(f"In {WAIT_SECONDS} s it did not happen that {what}.")
        cluster.pace.pause(0.02)
    return time.monotonic()


def _scorer(cluster: Cluster, *, since: int) -> str:
    """The worker that says in its log that it has worked."""
    member = cluster.process(SCORING)
    done = _DONE.findall(member.read_log(after=since))
    processes = sorted({process for process, _ in done})
    return f"{SCORING} on {member.host.name} ({', '.join(processes) or 'its log is silent'})"
