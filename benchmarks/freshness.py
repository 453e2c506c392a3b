"""Measures the time from the 201 of a claim's POST until a GET of the score counts it.

With a real web server, worker and broker. A claim is posted, then its pair's score is requested
until it counts one more claim. In turns, the round trip of an empty task is measured: published,
run by the same worker, and noticed in the same way, between two such requests. The additional time
of a score is the follower's reads of the claim's neighbourhood, and the fold.
"""

import contextlib
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import uuid4

from django.core.cache import caches

from benchmarks import logs, records, web
from benchmarks.api_client import Client, create_token
from benchmarks.figures import note, p95, percentile, print_line
from benchmarks.options import Options
from benchmarks.records import Records
from tracker.domain import codec
from tracker.domain.claims import Claim
from workers import tasks
from workers.doctor import round_trip

TIMEOUT_SECONDS = 30.0
POLL_SECONDS = 0.001
TIMES = 200
WARM_UP = 10
DAY = "2024-01-01"


class Figures(NamedTuple):
    """Seconds: until a claim is in the score, until an empty task is noticed between requests, and
    until it is noticed by waiting for it."""

    fresh: list[float]
    empty: list[float]
    alone: list[float]


class NeverScored(RuntimeError):
    """A claim is not in the score after half a minute."""


def run(options: Options) -> None:
    with logs.large(options.claims) as (url, log):
        token = create_token(at=datetime.now(UTC))
        with _worker(), web.server(url, cached=True) as port:
            client = Client(port, token)
            figures = _measure(client, log.records, times=options.times(TIMES))
    fresh, empty = p95(figures.fresh), p95(figures.empty)
    note(f"an empty task noticed at once: p95 {1e3 * p95(figures.alone):.1f} ms")
    print_line(
        "freshness",
        p50_ms=f"{1e3 * percentile(figures.fresh, 0.5):.1f}",
        p95_ms=f"{1e3 * fresh:.1f}",
        noop_task_p95_ms=f"{1e3 * empty:.1f}",
        ratio=f"{fresh / empty:.2f}",
    )


def _measure(client: Client, made: Records, *, times: int) -> Figures:
    """Post claims and send empty tasks in turns. The first ones are not counted."""
    draw = random.Random(1)
    codes = dict(zip(made.states, records.STATES, strict=True))
    figures = Figures([], [], [])
    for number in range(times + WARM_UP):
        claim = records.new_claim(made, draw=draw)
        ends = sorted(codes[party.actor] for party in claim.parties)
        path = f"/api/v1/pairs/{'-'.join(ends)}/scores/?lens=standing&from={DAY}&to={DAY}"
        fresh = _freshness(client, claim, path)
        empty = _empty_task(client, path)
        alone = round_trip(timeout=TIMEOUT_SECONDS)
        if number >= WARM_UP and alone is not None:
            figures.fresh.append(fresh)
            figures.empty.append(empty)
            figures.alone.append(alone)
    return figures


def _freshness(client: Client, claim: Claim, path: str) -> float:
    before = client.get(path)["scores"][0]["claims"]
    status, _ = client.post("/api/v1/claims/", codec.plain(claim))
    started = time.perf_counter()
    if status != 201:
        raise NeverScored(f"the claim was answered with {status}")
    return _poll(lambda: client.get(path)["scores"][0]["claims"] > before, since=started)


def _empty_task(client: Client, path: str) -> float:
    """Check for the response after each request, as for a score."""
    token, counter = str(uuid4()), _counter()
    answer = tasks.ANSWER.format(token=token)

    def answered() -> bool:
        client.get(path)
        return bool(counter.count(answer))

    started = time.perf_counter()
    tasks.answer.apply_async(kwargs={"token": token}, expires=TIMEOUT_SECONDS)
    return _poll(answered, since=started)


def _counter() -> Any:
    """The counters of the broker, in which a worker answers."""
    return caches["shared"]


def _poll(done: Callable[[], bool], *, since: float) -> float:
    while not done():
        if time.perf_counter() - since > TIMEOUT_SECONDS:
            raise NeverScored("not within half a minute")
        time.sleep(POLL_SECONDS)
    return time.perf_counter() - since


@contextlib.contextmanager
def _worker() -> Iterator[None]:
    """Run a worker on this run's database and broker."""
    options = ["-Q", "follow,score,ingest,maintain", "--concurrency", "2", "--loglevel", "ERROR"]
    command = [sys.executable, "-m", "celery", "--quiet", "-A", "config", "worker", *options]
    process = subprocess.Popen(command, stdout=sys.stderr)
    try:
        if round_trip(timeout=2 * TIMEOUT_SECONDS) is None:
            raise NeverScored("the worker did not start")
        yield
    finally:
        process.terminate()
        process.wait(20)
