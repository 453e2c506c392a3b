"""What each of the three roles may do with the database, and that web and workers need no more."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest
from django.contrib.auth import get_user_model
from django.core.checks import CheckMessage
from django.db import DatabaseError, connection
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from tests.api.client import a_body
from tests.builders import BY, Desk, a_desk, withhold_text
from tests.clones import CHECKOUT
from tests.faults.arenas import a_clone, address, idle_template, working_at, working_in
from tests.log.writing import say
from tests.operations.importing import archive, days, take_in
from tests.operations.jobbing import bring
from tests.operations.receiving import a_receiver
from tests.operations.telling import hooked
from tests.projections.readings import rows
from tests.separate import ROLES, at, give_to_owner, of_app, of_owner
from tracker import log
from tracker.checks import role_is_narrow
from tracker.operations import claims, editions, links, tokens
from tracker.projections import audit, rebuild
from tracker.queries import jobs as jobs_on_record
from workers import doctor, sweeper

# Without django_db nothing makes the database that these are cloned from.
pytestmark = [pytest.mark.faults, pytest.mark.django_db]

REFUSED = (
    "ALTER TABLE event DISABLE TRIGGER event_append_only",
    "ALTER TABLE event DISABLE TRIGGER ALL",
    "DROP TRIGGER event_append_only ON event",
    "CREATE TRIGGER mine BEFORE INSERT ON event FOR EACH ROW EXECUTE FUNCTION log_refuse()",
    "CREATE RULE mine AS ON INSERT TO event DO INSTEAD NOTHING",
    "UPDATE event SET recorded_by = 'mallory'",
    "INSERT INTO event SELECT * FROM event ON CONFLICT (position) DO UPDATE SET body = '{}'",
    "DELETE FROM event",
    "TRUNCATE event",
    "DROP TABLE event",
    "SELECT FROM event FOR UPDATE",
    "DO $$ BEGIN LOCK TABLE event IN ACCESS EXCLUSIVE MODE; END $$",
    "UPDATE event_text SET text = '{}'",
    "DELETE FROM event_text",
    "TRUNCATE event_text",
    "UPDATE log_head SET last_recorded_at = 'infinity'",
    "INSERT INTO log_head VALUES (2, gen_random_uuid(), 0, 'epoch')",
    "DELETE FROM log_head",
    "UPDATE edition SET digest = ''",
    "DELETE FROM edition",
    "DELETE FROM django_migrations",
    "SET session_replication_role = replica",
    "COPY event FROM PROGRAM 'id'",
    "COPY (SELECT 1) TO PROGRAM 'cat'",
    "COPY event FROM '/etc/passwd'",
    "COPY (SELECT 1) TO '/tmp/mine'",
    "SELECT pg_read_file('PG_VERSION')",
    "SELECT lo_import('/etc/passwd')",
    "ALTER SYSTEM SET work_mem = '8MB'",
    "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE OR REPLACE FUNCTION log_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'",
    "ALTER FUNCTION log_append(json, timestamptz, text) SECURITY INVOKER",
    "CREATE TABLE mine (x int)",
    "CREATE SCHEMA mine",
    "CREATE ROLE mallory SUPERUSER",
    "ALTER ROLE tests_app SUPERUSER",
    "GRANT tests_owner TO tests_app",
    "SET ROLE tests_owner",
    "SET SESSION AUTHORIZATION tests_owner",
    "REASSIGN OWNED BY tests_owner TO tests_app",
    "SELECT rolpassword FROM pg_authid",
)
READABLE = {"current_score", "edition", "knot", "scored", "shift"}
TABLES = "pg_tables WHERE schemaname = 'public'"
EVERY_TABLE = """
    SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"""


@pytest.fixture(scope="module")
def template(django_db_setup, django_db_blocker) -> Iterator[str]:
    with django_db_blocker.unblock(), idle_template() as name:
        yield name


@pytest.fixture(scope="module")
def name(template: str, django_db_blocker) -> Iterator[str]:
    """A database with an event that has words."""
    with a_clone(template) as name:
        with django_db_blocker.unblock(), working_in(name):
            say("said")
        yield name


@pytest.fixture
def app(name: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(of_app(address(name)), autocommit=True) as connection:
        yield connection


class TestTheRoleOfWebAndWorkers:
    @pytest.mark.parametrize("statement", REFUSED)
    def test_may_not(self, app: psycopg.Connection, statement: str) -> None:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute(statement)

    def test_may_not_put_a_table_of_its_own_before_the_guards(
        self, app: psycopg.Connection
    ) -> None:
        # The guards would look at these, if they looked up names as the session does.
        app.execute("CREATE TEMP TABLE log_head AS SELECT * FROM public.log_head")
        app.execute("CREATE TEMP TABLE event AS SELECT * FROM public.event")
        app.execute("UPDATE event SET position = 899")
        app.execute("UPDATE log_head SET position = 900, last_recorded_at = now()")

        with pytest.raises(psycopg.errors.RestrictViolation):
            app.execute(
                "INSERT INTO public.event SELECT 900, gen_random_uuid(), 1, kind, schema, now(),"
                " 'mallory', body, NULL, leaf_hash FROM public.event LIMIT 1"
            )

    def test_deletes_words_only_once_they_are_withheld(self, app: psycopg.Connection) -> None:
        with pytest.raises(psycopg.errors.RestrictViolation, match="once they are withheld"):
            app.execute("SELECT log_delete_text(1)")

    def test_moves_the_head_only_with_events(self, app: psycopg.Connection) -> None:
        with pytest.raises(psycopg.errors.RestrictViolation, match="no event is there"):
            app.execute("SELECT log_advance(1, now())")
        with pytest.raises(psycopg.errors.InvalidParameterValue, match="at least one"):
            app.execute("SELECT log_advance(-1, now())")

    def test_runs_the_owners_functions_in_the_owners_schema_only(
        self, app: psycopg.Connection
    ) -> None:
        found = app.execute(
            "SELECT proname, proconfig FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
            " AND (prosecdef OR prorettype = 'trigger'::regtype)"
        ).fetchall()

        assert len(found) == 9
        assert {tuple(config) for _, config in found} == {
            ("search_path=pg_catalog, public, pg_temp",)
        }


class TestTheReader:
    def test_reads_what_is_public_and_nothing_else(self, name: str) -> None:
        with psycopg.connect(at(address(name), ROLES.reader), autocommit=True) as reader:
            tables = {table for (table,) in reader.execute(EVERY_TABLE).fetchall()}
            readable = set()
            for table in tables:
                try:
                    reader.execute(f"SELECT FROM {table} LIMIT 1".encode())
                    readable.add(table)
                except psycopg.errors.InsufficientPrivilege:
                    continue
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                reader.execute("SELECT log_append('[]', now(), 'mallory')")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                reader.execute("DELETE FROM current_score")

        assert len(tables) > 30
        assert readable == READABLE


@pytest.fixture(scope="module")
def opened(template: str, django_db_blocker) -> Iterator[tuple[str, Desk]]:
    """A database of its own that web and workers have opened."""
    with a_clone(template) as name, django_db_blocker.unblock():
        give_to_owner(address(name))
        with working_at(of_app(address(name))):
            get_user_model().objects.create_superuser("ann", password="right and long")
            desk = a_desk()
        yield name, desk


@pytest.fixture
def desk(opened: tuple[str, Desk], db: None) -> Iterator[Desk]:
    """Let this process work as web and workers do."""
    name, desk = opened
    with working_at(of_app(address(name))):
        yield desk


def whoever_works_here() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        return str(cursor.fetchone()[0])


@pytest.mark.usefixtures("desk")
class TestTheWorkOfWebAndWorkers:
    def test_is_done_as_their_role(self) -> None:
        assert whoever_works_here() == ROLES.app

    def test_is_to_enter_correct_link_and_retract(self, desk: Desk) -> None:
        now = timezone.now()
        one, other = desk.asserts(), desk.asserts()
        corrected = desk.claim(summary="Something else was done.")
        claims.correct_claim(one.stream, corrected, reason="a slip", expected=1, at=now, by=BY)
        links.link("same_as", one.stream, other.stream, at=now, by=BY)
        claims.retract_claim(other.stream, reason="no", at=now, by=BY)

        assert log.damage(after=0, limit=10_000)[1] == []

    def test_is_to_follow_score_age_and_audit(self) -> None:
        now = timezone.now()
        sweeper.sweep(at=now)
        sweeper.watch(at=now)
        sweeper.tidy(at=now)

        assert audit.audit(at=now, sample=None) == []

    def test_is_to_take_in_a_file_at_once(self) -> None:
        before = log.head().position
        taken = take_in(archive(*days(20)), name="one.export.CSV")

        assert taken.report.counts["new"] == 20
        assert log.head().position > before
        assert log.damage(after=before, limit=10_000)[1] == []

    def test_is_to_take_in_a_file_as_a_job(self, tmp_path, settings, monkeypatch) -> None:
        settings.SPOOL_FOLDER = tmp_path
        # The file is read in a process of its own.
        monkeypatch.setenv("SPOOL_FOLDER", str(tmp_path))
        monkeypatch.setenv("DATABASE_URL", of_app(address(connection.settings_dict["NAME"])))
        asked = bring(archive(*days(3, since=25)), name="two.export.CSV", at=timezone.now())
        sweeper.ingest_all(leaving=lambda: False)

        found = jobs_on_record.job(asked)
        assert found is not None
        assert (found.state, found.error) == ("done", "")

    def test_is_to_withhold_words(self, desk: Desk) -> None:
        said = desk.asserts()
        now = timezone.now()
        withhold_text(said.position, reason="r", authority="a", at=now, by=BY)

        found = log.at(said.position)
        assert found is not None
        assert found.withheld

    def test_is_to_keep_editions(self) -> None:
        day = timezone.now().date() - timedelta(days=1)
        sweeper.sweep(at=timezone.now())

        assert editions.publish("standing", day, at=timezone.now()).day == day

    def test_is_to_tell_webhooks(self, desk: Desk, settings) -> None:
        settings.WEBHOOK_NETWORKS = ["127.0.0.1"]
        with a_receiver() as receiver:
            hooked(receiver, at=timezone.now())
            said = desk.asserts()
            sweeper.tell(at=timezone.now())

            assert said.position in [body["data"]["position"] for body in receiver.bodies()]

    def test_is_to_let_people_log_in_and_lock_them_out(self) -> None:
        client = Client()
        where, given = "/admin/login/?next=/admin/", {"username": "ann"}

        assert client.post(where, given | {"password": "wrong"}).status_code == 200
        assert client.post(where, given | {"password": "right and long"}).status_code == 302
        assert client.get("/admin/").status_code == 200

    def test_is_to_answer_a_write_twice_with_one_key(self, desk: Desk) -> None:
        body, now = a_body(desk), timezone.now()
        token = tokens.issue(
            "ann",
            by=tokens.COMMAND_LINE,
            name="one",
            scopes=tokens.SCOPES,
            lasting=timedelta(days=1),
            at=now,
        )
        client = APIClient(headers={"Authorization": f"Bearer {token}", "Idempotency-Key": "k"})
        first, second = (client.post("/api/v1/claims/", body, format="json") for _ in range(2))

        assert (first.status_code, second.status_code) == (201, 201)
        assert first.json() == second.json()

    def test_is_not_to_rebuild(self, opened: tuple[str, Desk], desk: Desk) -> None:
        with pytest.raises(DatabaseError, match="permission denied"):
            rebuild.rebuild(today=timezone.now().date(), report=lambda *_: None)
        sweeper.sweep(at=timezone.now())
        for url in (address(opened[0]), of_owner(address(opened[0]))):
            with working_at(url):
                rebuild.rebuild(today=timezone.now().date(), report=lambda *_: None)
                assert {owner for (owner,) in rows(TABLES, "tableowner")} == {ROLES.owner}

        assert sweeper.sweep(at=timezone.now()) == 0
        desk.asserts()
        assert sweeper.sweep(at=timezone.now()) > 0


def manage(*words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=CHECKOUT,
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        check=False,
    )


class TestGrants:
    def test_make_what_is_all_one_superusers_three_roles(
        self, django_db_setup: None, db: None
    ) -> None:
        """What `manage.py grants` prints is run twice, as somebody would with psql."""
        with a_clone(template_of_session()) as name:
            url = address(name)
            warned = manage("check", DATABASE_URL=url)
            doctor_says = manage("doctor", DATABASE_URL=url).stdout
            named = ("--owner", ROLES.owner, "--app", ROLES.app, "--reader", ROLES.reader)
            printed = manage("grants", *named, DATABASE_URL=url)
            with psycopg.connect(url) as superuser:
                superuser.execute(printed.stdout.encode())
                superuser.execute(printed.stdout.encode())
            separated = {"DATABASE_URL": of_app(url), "DATABASE_OWNER_URL": of_owner(url)}
            quiet, again = manage("check", **separated), manage("grants", **separated)
            migrated = manage("migrate", "--verbosity", "0", **separated)
            as_owner = manage("check", DATABASE_URL=of_owner(url))

        assert (warned.returncode, quiet.returncode, migrated.returncode) == (0, 0, 0)
        assert "tracker.W001" in warned.stderr
        assert "is a superuser" in warned.stderr
        assert "manage.py grants" in warned.stderr
        assert "!  rights" in doctor_says
        assert "which web and workers connect, is a superuser" in doctor_says
        assert "W001" not in quiet.stderr + migrated.stderr
        assert "owns the log's tables" in as_owner.stderr
        assert f'GRANT SELECT, INSERT ON "event" TO "{ROLES.app}"' in again.stdout
        assert f'OWNER TO "{ROLES.owner}"' in again.stdout

    def test_refuse_to_let_one_role_be_two(self, name: str) -> None:
        done = manage("grants", "--owner", "same", "--app", "same", DATABASE_URL=address(name))

        assert done.returncode == 1
        assert "must be three roles" in done.stderr


class TestTheDoctor:
    def test_is_content_with_the_role_of_web_and_workers(self, name: str, db: None) -> None:
        with working_in(name):
            assert found(ROLES.app) == []

    @pytest.mark.parametrize(
        ("more", "less", "says"),
        [
            ("GRANT UPDATE ON event TO {}", "REVOKE UPDATE ON event FROM {}", "may UPDATE event"),
            ("GRANT tests_owner TO {}", "REVOKE tests_owner FROM {}", "may become the owner"),
            ("ALTER ROLE {} CREATEROLE", "ALTER ROLE {} NOCREATEROLE", "may make roles"),
            (
                "GRANT pg_execute_server_program TO {}",
                "REVOKE pg_execute_server_program FROM {}",
                "may run programs on the server",
            ),
            (
                "GRANT CREATE ON SCHEMA public TO {}",
                "REVOKE CREATE ON SCHEMA public FROM {}",
                "may make tables and functions",
            ),
        ],
    )
    def test_names_what_is_too_much(
        self, name: str, db: None, more: str, less: str, says: str
    ) -> None:
        role = "tests_other"
        with working_in(name), connection.cursor() as cursor:
            cursor.execute(f"CREATE ROLE {role}")
            try:
                cursor.execute(more.format(role))
                told = found(role)
                cursor.execute(less.format(role))
            finally:
                cursor.execute(f"DROP OWNED BY {role}")
                cursor.execute(f"DROP ROLE {role}")

        assert says in told[0]


def found(role: str) -> list[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.conf.settings.DATABASE_APP", role)
        advice: list[CheckMessage] = role_is_narrow(databases=["default"])
        finding = doctor.narrow()
    assert finding.warning
    assert finding.well is (advice == [])
    return [one.msg for one in advice]


def template_of_session() -> str:
    usual = connection.settings_dict["NAME"]
    connection.close()
    return str(usual)
