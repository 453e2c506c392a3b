"""Finds libfaketime for tests of wrong clocks; run as a program it fetches Debian's."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cluster import debian

PACKAGE = "libfaketime"
NAME = "faketime/libfaketimeMT.so.1"
MISSING = (
    "no libfaketime is to be had: install Debian's libfaketime, or set ENTENTE_FAKETIME to the"
    " path of libfaketimeMT.so.1"
)


@pytest.fixture(scope="session")
def faketime() -> str:
    """Give the path of libfaketime. Without it the test is skipped, and on CI it fails."""
    path = find()
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    return path


def wrong_clock(path: str, offset: str) -> dict[str, str]:
    """The environment of a program whose clock is off, such as by "+20d" or "-1h". Pauses last as
    long as they should."""
    return {"LD_PRELOAD": path, "FAKETIME": offset, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}


def find() -> str | None:
    folders = [Path("/usr/lib"), debian.unpacked(PACKAGE) / "usr/lib"]
    candidates = [
        os.environ.get("ENTENTE_FAKETIME", ""),
        *(str(path) for folder in folders for path in folder.glob(f"*/{NAME}")),
    ]
    return next((path for path in candidates if path and _works(path)), None)


def _works(path: str) -> bool:
    year = [sys.executable, "-c", "import time; print(time.gmtime(0 + time.time()).tm_year)"]
    environ = {**os.environ, **wrong_clock(path, "@1999-05-01 00:00:00")}
    trial = subprocess.run(year, check=False, env=environ, capture_output=True, timeout=60)
    return trial.stdout.strip() == b"1999"


if __name__ == "__main__":
    if find() is None:
        print("entente | fetching Debian's libfaketime for the tests of wrong clocks")  # noqa: T201
        debian.fetch(PACKAGE)
    if find() is None:
        print(f"entente | {MISSING}")  # noqa: T201
