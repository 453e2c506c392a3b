"""What reads over the API cost beside an empty view on the same server.

gunicorn serves the product as `make run` does (two processes of four threads), open to all, and
eight clients ask without pause; server, clients and database share the machine. `cold` are requests
without If-None-Match, `etag` are requests that bring the tag along and get a 304. As it is shipped
the product keeps answers that were made lately for the next one who asks, and a hundred addresses
are asked for again and again: so `first` are requests of a server that is told to keep none, each
as dear as the first. Each is measured in turns with a view of the same server that does nothing,
and a ratio is of requests a second. `growth` is the p95 of such first requests in a log of the size
asked for over that in a log of ten thousand claims, kept as it was then; the same hundred pairs are
asked about in both.

Claims are entered and copied as for `growth`. A million of them take some four minutes.

Seen at a million, with nothing beside it, in rounds of two and a half seconds: `api route=series
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

from benchmarks import copies, crowdedclients, scratch
from benchmarks import crowds as made
from benchmarks.crowdedclients import HOST, Asked
from benchmarks.crowds import Crowds
from benchmarks.emptysite import EMPTY, UNKEPT
from benchmarks.growth import stage
from tracker.log import appended

V1 = "/api/v1/"
CLIENTS = 8
MEASURED = 90
TEMPLATES = 2_000
SMALL = 10_000
PATIENCE_SECONDS = 60.0
ROUNDS = 3
# The figures that have a wanted value.
HELD = ("series", "pairs")


class Figures(NamedTuple):
    """Of a route: what was asked of a server that keeps no answers, on the log as it was and as it
    is, of one that does, and with tags, and of the empty view in between."""

    early: list[Asked]
    first: list[Asked]
    cold: list[Asked]
    etag: list[Asked]
    empty: list[Asked]


def main() -> None:
    options = _options()
    appended.disconnect(dispatch_uid="workers")
    small = min(SMALL, options.claims // 2)
    with scratch.database() as url:
        crowds = small_log(small)
        with scratch.copied(url) as before:
            grow(crowds, options.claims - small)
            found = _measured(before, url, _routes(crowds), options.seconds)
    for name, figures in found.items():
        _report(name, figures)


def small_log(size: int) -> Crowds:
    measured, templates = (min(most, size // 3) for most in (MEASURED, TEMPLATES))
    with stage(f"enter {measured + templates} claims"):
        crowds = made.on_record()
        made.enter(crowds, crowds.measured, times=measured)
        copies.prepare(made.enter(crowds, crowds.few, times=templates), crowds.view)
    with stage(f"copy up to {size} claims, and score"):
        copies.fill(crowds.few, crowds.view, times=size - measured - templates)
        copies.score(crowds.view)
        copies.settle()
    return crowds


def grow(crowds: Crowds, more: int) -> None:
    with stage(f"copy {more} claims, and score"):
        copies.fill(crowds.many, crowds.view, times=more)
        copies.score(crowds.view)
        copies.settle()


def _routes(crowds: Crowds) -> Mapping[str, Sequence[str]]:
    """The addresses of each route: of every pair of the few, pages of the table, of claims."""
    pairs = ["-".join(pair) for pair in combinations(sorted(crowds.few), 2)]
    first, last = made.LAST_DAY.replace(year=made.LAST_DAY.year - 1), made.LAST_DAY
    sorts = [f"{sign}{column}" for column in ("pair", "value", "claims") for sign in ("", "-")]
    return {
        "series": [f"{V1}pairs/{pair}/scores/?from={first}&to={last}" for pair in pairs],
        "pairs": [f"{V1}pairs/?sort={sort}&limit={n}" for sort in sorts for n in (50, 100)],
        "explanation": [f"{V1}pairs/{pair}/explanation/?day={last}" for pair in pairs],
        "claims": [f"{V1}claims/?limit={80 + n}" for n in range(20)],
    }


def _measured(
    before: str, url: str, routes: Mapping[str, Sequence[str]], seconds: float
) -> dict[str, Figures]:
    """Measure all routes in turns: on the log as it was, and as it is."""
    found = {name: Figures([], [], [], [], []) for name in routes}
    with (
        stage("measure"),
        served(unkept=True, url=before) as early,
        served(unkept=True, url=url) as late,
        served(unkept=False, url=url) as port,
    ):
        for name, paths in list(routes.items()) * ROUNDS:
            plain, figures = [(path, "") for path in paths], found[name]
            figures.early.append(_ask(early, plain, seconds))
            figures.first.append(_ask(late, plain, seconds))
            held = list(zip(paths, crowdedclients.tags(port, paths), strict=True))
            figures.empty.append(_ask(port, [(EMPTY, "")], seconds))
            figures.cold.append(_ask(port, plain, seconds))
            figures.etag.append(_ask(port, held, seconds, status=304))
    return found


def _ask(
    port: int, asked: Sequence[tuple[str, str]], seconds: float, *, status: int = 200
) -> Asked:
    return crowdedclients.ask(port, asked, status=status, clients=CLIENTS, seconds=seconds)


@contextlib.contextmanager
def served(*, unkept: bool, url: str | None = None) -> Iterator[int]:
    """A web server on a database, or on this run's; gives its port."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
    order = [
        "gunicorn",
        "benchmarks.emptysite:served()",
        "--bind",
        f"{HOST}:{port}",
        "--workers",
        "2",
    ]
    order += ["--threads", "4", "--log-level", "error"]
    environ = {**os.environ, "ANONYMOUS_READERS": "1", "RATE_LIMIT": "0"}
    environ |= {"DATABASE_URL": url} if url else {}
    environ |= {UNKEPT: "1"} if unkept else {}
    server = subprocess.Popen([sys.executable, "-m", *order], env=environ)
    try:
        _await(port)
        yield port
    finally:
        server.terminate()
        server.wait(30)


def _await(port: int) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        with contextlib.suppress(OSError):
            crowdedclients.tags(port, [EMPTY])
            return
        time.sleep(0.1)
    raise crowdedclients.Wrong("the web server did not start")


def _report(name: str, found: Figures) -> None:
    rates = {of: statistics.median(one.rate for one in getattr(found, of)) for of in found._fields}
    empty, early, late = rates["empty"], _p95(found.early), _p95(found.first)
    print(
        f"{name:12}" + "  ".join(f"{of} {rate:.0f}/s" for of, rate in rates.items()),
        f" p95 {1e3 * early:.1f} and {1e3 * late:.1f} ms",
    )
    print(
        f"{'api' if name in HELD else 'api_info'} route={name}"
        f" cold_ratio={rates['cold'] / empty:.2f} etag_ratio={rates['etag'] / empty:.2f}"
        f" growth_ratio={late / early:.2f}"
    )
    print(f"api_info route={name} first_ratio={rates['first'] / empty:.2f}")


def _p95(asked: Sequence[Asked]) -> float:
    return statistics.quantiles([wait for one in asked for wait in one.waits], n=20)[-1]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--claims", type=int, default=1_000_000, help="in the log in the end")
    parser.add_argument("--seconds", type=float, default=4.0, help="of each measurement")
    return parser.parse_args()


if __name__ == "__main__":
    main()
