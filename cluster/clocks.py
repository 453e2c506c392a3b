"""Wrong clocks for hosts, by Debian's libfaketime. They can be moved while programs run."""

import os
import subprocess
import sys
from pathlib import Path

from cluster import debian

PACKAGE = "libfaketime"
NAME = "faketime/libfaketimeMT.so.1"
MISSING = (
    "no libfaketime is to be had: install Debian's libfaketime, or set ENTENTE_FAKETIME to the"
    " path of libfaketimeMT.so.1"
)
# Pauses last as long as they should. Without the second, each process that is killed would leave
# files behind.
_SAME = {"FAKETIME_DONT_FAKE_MONOTONIC": "1", "FAKETIME_DISABLE_SHM": "1"}


def wrong_clock(path: str, offset: str) -> dict[str, str]:
    """The environment of a program whose clock is off, such as by "+20d" or "-1h". Pauses last as
    long as they should."""
    return {"LD_PRELOAD": path, "FAKETIME": offset, **_SAME}


def moving_clock(path: str, file: Path) -> dict[str, str]:
    """The environment of a program whose clock is off by what a file says, read each second."""
    return {
        "LD_PRELOAD": path,
        "FAKETIME_TIMESTAMP_FILE": str(file),
        "FAKETIME_CACHE_DURATION": "1",
        **_SAME,
    }


def find() -> str | None:
    """The path of libfaketime: the one that is named, the installed or the fetched."""
    folders = [Path("/usr/lib"), debian.unpacked(PACKAGE) / "usr/lib"]
    candidates = [
        os.environ.get("ENTENTE_FAKETIME", ""),
        *(str(path) for folder in folders for path in folder.glob(f"*/{NAME}")),
    ]
    return next((path for path in candidates if path and _works(path)), None)


def _works(path: str) -> bool:
    year = [sys.executable, "-c", "import time; print(time.gmtime(0 + time.time()).tm_year)"]
    environ = {**os.environ, **wrong_clock(path, "@1999-05-01 00:00:00")}
    trial = subprocess.run(year, check=False, env=environ, capture_output=True, timeout=60)  # noqa: S603
    return trial.stdout.strip() == b"1999"
