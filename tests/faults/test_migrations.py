"""`manage.py migrate` beside readers and writers, and after a build of an index that failed."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connections
from django.utils import timezone
from psycopg import sql

from tests.kit.background_work import work_off
from tests.kit.builders import a_desk
from tests.kit.databases import (
    a_clone,
    address,
    of_app,
    separate,
    working_at,
    working_in,
)
from tests.kit.processes import CHECKOUT, eventually, manage, running
from tests.kit.programs import a_living
from tracker.projections.audit import audit
from workers import doctor

pytestmark = [pytest.mark.faults, pytest.mark.django_db, pytest.mark.long]
# The last migration before the first that builds indexes beside writers.
BEFORE = "0017"
INDEXES = """
    SELECT c.relname, i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    WHERE c.relname = ANY(%s) ORDER BY 1"""
BUILT = (
    "standing_claim_actors",
    "standing_claim_code",
    "standing_claim_documents",
    "standing_claim_kind",
    "standing_claim_chains",
    "standing_claim_status",
    "standing_claim_words",
    "standing_record_archived",
    "standing_record_source",
    "standing_record_words",
)
WAITS = """
    SELECT 1 FROM pg_stat_activity WHERE datname = current_database()
    AND wait_event_type = 'Lock' AND wait_event = 'virtualxid'"""
LONGEST_WRITE_SECONDS = 4.0
# Without rows: an append of a person writes none.
RUNS = """
    CREATE TABLE earlier.event_place (stream uuid, version int, run bigint, row int, kind int);
    CREATE TABLE earlier.event_run (first bigint, last bigint, run bigint, recorded_at timestamptz,
        recorded_by text, kinds text[], schemas smallint[], leaves bytea);
    CREATE TABLE earlier.event_run_body (run bigint, heads bytea, bodies bytea);
    CREATE TABLE earlier.event_run_text (run bigint, salts bytea, ends bytea, texts bytea)"""
FUNCTIONS = ("0022_rights", "0027_one_claim", "0034_claim_in_columns")


def migrate() -> None:
    """Migrate the database that the test works in, in this process."""
    call_command("migrate", verbosity=0)
    # A session of the command's own would end now.
    connections["default"].close()


@pytest.fixture(scope="module")
def older(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """A database with the tables of an earlier version."""
    with a_clone("template1") as name:
        with django_db_blocker.unblock(), working_at(address(name)):
            call_command("migrate", "tracker", BEFORE, verbosity=0)
        yield name


@pytest.fixture(autouse=True)
def database(older: str, db: None) -> Iterator[str]:
    """Work in a copy of it; give its address."""
    with a_clone(older) as name:
        stand_in(name)
        with working_in(name):
            yield address(name)


def stand_in(name: str) -> None:
    """Give today's program the tables that it writes to and the functions that it calls, and that
    no earlier one knew. They are found until the migrations make the real ones, which then lack
    what was recorded before."""
    with psycopg.connect(address(name), autocommit=True) as connection:
        connection.execute("CREATE SCHEMA earlier")
        connection.execute(
            "CREATE TABLE earlier.disclosed (claim uuid, known_from bigint, known_until bigint)"
        )
        connection.execute(RUNS)
        for noun in ("claim", "record", "link"):
            connection.execute(f"CREATE TABLE earlier.past_{noun} (LIKE standing_{noun})")
        connection.execute("SET search_path = earlier, public")
        for migration in FUNCTIONS:
            path = CHECKOUT / "tracker/migrations" / f"{migration}.sql"
            connection.execute(path.read_bytes())
        # Its tables are in the other schema.
        connection.execute("ALTER FUNCTION log_advance(int, timestamptz) RESET ALL")
        connection.execute(
            sql.SQL("ALTER DATABASE {} SET search_path = public, earlier").format(
                sql.Identifier(name)
            )
        )


def indexes(url: str) -> dict[str, bool]:
    """The indexes that the later migrations build, and whether each is valid."""
    with psycopg.connect(url) as connection:
        return dict(connection.execute(INDEXES, [list(BUILT)]).fetchall())


def invalid(url: str) -> int:
    """How many indexes are invalid."""
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT FROM pg_index WHERE NOT indisvalid").fetchall()
    return len(found)


@contextmanager
def a_reader(url: str) -> Iterator[psycopg.Connection]:
    """Read in one transaction that sees the record as it is now until its end."""
    with psycopg.connect(url) as reader:
        reader.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        reader.execute("SELECT count(*) FROM standing_claim, standing_record")
        yield reader


def somebody_waits(url: str) -> bool:
    """Whether a session of this database waits for the end of another's transaction."""
    with psycopg.connect(url) as connection:
        return bool(connection.execute(WAITS).fetchone())


@contextmanager
def a_reader_who_stays(url: str, *, seconds: float) -> Iterator[None]:
    """Read on for so long after somebody has begun to wait for the reader."""
    with a_reader(url) as reader:

        def stays() -> None:
            eventually(lambda: somebody_waits(url), what="somebody waits for the reader")
            time.sleep(seconds)
            reader.close()

        staying = threading.Thread(target=stays)
        staying.start()
        yield
        # Whoever waited did so until now.
        assert reader.closed
        staying.join()


