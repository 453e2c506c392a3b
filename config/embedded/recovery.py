"""A copy of a PostgreSQL server, made from a base backup and its write-ahead log.

The copy has its own folder and a socket that only its user can open, and is never the original: it
reads nothing from it but the backup and the log.
"""

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from config.embedded.children import Child, Pace, ProcessSpec, start, stop
from config.embedded.places import Place
from config.embedded.postgres import NoPostgres

# Nobody but the server's user can enter the folder of the socket.
ACCESS = "local all all trust\n"
# While it recovers nobody reads it: then it needs no settings as large as the original's.
SETTINGS = {
    "listen_addresses": "''",
    "unix_socket_permissions": "0700",
    "hot_standby": "off",
    "shared_buffers": "128MB",
    "archive_mode": "off",
    "recovery_target_action": "promote",
}
RECEIVE_SECONDS = 30
# A server that is open says that it knows no such role.
STRANGER = "nobody-has-this-name"
START_WAL = re.compile(r"^START WAL LOCATION: .* \(file ([0-9A-F]{24})\)$", re.MULTILINE)
WAL = re.compile(r"[0-9A-F]{24}")
# A line of pg_waldump.
COMMIT = re.compile(
    r".* tx: +(?P<top>\d+), lsn: (?P<place>[0-9A-F/]+),.* desc: COMMIT [^;]*"
    r"(?:;.*?subxacts: (?P<inner>[\d ]+))?"
)


