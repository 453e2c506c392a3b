"""Compares public pages with an empty view on the same server, and measures their size.

One reader requests the pages over one connection, in turns with a view of the same server that does
nothing. `ms` is the median of a cached page, `first_ms` that of a server without cache, without
pictures. `kb` is the size of a first visit as it is sent, compressed: the page, its stylesheet and
its script. `shifts` lists the shifts of the year that has the most.

Measured at a million, on a quiet machine of two slow cores, on which an empty response takes 1.9
ms: ratios of .8 to 1.1, 11 to 39 kB, and first views of 184 ms for a pair, 203 for a triad, 261 for
the overview, 111 for shifts and 15 for the status. They are the same in a log of 50,000.
"""

import statistics
from collections.abc import Mapping
from datetime import date

from django.templatetags.static import static

from benchmarks import logs, records, web
from benchmarks.figures import print_line
from benchmarks.logs import Log
from benchmarks.options import Options
from benchmarks.web import EMPTY, Reader
from tracker.queries.sql import select

ROUNDS = 60
STATIC = ("pages/pages.css", "pages/site.js")
# The pages that have a target value.
WITH_TARGET = ("pair", "triad", "overview", "shifts", "status")


def run(options: Options) -> None:
    with logs.large(options.claims) as (url, log):
        pages, rounds = _pages(log), options.times(ROUNDS)
        with web.server(url, cached=False) as port:
            first = Reader(port, packed=True).milliseconds(pages, rounds=rounds)
        with web.server(url, cached=True) as port:
            reader = Reader(port, packed=True)
            warm = reader.milliseconds({"empty": EMPTY, **pages}, rounds=rounds)
            common = sum(len(reader.read(static(name))) for name in STATIC)
            sizes = {name: common + len(reader.read(path)) for name, path in pages.items()}
    empty = statistics.median(warm["empty"])
    for name, size in sizes.items():
        ms = statistics.median(warm[name])
        print_line(
            "pages" if name in WITH_TARGET else "pages_info",
            page=name,
            ms=f"{ms:.1f}",
            kb=f"{size / 1e3:.1f}",
            empty_ms=f"{empty:.1f}",
            ratio=f"{ms / empty:.2f}",
            first_ms=f"{statistics.median(first[name]):.1f}",
        )


def _pages(log: Log) -> Mapping[str, str]:
    """The addresses of pages: the measured pair, and a triangle of the small group."""
    one, two, three = sorted(log.few)[:3]
    return {
        "pair": f"/pairs/{records.pair(log.measured)}/",
        "triad": f"/triads/{one}-{two}-{three}/",
        "overview": "/",
        "actor": f"/actors/{one}/",
        "shifts": f"/shifts/?day={_busiest()}",
        "shifts_now": "/shifts/",
        "search": f"/search/?q={one} {two}".replace(" ", "%20"),
        "compare": f"/compare/?pairs={one}-{two},{one}-{three},{two}-{three}",
        "compare_big": f"/compare/?pairs={one}-{two},{records.pair(log.big)}",
        "timeline": f"/actors/{one}/timeline/",
        "timeline_big": f"/actors/{min(log.big)}/timeline/?year=2022&partner={max(log.big)}",
        "status": "/status/",
    }


def _busiest() -> date:
    """The last day of the year with the most shifts; without shifts, the last day of the log."""
    years = select(
        "SELECT extract(year FROM seen)::int FROM shift GROUP BY 1 ORDER BY count(*) DESC"
    )
    return date(years[0][0], 12, 31) if years else records.LAST_DAY
