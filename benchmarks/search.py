"""Measures searches in a long log, without cache: of the page, and of the API.

One reader searches over one connection for countries, for pairs, and for words that occur in all
claims, in a fifth, in one of three hundred, and in none. `p95_ms` is over all searches of a kind;
the target is 100 ms. `claims` are lists of the API by words and by days, ten rows each.

Measured at a million, on a quiet machine of two slow cores: p95_ms of 92 for the page, 81 for the
API and 71 for lists of claims.
"""

from collections.abc import Mapping, Sequence
from urllib.parse import quote

from benchmarks import logs, web
from benchmarks.figures import p95, print_line
from benchmarks.logs import Log
from benchmarks.options import Options
from benchmarks.records import GOODS
from benchmarks.web import Reader

ROUNDS = 20
DAYS = "happened_after=2020-03-01&happened_before=2020-03-31"


def run(options: Options) -> None:
    with logs.large(options.claims) as (url, log), web.server(url, cached=False) as port:
        paths = _paths(log)
        named = {f"{kind} {path}": path for kind, own in paths.items() for path in own}
        times = Reader(port, packed=True).milliseconds(named, rounds=options.times(ROUNDS))
    for kind in paths:
        own = [ms for name, found in times.items() if name.startswith(f"{kind} ") for ms in found]
        print_line("search", of=kind, p95_ms=f"{p95(own):.0f}", max_ms=f"{max(own):.0f}")


def _paths(log: Log) -> Mapping[str, Sequence[str]]:
    """The addresses of each kind of search."""
    one, two = sorted(log.few)[:2]
    first, *_, last = GOODS.split()
    words = (first, last, f"{first} {last}", last[:4], "ministry", "zzzz", f"{one} {last}")
    searched = (*words, one, f"{one} {two}", "kazakh russia", "США Китай")
    return {
        "page": [f"/search/?q={quote(text)}" for text in searched],
        "api": [f"/api/v1/search/?q={quote(text)}" for text in searched],
        "claims": [f"/api/v1/claims/?limit=10&q={quote(text)}" for text in words]
        + [f"/api/v1/claims/?limit=10&{DAYS}", f"/api/v1/claims/?limit=10&q={last}&{DAYS}"],
    }