@dataclass(slots=True, kw_only=True)
class Copy:
    """A copy in a place. `programs` is the folder of PostgreSQL's programs: of the version of the
    original."""

    place: Place
    programs: Path
    pace: Pace
    child: Child | None = None

    @property
    def data(self) -> Path:
        return self.place.home / "postgres" / "data"

    @property
    def wal(self) -> Path:
        """The write-ahead log from which it recovers."""
        return self.place.home / "postgres" / "wal"

    def url(self, *, database: str, role: str) -> str:
        """Its address. It asks for no password."""
        folder = quote(str(self.place.sockets), safe="")
        return f"postgres://{quote(role)}@{folder}/{quote(database)}"

    @contextmanager
    def receiving(self, source: str) -> Iterator[None]:
        """Receive the original's write-ahead log until the end of the block."""
        self._make(self.wal)
        child = self._run("pg_receivewal", "-D", str(self.wal), "--no-loop", source=source)
        try:
            begun = "Nothing is received of the write-ahead log"
            self._wait(child, lambda: any(self.wal.iterdir()), what=begun)
            yield
        finally:
            stop([child], pace=self.pace)
        for unfinished in self.wal.glob("*.partial"):
            unfinished.rename(unfinished.with_suffix(""))

    def back_up(self, source: str) -> None:
        """Make a base backup of the original, without its write-ahead log."""
        options = ["-D", str(self.data), "--checkpoint", "fast", "--wal-method", "none"]
        child = self._run("pg_basebackup", *options, source=source)
        while child.alive:
            self.pace.pause(0.02)
        if child.process.returncode:
            raise NoPostgres(f"There is no base backup:\n{self._said()}")

    def take_backup(self, folder: Path) -> None:
        """Use a copy of a base backup that was made before.

        :raises NoPostgres: if it has links, such as those of tablespaces. The copy would write
            where they lead.
        """
        if links := [path for path in sorted(folder.rglob("*")) if path.is_symlink()]:
            raise NoPostgres(f"A backup with links, such as tablespaces, is not used: {links[0]}")
        shutil.copytree(folder, self.data)
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        self._give()

    def take_archive(self, folder: Path) -> None:
        """Use copies of what an archive has from the beginning of the backup on."""
        label = START_WAL.search((self.data / "backup_label").read_text())
        first = label[1][8:] if label else ""
        self._make(self.wal)
        for path in folder.iterdir():
            if path.suffix == ".history" or (WAL.fullmatch(path.name) and path.name[8:] >= first):
                shutil.copyfile(path, self.wal / path.name)
        self._give()

    def commit_of(self, transaction: int) -> str:
        """The place in its write-ahead log at which a transaction, or one inside another, was
        committed; empty if it is not there."""
        names = sorted(path.name for path in self.wal.iterdir() if WAL.fullmatch(path.name))
        program, ends = str(self.programs / "pg_waldump"), [names[0], names[-1]] if names else []
        command = [program, "--rmgr", "Transaction", "--path", str(self.wal), *ends]
        with subprocess.Popen(  # noqa: S603
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ) as process:
            for line in process.stdout or ():
                found = COMMIT.match(line)
                if found and str(transaction) in (found["top"], *(found["inner"] or "").split()):
                    process.kill()
                    return found["place"]
        return ""

    def recover(self, target: Mapping[str, str]) -> None:
        """Start it, let it recover up to the target or as far as it can, and open it.

        :raises NoPostgres: it does not come as far.
        """
        settings = SETTINGS | dict(target)
        settings["unix_socket_directories"] = f"'{self.place.sockets}'"
        settings["restore_command"] = f'\'cp "{self.wal}/%f" "%p"\''
        lines = "".join(f"{name} = {value}\n" for name, value in settings.items())
        (self.data / "postgresql.conf").write_text(lines)
        (self.data / "postgresql.auto.conf").write_text("")
        (self.data / "pg_hba.conf").write_text(ACCESS)
        (self.data / "pg_ident.conf").write_text("")
        (self.data / "standby.signal").unlink(missing_ok=True)
        (self.data / "recovery.signal").touch()
        self._give()
        self.data.chmod(0o700)
        self.child = self._run("postgres", "-D", str(self.data))
        self._wait(self.child, self._is_open, what="The copy does not recover", seconds=24 * 3600)

    def stop(self) -> None:
        """Stop its server."""
        if self.child:
            stop([self.child], pace=self.pace)

    def _is_open(self) -> bool:
        """Whether it has ended its recovery: before, it takes no connections."""
        url = self.url(database="template1", role=STRANGER)
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError as problem:
            return STRANGER in str(problem)
        return True

    def _wait(
        self, child: Child, done: Callable[[], bool], *, what: str, seconds: float = RECEIVE_SECONDS
    ) -> None:
        end = time.monotonic() + seconds
        while not done():
            if not child.alive or time.monotonic() > end:
                stop([child], pace=self.pace)
                raise NoPostgres(f"{what}:\n{self._said()}")
            self.pace.pause(0.05)

    def _run(self, program: str, *arguments: str, source: str = "") -> Child:
        options, password = _connection(source) if source else ([], "")
        spec = ProcessSpec(
            name=program,
            command=[str(self.programs / program), *arguments, *options],
            account=self.place.account,
            folder=self.place.home,
            environ={"PATH": os.defpath, "LC_ALL": "C", "PGPASSWORD": password},
            stop_signals=((signal.SIGINT, 20), (signal.SIGQUIT, 8), (signal.SIGKILL, 5)),
            parent_death_signal=signal.SIGQUIT,
        )
        with self._log.open("ab") as log:
            return start(spec, output=log)

    @property
    def _log(self) -> Path:
        return self.place.home / "copy.log"

    def _said(self) -> str:
        with suppress(FileNotFoundError):
            return "\n".join(self._log.read_text(errors="replace").splitlines()[-15:])
        return ""

    def _make(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, exist_ok=True)
        self._give()

    def _give(self) -> None:
        """Give what is in the folder to the server's user."""
        if account := self.place.account:
            home = self.place.home / "postgres"
            for path in (home, *home.rglob("*")):
                os.chown(path, account.uid, account.gid, follow_symlinks=False)


def _connection(source: str) -> tuple[list[str], str]:
    """The options of a program that connects, and the password: others can read the options."""
    given = {name: str(value) for name, value in conninfo_to_dict(source).items()}
    password = given.pop("password", "")
    given.pop("dbname", None)
    return ["-d", make_conninfo(**given), "--no-password"], password
