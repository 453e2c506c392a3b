"""Appends that end their own transactions, beside others, in a database of the test's own."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from uuid import uuid4

import psycopg
import pytest
from django.db import connection, transaction
from psycopg.pq import TransactionStatus

from tests.kit.builders import AT, BY
from tests.kit.databases import a_clone, another_connection, working_in
from tests.kit.log_entries import a_draft, append, ask, nothing, run
from tests.kit.processes import eventually
from tracker import log
from tracker.log import (
    Draft,
    LogBusy,
    Recorded,
    Statement,
    VersionConflict,
    appended,
    appending,
    bulk,
    event_runs,
)
from tracker.log.versions import LOCK_SPACE

pytestmark = pytest.mark.django_db
type Race = Callable[[Draft], tuple[Recorded, Future[Recorded]]]
WAITS = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = %s"


@pytest.fixture(autouse=True)
def database(template: str, db: None) -> Iterator[str]:
    """Work in a database of the test's own, without a transaction around it; give its name."""
    with a_clone(template) as name, working_in(name):
        yield name


@pytest.fixture
def rival(database: str) -> Iterator[psycopg.Connection]:
    """Another connection, in the middle of a transaction."""
    with another_connection() as other:
        yield other
        other.rollback()


def waits(rival: psycopg.Connection) -> bool:
    """Whether somebody waits for a lock."""
    rival.execute("SELECT pg_stat_clear_snapshot()")
    return bool(rival.execute(WAITS, ["Lock"]).rowcount)


def beside(pool: ThreadPoolExecutor, database: str, draft: Draft) -> Future[Recorded]:
    """Append from a thread, which has its own connection."""

    def work() -> Recorded:
        with working_in(database):
            return append(draft)[0]

    return pool.submit(work)


class TestAnAppendOutsideATransaction:
    @pytest.mark.parametrize("expected", [0, None], ids=["to a new stream", "to any stream"])
    def test_is_committed_when_it_comes_back(self, rival, expected: int | None) -> None:
        [one] = append(a_draft(expected=expected))

        assert connection.connection.info.transaction_status == TransactionStatus.IDLE
        assert connection.get_autocommit()
        assert rival.execute("SELECT position FROM event").fetchall() == [(one.position,)]

    @pytest.mark.parametrize("expected", [0, None], ids=["to a new stream", "to any stream"])
    def test_is_announced_after_its_commit(self, rival, expected: int | None) -> None:
        heard = []

        def hear(**_: object) -> None:
            heard.append(rival.execute("SELECT count(*) FROM event").fetchone())

        appended.connect(hear)
        append(a_draft(expected=expected))

        assert heard == [(1,)]

    @pytest.mark.parametrize("expected", [0, None], ids=["to a new stream", "to any stream"])
    @pytest.mark.parametrize(
        "harm",
        ["SELECT 1 / 0", "UPDATE log_head SET position = position + 1"],
        ids=["before the insert", "against the guards"],
    )
    def test_leaves_nothing_where_it_fails(self, expected: int | None, harm: str) -> None:
        head = log.head()
        project = [Statement("CREATE TABLE trace ()", []), Statement(harm, [])]

        with pytest.raises(Exception, match=r"zero|holes"):
            log.append([a_draft(expected=expected)], at=AT, by=BY, project=lambda _: project)

        assert log.head() == head
        assert ask("SELECT to_regclass('trace')") == [(None,)]
        assert append()[0].position == head.position + 1

    def test_stays_in_the_transaction_around_it(self, rival) -> None:
        with transaction.atomic():
            append(a_draft(expected=0))
            assert rival.execute("SELECT count(*) FROM event").fetchone() == (0,)
            transaction.set_rollback(True)

        assert log.head().position == 0


class TestAHeldLog:
    @pytest.mark.parametrize("expected", [0, None], ids=["for a new stream", "for any stream"])
    def test_is_busy_after_the_lock_timeout(self, rival, expected: int | None) -> None:
        rival.execute("SELECT FROM log_head FOR UPDATE")
        run("SET lock_timeout = '50ms'")

        with pytest.raises(LogBusy, match="try again"):
            append(a_draft(expected=expected))

        rival.rollback()
        assert append()[0].position == 1

    def test_waits_for_two_seconds_unless_told_otherwise(self) -> None:
        assert ask("SHOW lock_timeout") == [("2s",)]

    def test_is_busy_where_two_would_wait_for_one_another(self, rival, database: str) -> None:
        stream = uuid4()
        rival.execute("SET LOCAL deadlock_timeout = '10s'")
        rival.execute("SELECT FROM log_head FOR UPDATE")
        with ThreadPoolExecutor() as pool:
            running = beside(pool, database, a_draft(stream))
            eventually(lambda: waits(rival), what="the append waits for the head")
            rival.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_SPACE, stream.int % 1024])

            with pytest.raises(LogBusy):
                running.result()


