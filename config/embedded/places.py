"""Where private servers keep their files, and whom they run as.

An ordinary user's are in the clone, under `.run`. PostgreSQL refuses to run as root, and an
unprivileged user may not be able to reach root's clone, so root's are under `/var/lib/entente`.
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
from config.embedded.held import Held, hold
from config.embedded.state import CLONE, STATE, own_secrets

VAULT = Path("/var/lib/entente")
ACCOUNT = "entente"
# The system's limit for a socket's path is 104 to 108 bytes, its file name included.
LONGEST_SOCKET_FOLDER = 80
# What a clone's own record leaves in the clone.
LASTING = ("postgres*", "valkey*", "spool", "beat-schedule*", "*.json", "token")


class BadPlace(RuntimeError):
    """A folder that the servers need is not to be had; says which and the way out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The unprivileged user that root's servers run as."""

    uid: int
    gid: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where one PostgreSQL and one Valkey live. Without an account they run as who starts them."""

    home: Path
    programs: wheels.Programs
    account: Account | None

    @property
    def sockets(self) -> Path:
        """The folder of the PostgreSQL socket, which only the servers' user may enter."""
        return socket_folder(self.home)


def lasting() -> Place:
    """Give the place of this clone's own record; it is there from now on."""
    if os.geteuid() != 0:
        return _place(shelf())
    # By instance too, so that a new clone at an old path does not wake the old one's record.
    return _place(shelf() / own_secrets()["instance"])


@contextlib.contextmanager
def passing() -> Iterator[Place]:
    """Lend a place that is removed afterwards; those left by killed processes are swept up."""
    sweep()
    draft = Path(tempfile.mkdtemp(prefix=".passing-", dir=shelf()))
    with hold(draft / "lock"):
        # Only what is locked already gets the name that others sweep.
        home = draft.rename(draft.with_name(draft.name[1:]))
        try:
            yield _place(home)
        finally:
            remove(home)


def sweep() -> None:
    """Remove the passing places whose process is gone."""
    for home in shelf().glob("passing-*"):
        with contextlib.suppress(Held, OSError), hold(home / "lock"):
            remove(home)


def remove(home: Path) -> None:
    """Remove a place and its data."""
    shutil.rmtree(socket_folder(home), ignore_errors=True)
    shutil.rmtree(home, ignore_errors=True)


def forget() -> None:
    """Remove the lasting place and the clone's secrets; with root's, the copied programs too."""
    if os.geteuid() == 0:
        remove(shelf() / own_secrets()["instance"])
        if not [left for left in shelf().iterdir() if not left.name.startswith("servers-")]:
            shutil.rmtree(shelf())
    shutil.rmtree(socket_folder(STATE), ignore_errors=True)
    for name in LASTING:
        for path in STATE.glob(name):
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _place(home: Path) -> Place:
    home.mkdir(exist_ok=True)
    if os.geteuid() != 0:
        private(socket_folder(home), owner=None)
        return Place(home=home, programs=wheels.installed(), account=None)
    home.chmod(0o711)
    account = _owner(home / "postgres") or _account()
    for folder in (home / "postgres", home / "valkey", socket_folder(home)):
        private(folder, owner=account)
    return Place(home=home, programs=wheels.copied(home.parent), account=account)


def shelf() -> Path:
    """Give the folder that this clone's places are in, made if need be."""
    if os.geteuid() != 0:
        STATE.mkdir(exist_ok=True)
        return STATE
    vault = VAULT / hashlib.sha256(os.fsencode(CLONE)).hexdigest()[:16]
    for folder in (VAULT, vault):
        if not folder.is_dir():
            folder.mkdir(parents=True)
            # The servers' user has to reach its own folders in them.
            folder.chmod(0o755)
    return vault


def private(folder: Path, *, owner: Account | None) -> None:
    """Make a folder that only `owner` enters; one that is there must be so already."""
    uid = owner.uid if owner else os.geteuid()
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != uid or found.st_mode & 0o077:
            raise BadPlace(f"{folder} is there, but not as a private folder: remove it.") from None
    else:
        if owner:
            os.chown(folder, owner.uid, owner.gid)


def socket_folder(home: Path) -> Path:
    inside = home / "socket"
    # Blanks, commas and letters beyond ASCII mean something else to PostgreSQL's settings.
    if len(str(inside)) <= LONGEST_SOCKET_FOLDER and re.fullmatch(r"[\w./-]+", str(inside), re.A):
        return inside
    name = f"entente-{os.geteuid()}-{hashlib.sha256(os.fsencode(home)).hexdigest()[:16]}"
    folders = (tempfile.gettempdir(), "/tmp")  # noqa: S108
    return next(
        (Path(folder) / name for folder in folders if len(folder) <= LONGEST_SOCKET_FOLDER // 2),
        Path(folders[-1]) / name,
    )


def _owner(data: Path) -> Account | None:
    with contextlib.suppress(FileNotFoundError):
        found = data.lstat()
        return Account(uid=found.st_uid, gid=found.st_gid)
    return None


def _account() -> Account:
    """Give the system user for the servers, made if need be, else nobody."""
    path = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
    if _named(ACCOUNT) is None and (useradd := shutil.which("useradd", path=path)):
        subprocess.run(  # noqa: S603
            [useradd, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", ACCOUNT],
            check=False,
            capture_output=True,
        )
    account = _named(ACCOUNT) or _named("nobody")
    if account is None:
        raise BadPlace(f"PostgreSQL cannot run as root: make a system user named {ACCOUNT}.")
    return account


def _named(name: str) -> Account | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(uid=entry.pw_uid, gid=entry.pw_gid) if entry.pw_uid else None
