"""Finds an nginx for the test of `deploy/nginx.conf`; run as a program it fetches Debian's."""

import os
import shutil
import subprocess

import pytest

from cluster import debian

MISSING = "no nginx is to be had: install Debian's nginx, or set ENTENTE_NGINX to the path of one"


@pytest.fixture(scope="session")
def nginx() -> str:
    """Give the path of an nginx. Without one the test is skipped, and on CI it fails."""
    path = find()
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    return path


def find() -> str | None:
    named = (os.environ.get("ENTENTE_NGINX"), shutil.which("nginx"), "/usr/sbin/nginx")
    candidates = (*named, str(debian.unpacked("nginx") / "usr/sbin/nginx"))
    return next((path for path in candidates if path and _runs(path)), None)


def _runs(path: str) -> bool:
    try:
        trial = subprocess.run([path, "-v"], check=False, capture_output=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return trial.returncode == 0


if __name__ == "__main__":
    if find() is None:
        print("entente | fetching Debian's nginx for the test of deploy/nginx.conf")  # noqa: T201
        debian.fetch("nginx")
    if find() is None:
        print(f"entente | {MISSING}")  # noqa: T201
