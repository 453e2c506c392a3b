"""The database refuses events of code that is older than a migration allows."""

from importlib import import_module
from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.state import ProjectState

from tests.kit.databases import working_at
from tests.kit.log_entries import a_draft, append, ask, run
from tests.log.test_runs import in_runs
from tracker import log, release
from tracker.migrations import _minimum_code

pytestmark = pytest.mark.django_db
MIGRATIONS = Path(_minimum_code.__file__).parent


def allow_from(code: int) -> None:
    """Run the last operation of a migration that older code would harm."""
    run("SET CONSTRAINTS ALL IMMEDIATE")
    operation = _minimum_code.RaiseMinimumCode(code)
    with connection.schema_editor(atomic=False) as editor:
        operation.database_forwards("tracker", editor, ProjectState(), ProjectState())
    run("SET CONSTRAINTS ALL DEFERRED")


def be(name: str) -> None:
    """Be a process of other code, until the end of the test's transaction."""
    run("SELECT set_config('application_name', %s, true)", name)


class TestAnAppend:
    @pytest.mark.parametrize("appended", [append, lambda: in_runs(a_draft(), a_draft(), a_draft())])
    def test_of_older_code_is_refused(self, appended) -> None:
        before = log.head()
        allow_from(release.CODE + 1)

        with pytest.raises(log.OutdatedCode) as refused:
            appended()

        assert f"for code {release.CODE + 1} or newer" in str(refused.value)
        assert f"this is code {release.CODE}" in str(refused.value)
        assert refused.value.wait == 30
        assert log.head() == before

    @pytest.mark.parametrize("name", ["entente 12", "entente 12 - 10.0.0.7:5432"])
    def test_of_newer_code_is_taken(self, name: str) -> None:
        allow_from(12)
        be(name)

        [recorded] = append()

        assert log.head().position == recorded.position

    @pytest.mark.parametrize("name", ["", "psql", "entente", "entente 12x", "my entente 12"])
    def test_of_code_without_a_number_is_refused_as_a_busy_log(self, name: str) -> None:
        """That code knows no other refusal that it answers with 503."""
        allow_from(1)
        be("entente 1" if name == "entente 12x" else name)
        if name == "entente 12x":
            allow_from(12)

        with pytest.raises(log.LogBusy):
            append()

    def test_of_any_code_is_taken_until_a_migration_says_otherwise(self) -> None:
        assert ask("SELECT minimum_code FROM log_head") == [(0,)]
        be("psql")

        assert append()


class TestTheMinimum:
    def test_is_never_lowered_by_a_migration(self) -> None:
        allow_from(7)
        allow_from(3)

        assert ask("SELECT minimum_code FROM log_head") == [(7,)]

    def test_is_one_that_this_code_has(self) -> None:
        for path in MIGRATIONS.glob("0*.py"):
            migration = import_module(f"tracker.migrations.{path.stem}").Migration
            raises = [
                place
                for place, operation in enumerate(migration.operations, 1)
                if isinstance(operation, _minimum_code.RaiseMinimumCode)
            ]
            assert raises in ([], [len(migration.operations)]), f"the last operation of {path.name}"
            assert all(migration.operations[-1].code <= release.CODE for _ in raises)

    def test_is_said_with_what_to_do(self) -> None:
        assert log.code_problem() == log.code_problem_if_connected() == ""
        allow_from(release.CODE + 1)

        assert "install the newer version" in log.code_problem()
        assert log.code_problem_if_connected() == log.code_problem()

    def test_is_unknown_without_a_connection(self) -> None:
        connection.close()

        assert log.code_problem_if_connected() is None

    def test_is_unknown_before_a_connection_is_opened(self) -> None:
        with working_at("postgres://nobody@127.0.0.1:1/nothing"):
            assert log.code_problem_if_connected() is None

    def test_is_unknown_where_nothing_can_be_asked(self) -> None:
        connection.ensure_connection()
        connection.connection.close()

        assert log.code_problem_if_connected() is None
