"""Runs the commands of docs/operations.md on backups, with the paths and accounts of a test."""

import getpass
import os
import pwd
import re
import shlex
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

from config.embedded import postgres
from config.embedded.postgres import Postgres
from config.embedded.processes import ProcessSpec, start, stop
from tests.kit import debian_programs as debian
from tests.kit.processes import CHECKOUT, eventually, free_port, manage

DOCS = (CHECKOUT / "docs" / "operations.md").read_text(encoding="utf-8")
DEPLOY = CHECKOUT / "deploy"
RECOVERED = "SELECT NOT pg_is_in_recovery()"
HEAD = "SELECT position FROM log_head"


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """What was restored, as the docs start it: its folder, the commands of which the last runs, and
    where it answers here. `settings` are of this test."""

    folder: str
    commands: tuple[str, ...]
    url: str
    settings: Mapping[str, str]


@dataclass(slots=True, kw_only=True)
class Tool:
    """A backup tool beside a server. `paths`: what stands in the docs and in `deploy`, and what it
    is here."""

    server: Postgres
    home: Path
    copy: Copy
    paths: dict[str, str]
    environ: dict[str, str] = field(default_factory=dict)

    @property
    def stamp(self) -> Path:
        """The file of `BACKUP_STAMP`."""
        return self.home / "done" / "stamp"

    def here(self, text: str) -> str:
        """A text of the docs or of `deploy`, with the paths of this test."""
        for there, path in self.paths.items():
            text = text.replace(there, path)
        return text

    def words(self, command: str) -> list[str]:
        """A command as words, without `sudo`: it runs as one account."""
        return [self.here(word) for word in shlex.split(re.sub(r"^sudo -u \w+ ", "", command))]

    def run(self, command: str) -> str:
        """Run a command that is in the docs, and give what it printed."""
        assert command in DOCS
        return self.succeed(command)

    def succeed(self, command: str) -> str:
        done = self.attempt(command)
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        return done.stdout

    def attempt(self, command: str) -> subprocess.CompletedProcess[str]:
        """Run a command as the server's account."""
        return subprocess.run(
            self.words(command),
            check=False,
            capture_output=True,
            text=True,
            timeout=120,
            cwd=self.home,
            env=self.environ,
            **_ids(self.server),  # type: ignore[call-overload]
        )

    def run_unit(self, name: str) -> bool:
        """Run what a unit of `deploy/backup` starts, as systemd does: each command only after the
        one before succeeded. Whether all did."""
        lines = (DEPLOY / "backup" / f"{name}.service").read_text().splitlines()
        commands = [line.partition("=")[2] for line in lines if re.match("ExecStart(Post)?=", line)]
        assert len(commands) == 2
        return all(self.attempt(command).returncode == 0 for command in commands)

    def set_up(self, statements: str) -> None:
        """Run SQL that is in the docs as a superuser."""
        assert statements in DOCS
        with psycopg.connect(self.server.url, autocommit=True) as connection:
            for statement in self.here(statements).split(";\n"):
                connection.execute(statement.encode())

    def configure(self, name: str, *, to: str = "") -> None:
        """Install a file of `deploy` for the account of the tool."""
        file = self.home / (to or name)
        file.write_text(self.here((DEPLOY / name).read_text()))
        self.give(file)

    def give(self, *files: Path) -> None:
        """Let the account of the tool have files, and nobody else."""
        for file in files:
            file.chmod(0o700 if file.is_dir() else 0o600)
            if account := self.server.place.account:
                os.chown(file, account.uid, account.gid)

    @contextmanager
    def recovered(self, data: Path) -> Iterator[str]:
        """Start what was restored, wait until it is open, and give its address."""
        assert [one for one in self.copy.commands if one not in DOCS] == []
        folder = shlex.quote(str(data))
        *others, starts = (
            one.replace("/etc/postgresql/18/main", folder).replace(self.copy.folder, folder)
            for one in self.copy.commands
        )
        for command in others:
            self.succeed(command)
        options = [part for one in self.copy.settings.items() for part in ("-c", "=".join(one))]
        spec = ProcessSpec(
            name="restored",
            command=[*self.words(starts), *options],
            account=self.server.place.account,
            folder=self.home,
            environ=self.environ,
            stop_signals=self.server.child.spec.stop_signals,
            parent_death_signal=self.server.child.spec.parent_death_signal,
        )
        log = self.home / "restored.log"
        with log.open("wb") as output:
            child = start(spec, output=output)
        try:
            url = self.copy.url
            eventually(lambda: not child.alive or _is_open(url), what="it is recovered")
            assert child.alive, log.read_text()[-2_000:]
            yield url
        finally:
            stop([child])


