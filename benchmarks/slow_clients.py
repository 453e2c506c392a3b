"""Measures how slow connections affect a normal reader.

A reader requests a page and /healthz in turns, ten times a second, each over a new connection:
alone, then beside slow clients that send headers, send bodies, or read responses byte by byte, then
alone again. `ratio` is the p95 beside them divided by the p95 alone; `failed` counts the reader's
requests without a 200 within ten seconds.
"""

import time
from collections.abc import Sequence

from benchmarks import logs, slow_connections, web
from benchmarks.figures import p95, print_line
from benchmarks.options import Options

KINDS = ("heads", "bodies", "answers")
PATHS = ("/healthz", "/")
CONNECTIONS = 200
SECONDS = 60.0
# Seconds alone before and afterwards, each, and between the slow clients and the latter.
IDLE_SECONDS = 20.0
PAUSE_SECONDS = 5.0
PAUSE = 0.1
TIMEOUT_SECONDS = 10.0


def run(options: Options) -> None:
    seconds, alone = options.seconds(SECONDS), options.seconds(IDLE_SECONDS)
    with logs.large(options.claims) as (url, _), web.server(url, cached=True) as port:
        measure(port, PATHS, seconds=3)
        idle = measure(port, PATHS, seconds=alone)
        with slow_connections.slow_connections(
            port, kinds=KINDS, connections=CONNECTIONS, path="/"
        ) as clients:
            time.sleep(1)
            slow = measure(port, PATHS, seconds=seconds)
        time.sleep(options.seconds(PAUSE_SECONDS))
        idle += measure(port, PATHS, seconds=alone)
    before, after = p95([took for _, took in idle]), p95([took for _, took in slow])
    print_line(
        "drip",
        kinds="+".join(KINDS),
        idle_p95_ms=f"{1e3 * before:.1f}",
        dripped_p95_ms=f"{1e3 * after:.1f}",
        ratio=f"{after / before:.2f}",
        connections=CONNECTIONS,
        seconds=f"{seconds:g}",
        reads=len(slow),
        failed=sum(status != 200 for status, _ in slow),
        opened=clients.opened,
    )


def measure(port: int, paths: Sequence[str], *, seconds: float) -> list[tuple[int, float]]:
    """Statuses and seconds of the requests of one reader."""
    found = []
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        for path in paths:
            found.append(slow_connections.read(port, path, timeout=TIMEOUT_SECONDS))
            time.sleep(PAUSE)
    return found
