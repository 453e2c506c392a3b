"""Compares API reads with an empty view on the same server.

gunicorn serves the product as `make run` does (two processes of four threads), readable without a
token. Eight clients send requests without pause; server, clients and database share the machine.
`cold`: requests without If-None-Match. `etag`: requests with the tag, answered with 304. The
product caches recent responses, and a hundred addresses are requested repeatedly; so `first` are
requests to a server without cache. Each is measured in turns with a view of the same server that
does nothing; a ratio is of requests per second. `growth` is the p95 of first requests in a log of
--claims claims, divided by that in a log of ten thousand, for the same hundred pairs.

Claims are entered and copied as for `growth`. A million take about four minutes.

Measured at a million, on an idle machine, in rounds of two and a half seconds: `api route=series
cold_ratio=0.53 etag_ratio=0.79 growth_ratio=0.91` (first_ratio .08) and `api route=pairs
cold_ratio=0.72 etag_ratio=0.81 growth_ratio=1.01` (.07).
"""

import argparse
import contextlib
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from benchmarks import copies, http_clients, scratch
from benchmarks.country_groups import LAST_DAY, Groups
from benchmarks.empty_site import EMPTY, NO_CACHE
from benchmarks.growth import enter_and_copy, stage
from benchmarks.http_clients import HOST, Load
from tracker.log import appended

V1 = "/api/v1/"
CLIENTS = 8
SMALL = 10_000
TIMEOUT_SECONDS = 60.0
ROUNDS = 3
# The routes that have a target value.
WITH_TARGET = ("series", "pairs")


class Figures(NamedTuple):
    """The loads of a route: without cache on the small and on the large log, with cache, with tags,
    and of the empty view."""

    early: list[Load]
    first: list[Load]
    cold: list[Load]
    etag: list[Load]
    empty: list[Load]


def main() -> None:
    options = _options()
    appended.disconnect(dispatch_uid="workers")
    small = min(SMALL, options.claims // 2)
    with scratch.database() as url:
        groups = small_log(small)
        with scratch.copy(url) as before:
            grow(groups, options.claims - small)
            found = _measure(before, url, _routes(groups), options.seconds)
    for name, figures in found.items():
        _report(name, figures)


def small_log(size: int) -> Groups:
    groups = enter_and_copy(size)
    _score(groups)
    return groups


def grow(groups: Groups, more: int) -> None:
    with stage(f"copy {more} claims"):
        copies.fill(groups.many, groups.view, times=more)
    _score(groups)


def _score(groups: Groups) -> None:
    with stage("score"):
        copies.score(groups.view)
        copies.vacuum()


def _routes(groups: Groups) -> Mapping[str, Sequence[str]]:
    """The addresses of each route: pairs of the small group, pages of the table, and of claims."""
    pairs = ["-".join(pair) for pair in combinations(sorted(groups.few), 2)]
    first, last = LAST_DAY.replace(year=LAST_DAY.year - 1), LAST_DAY
    sorts = [f"{sign}{column}" for column in ("pair", "value", "claims") for sign in ("", "-")]
    return {
        "series": [f"{V1}pairs/{pair}/scores/?from={first}&to={last}" for pair in pairs],
        "pairs": [f"{V1}pairs/?sort={sort}&limit={n}" for sort in sorts for n in (50, 100)],
        "explanation": [f"{V1}pairs/{pair}/explanation/?day={last}" for pair in pairs],
        "claims": [f"{V1}claims/?limit={80 + n}" for n in range(20)],
    }


def _measure(
    before: str, url: str, routes: Mapping[str, Sequence[str]], seconds: float
) -> dict[str, Figures]:
    """Measure all routes in turns, on the small log and on the large one."""
    found = {name: Figures([], [], [], [], []) for name in routes}
    with (
        stage("measure"),
        web_server(cached=False, url=before) as early,
        web_server(cached=False, url=url) as late,
        web_server(cached=True, url=url) as port,
    ):
        for name, paths in list(routes.items()) * ROUNDS:
            plain, figures = [(path, "") for path in paths], found[name]
            figures.early.append(_load(early, plain, seconds))
            figures.first.append(_load(late, plain, seconds))
            tagged = list(zip(paths, http_clients.tags(port, paths), strict=True))
            figures.empty.append(_load(port, [(EMPTY, "")], seconds))
            figures.cold.append(_load(port, plain, seconds))
            figures.etag.append(_load(port, tagged, seconds, status=304))
    return found


def _load(
    port: int, requests: Sequence[tuple[str, str]], seconds: float, *, status: int = 200
) -> Load:
    return http_clients.run(port, requests, status=status, clients=CLIENTS, seconds=seconds)


@contextlib.contextmanager
def web_server(*, cached: bool, url: str | None = None) -> Iterator[int]:
    """Run a web server on a database, by default the benchmark's. Yields its port."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
    command = [
        "gunicorn",
        "benchmarks.empty_site:application()",
        "--bind",
        f"{HOST}:{port}",
        "--workers",
        "2",
    ]
    command += ["--threads", "4", "--log-level", "error"]
    environ = {**os.environ, "ANONYMOUS_READERS": "1", "RATE_LIMIT": "0"}
    environ |= {"DATABASE_URL": url} if url else {}
    environ |= {NO_CACHE: "1"} if not cached else {}
    server = subprocess.Popen([sys.executable, "-m", *command], env=environ)
    try:
        _wait_for_server(port)
        yield port
    finally:
        server.terminate()
        server.wait(30)


def _wait_for_server(port: int) -> None:
    until = time.monotonic() + TIMEOUT_SECONDS
    while time.monotonic() < until:
        with contextlib.suppress(OSError):
            http_clients.tags(port, [EMPTY])
            return
        time.sleep(0.1)
    raise http_clients.UnexpectedResponse("the web server did not start")


def _report(name: str, found: Figures) -> None:
    rates = {of: statistics.median(one.rate for one in getattr(found, of)) for of in found._fields}
    empty, early, late = rates["empty"], _p95(found.early), _p95(found.first)
    print(
        f"{name:12}" + "  ".join(f"{of} {rate:.0f}/s" for of, rate in rates.items()),
        f" p95 {1e3 * early:.1f} and {1e3 * late:.1f} ms",
    )
    print(
        f"{'api' if name in WITH_TARGET else 'api_info'} route={name}"
        f" cold_ratio={rates['cold'] / empty:.2f} etag_ratio={rates['etag'] / empty:.2f}"
        f" growth_ratio={late / early:.2f}"
    )
    print(f"api_info route={name} first_ratio={rates['first'] / empty:.2f}")


def _p95(loads: Sequence[Load]) -> float:
    return statistics.quantiles([wait for load in loads for wait in load.waits], n=20)[-1]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--claims", type=int, default=1_000_000, help="in the log in the end")
    parser.add_argument("--seconds", type=float, default=4.0, help="of each measurement")
    return parser.parse_args()


if __name__ == "__main__":
    main()
