"""Finds promtool for the test of `deploy/alerts.yml`; run as a program it fetches Debian's."""

import os
import shutil
import subprocess

import pytest

from cluster import debian

MISSING = "no promtool is to be had: install Debian's promtool, or set ENTENTE_PROMTOOL to its path"


@pytest.fixture(scope="session")
def promtool() -> str:
    """Give the path of promtool. Without it the test is skipped, and on CI it fails."""
    path = find()
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    return path


def find() -> str | None:
    named = (os.environ.get("ENTENTE_PROMTOOL"), shutil.which("promtool"))
    candidates = (*named, str(debian.unpacked("promtool") / "usr/bin/promtool"))
    return next((path for path in candidates if path and _runs(path)), None)


def _runs(path: str) -> bool:
    try:
        trial = subprocess.run([path, "--version"], check=False, capture_output=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return trial.returncode == 0


if __name__ == "__main__":
    if find() is None:
        print("entente | fetching Debian's promtool for the test of deploy/alerts.yml")  # noqa: T201
        debian.fetch("promtool")
    if find() is None:
        print(f"entente | {MISSING}")  # noqa: T201
