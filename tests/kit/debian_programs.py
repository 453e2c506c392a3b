"""Finds programs that are not Python's, or fetches them: `python -m tests.kit.debian_programs`.

Debian's packages are unpacked under `.run/` and not installed: no service starts, and root is not
needed.
"""

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from config.embedded.state import STATE


class NoProgram(RuntimeError):
    """A program is not to be had. The text says what to install."""


@dataclass(frozen=True, slots=True)
class Program:
    """The path of a program, and the environment that it needs to find its libraries."""

    path: str
    environ: Mapping[str, str] = field(default_factory=dict)


def _answers(*words: str) -> Callable[[Program], bool]:
    """Whether a program starts when it is asked for its version."""
    return lambda found: _ends_well([found.path, *words], {"PATH": os.defpath, **found.environ})


def _ends_well(command: list[str], environ: Mapping[str, str]) -> bool:
    try:
        trial = subprocess.run(command, check=False, capture_output=True, timeout=60, env=environ)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return trial.returncode == 0


@dataclass(frozen=True, slots=True)
class Package:
    """A package of Debian: its name, the file that is wanted of it, whether that works, and the
    packages that it needs beside its libraries."""

    name: str
    file: str
    works: Callable[[Program], bool]
    also: tuple[str, ...] = ()


# The names of `python -m tests.kit.debian_programs`.
PROGRAMS = {
    "pgbouncer": Package("pgbouncer", "usr/sbin/pgbouncer", _answers("--version")),
    "haproxy": Package("haproxy", "usr/sbin/haproxy", _answers("-v")),
    "pgbackrest": Package("pgbackrest", "usr/bin/pgbackrest", _answers("--version")),
    # It runs in Debian's Python.
    "barman": Package(
        "barman",
        "usr/bin/barman",
        _answers("--version"),
        also=("python3-barman", "python3-psycopg2", "python3-dateutil", "python3-six", "rsync"),
    ),
    "nginx": Package("nginx", "usr/sbin/nginx", _answers("-v")),
    "promtool": Package("promtool", "usr/bin/promtool", _answers("--version")),
}


def program(name: str) -> Program:
    """Find a program of `PROGRAMS`: the one that `ENTENTE_…` names, the installed or the fetched.

    :raises NoProgram: if there is none.
    """
    package = PROGRAMS[name]
    found = next(filter(package.works, _candidates(name, package)), None)
    if found is None:
        raise NoProgram(
            f"{name} is not to be had: install Debian's package {package.name}, or set"
            f" ENTENTE_{name.upper()} to the path of {Path(package.file).name}."
        )
    return found


def _candidates(name: str, package: Package) -> Iterator[Program]:
    installed = shutil.which(Path(package.file).name)
    for path in (os.environ.get(f"ENTENTE_{name.upper()}"), installed):
        if path:
            yield Program(path)
    for folder in (Path("/"), unpacked(name)):
        for file in folder.glob(package.file):
            yield Program(str(file), {} if folder == Path("/") else libraries(folder))


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
    return Program(str(target / PROGRAMS[name].file), libraries(target))


def unpacked(name: str) -> Path:
    """The folder in which a program's package is unpacked, if it was fetched."""
    return STATE / PROGRAMS[name].name


def fetch_missing(*names: str) -> bool:
    """Fetch the programs that are not to be had; whether all are there then."""
    missing = [name for name in names if not _is_here(name) and not _fetched(name)]
    return not missing


def _is_here(name: str) -> bool:
    try:
        program(name)
    except NoProgram:
        return False
    return True


def _fetched(name: str) -> bool:
    """Whether a program is here after it was fetched. What the programs of Debian print is shown
    only if it is not."""
    print(f"entente | fetching Debian's {PROGRAMS[name].name}", flush=True)  # noqa: T201
    printed = fetch(name)
    try:
        program(name)
    except NoProgram as problem:
        print(f"{printed}entente | {problem}")  # noqa: T201
        return False
    return True


def fetch(name: str) -> str:
    """Unpack the package of a program and what it needs, of libraries those that are not installed;
    as root the lists of packages are brought up to date first.

    :returns: what the programs of Debian printed.
    """
    folder, package = unpacked(name), PROGRAMS[name]
    folder.mkdir(parents=True, exist_ok=True)
    printed, packages = _update_lists(), (package.name, *package.also)
    for one in (*packages, *_missing_libraries(*packages)):
        printed += _run(folder, "apt-get", "-q", "download", one)
        for file in sorted(folder.glob(f"{one}_*.deb")):
            printed += _run(folder, "dpkg-deb", "--extract", file.name, ".")
            file.unlink()
    return printed


@cache
def _update_lists() -> str:
    return _run(STATE, "apt-get", "-q", "update") if os.geteuid() == 0 else ""


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
        return subprocess.run(command, check=False, capture_output=True, text=True).stdout
    except FileNotFoundError:
        return ""


def _run(folder: Path, *command: str) -> str:
    """Run a program of Debian, and give what it prints."""
    try:
        done = subprocess.run(
            command,
            check=False,
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
    except FileNotFoundError as problem:
        return f"{problem}\n"
    return done.stdout


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="+", choices=PROGRAMS, metavar="NAME")
    sys.exit(0 if fetch_missing(*parser.parse_args().names) else 1)
