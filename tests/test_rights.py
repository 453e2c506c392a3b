"""What each of the three roles may do with the database, and that web and workers need no more."""

from collections.abc import Iterator

import psycopg
import pytest
from django.core.checks import CheckMessage
from django.db import connection

from tests.kit import example_runner
from tests.kit.databases import ROLES, a_clone, address, at, of_app, of_owner, tables, working_in
from tests.kit.log_entries import a_draft, append, ask, say
from tests.kit.processes import CHECKOUT, manage
from tracker import log
from tracker.checks import check_role
from tracker.domain.events import TextWithheld
from workers import doctor

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
    "UPDATE event_run SET recorded_by = 'mallory'",
    "DELETE FROM event_run",
    "UPDATE event_run_body SET bodies = ''",
    "DELETE FROM event_run_body",
    "UPDATE event_run_text SET texts = ''",
    "DELETE FROM event_run_text",
    "UPDATE event_place SET row = 0",
    "DELETE FROM event_place",
    "DROP VIEW logged",
    "CREATE OR REPLACE VIEW logged AS SELECT 1",
    "UPDATE log_head SET last_recorded_at = 'infinity'",
    "INSERT INTO log_head VALUES (2, gen_random_uuid(), 0, 'epoch')",
    "DELETE FROM log_head",
    "UPDATE edition SET digest = ''",
    "DELETE FROM edition",
    "UPDATE edition_spread SET low = 0",
    "DELETE FROM edition_spread",
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
ADVANCE = "SELECT log_advance(1, {})"
ONE_EVENT = (
    """SELECT log_append('[{{"stream": "00000000-0000-0000-0000-000000000001", "version": 1,"""
    """ "kind": "ClaimRetracted", "schema": 1, "body": "{{}}"}}]', {}, 'mallory')"""
)
ADD_WORDS = "INSERT INTO event_text (position, salt, text) VALUES (%s, %s, %s)"
type Row = tuple[int, bytes, str]
READABLE = {"current_score", "edition", "edition_spread", "knot_block", "scored", "shift"}
TABLES = "pg_tables WHERE schemaname = 'public'"
EVERY_TABLE = """
    SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"""


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

    def test_dates_no_event_after_the_clock(self, app: psycopg.Connection) -> None:
        refused = r"ahead of the database's clock|by at least one event"
        for late in ("now() + interval '3 seconds'", "'9999-01-01'", "'infinity'"):
            for call in (ONE_EVENT, "SELECT log_append('[]', {}, 'mallory')", ADVANCE):
                with pytest.raises(psycopg.DatabaseError, match=refused):
                    app.execute(call.format(late).encode())
        with app.transaction(force_rollback=True):
            app.execute(ONE_EVENT.format("now() + interval '1 second'").encode())

    def test_dates_no_event_after_the_head(self, app: psycopg.Connection) -> None:
        with app.transaction(force_rollback=True):
            app.execute(ADVANCE.format("now()").encode())
            with pytest.raises(psycopg.errors.RestrictViolation):
                app.execute(
                    "INSERT INTO event SELECT position + 1, gen_random_uuid(), 1, kind, schema,"
                    " '9999-01-01', 'mallory', body, NULL, leaf_hash FROM event"
                    " ORDER BY position DESC LIMIT 1"
                )

    def test_runs_the_owners_functions_in_the_owners_schema_only(
        self, app: psycopg.Connection
    ) -> None:
        found = app.execute(
            "SELECT proname, proconfig FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
            " AND (prosecdef OR prorettype = 'trigger'::regtype)"
        ).fetchall()

        assert len(found) == 24
        assert {config[0] for _, config in found} == {"search_path=pg_catalog, public, pg_temp"}


class TestWords:
    """What the role of web and workers may not add to the words on record."""

    @pytest.fixture
    def gone(self, name: str, db: None) -> Row:
        with working_in(name):
            return withheld()

    def test_are_not_put_back_once_they_are_withheld_and_not_invented(
        self, app: psycopg.Connection, gone: Row
    ) -> None:
        refused(app, gone)
        refused(app, (gone[0], b"", '{"reason":"invented"}'))
        # That event has no words.
        refused(app, (gone[0] + 1, b"", "{}"))

    def test_take_no_place_of_an_event_to_come(self, app: psycopg.Connection, gone: Row) -> None:
        refused(app, (gone[0] + 2, b"", "{}"))
        with working_in(str(app.info.dbname)):
            assert say("next").position == gone[0] + 2

    def test_are_not_put_back_by_one_who_looked_before(
        self, name: str, app: psycopg.Connection, db: None
    ) -> None:
        app.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        with app.transaction(force_rollback=True):
            app.execute("SELECT FROM log_head")
            with working_in(name):
                gone = withheld()
            with pytest.raises(psycopg.errors.SerializationFailure):
                app.execute(ADD_WORDS, gone)


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


