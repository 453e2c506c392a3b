"""Takes the guards of the log away, one by one, and sees that it is noticed and mended."""

import subprocess
import sys

import pytest
from django.core.management import call_command, get_commands, load_command_class
from django.core.management.base import CommandError, SystemCheckError
from django.db import connection

from tests.kit.processes import CHECKOUT, manage
from tracker.checks import check_guards
from tracker.queries import guards

pytestmark = pytest.mark.django_db
# Those that are Django's check more.
OURS = sorted(
    name
    for name, app in get_commands().items()
    if app in {"tracker", "workers"} and name != "check"
)


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(sql)


class TestTheCheck:
    def test_is_content_with_what_the_migrations_make(self) -> None:
        assert check_guards() == []

    def test_of_a_command_looks_at_the_desk(self) -> None:
        """In a process that has loaded no URLs, as those of the tests have."""
        program = (
            "import django; django.setup()\n"
            "from django.contrib import admin\n"
            "from django.core.management import call_command\n"
            "assert not admin.site._registry\n"
            "call_command('check', tags=['admin'])\n"
            "assert admin.site._registry\n"
        )
        subprocess.run([sys.executable, "-c", program], cwd=CHECKOUT, check=True)

    def test_fails_the_command(self) -> None:
        run("DROP TRIGGER event_append_only ON event")

        with pytest.raises(SystemCheckError, match="event_append_only"):
            call_command("check")

    @pytest.mark.parametrize(("name", "table"), guards.GUARDS.items())
    def test_names_a_guard_that_is_not_there(self, name: str, table: str) -> None:
        run(f"DROP TRIGGER {name} ON {table}")

        [found] = check_guards()

        assert found.is_serious()
        assert name in found.msg
        assert "manage.py migrate" in (found.hint or "")

    @pytest.mark.parametrize(
        "harm",
        [
            "ALTER TABLE event DISABLE TRIGGER event_append_only",
            "ALTER TABLE event ENABLE TRIGGER event_append_only",
            "ALTER TABLE event ENABLE REPLICA TRIGGER event_append_only",
            (
                "CREATE OR REPLACE TRIGGER event_append_only BEFORE TRUNCATE ON event"
                " FOR EACH STATEMENT EXECUTE FUNCTION log_refuse();"
                " ALTER TABLE event ENABLE ALWAYS TRIGGER event_append_only"
            ),
        ],
        ids=["disabled", "not in a replica", "only in a replica", "on other events"],
    )
    def test_names_a_guard_that_does_not_always_fire(self, harm: str) -> None:
        run(harm)

        assert guards.missing() == ["event_append_only"]

    def test_names_those_whose_function_does_something_else(self) -> None:
        run(
            "CREATE OR REPLACE FUNCTION log_refuse() RETURNS trigger LANGUAGE plpgsql"
            " AS 'BEGIN RETURN NULL; END'"
        )

        assert guards.missing() == [
            "event_append_only",
            "event_place_append_only",
            "event_run_append_only",
            "event_run_body_append_only",
            "event_run_text_kept",
            "event_text_append_only",
            "log_head_kept",
        ]


class TestMigrate:
    def test_puts_back_what_is_missing(self) -> None:
        run("DROP TRIGGER event_append_only ON event")
        run("ALTER TABLE log_head DISABLE TRIGGER log_head_forward")
        run("DROP FUNCTION log_words_as_recorded CASCADE")

        call_command("migrate", verbosity=0, skip_checks=True)

        assert guards.missing() == []

    def test_replaces_those_of_another_version(self) -> None:
        run("COMMENT ON FUNCTION log_refuse() IS 'another'")
        body = "BEGIN RETURN true; END"
        change = "log_settle(moment timestamptz) RETURNS boolean LANGUAGE plpgsql"
        run(f"CREATE OR REPLACE FUNCTION {change} AS '{body}'")

        call_command("migrate", verbosity=0, skip_checks=True)

        with connection.cursor() as cursor:
            cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'log_settle'")
            assert "UPDATE log_head" in cursor.fetchone()[0]

    def test_stops_before_it_changes_anything_without_being_told_to_restore(self) -> None:
        run("DROP TRIGGER event_append_only ON event")

        with pytest.raises(SystemCheckError, match="event_append_only is missing"):
            call_command("migrate", verbosity=0, skip_checks=False)


@pytest.mark.parametrize("name", OURS)
class TestOurCommands:
    def test_check_the_guards_and_load_no_page_for_it(self, name: str) -> None:
        command = load_command_class(get_commands()[name], name)

        assert command.requires_system_checks in ((), (guards.CHECK,))


class TestADatabaseOfAnotherVersion:
    def test_is_refused_in_one_sentence_and_left_as_it_is(self) -> None:
        row = "('tracker', '0066_x', now())"
        run(f"INSERT INTO django_migrations (app, name, applied) VALUES {row}")  # noqa: S608
        run("DROP TRIGGER event_append_only ON event")

        with pytest.raises(CommandError, match=r"tracker\.0066_x .*: use a new .* make forget"):
            call_command("migrate", verbosity=0, skip_checks=True)

        assert guards.missing() == ["event_append_only"]

    @pytest.mark.parametrize("comment", ["NULL", "'another'"])
    def test_is_known_by_its_tables(self, comment: str) -> None:
        run(f"COMMENT ON TABLE log_head IS {comment}")

        with pytest.raises(CommandError, match=r"by another version of Entente.* make forget"):
            call_command("migrate", verbosity=0, skip_checks=True)


class TestADatabaseThatIsNotThere:
    @pytest.mark.parametrize("words", [("check",), ("makemigrations", "--check", "--dry-run")])
    def test_stops_no_command_that_needs_none(self, words: tuple[str, ...]) -> None:
        done = manage(*words, DATABASE_URL="postgres://nobody@127.0.0.1:1/nothing")

        assert done.returncode == 0, done.stderr
