"""Fetches packages of Debian for tests.

They are unpacked under `.run/` and not installed: nothing is started, and nobody needs root.
"""

import os
import subprocess
from pathlib import Path

from config.embedded.state import STATE


def unpacked(package: str) -> Path:
    """The folder in which a package is unpacked, if it was fetched."""
    return STATE / package


def libraries(package: str) -> dict[str, str]:
    """The environment in which a program of a package finds the libraries fetched with it."""
    folders = sorted({str(one.parent) for one in unpacked(package).glob("usr/lib/**/*.so.*")})
    return {"LD_LIBRARY_PATH": ":".join(folders)} if folders else {}


def fetch(package: str, *libraries: str) -> None:
    """Unpack a package, and others that it needs, into one folder; as root the lists of packages
    are brought up to date first."""
    folder = unpacked(package)
    folder.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        _run(folder, "apt-get", "-q", "update")
    for name in (package, *libraries):
        _run(folder, "apt-get", "-q", "download", name)
        for file in sorted(folder.glob(f"{name}_*.deb")):
            _run(folder, "dpkg-deb", "--extract", file.name, ".")


def _run(folder: Path, *command: str) -> None:
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        subprocess.run(command, check=False, env=environ, cwd=folder, stdin=subprocess.DEVNULL)
    except FileNotFoundError as problem:
        print(f"entente | {problem}")  # noqa: T201
