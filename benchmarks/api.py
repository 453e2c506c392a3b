"""Compares API reads with an empty view on the same server.

Eight clients send requests without pause (see `web`). `cold`: requests without If-None-Match.
`etag`: requests with the tag, answered with 304. The product caches recent responses, and a hundred
addresses are requested repeatedly; so `first` are requests to a server without cache. Each is
measured in turns with a view of the same server that does nothing; a ratio is of requests per
second. `growth` is the p95 of first requests in a log of N claims, divided by that in a log of ten
thousand, for the same hundred pairs.

Measured at a hundred thousand, on an idle machine: `api route=series cold_ratio=0.70
etag_ratio=1.11 growth_ratio=0.96` (first_ratio .13) and `api route=pairs cold_ratio=0.94
etag_ratio=1.14 growth_ratio=0.96` (.13); explanations .14, a page of claims .07.
"""

import statistics
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from benchmarks import logs, web
from benchmarks.figures import note, p95, print_line
from benchmarks.logs import Log
from benchmarks.options import Options
from benchmarks.records import LAST_DAY
from benchmarks.web import EMPTY, Load

V1 = "/api/v1/"
ROUNDS = 3
SECONDS = 1.5
# The routes that have a target value.
WITH_TARGET = ("series", "pairs")


class Loads(NamedTuple):
    """The loads of a route: without cache on the small and on the large log, with cache, with tags,
    and of the empty view."""

    early: list[Load]
    first: list[Load]
    cold: list[Load]
    etag: list[Load]
    empty: list[Load]


def run(options: Options) -> None:
    with (
        logs.small(options.claims) as (before, log),
        logs.large(options.claims) as (url, _),
        web.server(before, cached=False) as early,
        web.server(url, cached=False) as late,
        web.server(url, cached=True) as port,
    ):
        routes = _routes(log)
        found = {name: Loads([], [], [], [], []) for name in routes}
        for name, paths in list(routes.items()) * options.times(ROUNDS):
            _measure((early, late, port), paths, found[name], options.seconds(SECONDS))
    for name, loads in found.items():
        _report(name, loads)


def _routes(log: Log) -> Mapping[str, Sequence[str]]:
    """The addresses of each route: pairs of the small group, pages of the table, and of claims."""
    pairs = ["-".join(pair) for pair in combinations(sorted(log.few), 2)]
    first, last = LAST_DAY.replace(year=LAST_DAY.year - 1), LAST_DAY
    sorts = [f"{sign}{column}" for column in ("pair", "value", "claims") for sign in ("", "-")]
    return {
        "series": [f"{V1}pairs/{pair}/scores/?from={first}&to={last}" for pair in pairs],
        "pairs": [f"{V1}pairs/?sort={sort}&limit={n}" for sort in sorts for n in (50, 100)],
        "explanation": [f"{V1}pairs/{pair}/explanation/?day={last}" for pair in pairs],
        "claims": [f"{V1}claims/?limit={80 + n}" for n in range(20)],
    }


def _measure(
    ports: tuple[int, int, int], paths: Sequence[str], loads: Loads, seconds: float
) -> None:
    """Measure a route once on each server."""
    early, late, port = ports
    plain = [(path, "") for path in paths]
    loads.early.append(web.put_load(early, requests=plain, seconds=seconds))
    loads.first.append(web.put_load(late, requests=plain, seconds=seconds))
    tagged = list(zip(paths, web.tags(port, paths), strict=True))
    loads.empty.append(web.put_load(port, requests=[(EMPTY, "")], seconds=seconds))
    loads.cold.append(web.put_load(port, requests=plain, seconds=seconds))
    loads.etag.append(web.put_load(port, requests=tagged, seconds=seconds, status=304))


def _report(name: str, found: Loads) -> None:
    rates = {
        kind: statistics.median(load.rate for load in loads)
        for kind, loads in found._asdict().items()
    }
    early, late = (
        p95([wait for load in loads for wait in load.waits]) for loads in (found.early, found.first)
    )
    note(
        f"{name:12}"
        + "  ".join(f"{kind} {rate:.0f}/s" for kind, rate in rates.items())
        + f"  p95 {1e3 * early:.1f} and {1e3 * late:.1f} ms"
    )
    print_line(
        "api" if name in WITH_TARGET else "api_info",
        route=name,
        cold_ratio=f"{rates['cold'] / rates['empty']:.2f}",
        etag_ratio=f"{rates['etag'] / rates['empty']:.2f}",
        growth_ratio=f"{late / early:.2f}",
    )
    print_line("api_info", route=name, first_ratio=f"{rates['first'] / rates['empty']:.2f}")
