"""`manage.py migrate` while tables are in use, after a kill, and twice at once."""

import json
import random
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from config.embedded.children import Child
from tests.faults.test_migrations import (
    BEFORE,
    BUILT,
    a_reader,
    indexes,
    invalid,
    somebody_waits,
    stand_in,
)
from tests.kit.databases import a_clone, address, working_at, working_in
from tests.kit.processes import eventually, management, running
from tracker.management.commands import migrate as command

pytestmark = [pytest.mark.faults, pytest.mark.django_db, pytest.mark.long]
# The migration before one that changes a table of the log.
RELEASED = "0064_alarm_host"
WRITERS = 8
MOST_KILLS = 12
# As web and workers have it.
DRAFT = {"version": 1, "kind": "ActorDescribed", "schema": 1, "body": "{}"}


def migrate(*words: str, patience: float = 60) -> None:
    """Migrate the database that the test works in, in this process."""
    call_command("migrate", *words, verbosity=0, patience=patience)
    connections["default"].close()


@pytest.fixture(scope="module")
def released(template: str, django_db_blocker) -> Iterator[str]:
    """A database as the migration before left it."""
    with a_clone(template) as name:
        with django_db_blocker.unblock(), working_at(address(name)):
            migrate("tracker", RELEASED)
        yield name


@pytest.fixture
def url(released: str, db: None) -> Iterator[str]:
    with a_clone(released) as name, working_in(name):
        yield address(name)


@dataclass
class Writer:
    """Appends until it is told to stop, and keeps what was acknowledged and how long it took."""

    url: str
    stop: threading.Event
    positions: list[int] = field(default_factory=list)
    problem: Exception | None = None

    def run(self) -> None:
        try:
            with psycopg.connect(self.url, autocommit=True) as connection:
                connection.execute("SET lock_timeout = '2s'")
                while not self.stop.is_set():
                    draft = json.dumps([DRAFT | {"stream": str(uuid4())}])
                    row = connection.execute(
                        "SELECT position FROM log_append_in_turn(%s, now(), 'ann')", [draft]
                    ).fetchone()
                    self.positions.append(row[0])
                    time.sleep(0.02)
        except psycopg.Error as problem:
            self.problem = problem


@contextmanager
def writing(url: str) -> Iterator[list[Writer]]:
    """Eight writers at once."""
    stop = threading.Event()
    writers = [Writer(url, stop) for _ in range(WRITERS)]
    threads = [threading.Thread(target=writer.run) for writer in writers]
    for thread in threads:
        thread.start()
    try:
        yield writers
    finally:
        stop.set()
        for thread in threads:
            thread.join()


@contextmanager
def in_use(url: str, table: str) -> Iterator[psycopg.Connection]:
    """Read a table in a transaction that goes on."""
    with psycopg.connect(url) as reader:
        reader.execute(f"SELECT FROM {table} LIMIT 1".encode())
        yield reader


@contextmanager
def in_use_for(url: str, table: str, *, seconds: float) -> Iterator[None]:
    """Read a table in a transaction that ends by itself."""
    with in_use(url, table) as reader:
        ending = threading.Timer(seconds, reader.close)
        ending.start()
        yield
        ending.join()


def allows(url: str) -> list[tuple[str, ...]]:
    """The column of the migration, or nothing."""
    with psycopg.connect(url) as connection:
        return connection.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = 'log_head'::regclass"
            " AND attname = 'minimum_code'"
        ).fetchall()


class TestATableInUse:
    def test_is_changed_when_its_reader_has_ended_and_no_writer_waits_long(self, url: str) -> None:
        with writing(url) as writers, in_use_for(url, "log_head", seconds=3):
            eventually(lambda: all(one.positions for one in writers), what="all write")
            migrate()
            time.sleep(0.3)

        assert allows(url)
        assert [one.problem for one in writers] == [None] * WRITERS
        acknowledged = sorted(position for one in writers for position in one.positions)
        with psycopg.connect(url) as connection:
            rows = connection.execute("SELECT position FROM event ORDER BY 1").fetchall()
        assert [position for (position,) in rows] == acknowledged == [*range(1, len(rows) + 1)]

    def test_is_left_as_it_was_when_its_reader_stays_and_can_be_changed_later(
        self, url: str
    ) -> None:
        with in_use(url, "log_head") as reader:
            with pytest.raises(CommandError, match="Nothing is half done") as gave_up:
                migrate(patience=0)
            assert f"{reader.info.backend_pid} (" in str(gave_up.value)
            assert not allows(url)

        migrate()

        assert allows(url)


class TestTwoAtOnce:
    def test_come_one_after_the_other(self, url: str, capsys) -> None:
        with psycopg.connect(url, autocommit=True) as other:
            other.execute(f"SELECT pg_advisory_lock({command._LOCK})".encode())
            pid = other.info.backend_pid
            ending = threading.Timer(1.5, other.close)
            ending.start()
            migrate()
            ending.join()

        assert allows(url)
        assert f"as its process {pid}: waiting for it" in capsys.readouterr().err


@pytest.fixture(scope="module")
def older(django_db_setup: None, django_db_blocker) -> Iterator[str]:
    """A database before the first migration that builds indexes beside writers."""
    with a_clone("template1") as name:
        with django_db_blocker.unblock(), working_at(address(name)):
            migrate("tracker", BEFORE)
        yield name


@pytest.fixture
def old_url(older: str, db: None) -> Iterator[str]:
    with a_clone(older) as name:
        stand_in(name)
        with working_in(name):
            yield address(name)


def applied(url: str) -> int:
    with psycopg.connect(url) as connection:
        [count] = connection.execute("SELECT count(*) FROM django_migrations").fetchone()
    return int(count)


def sessions(url: str) -> int:
    """How many other sessions this database has."""
    with psycopg.connect(url) as connection:
        query = (
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        [count] = connection.execute(query).fetchone()
    return int(count)


def starts_migrating(url: str, said: Path) -> AbstractContextManager[Child]:
    """Start the command as an operator does."""
    return running(management("migrate", "--verbosity", "0"), output=said, DATABASE_URL=url)


def killed_on_its_way(url: str, said: Path, dice: random.Random) -> bool:
    """Kill a command after so many migrations. False: it had ended before."""
    until = applied(url) + dice.randint(0, 6)
    with starts_migrating(url, said) as child:
        eventually(lambda: applied(url) >= until or not child.alive, what="it goes on")
        time.sleep(dice.uniform(0, 0.15))
        return child.alive


class TestAKill:
    def test_leaves_nothing_that_the_next_migrate_does_not_finish(
        self, old_url: str, tmp_path: Path
    ) -> None:
        said = tmp_path / "said"
        with a_reader(old_url):
            with starts_migrating(old_url, said):
                eventually(lambda: somebody_waits(old_url), what="a build waits for the reader")
            # The server ends what was begun for the command that is gone.
            eventually(lambda: sessions(old_url) == 1, what="its session ends")
            assert invalid(old_url) == 1

        migrate()

        assert indexes(old_url) == dict.fromkeys(BUILT, True)
        assert invalid(old_url) == 0

    @pytest.mark.parametrize("seed", range(3))
    def test_may_come_at_any_moment(self, old_url: str, tmp_path: Path, seed: int) -> None:
        dice = random.Random(seed)  # noqa: S311 # decides when
        kills = 0
        while killed_on_its_way(old_url, tmp_path / "said", dice) and kills < MOST_KILLS:
            kills += 1
        migrate()

        assert kills
        assert indexes(old_url) == dict.fromkeys(BUILT, True)
        assert invalid(old_url) == 0