def a_tool(
    server: Postgres,
    program: debian.Program,
    *,
    copy: Copy,
    paths: dict[str, str],
    environ: dict[str, str],
) -> Tool:
    """Put a program beside a server, in a folder of its own in the place of the server. `environ`
    is what it is given, whoever starts it."""
    home = home_of(server)
    home.mkdir()
    programs = home / "bin"
    name = Path(program.path).name
    tool = Tool(server=server, home=home, copy=copy, paths=paths)
    tool.give(home)
    programs.mkdir()
    found = debian.copied(program, name, to=home)
    environ = {**found.environ, **environ}
    exports = "".join(f"export {key}={shlex.quote(value)}\n" for key, value in environ.items())
    _write(programs / name, f'#!/bin/sh\n{exports}exec {shlex.quote(found.path)} "$@"\n')
    (home / "done").mkdir()
    tool.give(home / "done")
    tool.environ |= {"PATH": f"{programs}:{os.defpath}", "LC_ALL": "C", "HOME": str(home)}
    tool.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    tool.paths |= {
        f"/usr/bin/{name}": str(programs / name),
        "/usr/lib/postgresql/18/bin": str(server.place.programs),
        "/var/lib/postgresql/18/main": str(server.data),
        "/var/lib/entente-backup": str(home / "done"),
    }
    return tool


def home_of(server: Postgres) -> Path:
    """The folder of the tool beside a server, without spaces: its path is in commands of shells."""
    return server.place.sockets / "tool"


def account_name(server: Postgres) -> str:
    account = server.place.account
    return pwd.getpwuid(account.uid).pw_name if account else getpass.getuser()


def at_port(url: str, port: int, *, host: str = "") -> str:
    """The same address at another port, and perhaps another host."""
    parts = urlsplit(url)
    account, _, there = parts.netloc.rpartition("@")
    return parts._replace(netloc=f"{account}@{host or there}:{port}").geturl()


def beside(server: Postgres) -> Copy:
    """A copy on the host of the database, as pgBackRest makes them."""
    folder, port = "/var/lib/postgresql/18/copy", 5433
    start = (
        f"sudo -u postgres /usr/lib/postgresql/18/bin/postgres -D {folder}"
        f" -c data_directory={folder} -c port={port}"
        " -c config_file=/etc/postgresql/18/main/postgresql.conf"
        " -c external_pid_file= -c synchronous_standby_names="
    )
    settings = postgres.SETTINGS | {"unix_socket_directories": str(server.place.sockets)}
    return Copy(folder=folder, commands=(start,), url=at_port(server.url, port), settings=settings)


def on_own_host(server: Postgres) -> Copy:
    """A copy on the host of barman. It has no setting of the database's."""
    folder, port = "/var/lib/barman/copy", free_port()
    access = "host entente all samehost scram-sha-256"
    commands = (
        f"sudo -u barman touch {folder}/postgresql.conf",
        f"sudo -u barman sh -c 'echo \"{access}\" > {folder}/pg_hba.conf'",
        (
            f"sudo -u barman /usr/lib/postgresql/18/bin/postgres -D {folder} -c port=5433"
            " -c unix_socket_directories= -c hot_standby=off -c synchronous_standby_names="
            " -c 'restore_command=barman get-wal -P entente %f > %p'"
        ),
    )
    url = at_port(server.url, port, host="127.0.0.1")
    return Copy(folder=folder, commands=commands, url=url, settings={"port": str(port)})


def head(url: str) -> int:
    """The position at which a log ends."""
    return int(ask(url, HEAD))


def ask(url: str, statement: str) -> Any:
    """The one value that a statement gives."""
    with psycopg.connect(url) as connection:
        (value,) = connection.execute(statement.encode()).fetchone()  # type: ignore[misc]
    return value


def audit(url: str, *, seal: Path) -> str:
    """Audit all of a restored database, on which nothing is signed."""
    given = {"DATABASE_URL": url, "DATABASE_OWNER_URL": url, "SEAL_FOLDER": str(seal)}
    done = manage("audit", "--all", **given)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _write(file: Path, text: str) -> None:
    file.write_text(text)
    file.chmod(0o755)


def _is_open(url: str) -> bool:
    with suppress(psycopg.OperationalError), psycopg.connect(url) as connection:
        return connection.execute(RECOVERED).fetchone() == (True,)
    return False


def _ids(server: Postgres) -> dict[str, object]:
    account = server.place.account
    return {"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}
