"""Measures time and size of an archive by its length: the figures of docs/scale.md.

For a tenth of N rows and for N, in a database without events: a generated file of GDELT is imported
with a follower, all pairs are scored, and the sizes of the tables with their indexes are measured.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from django.db import connection

from benchmarks import archive, logs
from benchmarks.archive import ImportResult
from benchmarks.figures import percentile, print_line, seconds_of
from benchmarks.options import Options
from tracker.projections import scores

PARTS: dict[str, tuple[str, ...]] = {
    "log": ("event", "event_text", "event_run", "event_run_body", "event_run_text", "event_place"),
    "standing": ("standing_claim", "standing_record", "standing_link"),
    "impact": ("impact",),
    "dependency": ("dependency",),
    "score": ("knot_block", "scored", "current_score"),
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


def run(options: Options) -> None:
    for rows in (options.claims // 10, options.claims):
        with archive.generated_file(rows) as path, logs.empty():
            _report(_measure(path))


def _measure(path: Path) -> Result:
    view, before = archive.define_lens(), _written()
    result = archive.run_import(path, view)
    scoring = seconds_of(lambda: scores.recompute_all(at=datetime.now(UTC)))
    return Result(result, _written() - before, scoring, _sizes(), *_pairs())


def _written() -> int:
    """The bytes that the server has written into its log."""
    return _number("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn")


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
    lock_seconds = result.importer.lock_seconds
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
        "lock_hold_p99_ms": f"{percentile(lock_seconds, 0.99) * 1000:.1f}",
        "peak_rss_mb": f"{result.peak_mb:.0f}",
        **{f"{part}_bytes": f"{size / claims:.0f}" for part, size in grown.sizes.items()},
        "wal_bytes": f"{grown.wal / claims:.0f}",
    }
    print_line("scale", **figures)
