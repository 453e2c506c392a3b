"""Measures two of each against one, in one run: web hosts, followers of one view, scorers.

`web_ratio` is the rate of reads of the API by eight clients from two web servers against one, each
a process of four threads; responses are not cached. Meanwhile a client enters claims at each server
and notes the acknowledged positions; `lost` is the number of those where the log has another event,
or none. `follow_ratio` and `score_ratio` are those of `benchmarks.sharing`, for an archive of a
fifth of N rows, but at most 20,000. `prepared_share` is the share of a lone follower's time that
several can spend at the same time; the rest is done by one after the other.

All share one machine. With two cores, PostgreSQL and the clients take from what a second process
could gain.
"""

import random
import statistics
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from itertools import count
from typing import NamedTuple
from uuid import uuid4

from benchmarks import records, sharing, templates, web
from benchmarks.api_client import Client, create_token
from benchmarks.figures import note, print_line
from benchmarks.options import Options
from benchmarks.records import Records
from benchmarks.sharing import TURNS, follow_some, score_some
from benchmarks.web import UnexpectedResponse
from tracker.domain import codec
from tracker.queries.sql import select

ROWS = 20_000
SECONDS = 4.0
# Seconds between two claims of a client.
PAUSE_SECONDS = 0.05
V1 = "/api/v1/"
# The days of the series that are read.
FIRST, LAST = "2020-01-01", "2020-12-31"
_AT = "SELECT position, stream::text FROM logged WHERE position = ANY(%s)"


class Acknowledged(NamedTuple):
    """A claim that the API said is recorded."""

    position: int
    claim: str


class WebFigures(NamedTuple):
    """The rate of two web servers as a multiple of one's, and the claims that were acknowledged and
    those that are missing."""

    ratio: float
    written: int
    lost: int


def run(options: Options) -> None:
    rows = min(ROWS, options.claims // 5)
    with sharing.imported(rows) as backlog:
        ratios = sharing.measure(backlog)
        with templates.clone(backlog.source) as url:
            figures = _measure_web(url, backlog.records, seconds=options.seconds(SECONDS))
    print_line(
        "cluster",
        web_ratio=f"{figures.ratio:.2f}",
        score_ratio=f"{ratios.score:.2f}",
        follow_ratio=f"{ratios.follow:.2f}",
        lost=figures.lost,
    )
    print_line("cluster_info", prepared_share=f"{ratios.prepared:.2f}", written=figures.written)


def _measure_web(url: str, made: Records, *, seconds: float) -> WebFigures:
    """Read from one server and from both in turns, and write to those that are read from."""
    token = create_token(at=datetime.now(UTC))
    while follow_some() or score_some():
        pass
    rates: dict[int, list[float]] = {number: [] for number in TURNS}
    acknowledged: list[Acknowledged] = []
    with ExitStack() as stack:
        hosts = [
            stack.enter_context(web.server(url, cached=False, processes=1))
            for _ in range(max(TURNS))
        ]
        requests = [(path, "") for path in _paths()]
        for number in TURNS:
            ports = hosts[:number]
            with _writers(ports, token, made, acknowledged):
                load = web.put_load(*ports, requests=requests, seconds=seconds)
            rates[number].append(load.rate)
            note(f"{number} web servers: {load.rate:.0f} requests/s")
    ratio = statistics.mean(rates[2]) / statistics.mean(rates[1])
    return WebFigures(ratio, len(acknowledged), count_lost(acknowledged))


def _paths() -> list[str]:
    """Series of pairs of the archive, and pages of the list of claims."""
    pairs = [pair for (pair,) in select("SELECT pair FROM scored ORDER BY pair LIMIT 16")]
    return [
        *(f"{V1}pairs/{pair}/scores/?lens=archive&from={FIRST}&to={LAST}" for pair in pairs),
        *(f"{V1}claims/?limit={20 + n}" for n in range(8)),
    ]


@contextmanager
def _writers(
    ports: Sequence[int], token: str, made: Records, acknowledged: list[Acknowledged]
) -> Iterator[None]:
    """Clients that enter claims, one at each server, until the end of the block.

    :raises UnexpectedResponse: if a claim was refused.
    """
    stop, problems = threading.Event(), list[str]()

    def write(port: int, seed: int) -> None:
        draw = random.Random(seed)
        client = Client(port, token)
        while not stop.wait(PAUSE_SECONDS):
            claim = codec.plain(records.new_claim(made, draw=draw))
            key = {"Idempotency-Key": str(uuid4())}
            status, receipt = client.post(f"{V1}claims/", claim, **key)
            if status != 201:
                problems.append(f"a claim was answered with {status}: {receipt}")
                return
            acknowledged.append(Acknowledged(receipt["position"], receipt["id"]))

    seeds = count(len(acknowledged))
    threads = [threading.Thread(target=write, args=one) for one in zip(ports, seeds, strict=False)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    if problems:
        raise UnexpectedResponse(problems[0])


def count_lost(acknowledged: Sequence[Acknowledged]) -> int:
    """The number of acknowledged claims that are not in the log at their positions."""
    recorded = {Acknowledged(*row) for row in select(_AT, [[one.position for one in acknowledged]])}
    return len({*acknowledged} - recorded)
