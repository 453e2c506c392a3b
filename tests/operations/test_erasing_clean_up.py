"""What keeps the old rows of an erased claim is said, and the same command cleans up later."""

from collections.abc import Iterator

import psycopg
import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError

from tests.kit.builders import a_desk
from tests.kit.databases import ROLES, a_clone, another_connection, working_in
from tests.kit.erasures import a_retracted_claim, erase, erased, prepare
from tests.kit.log_entries import ask, run
from tracker import log
from tracker.log import Recorded

pytestmark = pytest.mark.django_db


@pytest.fixture
def claim(template: str) -> Iterator[Recorded]:
    with a_clone(template) as name, working_in(name):
        get_user_model().objects.create(username="ann")
        one = a_retracted_claim(a_desk())
        prepare(one)
        run("SET lock_timeout = '100ms'")
        yield one


@pytest.fixture
def other(claim: Recorded) -> Iterator[psycopg.Connection]:
    with another_connection() as connected:
        yield connected
        connected.rollback()


def cleaned() -> int:
    return ask("SELECT pg_stat_get_analyze_count('event'::regclass)")[0][0]  # type: ignore[no-any-return]


def test_a_locked_table_is_cleaned_up_later(claim: Recorded, other: psycopg.Connection) -> None:
    # As VACUUM of somebody else does, or an index that is built.
    other.execute("LOCK TABLE event IN SHARE UPDATE EXCLUSIVE MODE")

    with pytest.raises(CommandError, match=r"lock timeout.*Run the same command once more"):
        erase(claim)

    other.rollback()
    head = log.head()
    assert (
        erased(claim) == "The claim is erased already.\nThe files of the tables were rewritten.\n"
    )
    assert log.head() == head
    assert cleaned() >= 1


def test_an_old_snapshot_is_named(claim: Recorded, other: psycopg.Connection) -> None:
    other.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    other.execute("SELECT 1")

    named = f"still in the files of the database, for session {other.info.backend_pid}. When"
    with pytest.raises(CommandError, match=named):
        erase(claim)
    with pytest.raises(CommandError, match=named):
        erase(claim)

    other.rollback()
    assert "The files of the tables were rewritten." in erased(claim)


def test_an_old_snapshot_of_another_account_is_noticed(
    claim: Recorded, other: psycopg.Connection
) -> None:
    other.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    other.execute("SELECT 1")
    run(f"SET ROLE {ROLES.owner}")

    with pytest.raises(CommandError, match="for a session of another account, or autovacuum"):
        erase(claim)
