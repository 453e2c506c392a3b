"""The folders and the user account of private servers.

An ordinary user's folders are in the clone, under `.run`. PostgreSQL refuses to run as root, and an
unprivileged user perhaps cannot reach root's clone, so root's folders are under `/var/lib/entente`.
"""

import contextlib
import hashlib
import os
import pwd
import re
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from config.embedded import wheels
from config.embedded.lockfile import AlreadyLocked, hold
from config.embedded.state import CLONE, STATE, clone_secrets

ROOT_FOLDER = Path("/var/lib/entente")
ACCOUNT = "entente"
# Systems limit the path of a socket, file name included, to 104 to 108 bytes.
LONGEST_SOCKET_FOLDER = 80
# Files of the record inside the clone.
PERMANENT = ("postgres*", "valkey*", "spool", "seal", "beat-schedule*", "*.json", "token")


# The folder of the benchmarks' databases.
BENCHMARKS = "benchmarks"


class BadPlace(RuntimeError):
    """The servers cannot use a folder or account. The text names it and a fix."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The unprivileged user that runs root's servers."""

    uid: int
    gid: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The files of one PostgreSQL and one Valkey. Without an account they run as the caller."""

    home: Path
    programs: wheels.Programs
    account: Account | None

    @property
    def sockets(self) -> Path:
        """The folder of the PostgreSQL socket; only the servers' user may enter it."""
        return socket_folder(self.home)


def permanent_place() -> Place:
    """The place of this clone's record, created if missing."""
    if os.geteuid() != 0:
        return _place(base_folder())
    # One folder per instance, so that a new clone at the same path does not use the old record.
    return _place(base_folder() / clone_secrets()["instance"])


@contextlib.contextmanager
def benchmark_place() -> Iterator[Place]:
    """The place of the benchmarks, whose databases are kept between runs.

    :raises BadPlace: if another process uses it.
    """
    home = base_folder() / BENCHMARKS
    home.mkdir(exist_ok=True)
    with _alone(home):
        yield _place(home)


@contextlib.contextmanager
def _alone(home: Path) -> Iterator[None]:
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(hold(home / "lock"))
        except AlreadyLocked:
            raise BadPlace("A benchmark is running in this clone. Try again later.") from None
        yield


def remove_benchmarks() -> None:
    """Remove the databases of the benchmarks.

    :raises BadPlace: if a benchmark is running.
    """
    home = base_folder() / BENCHMARKS
    if home.exists():
        with _alone(home):
            remove(home)


@contextlib.contextmanager
def temporary_place() -> Iterator[Place]:
    """A place that is removed afterwards. Also removes the places of killed processes."""
    remove_abandoned()
    draft = Path(tempfile.mkdtemp(prefix=".temporary-", dir=base_folder()))
    with hold(draft / "lock"):
        # Rename only after locking: `remove_abandoned` looks for the new name.
        home = draft.rename(draft.with_name(draft.name[1:]))
        try:
            yield _place(home)
        finally:
            remove(home)


def inner_place(outer: Place, name: str) -> Place:
    """A place inside another one, for one of several servers. Remove it before the outer one."""
    home = outer.home / name
    home.mkdir(exist_ok=True)
    home.chmod(0o711)
    for folder in (home / "postgres", socket_folder(home)):
        ensure_private(folder, owner=outer.account)
    return Place(home=home, programs=outer.programs, account=outer.account)


def remove_abandoned() -> None:
    """Remove temporary places whose process has ended."""
    for home in base_folder().glob("temporary-*"):
        with contextlib.suppress(AlreadyLocked, OSError), hold(home / "lock"):
            remove(home)


def remove(home: Path) -> None:
    """Remove a place and its data."""
    shutil.rmtree(socket_folder(home), ignore_errors=True)
    shutil.rmtree(home, ignore_errors=True)


def forget() -> None:
    """Remove the permanent place, the databases of the benchmarks and the clone's secrets; for root
    also the copied programs."""
    remove_benchmarks()
    if os.geteuid() == 0:
        remove(base_folder() / clone_secrets()["instance"])
        if all(path.name.startswith("servers-") for path in base_folder().iterdir()):
            shutil.rmtree(base_folder())
    shutil.rmtree(socket_folder(STATE), ignore_errors=True)
    for name in PERMANENT:
        for path in STATE.glob(name):
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _place(home: Path) -> Place:
    home.mkdir(exist_ok=True)
    if os.geteuid() != 0:
        ensure_private(socket_folder(home), owner=None)
        return Place(home=home, programs=wheels.installed_programs(), account=None)
    home.chmod(0o711)
    account = _owner_of(home / "postgres") or _account()
    for folder in (home / "postgres", home / "valkey", socket_folder(home)):
        ensure_private(folder, owner=account)
    return Place(home=home, programs=wheels.copied_programs(home.parent), account=account)


def base_folder() -> Path:
    """The folder that contains this clone's places, created if missing."""
    if os.geteuid() != 0:
        STATE.mkdir(exist_ok=True)
        return STATE
    clone_folder = ROOT_FOLDER / hashlib.sha256(os.fsencode(CLONE)).hexdigest()[:16]
    for folder in (ROOT_FOLDER, clone_folder):
        if not folder.is_dir():
            folder.mkdir(parents=True)
            # The servers' user must reach its folders inside.
            folder.chmod(0o755)
    return clone_folder


def ensure_private(folder: Path, *, owner: Account | None) -> None:
    """Create a folder that only `owner` can enter.

    :raises BadPlace: if it exists with other rights.
    """
    uid = owner.uid if owner else os.geteuid()
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        status = folder.lstat()
        if not stat.S_ISDIR(status.st_mode) or status.st_uid != uid or status.st_mode & 0o077:
            raise BadPlace(f"{folder} exists, but is no private folder: remove it.") from None
    else:
        if owner:
            os.chown(folder, owner.uid, owner.gid)


def begin_log(log: Path) -> None:
    """Begin a log anew that only its owner can read: it may have what people entered."""
    log.unlink(missing_ok=True)
    log.touch(mode=0o600)


def socket_folder(home: Path) -> Path:
    inside = home / "socket"
    # PostgreSQL's settings treat spaces, commas and letters beyond ASCII specially.
    if len(str(inside)) <= LONGEST_SOCKET_FOLDER and re.fullmatch(r"[\w./-]+", str(inside), re.A):
        return inside
    name = f"entente-{os.geteuid()}-{hashlib.sha256(os.fsencode(home)).hexdigest()[:16]}"
    folders = (tempfile.gettempdir(), "/tmp")  # noqa: S108
    return next(
        (Path(folder) / name for folder in folders if len(folder) <= LONGEST_SOCKET_FOLDER // 2),
        Path(folders[-1]) / name,
    )


def _owner_of(data: Path) -> Account | None:
    with contextlib.suppress(FileNotFoundError):
        status = data.lstat()
        return Account(uid=status.st_uid, gid=status.st_gid)
    return None


def _account() -> Account:
    """The system user for the servers, created if possible, else `nobody`."""
    path = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
    if _account_named(ACCOUNT) is None and (useradd := shutil.which("useradd", path=path)):
        subprocess.run(  # noqa: S603
            [useradd, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", ACCOUNT],
            check=False,
            capture_output=True,
        )
    account = _account_named(ACCOUNT) or _account_named("nobody")
    if account is None:
        raise BadPlace(f"PostgreSQL cannot run as root: create a system user named {ACCOUNT}.")
    return account


def _account_named(name: str) -> Account | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(uid=entry.pw_uid, gid=entry.pw_gid) if entry.pw_uid else None