class TestAnAppendThatWaitsForItsTurn:
    """It commits without waiting for the disk, and its writer flushes."""

    DRAFT = '[{"stream": "%s", "version": 1, "kind": "ActorDescribed", "schema": 1, "body": "{}"}]'
    APPEND = "SELECT unflushed FROM log_append_in_turn(%s, now(), 'somebody')"

    def test_is_flushed_by_its_writer(self, rival, database: str) -> None:
        first = rival.execute(self.APPEND, [self.DRAFT % uuid4()]).fetchall()
        with ThreadPoolExecutor() as pool, another_connection() as third:
            second = pool.submit(third.execute, self.APPEND, [self.DRAFT % uuid4()])
            with another_connection() as observer:
                eventually(lambda: waits(observer), what="the second one waits")
            rival.commit()
            assert (first, second.result().fetchall()) == ([(False,)], [(True,)])
            assert third.execute("SHOW synchronous_commit").fetchone() == ("off",)
            third.commit()
            assert third.execute("SHOW synchronous_commit").fetchone() == ("on",)

    @pytest.mark.parametrize("expected", [0, None], ids=["to a new stream", "to any stream"])
    def test_comes_back_when_it_is_on_disk(
        self, rival, database: str, expected: int | None, monkeypatch
    ) -> None:
        flushed = []
        monkeypatch.setattr(appending, "flush", lambda: flushed.append(log.head().position))
        rival.execute("SELECT pg_advisory_xact_lock(20262, 0)")
        with ThreadPoolExecutor() as pool:
            running = beside(pool, database, a_draft(expected=expected))
            with another_connection() as observer:
                eventually(lambda: waits(observer), what="the append waits")
            rival.commit()
            running.result()
        append(a_draft(expected=expected))

        assert flushed == [1]


class TestABulkAppend:
    def load(self) -> None:
        log.append_bulk([a_draft()], at=AT, by=BY, project=nothing, with_positions=lambda _span: [])

    def test_is_flushed_after_others_can_append(self, rival, monkeypatch) -> None:
        flush, seen = bulk.flush, []

        def observe() -> None:
            flush()
            seen.extend(rival.execute("SELECT position FROM log_head FOR UPDATE NOWAIT").fetchall())

        monkeypatch.setattr(bulk, "flush", observe)

        self.load()

        assert seen == [(1,)]
        assert ask("SHOW synchronous_commit") == [("on",)]

    def test_in_a_transaction_is_flushed_by_its_commit(self, monkeypatch) -> None:
        monkeypatch.delattr(appending, "flush")

        with transaction.atomic():
            self.load()
            assert ask("SHOW synchronous_commit") == [("on",)]


class TestARunBesideASingleAppend:
    def test_of_the_same_stream_is_a_conflict(
        self, rival, database: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The single one commits when the places of the run are written, which it cannot see."""
        draft, advance = a_draft(expected=0), bulk._advance
        monkeypatch.setattr(event_runs, "LEAST_IN_RUN", 1)

        def advance_late(number: int, at: datetime) -> log.Head:
            with ThreadPoolExecutor() as pool:
                beside(pool, database, draft).result()
            return advance(number, at)

        monkeypatch.setattr(bulk, "_advance", advance_late)

        with pytest.raises(VersionConflict) as conflict:
            log.append_bulk([draft], at=AT, by=BY, project=nothing, with_positions=lambda _span: [])

        assert (conflict.value.stream, conflict.value.actual) == (draft.stream, 1)
        assert log.head().position == 1


class TestTwoWritersOfOneStream:
    @pytest.fixture
    def race(self, rival, database: str) -> Race:
        def run_both(draft: Draft) -> tuple[Recorded, Future[Recorded]]:
            with ThreadPoolExecutor() as pool:
                with transaction.atomic():
                    [first] = append(draft)
                    second = beside(pool, database, draft)
                    eventually(lambda: waits(rival), what="the other waits")
                return first, second

        return run_both

    def test_that_expect_nothing_both_get_their_turn(self, race: Race) -> None:
        stream = append()[0].stream

        first, second = race(a_draft(stream))

        assert [first.version, second.result().version] == [2, 3]

    def test_that_expect_the_same_version_get_one_conflict(self, race: Race) -> None:
        stream = append()[0].stream

        _, second = race(a_draft(stream, expected=1))

        with pytest.raises(VersionConflict) as conflict:
            second.result()
        assert (conflict.value.expected, conflict.value.actual) == (1, 2)

    def test_that_both_take_it_for_new_get_one_conflict(self, race: Race) -> None:
        first, second = race(a_draft(expected=0))

        with pytest.raises(VersionConflict) as conflict:
            second.result()
        assert (conflict.value.expected, conflict.value.actual) == (0, 1)
        assert log.history([first.stream]) == [first]
