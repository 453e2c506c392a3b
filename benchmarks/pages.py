"""What pages cost a reader beside an empty view on the same server, and what they weigh.

gunicorn serves the product as `make run` does, and one reader asks over one connection, page by
page in turns with a view of the same server that does nothing. `ms` is the median of a page that
somebody has seen before, as `make run` keeps it; `first_ms` that of a server that keeps none of
them, pictures apart. `kb` is what a first view brings: the page, its stylesheet and its script.

Claims are entered and copied as for `growth`. A million of them take some four minutes. Seen then:
ratios of 1.7 to 1.8, 71 to 84 kB, and 48 to 121 ms for the first who asks.
"""

import argparse
import http.client
import statistics
import time
from collections.abc import Iterable, Mapping
from itertools import combinations

from benchmarks import api, scratch
from benchmarks.crowdedclients import HOST
from benchmarks.crowds import Crowds
from benchmarks.emptysite import EMPTY
from tracker.log import appended

ROUNDS = 60
STATIC = ("/static/pages/site.css", "/static/pages/site.js")
# The figures that have a wanted value.
HELD = ("pair", "triad", "overview")


def main() -> None:
    options = _options()
    appended.disconnect(dispatch_uid="workers")
    small = min(api.SMALL, options.claims // 2)
    with scratch.database() as url:
        crowds = api.small_log(small)
        api.grow(crowds, options.claims - small)
        scratch.use(url)
        pages = _pages(crowds)
        with api.served(unkept=True) as port:
            first = _timed(port, pages, rounds=options.rounds)
        with api.served(unkept=False) as port:
            warm = _timed(port, pages, rounds=options.rounds)
            weights = _weighed(port, pages)
    for name in pages:
        _report(name, first, warm, weights[name])


def _pages(crowds: Crowds) -> Mapping[str, str]:
    """The addresses of pages: of the pair that was measured, of a triangle among the few."""
    one, two, three = sorted(crowds.few)[:3]
    pair = next("-".join(each) for each in combinations(sorted(crowds.measured), 2))
    return {
        "pair": f"/pairs/{pair}/",
        "triad": f"/triads/{one}-{two}-{three}/",
        "overview": "/",
        "actor": f"/actors/{one}/",
        "shifts": "/shifts/",
        "status": "/status/",
    }


def _timed(port: int, pages: Mapping[str, str], *, rounds: int) -> dict[str, list[float]]:
    """Seconds that each page, and the empty view, took in each round; the first is not counted."""
    connection = http.client.HTTPConnection(HOST, port, timeout=120)
    found: dict[str, list[float]] = {name: [] for name in ("empty", *pages)}
    for number in range(rounds + 1):
        for name, path in {"empty": EMPTY, **pages}.items():
            began = time.perf_counter()
            _read(connection, path)
            if number:
                found[name].append(time.perf_counter() - began)
    connection.close()
    return found


def _weighed(port: int, pages: Mapping[str, str]) -> dict[str, float]:
    """Kilobytes of a first view of each page."""
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
    print(
        f"{'pages' if name in HELD else 'pages_info'} page={name} ms={ms:.1f} kb={weight:.1f}"
        f" empty_ms={empty:.1f} ratio={ms / empty:.2f} first_ms={once:.1f}"
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--claims", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
