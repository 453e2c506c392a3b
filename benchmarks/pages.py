"""Compares public pages with an empty view on the same server, and measures their size.

gunicorn serves the product as `make run` does. One reader requests the pages over one connection,
in turns with a view of the same server that does nothing. `ms` is the median of a cached page,
`first_ms` that of a server without cache, without pictures. `kb` is the size of a first visit: the
page, its stylesheet and its script.

Claims are entered and copied as for `growth`. A million take about four minutes. Measured then:
ratios of 1.7 to 1.8, 71 to 84 kB, and 48 to 121 ms without cache.
"""

import argparse
import http.client
import statistics
import time
from collections.abc import Iterable, Mapping
from itertools import combinations

from benchmarks import api, scratch
from benchmarks.country_groups import Groups
from benchmarks.empty_site import EMPTY
from benchmarks.http_clients import HOST
from tracker.log import appended

ROUNDS = 60
STATIC = ("/static/pages/site.css", "/static/pages/site.js")
# The pages that have a target value.
WITH_TARGET = ("pair", "triad", "overview")


def main() -> None:
    options = _options()
    appended.disconnect(dispatch_uid="workers")
    small = min(api.SMALL, options.claims // 2)
    with scratch.database() as url:
        groups = api.small_log(small)
        api.grow(groups, options.claims - small)
        scratch.use(url)
        pages = _pages(groups)
        with api.web_server(cached=False) as port:
            first = _times(port, pages, rounds=options.rounds)
        with api.web_server(cached=True) as port:
            warm = _times(port, pages, rounds=options.rounds)
            weights = _sizes(port, pages)
    for name in pages:
        _report(name, first, warm, weights[name])


def _pages(groups: Groups) -> Mapping[str, str]:
    """The addresses of pages: the measured pair, and a triangle of the small group."""
    one, two, three = sorted(groups.few)[:3]
    pair = next("-".join(each) for each in combinations(sorted(groups.measured), 2))
    return {
        "pair": f"/pairs/{pair}/",
        "triad": f"/triads/{one}-{two}-{three}/",
        "overview": "/",
        "actor": f"/actors/{one}/",
        "shifts": "/shifts/",
        "status": "/status/",
    }


def _times(port: int, pages: Mapping[str, str], *, rounds: int) -> dict[str, list[float]]:
    """Seconds of each page and of the empty view in each round; the first round is a warm-up."""
    connection = http.client.HTTPConnection(HOST, port, timeout=120)
    found: dict[str, list[float]] = {name: [] for name in ("empty", *pages)}
    for number in range(rounds + 1):
        for name, path in {"empty": EMPTY, **pages}.items():
            started = time.perf_counter()
            _read(connection, path)
            if number:
                found[name].append(time.perf_counter() - started)
    connection.close()
    return found


def _sizes(port: int, pages: Mapping[str, str]) -> dict[str, float]:
    """Kilobytes of a first visit to each page."""
    connection = http.client.HTTPConnection(HOST, port, timeout=120)
    common = sum(len(_read(connection, path)) for path in STATIC)
    found = {name: (common + len(_read(connection, path))) / 1e3 for name, path in pages.items()}
    connection.close()
    return found


def _read(connection: http.client.HTTPConnection, path: str) -> bytes:
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != http.client.OK:
        raise RuntimeError(f"{path}: {answer.status} {body[:200]!r}")
    return body


def _report(
    name: str,
    first: Mapping[str, Iterable[float]],
    warm: Mapping[str, Iterable[float]],
    weight: float,
) -> None:
    ms, empty = (1e3 * statistics.median(warm[each]) for each in (name, "empty"))
    once = 1e3 * statistics.median(first[name])
    line = "pages" if name in WITH_TARGET else "pages_info"
    print(
        f"{line} page={name} ms={ms:.1f} kb={weight:.1f}"
        f" empty_ms={empty:.1f} ratio={ms / empty:.2f} first_ms={once:.1f}"
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--claims", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
