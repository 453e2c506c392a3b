"""What an erasure leaves in the files of the database, also in space that is free. What keeps old
rows there is said, and the same command cleans up later."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError
from django.utils import timezone

from tests.kit.builders import Desk, a_desk
from tests.kit.databases import ROLES, a_clone, another_connection, working_in
from tests.kit.erasures import MARKS, WORDS, a_retracted_claim, erase, erased, prepare
from tests.kit.log_entries import ask, run
from tests.kit.processes import eventually
from tests.kit.storage import store_as_runs
from tracker import log
from tracker.log import Recorded
from tracker.projections.rebuild import rebuild

pytestmark = pytest.mark.django_db
STATISTICS = "VACUUM (FULL) pg_statistic"


@pytest.fixture
def desk(template: str) -> Iterator[Desk]:
    with a_clone(template) as name, working_in(name):
        get_user_model().objects.create(username="ann")
        yield a_desk()


@pytest.fixture
def claim(desk: Desk) -> Recorded:
    """A claim among others, which the planner knows of."""
    others = [desk.asserts(summary="another", key=f"another-{number}") for number in range(9)]
    claim = a_retracted_claim(desk)
    desk.asserts(summary="a later one", key=f"after-{len(others)}")
    run("ANALYZE")
    return claim


@pytest.fixture
def prepared(desk: Desk) -> Recorded:
    claim = a_retracted_claim(desk)
    prepare(claim)
    run("SET lock_timeout = '100ms'")
    return claim


def files_with(*texts: str) -> list[str]:
    """The tables and indexes whose files have one of some texts."""
    run("CHECKPOINT")
    [[folder]] = ask("SHOW data_directory")
    relations = ask("SELECT oid::regclass::text, pg_relation_filepath(oid) FROM pg_class")
    return sorted(
        name
        for name, path in relations
        if path and (file := Path(folder, path)).exists()
        if any(text.encode() in file.read_bytes() for text in texts)
    )


@pytest.mark.parametrize("as_runs", [False, True])
def test_is_nothing_once_derived_tables_are_rebuilt(claim: Recorded, *, as_runs: bool) -> None:
    prepare(claim)
    if as_runs:
        store_as_runs()
    # A plain VACUUM, of the database's own accord too, only marks the space as free.
    run("VACUUM (ANALYZE)")
    assert files_with(*WORDS)

    said = erased(claim)
    rebuild(today=timezone.now().date(), report=lambda *_: None)

    # What autovacuum was reading stays until the command is run once more.
    eventually(
        lambda: not files_with(*WORDS, *MARKS) or not erased(claim),
        what="no file has what the claim said",
    )
    assert STATISTICS not in said


def test_is_what_the_planner_knows_where_the_owner_may_not_rewrite_it(claim: Recorded) -> None:
    prepare(claim)
    run(f"SET ROLE {ROLES.owner}")

    assert STATISTICS in erased(claim)


@pytest.fixture
def other(prepared: Recorded) -> Iterator[psycopg.Connection]:
    with another_connection() as connected:
        yield connected
        connected.rollback()


def cleaned() -> int:
    return ask("SELECT pg_stat_get_analyze_count('event'::regclass)")[0][0]  # type: ignore[no-any-return]


def test_a_locked_table_is_cleaned_up_later(prepared: Recorded, other: psycopg.Connection) -> None:
    # As VACUUM of somebody else does, or an index that is built.
    other.execute("LOCK TABLE event IN SHARE UPDATE EXCLUSIVE MODE")

    with pytest.raises(CommandError, match=r"lock timeout.*Run the same command once more"):
        erase(prepared)

    other.rollback()
    head = log.head()
    assert (
        erased(prepared)
        == "The claim is erased already.\nThe files of the tables were rewritten.\n"
    )
    assert log.head() == head
    assert cleaned() >= 1


def test_an_old_snapshot_is_named(prepared: Recorded, other: psycopg.Connection) -> None:
    other.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    other.execute("SELECT 1")

    named = f"still in the files of the database, for session {other.info.backend_pid}. When"
    with pytest.raises(CommandError, match=named):
        erase(prepared)
    with pytest.raises(CommandError, match=named):
        erase(prepared)

    other.rollback()
    assert "The files of the tables were rewritten." in erased(prepared)


def test_an_old_snapshot_of_another_account_is_noticed(
    prepared: Recorded, other: psycopg.Connection
) -> None:
    other.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    other.execute("SELECT 1")
    run(f"SET ROLE {ROLES.owner}")

    with pytest.raises(CommandError, match="for a session of another account, or autovacuum"):
        erase(prepared)
