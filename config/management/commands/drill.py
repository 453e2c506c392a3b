"""`manage.py drill`: proves that the database can be recovered, on a copy of it.

The database itself is only read. The copy has a folder and a socket of its own, and is removed.
"""

import os
import re
import subprocess
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from psycopg.conninfo import conninfo_to_dict

from config import embedded
from config.embedded import places
from config.embedded.children import Sleep
from config.embedded.places import BadPlace
from config.embedded.postgres import NoPostgres
from config.embedded.recovery import Copy
from config.embedded.wheels import NoServers

HEAD = "SELECT log_id::text, position, last_recorded_at, incarnation::text FROM log_head"
# The transaction that wrote an event. Commits are in the order of positions.
WRITTEN_BY = """
    SELECT xmin::text FROM event WHERE position = %(position)s
    UNION ALL SELECT xmin::text FROM event_run
    WHERE first <= %(position)s AND last >= %(position)s"""
ACCOUNT = "SELECT username FROM auth_user WHERE is_active ORDER BY is_superuser DESC, id LIMIT 1"
TABLESPACES = "SELECT spcname FROM pg_tablespace WHERE spcname NOT LIKE 'pg\\_%' ORDER BY 1"
LSN = re.compile(r"[0-9A-Fa-f]{1,8}/[0-9A-Fa-f]{1,8}")
WATCH_SECONDS = 3.0
PROBLEMS = (NoPostgres, BadPlace, NoServers, psycopg.Error, OSError)
OPTIONS: dict[str, dict[str, Any]] = {
    "--replication": {
        "metavar": "ADDRESS",
        "help": "the address of a role that may replicate (default: DATABASE_REPLICATION_URL, or"
        " that of make run)",
    },
    "--backup": {
        "type": Path,
        "metavar": "FOLDER",
        "help": "a base backup that you have, in PostgreSQL's plain format (default: make one)",
    },
    "--archive": {
        "type": Path,
        "metavar": "FOLDER",
        "help": "your archive of the write-ahead log (default: receive it meanwhile)",
    },
    "--to": {
        "metavar": "POINT",
        "help": "where to stop: a position of the log, an LSN, or a time with UTC offset"
        " (default: recover everything)",
    },
    "--watch": {
        "type": float,
        "default": WATCH_SECONDS,
        "metavar": "SECONDS",
        "help": f"how long to go on receiving after the backup (default: {WATCH_SECONDS:g})",
    },
    "--programs": {
        "type": Path,
        "metavar": "FOLDER",
        "help": "PostgreSQL's programs, of the version of the server (default: those of make run)",
    },
}


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a log, by its id."""

    log: str
    position: int
    recorded_at: datetime
    incarnation: str

    def refuse_another(self, other: "Head") -> None:
        """
        :raises CommandError: if the other is not the end of the same log.
        """
        if self.log != other.log:
            raise CommandError(
                f"the backup has another log ({self.log}) than the database ({other.log}):"
                " does --backup or --replication belong to this database?"
            )

    def lacks(self, other: "Head") -> tuple[int, timedelta]:
        """The events of another log that this one does not have, and the time in which they were
        recorded. A copy may be ahead: events arrive while it is made."""
        if self.position >= other.position:
            return 0, timedelta(0)
        late = other.recorded_at - self.recorded_at
        return other.position - self.position, max(late, timedelta(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """How long each step took, and what would be lost."""

    backup: float
    restore: float
    audit: float
    events: int
    time: timedelta

    @property
    def line(self) -> str:
        """For programs."""
        return (
            f"drill backup_s={self.backup:.2f} restore_s={self.restore:.2f}"
            f" audit_s={self.audit:.2f} rpo_events={self.events}"
            f" rpo_s={self.time.total_seconds():.2f}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Point:
    """Where the recovery stops. `written_by`: the transaction that wrote a position's event."""

    place: str = ""
    time: str = ""
    position: int = 0
    written_by: int = 0

    @classmethod
    def of(cls, text: str | None, *, owner: str) -> "_Point":
        if text is None:
            return cls()
        if LSN.fullmatch(text):
            return cls(place=text)
        if text.isdecimal():
            with psycopg.connect(owner) as connection:
                row = connection.execute(WRITTEN_BY, {"position": int(text)}).fetchone()
            if row is None:
                raise CommandError(f"the log has no position {text}")
            return cls(position=int(text), written_by=int(row[0]))
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None:
            raise CommandError(f"{text} is no position, LSN or time with UTC offset")
        return cls(time=moment.isoformat())

    def setting(self, copy: Copy) -> dict[str, str]:
        """PostgreSQL's setting that stops the recovery of a copy there."""
        place = copy.commit_of(self.written_by) if self.position else self.place
        if self.position and not place:
            raise CommandError(
                f"position {self.position} is not in the write-ahead log after the backup: take an"
                " older backup, or a later position"
            )
        if self.time:
            return {"recovery_target_time": f"'{self.time}'"}
        return {"recovery_target_lsn": f"'{place}'"} if place else {}


