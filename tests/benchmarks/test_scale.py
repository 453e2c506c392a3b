"""What must stay flat while an archive grows tenfold: memory, and the bytes that a claim takes.

ROWS=10000000 make test-long ARGS=tests/benchmarks/test_scale.py measures the growth up to ten
million rows, in some hours and with 70 GB of disk.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.kit.private_servers import private_servers

ROWS = int(os.environ.get("ROWS", "100000"))
ROOT = Path(__file__).parents[2]
PER_CLAIM = ("log", "standing", "impact", "dependency", "wal")

pytestmark = [pytest.mark.long, pytest.mark.timeout(600 + ROWS // 100)]


def measured() -> list[dict[str, float]]:
    """The figures of the benchmark at a tenth of the rows and at all of them."""
    bench = [sys.executable, "-m", "benchmarks", "scale", "--claims", str(ROWS)]
    with private_servers(base={}) as servers:
        done = subprocess.run(
            bench,
            cwd=ROOT,
            env=servers.environ(os.environ),
            capture_output=True,
            text=True,
            check=True,
        )
    lines = [line.split()[1:] for line in done.stdout.splitlines() if line.startswith("scale ")]
    sys.stdout.write(done.stdout)
    return [
        {name: float(figure) for name, figure in (one.split("=") for one in line)} for line in lines
    ]


def test_memory_and_bytes_stay_flat() -> None:
    small, large = measured()

    assert (small["rows"], large["rows"]) == (ROWS // 10, ROWS)
    # The file has one bad row and five repeats in a hundred.
    assert large["claims"] == pytest.approx(0.94 * ROWS, rel=0.01)
    assert large["peak_rss_mb"] < 1.25 * small["peak_rss_mb"]
    for part in PER_CLAIM:
        assert large[f"{part}_bytes"] < 1.25 * small[f"{part}_bytes"], part
