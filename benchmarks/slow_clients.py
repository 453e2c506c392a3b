"""Measures how slow connections affect a normal reader, on a server started by `make run`.

A reader requests a page and /healthz in turns, ten times a second, each over a new connection:
alone, then beside slow clients that send headers, send bodies, or read responses byte by byte, then
alone again. `ratio` is the p95 beside them divided by the p95 alone; `failed` counts the reader's
requests without a 200 within ten seconds. The server is that on --port.
"""

import argparse
import math
import time
from collections.abc import Sequence

from benchmarks import slow_connections

KINDS = ("heads", "bodies", "answers")
PAUSE = 0.1
TIMEOUT_SECONDS = 10.0


def main() -> None:
    options = _options()
    kinds = options.kinds.split(",")
    paths = ("/healthz", options.path)
    measure(options.port, paths, seconds=3)
    idle = measure(options.port, paths, seconds=options.idle)
    with slow_connections.slow_connections(
        options.port, kinds=kinds, connections=options.connections, path=options.slow_path
    ) as clients:
        time.sleep(1)
        slow = measure(options.port, paths, seconds=options.seconds)
    time.sleep(5)
    idle += measure(options.port, paths, seconds=options.idle)
    before, after = p95([took for _, took in idle]), p95([took for _, took in slow])
    failed = sum(status != 200 for status, _ in slow)
    print(
        f"drip kinds={'+'.join(kinds)} idle_p95_ms={1e3 * before:.1f}"
        f" dripped_p95_ms={1e3 * after:.1f} ratio={after / before:.2f}"
        f" connections={options.connections} seconds={options.seconds:g}"
        f" reads={len(slow)} failed={failed} opened={clients.opened}"
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


def p95(seconds: Sequence[float]) -> float:
    return sorted(seconds)[math.ceil(0.95 * len(seconds)) - 1]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--path", default="/", help="the page that the reader requests")
    parser.add_argument("--slow-path", default="/", help="the page that is read slowly")
    parser.add_argument("--kinds", default=",".join(KINDS))
    parser.add_argument("--connections", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--idle", type=float, default=20)
    return parser.parse_args()


if __name__ == "__main__":
    main()