def withheld() -> Row:
    """Withhold words and delete them; give them as somebody kept them."""
    said = say("gone")
    [kept] = ask("SELECT * FROM event_text WHERE position = %s", said.position)
    append(a_draft(said.stream, TextWithheld(position=said.position, reason="r", authority="a")))
    log.delete_text(said.position)
    return kept


def refused(app: psycopg.Connection, row: Row) -> None:
    with pytest.raises(psycopg.errors.RestrictViolation, match="words"):
        app.execute(ADD_WORDS, row)


class TestGrants:
    def test_make_what_is_all_one_superusers_three_roles(
        self, django_db_setup: None, db: None
    ) -> None:
        """What `manage.py grants` prints is run twice, as somebody would with psql."""
        with a_clone(tables()) as name:
            url = address(name)
            lines = ("manage.py check", "manage.py doctor")
            said = example_runner.manage(lines, at=CHECKOUT, environ={"DATABASE_URL": url})
            (warned, warning), (_, doctor_says) = (said[line] for line in lines)
            named = ("--owner", ROLES.owner, "--app", ROLES.app, "--reader", ROLES.reader)
            printed = manage("grants", *named, DATABASE_URL=url)
            with psycopg.connect(url) as superuser:
                superuser.execute(printed.stdout.encode())
                superuser.execute(printed.stdout.encode())
            separated = {"DATABASE_URL": of_app(url), "DATABASE_OWNER_URL": of_owner(url)}
            again = manage("grants", **separated)
            migrated = manage("migrate", "--verbosity", "0", **separated)
            with working_in(name):
                as_app, as_owner = found(ROLES.app), found(ROLES.owner)

        assert (warned, migrated.returncode) == (0, 0), (warning, migrated.stderr)
        assert "tracker.W001" in warning
        assert "is a superuser" in warning
        assert "manage.py grants" in warning
        assert "!  rights" in doctor_says
        assert ", the role of web and workers, is a superuser" in doctor_says
        assert "W001" not in migrated.stderr
        assert as_app == []
        assert "owns the log's tables" in as_owner[0]
        assert f'GRANT SELECT, INSERT ON "event" TO "{ROLES.app}"' in again.stdout
        assert f'OWNER TO "{ROLES.owner}"' in again.stdout

    def test_refuse_to_let_one_role_be_two(self, name: str) -> None:
        done = manage("grants", "--owner", "same", "--app", "same", DATABASE_URL=address(name))

        assert done.returncode == 1
        assert "must be three different roles" in done.stderr


class TestTheDoctor:
    @pytest.mark.parametrize(
        ("more", "less", "says"),
        [
            ("GRANT UPDATE ON event TO {}", "SELECT 1", "may UPDATE event"),
            ("GRANT tests_owner TO {}", "REVOKE tests_owner FROM {}", "may become the owner"),
            ("ALTER ROLE {} CREATEROLE", "SELECT 1", "may make roles"),
            ("GRANT pg_execute_server_program TO {}", "SELECT 1", "may run programs on the server"),
            (
                "CREATE ROLE tests_more SUPERUSER; GRANT tests_more TO {}",
                "DROP ROLE tests_more",
                "may become a superuser",
            ),
            (
                "CREATE ROLE tests_more CREATEDB; GRANT tests_more TO {}",
                "DROP ROLE tests_more",
                "may make databases",
            ),
            (
                (
                    "ALTER ROLE {0} NOINHERIT; CREATE ROLE tests_more;"
                    " GRANT DELETE ON event TO tests_more; GRANT tests_more TO {0}"
                ),
                "DROP OWNED BY tests_more; DROP ROLE tests_more",
                "may DELETE event",
            ),
            ("GRANT UPDATE (body) ON event TO {}", "SELECT 1", "may UPDATE event"),
            ("GRANT INSERT (position) ON log_head TO {}", "SELECT 1", "may INSERT log_head"),
            ("GRANT DELETE ON edition TO {}", "SELECT 1", "may DELETE edition"),
            ("GRANT INSERT ON django_migrations TO {}", "SELECT 1", "may INSERT django_migrations"),
            ("GRANT CREATE ON SCHEMA public TO {}", "SELECT 1", "may make tables and functions"),
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
        advice: list[CheckMessage] = check_role(databases=["default"])
        finding = doctor.role_rights()
    assert finding.warning
    assert finding.ok is (advice == [])
    return [one.msg for one in advice]
