"""Finds an nginx for the test of `deploy/nginx.conf`; run as a program it fetches Debian's.

The package is unpacked under `.run/` and not installed: nothing is started, and nobody needs root.
"""

import os
import shutil
import subprocess

import pytest

from config.embedded.state import STATE

UNPACKED = STATE / "nginx"
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
    candidates = (*named, str(UNPACKED / "usr/sbin/nginx"))
    return next((path for path in candidates if path and _runs(path)), None)


def fetch() -> None:
    """Unpack Debian's package; as root the lists of packages are brought up to date first."""
    UNPACKED.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        _run("apt-get", "-q", "update")
    _run("apt-get", "-q", "download", "nginx")
    for package in sorted(UNPACKED.glob("nginx_*.deb")):
        _run("dpkg-deb", "--extract", package.name, ".")


def _run(*command: str) -> None:
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        subprocess.run(command, check=False, env=environ, cwd=UNPACKED, stdin=subprocess.DEVNULL)
    except FileNotFoundError as problem:
        print(f"entente | {problem}")  # noqa: T201


def _runs(path: str) -> bool:
    try:
        trial = subprocess.run([path, "-v"], check=False, capture_output=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return trial.returncode == 0


if __name__ == "__main__":
    if find() is None:
        print("entente | fetching Debian's nginx for the test of deploy/nginx.conf")  # noqa: T201
        fetch()
    if find() is None:
        print(f"entente | {MISSING}")  # noqa: T201