def take_over_past_rows(url: str) -> None:
    """Move what writers kept in the tables of the other schema while the migration filled its own:
    programs of the earlier version keep no past rows."""
    with psycopg.connect(url) as connection:
        for table in ("past_claim", "past_record", "past_link"):
            connection.execute(
                sql.SQL(
                    "INSERT INTO {0} SELECT (json_populate_record(NULL::{0}, to_json(e))).*"
                    " FROM {1} e WHERE NOT EXISTS"
                    " (SELECT FROM {0} p WHERE p.id = e.id AND p.version = e.version)"
                ).format(sql.Identifier("public", table), sql.Identifier("earlier", table))
            )


def leave_half_built(url: str, name: str, *, on: str) -> None:
    """Build an index beside a reader until the lock timeout ends it, as older versions did."""
    with a_reader(url), psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET lock_timeout = '100ms'")
        with suppress(psycopg.errors.LockNotAvailable):
            connection.execute(
                sql.SQL("CREATE INDEX CONCURRENTLY {} ON standing_claim USING gin ({})").format(
                    sql.Identifier(name), sql.Identifier(on)
                )
            )
    assert indexes(url)[name] is False


def goes_through_beside_a_reader(url: str, said: Path, *, seconds: float) -> None:
    """Migrate beside a reader and two writers; nobody waits long, and the record is whole."""
    desk = a_desk()
    desk.asserts()
    stop = said.with_name("stop")
    ids = [str(one) for one in (desk.collection, desk.document, *desk.countries.values())]
    writers = [a_living("write", str(seed), *ids) for seed in range(2)]
    with (
        running(writers[0], output=said, DATABASE_URL=url, STOP=str(stop)) as one,
        running(writers[1], output=said, DATABASE_URL=url, STOP=str(stop)) as other,
    ):
        eventually(lambda: said.read_text().count("took") > 5, what="somebody writes")
        with a_reader_who_stays(url, seconds=seconds):
            done = manage("migrate", "--verbosity", "0", DATABASE_URL=url)
        stop.touch()
        eventually(lambda: not one.alive and not other.alive, what="the writers have stopped")

    assert done.returncode == 0, done.stderr
    assert indexes(url) == dict.fromkeys(BUILT, True)
    assert "Traceback" not in said.read_text()
    took = [line.split()[1] for line in said.read_text().splitlines() if line.startswith("took")]
    assert max(map(float, took)) < LONGEST_WRITE_SECONDS
    take_over_past_rows(url)
    work_off(at=timezone.now())
    assert audit(at=timezone.now(), sample=None) == []


class TestMigrate:
    def test_waits_for_a_reader_that_stays_longer_than_the_lock_timeout(
        self, database: str, tmp_path: Path
    ) -> None:
        goes_through_beside_a_reader(database, tmp_path / "said", seconds=3)

    def test_waits_for_a_reader_that_stays_half_a_minute(
        self, database: str, tmp_path: Path
    ) -> None:
        goes_through_beside_a_reader(database, tmp_path / "said", seconds=30)

    def test_replaces_what_a_failed_build_left(self, database: str) -> None:
        leave_half_built(database, "standing_claim_documents", on="documents")

        migrate()

        assert indexes(database) == dict.fromkeys(BUILT, True)

    def test_goes_on_after_an_index_that_was_built(self, database: str) -> None:
        with psycopg.connect(database, autocommit=True) as connection:
            connection.execute(
                "CREATE INDEX standing_claim_actors ON standing_claim USING gin (actors)"
            )

        migrate()

        assert indexes(database) == dict.fromkeys(BUILT, True)

    def test_builds_again_what_was_lost_after_the_migration(self, database: str) -> None:
        migrate()
        with psycopg.connect(database, autocommit=True) as connection:
            connection.execute("DROP INDEX standing_claim_actors")
        leave_half_built(database, "standing_claim_actors", on="actors")

        migrate()

        assert indexes(database) == dict.fromkeys(BUILT, True)


class TestTheDoctor:
    def test_names_an_index_that_is_half_built_and_what_to_do(self, database: str) -> None:
        assert doctor.indexes().ok
        leave_half_built(database, "standing_claim_documents", on="documents")

        found = doctor.indexes()

        assert not found.ok
        assert "standing_claim_documents" in found.detail
        assert "manage.py migrate" in found.fix

    def test_names_it_while_its_table_is_analyzed(self, database: str) -> None:
        """ANALYZE and VACUUM lock the table as a build of an index does."""
        leave_half_built(database, "standing_claim_documents", on="documents")

        with psycopg.connect(database) as analyst:
            analyst.execute("ANALYZE standing_claim")
            found = doctor.indexes()

        assert "standing_claim_documents" in found.detail

    @pytest.mark.parametrize(
        "work",
        [
            "CREATE INDEX CONCURRENTLY standing_claim_actors ON standing_claim USING gin (actors)",
            "REINDEX INDEX CONCURRENTLY standing_claim_pkey",
            "DROP INDEX CONCURRENTLY spare",
        ],
    )
    def test_is_patient_with_one_that_somebody_works_on(self, database: str, work: str) -> None:
        """The role of web and workers sees less of the owner's work than a superuser."""
        separate(database)
        with psycopg.connect(database, autocommit=True) as builder:
            builder.execute("CREATE INDEX spare ON standing_claim (kind)")
            with a_reader(database):
                working = threading.Thread(target=builder.execute, args=[work])
                working.start()
                eventually(lambda: invalid(database), what="an index is invalid")
                with working_at(of_app(database)):
                    found = doctor.indexes()
            working.join()

        assert found.ok, found.detail
