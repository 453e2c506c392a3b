"""Measures time and size of an archive by its length: the figures of docs/scale.md.

For each number of rows, in a new database: a generated file of GDELT is imported with a follower,
all pairs are scored, and the sizes of the tables with their indexes are measured.
"""

import argparse
import time
from datetime import UTC, datetime
from math import ceil
from typing import NamedTuple

from django.db import connection

from benchmarks import archive, scratch
from benchmarks.import_run import ImportResult, run_import
from tracker.projections import scores

PARTS: dict[str, tuple[str, ...]] = {
    "log": ("event", "event_text"),
    "standing": ("standing_claim", "standing_record", "standing_link"),
    "impact": ("impact",),
    "dependency": ("dependency",),
    "score": ("knot", "scored", "current_score"),
}


class Result(NamedTuple):
    """`wal`: bytes of the write-ahead log. `scoring`: seconds until all pairs are scored. `sizes`:
    bytes of each part with its indexes. `densest`: claims of the pair with most claims."""

    result: ImportResult
    wal: int
    scoring: float
    sizes: dict[str, int]
    pairs: int
    densest: int


def main() -> None:
    options = _options()
    for rows in options.rows:
        with archive.generated_file(rows, seed=options.seed) as path, scratch.database():
            view = archive.define_lenses(["standing"])
            before = _number("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn")
            result = run_import(path, view)
            start = time.monotonic()
            scores.recompute_all(at=datetime.now(UTC))
            scoring = time.monotonic() - start
            written = _number("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn") - before
            _report(Result(result, written, scoring, _sizes(), *_pairs()))


def _sizes() -> dict[str, int]:
    size = "SELECT sum(pg_total_relation_size(name::regclass)) FROM unnest(%s::text[]) AS t (name)"
    return {part: _number(size, list(tables)) for part, tables in PARTS.items()}


def _pairs() -> tuple[int, int]:
    each = "SELECT count(*) AS claims FROM impact GROUP BY pair"
    number = _number(f"SELECT count(*) FROM ({each}) AS pairs")
    return number, _number(f"SELECT max(claims) FROM ({each}) AS pairs")


def _number(question: str, *parameters: list[str]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(question, list(parameters))
        return int(cursor.fetchone()[0])


def _report(grown: Result) -> None:
    result, claims = grown.result, grown.result.claims
    lock_seconds = sorted(result.importer.lock_seconds)
    figures = {
        "rows": result.importer.report.rows,
        "claims": claims,
        "pairs": grown.pairs,
        "densest": grown.densest,
        "claims_per_s": f"{claims / result.seconds:.0f}",
        "importer_cpu_us": f"{result.importer.usage.cpu / claims * 1e6:.0f}",
        "follower_cpu_us": f"{result.follower.cpu / claims * 1e6:.0f}",
        "score_s": f"{grown.scoring:.0f}",
        "lock_share": f"{sum(lock_seconds) / result.importer.seconds:.2f}",
        "lock_hold_p99_ms": f"{lock_seconds[ceil(len(lock_seconds) * 0.99) - 1] * 1000:.1f}",
        "peak_rss_mb": f"{result.peak_mb:.0f}",
        **{f"{part}_bytes": f"{size / claims:.0f}" for part, size in grown.sizes.items()},
        "wal_bytes": f"{grown.wal / claims:.0f}",
    }
    print("scale", *(f"{name}={figure}" for name, figure in figures.items()), flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    main()
