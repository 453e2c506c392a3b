"""Fetches packages of Debian for the cluster and for tests.

They are unpacked under `.run/` and not installed: no service starts, and root is not needed.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from config.embedded.state import STATE

PROGRAMS = {
    "pgbouncer": "usr/sbin/pgbouncer",
    "haproxy": "usr/sbin/haproxy",
    "pgbackrest": "usr/bin/pgbackrest",
    "barman": "usr/bin/barman",
}
# What the cluster needs beside Python's packages.
OF_CLUSTER = ("pgbouncer", "haproxy")
# Packages that a program needs beside its own and its libraries. barman runs in Debian's Python.
ALSO = {
    "barman": ("python3-barman", "python3-psycopg2", "python3-dateutil", "python3-six", "rsync")
}


class NoProgram(RuntimeError):
    """A program is not to be had. The text says what to install."""


@dataclass(frozen=True, slots=True)
class Program:
    """The path of a program, and the environment that it needs to find its libraries."""

    path: str
    environ: Mapping[str, str] = field(default_factory=dict)

    def runs(self) -> bool:
        """Whether it starts."""
        environ = {"PATH": os.defpath, **self.environ}
        command = [self.path, "-v" if "haproxy" in Path(self.path).name else "--version"]
        try:
            trial = subprocess.run(  # noqa: S603
                command, check=False, capture_output=True, timeout=60, env=environ
            )
        except (OSError, subprocess.TimeoutExpired):
            return False
        return trial.returncode == 0


def program(name: str) -> Program:
    """Find a program of `PROGRAMS`: the one that `ENTENTE_…` names, the installed or the fetched.

    :raises NoProgram: if there is none.
    """
    inside = PROGRAMS[name]
    named = (os.environ.get(f"ENTENTE_{name.upper()}"), shutil.which(name), f"/{inside}")
    fetched = unpacked(name)
    candidates = [Program(path) for path in named if path and Path(path).exists()]
    if (fetched / inside).exists():
        candidates.append(Program(str(fetched / inside), libraries(fetched)))
    for candidate in candidates:
        if candidate.runs():
            return candidate
    raise NoProgram(
        f"{name} is not to be had: install Debian's package {name}, or set ENTENTE_{name.upper()}"
        " to the path of the program."
    )


def libraries(folder: Path) -> dict[str, str]:
    """The environment of a program that was fetched with its libraries and other packages."""
    environ = {}
    if folders := [str(path) for path in folder.glob("usr/lib/*-linux-*")]:
        environ["LD_LIBRARY_PATH"] = ":".join(folders)
    if (modules := folder / "usr/lib/python3/dist-packages").exists():
        environ["PYTHONPATH"] = str(modules)
        environ["PATH"] = f"{folder / 'usr/bin'}:{os.defpath}"
    return environ


def copied(found: Program, name: str, *, to: Path) -> Program:
    """Copy a fetched program for a user who perhaps cannot reach the folder of the clone."""
    if not found.path.startswith(str(STATE)):
        return found
    target = to / name
    shutil.copytree(
        unpacked(name) / "usr",
        target / "usr",
        ignore=shutil.ignore_patterns("share", "*.deb"),
        symlinks=True,
    )
    for path in (target, *target.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))
    return Program(str(target / PROGRAMS[name]), libraries(target))


def unpacked(package: str) -> Path:
    """The folder in which a package is unpacked, if it was fetched."""
    return STATE / package


def fetch(package: str, *, with_libraries: bool = False) -> None:
    """Unpack a package and what it needs of `ALSO`, with libraries that are not installed if that
    is asked for; as root the lists of packages are brought up to date first."""
    folder = unpacked(package)
    folder.mkdir(parents=True, exist_ok=True)
    _update_lists()
    packages = [package, *ALSO.get(package, ())]
    for name in [*packages, *(_missing_libraries(*packages) if with_libraries else [])]:
        _run(folder, "apt-get", "-q", "download", name)
        for file in sorted(folder.glob(f"{name}_*.deb")):
            _run(folder, "dpkg-deb", "--extract", file.name, ".")
            file.unlink()


@cache
def _update_lists() -> None:
    if os.geteuid() == 0:
        _run(STATE, "apt-get", "-q", "update")


def _missing_libraries(*packages: str) -> list[str]:
    """The libraries that packages need and that are not installed."""
    found: list[str] = []
    waiting = [*packages]
    while waiting:
        lines = _output("apt-cache", "depends", "--important", waiting.pop()).splitlines()
        depends = (line.rpartition("Depends: ")[2] for line in lines if "Depends: lib" in line)
        new = [name for name in depends if name not in found and not _is_installed(name)]
        found += new
        waiting += new
    return found


def _is_installed(package: str) -> bool:
    return _output("dpkg-query", "-W", "-f", "${db:Status-Status}", package) == "installed"


def _output(*command: str) -> str:
    try:
        return subprocess.run(command, check=False, capture_output=True, text=True).stdout  # noqa: S603
    except FileNotFoundError:
        return ""


def _run(folder: Path, *command: str) -> None:
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        subprocess.run(command, check=False, env=environ, cwd=folder, stdin=subprocess.DEVNULL)  # noqa: S603
    except FileNotFoundError as problem:
        print(f"entente | {problem}")  # noqa: T201


def fetch_missing(*names: str) -> bool:
    """Fetch the programs that are not to be had; whether all are there then."""
    complete = True
    for name in names:
        try:
            program(name)
        except NoProgram:
            print(f"entente | fetching Debian's {name}", flush=True)  # noqa: T201
            fetch(name, with_libraries=True)
        try:
            program(name)
        except NoProgram as problem:
            complete = False
            print(f"entente | {problem}")  # noqa: T201
    return complete


if __name__ == "__main__":
    sys.exit(0 if fetch_missing(*(sys.argv[1:] or OF_CLUSTER)) else 1)
