"""The commands that look after the record."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tests.kit.background_work import value, work_off
from tests.kit.builders import a_desk
from tests.kit.databases import another_connection
from tests.kit.odd_events import write_unknown_kind
from tracker.projections import shadow_tables

pytestmark = pytest.mark.django_db


class TestRebuild:
    def test_says_how_far_it_came(self, capsys) -> None:
        desk = a_desk()
        position = desk.asserts().position
        work_off()
        before = value()

        call_command("rebuild")

        assert f"position {position}" in capsys.readouterr().out
        assert value() == before

    def test_removes_what_a_killed_one_has_left(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                f"CREATE SCHEMA {shadow_tables.SCHEMA} CREATE TABLE knot_block (day date)"
            )

        call_command("rebuild")

        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_namespace WHERE nspname = %s", [shadow_tables.SCHEMA]
            )
            assert cursor.fetchone() == (0,)

    def test_leaves_the_rights_on_the_tables_as_they_were(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("GRANT SELECT ON knot_block TO PUBLIC")

            call_command("rebuild")

            cursor.execute(
                "SELECT 'PUBLIC' FROM pg_class, aclexplode(relacl) WHERE relname = 'knot_block'"
                " AND relnamespace = 'public'::regnamespace AND grantee = 0"
            )
            assert cursor.fetchall() == [("PUBLIC",)]

    def test_leaves_the_old_tables_when_it_fails(self) -> None:
        desk = a_desk()
        desk.asserts()
        work_off()
        before = value()
        write_unknown_kind()

        with pytest.raises(CommandError, match="ClaimDreamt"):
            call_command("rebuild")

        assert value() == before

    def test_is_refused_while_another_one_runs(self) -> None:
        with another_connection() as other:
            other.execute("SELECT pg_advisory_lock(hashtext('entente rebuild'))")

            with pytest.raises(CommandError, match="another rebuild"):
                call_command("rebuild")