class Command(BaseCommand):
    """`manage.py drill --archive /var/backups/wal --backup /var/backups/base --to 41200`"""

    help = "recover a copy of the database, check it, and say how long it took and what was lost"
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        for name, given in OPTIONS.items():
            parser.add_argument(name, **given)

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["backup"] and not options["archive"]:
            raise CommandError("a backup that you have needs its --archive")
        try:
            with places.temporary_place() as place:
                programs = options["programs"] or place.programs.postgres
                copy = Copy(place=place, programs=programs, pace=Sleep())
                try:
                    self.stdout.write(self._drill(copy, options).line)
                finally:
                    copy.stop()
        except PROBLEMS as problem:
            raise CommandError(str(problem).strip()) from problem

    def _drill(self, copy: Copy, options: dict[str, Any]) -> Result:
        owner = embedded.owner_url(os.environ)
        point = _Point.of(options["to"], owner=owner)
        backup, lost_at = self._back_up(copy, options, owner=owner)
        if options["archive"]:
            copy.take_archive(options["archive"])
        restore, _ = _timed(lambda: copy.recover(point.setting(copy)))
        given = conninfo_to_dict(owner)
        url = copy.url(database=str(given["dbname"]), role=str(given["user"]))
        restored = _head(url)
        restored.refuse_another(lost_at)
        self.stdout.write(
            f"the copy was recovered in {restore:.1f} s; its log ends at position"
            f" {restored.position}, that of the database at {lost_at.position}"
        )
        if point.position and restored.position != point.position:
            raise CommandError(f"the copy ends at {restored.position}, not at {point.position}")
        audit, said = _timed(lambda: _manage(url, "audit", "--all"))
        self.stdout.write(f"{said} (audit of the copy, {audit:.1f} s)")
        events, late = restored.lacks(lost_at)
        self._reopen(url, restored, lost=events > 0)
        return Result(backup=backup, restore=restore, audit=audit, events=events, time=late)

    def _back_up(self, copy: Copy, options: dict[str, Any], *, owner: str) -> tuple[float, Head]:
        """Make or take the base backup. Gives how long it took, and the end of the log at the
        moment at which the database counts as lost."""
        if options["backup"]:
            seconds, _ = _timed(lambda: copy.take_backup(options["backup"]))
            return seconds, _head(owner)
        source = options["replication"] or embedded.replication_url(os.environ)
        if not source:
            raise CommandError(
                "no role may replicate: set --replication or DATABASE_REPLICATION_URL, or start"
                " make run"
            )
        _refuse_tablespaces(owner)
        with copy.receiving(source) if not options["archive"] else _nothing():
            seconds, _ = _timed(lambda: copy.back_up(source))
            self.stdout.write(f"a base backup was made in {seconds:.1f} s")
            time.sleep(options["watch"])
            return seconds, _head(owner)

    def _reopen(self, url: str, restored: Head, *, lost: bool) -> None:
        """Open the copy as the log that goes on, as the runbook says, and see that it is another
        incarnation."""
        with psycopg.connect(url) as connection:
            row = connection.execute(ACCOUNT).fetchone()
        if row is None:
            raise CommandError("the copy has no account that could reopen its log")
        words = ["--lost-from", str(restored.position + 1)] if lost else ["--nothing-lost"]
        reasons = ["--reason", "a drill on a copy", "--authority", "manage.py drill"]
        _manage(url, "log", "reopen", *words, *reasons, "--user", row[0])
        reopened = _head(url)
        if reopened.incarnation == restored.incarnation:
            raise CommandError("the copy was reopened, but has the incarnation of the database")
        self.stdout.write("the copy was reopened as another incarnation")


def _refuse_tablespaces(owner: str) -> None:
    """The copy's tablespaces would be those of the database."""
    with psycopg.connect(owner) as connection:
        names = [name for (name,) in connection.execute(TABLESPACES).fetchall()]
    if names:
        raise CommandError(f"a database with tablespaces cannot be copied: {', '.join(names)}")


def _head(url: str) -> Head:
    with psycopg.connect(url) as connection:
        row = connection.execute(HEAD).fetchone()
    if row is None:
        raise CommandError("the database has no log")
    return Head(*row)


def _manage(url: str, *words: str) -> str:
    """Run a command on the copy. Nothing of it is signed, or remembered by this host."""
    with TemporaryDirectory() as folder:
        done = subprocess.run(  # noqa: S603
            [sys.executable, "manage.py", *words],
            cwd=settings.BASE_DIR,
            env=os.environ
            | {"DATABASE_URL": url, "DATABASE_OWNER_URL": url, "SEAL_FOLDER": folder},
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        raise CommandError(f"{words[0]} of the copy failed:\n{done.stdout}{done.stderr}")
    return done.stdout.strip()


def _timed[T](work: Callable[[], T]) -> tuple[float, T]:
    began = time.monotonic()
    result = work()
    return time.monotonic() - began, result


@contextmanager
def _nothing() -> Iterator[None]:
    yield
