"""What `/healthz`, `/readyz`, pages and the API answer in each state of what they need: the table
in docs/operations.md."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from config.embedded.postgres import Postgres
from config.embedded.servers import Servers
from config.embedded.valkey import Valkey
from tests.kit.databases import ROLES, Template, a_clone, address, at, of_app, working_at
from tests.kit.health import PAGE, SOURCES, Answers, a_source, in_process, over_http, table
from tests.kit.private_servers import private_servers
from tests.kit.processes import eventually, processes
from tests.kit.sites import served
from tests.kit.standbys import copy_into
from tests.kit.web_servers import place

pytestmark = [pytest.mark.faults, pytest.mark.django_db, pytest.mark.long]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plant:
    answers: Answers
    postgres: Postgres
    broker: Valkey

    def freeze(self, *, signal_: signal.Signals, database: bool, broker: bool) -> None:
        if database:
            main = self.postgres.child.process.pid  # type: ignore[union-attr]
            for one in processes():
                if main in (one.pid, one.parent):
                    os.kill(one.pid, signal_)
        if broker:
            self.broker.child.send_signal(signal_)  # type: ignore[union-attr]

    def becomes(self, state: str) -> None:
        """Wait until it answers as the table says several times. There are two processes, each of
        which finds out by itself, and one may take many requests in a row."""
        wanted = table()[state]
        eventually(
            lambda: all(self.answers.row() == wanted for _ in range(3)),
            what=f"it answers {wanted}",
        )


@pytest.fixture(scope="module")
def plant(seed_template: Template, django_db_blocker, tmp_path_factory) -> Iterator[Plant]:
    """One for all tests of this file, since it takes long to start."""
    folder = tmp_path_factory.mktemp("plant")
    with ExitStack() as stack:
        stack.enter_context(django_db_blocker.unblock())
        servers: Servers = stack.enter_context(private_servers(base={}))
        assert servers.postgres is not None
        assert servers.valkey is not None
        copy_into(servers.postgres, seed_template.name)
        environ = (
            os.environ
            | place("any", str(folder))
            | {
                "DATABASE_URL": at(servers.postgres.url, ROLES.app),
                "REDIS_URL": servers.valkey.url,
                "ANONYMOUS_READERS": "1",
            }
        )
        url = stack.enter_context(served(environ, answers=PAGE))
        yield Plant(
            answers=over_http(url, seed_template.facts["token"]),
            postgres=servers.postgres,
            broker=servers.valkey,
        )


@contextmanager
def frozen(plant: Plant, **which: bool) -> Iterator[None]:
    plant.freeze(signal_=signal.SIGSTOP, **which)
    try:
        yield
    finally:
        plant.freeze(signal_=signal.SIGCONT, **which)


@contextmanager
def down(plant: Plant, *, database: bool, broker: bool) -> Iterator[None]:
    stopped = [plant.postgres] * database + [plant.broker] * broker
    for server in stopped:
        server.stop()
    try:
        yield
    finally:
        for server in stopped:
            server.start()


class TestASite:
    @pytest.mark.parametrize(
        ("state", "fault", "which"),
        [
            ("broker frozen", frozen, {"database": False, "broker": True}),
            ("broker down", down, {"database": False, "broker": True}),
        ],
    )
    def test_answers_in_each_state_and_is_well_again(
        self, plant: Plant, state: str, fault, which: dict[str, bool]
    ) -> None:
        plant.becomes("all is well")
        with fault(plant, **which):
            plant.becomes(state)
        plant.becomes("all is well")

    def test_is_not_ready_while_the_database_is_frozen(self, plant: Plant) -> None:
        plant.becomes("all is well")
        with frozen(plant, database=True, broker=False):
            eventually(
                lambda: plant.answers.one("/readyz") == "503 not ready", what="it is not ready"
            )
            assert plant.answers.one("/healthz") == "200"
        plant.becomes("all is well")

    @pytest.mark.parametrize(
        ("state", "also"), [("database down", ""), ("database and broker down", "broker")]
    )
    def test_says_that_the_database_is_down(self, plant: Plant, state: str, also: str) -> None:
        with down(plant, database=True, broker=bool(also)):
            plant.becomes(state)
        with psycopg.connect(plant.postgres.url) as server:
            server.execute("SELECT 1")
        plant.becomes("all is well")


class TestAProcess:
    @pytest.fixture(autouse=True)
    def _open(self, settings) -> None:
        settings.ANONYMOUS_READERS = True

    def test_without_tables_says_so(self, seed_template: Template) -> None:
        with a_clone("template1") as name, working_at(address(name)):
            assert (
                in_process(seed_template.facts["token"]).row()
                == table()["tables of another version"]
            )

    def test_with_one_migration_missing_is_not_ready(self, seed_template: Template) -> None:
        with a_clone(seed_template.name) as name:
            with psycopg.connect(address(name)) as there:
                there.execute(
                    "DELETE FROM django_migrations WHERE id = (SELECT max(id) FROM"
                    " django_migrations WHERE app = 'tracker')"
                )
            with working_at(of_app(address(name))):
                assert in_process("").one("/readyz") == "503 not ready"

    def test_with_a_full_disk_serves_readers(self, seed_template: Template, plant: Plant) -> None:
        answers = in_process(seed_template.facts["token"])
        url = at(plant.postgres.url, ROLES.app)
        with small_disk(plant.postgres, "event"), working_at(url):
            # The last page of the table may still have room.
            assert any(answers.one(SOURCES, a_source()) == "503 busy" for _ in range(60))
            assert answers.row() == table()["disk of the database full"]


def fill(path: Path) -> None:
    """Write a file that takes all that is left of its disk."""
    with suppress(OSError), path.open("wb", buffering=0) as file:
        while file.write(b"0" * 4096):
            pass


@contextmanager
def small_disk(postgres: Postgres, name: str) -> Iterator[None]:
    """A disk with no room left, and a table on it."""
    if os.geteuid() != 0:
        pytest.skip("only root makes a small disk")
    disk = postgres.place.home / "postgres" / "small"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(disk)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("no disk can be made here")
    try:
        os.chown(disk, postgres.place.account.uid, postgres.place.account.gid)  # type: ignore[union-attr]
        with psycopg.connect(postgres.url, autocommit=True) as server:
            server.execute(f"CREATE TABLESPACE small LOCATION '{disk}'".encode())
            server.execute(f"ALTER TABLE {name} SET TABLESPACE small".encode())
            # The copy was made with room for more rows.
            server.execute(f"VACUUM FULL {name}".encode())
            fill(disk / "fill")
            yield
            (disk / "fill").unlink()
            server.execute(f"ALTER TABLE {name} SET TABLESPACE pg_default".encode())
            server.execute("DROP TABLESPACE small")
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=False, capture_output=True)
