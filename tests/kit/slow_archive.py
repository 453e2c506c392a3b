"""An archive that takes a while to come in."""

from itertools import islice, product
from pathlib import Path

from tests.kit.imports import archive
from tracker.domain.facts import rows

ROWS = 9_000
# Who visits Russia.
CODES = sorted({row["iso3"] for row in rows("countries")} - {"RUS"})[:60]


def write_archive(path: Path, *, number: int = ROWS) -> Path:
    """Write an archive in which each event is told at two addresses. Three days share a document,
    which is dated as the last of them."""
    told = product(range(1, 29), range(1, 13), CODES, "ab")
    path.write_bytes(
        archive(
            *(
                {
                    "SQLDATE": f"2016{month:02}{day:02}",
                    "MonthYear": f"2016{month:02}",
                    "DATEADDED": f"2016{month:02}{day // 3 * 3 + 2:02}",
                    "Actor1Code": code,
                    "Actor1CountryCode": code,
                    "Actor1Type1Code": "",
                    "SOURCEURL": f"https://{outlet}.example/{month}/{day // 3}",
                }
                for day, month, code, outlet in islice(told, number)
            )
        )
    )
    return path
