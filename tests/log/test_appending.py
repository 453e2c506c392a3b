"""Appends to the log: its order, its clock, the versions of streams, and who is told."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from uuid import uuid4

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from tests.kit.builders import AT, BY
from tests.kit.databases import a_clone, working_in
from tests.kit.log_entries import WORDLESS, a_draft, append, ask, put_head_ahead, run
from tracker import log
from tracker.log import Pending, Statement, VersionConflict, appended, versions
from tracker.log.event_runs import LEAST_IN_RUN
from tracker.log.standby import Behind, ReadOnly, is_standby

pytestmark = pytest.mark.django_db
TICK = timedelta(microseconds=1)
YEAR = timedelta(days=365)


class TestPositions:
    def test_follow_one_another_without_holes(self) -> None:
        first = log.head().position + 1

        recorded = [*append(), *append(a_draft(), a_draft(), a_draft()), *append()]

        assert [one.position for one in recorded] == list(range(first, first + 5))
        assert log.head().position == first + 4

    def test_of_what_is_rolled_back_are_given_again(self) -> None:
        with transaction.atomic():
            [lost] = append()
            transaction.set_rollback(True)

        assert append()[0].position == lost.position
        assert log.history([lost.stream]) == []


class TestTheClock:
    @pytest.mark.parametrize("back", [YEAR, timedelta(0), -TICK + TICK], ids=str)
    def test_goes_on_by_a_tick_where_the_caller_s_stands_or_goes_back(
        self, back: timedelta
    ) -> None:
        append(at=AT)

        [first, second] = [append(at=AT - back)[0] for _ in range(2)]

        assert [first.recorded_at, second.recorded_at] == [AT + TICK, AT + 2 * TICK]

    def test_ticks_between_the_events_of_one_append(self) -> None:
        [one, other, last] = append(a_draft(), a_draft(), a_draft(), at=AT)

        assert [one.recorded_at, other.recorded_at] == [AT, AT + TICK]
        assert log.head().recorded_at == last.recorded_at == AT + 2 * TICK
        assert append(at=AT)[0].recorded_at == AT + 3 * TICK


def append_alone(at: datetime) -> datetime:
    """Append as an import of few events does; the time of the event."""
    log.append_bulk([a_draft()], at=at, by=BY, project=lambda _: [], with_positions=lambda _: [])
    return log.head().recorded_at


def append_run(at: datetime) -> datetime:
    """Append so many events that they are stored as a run; the time of the last."""
    drafts = [a_draft(expected=0) for _ in range(LEAST_IN_RUN)]
    log.append_bulk(drafts, at=at, by=BY, project=lambda _: [], with_positions=lambda _: [])
    return log.head().recorded_at


WAYS: dict[str, Callable[[datetime], datetime]] = {
    "alone": lambda at: append(at=at)[0].recorded_at,
    "to a stream on record": lambda at: append(a_draft(expected=None), at=at)[0].recorded_at,
    "in bulk": append_alone,
    "as a run": append_run,
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
class TestTheDatabasesClock:
    @pytest.mark.parametrize("ahead", [timedelta(hours=1), timedelta(days=20), 70 * YEAR], ids=str)
    def test_refuses_what_is_more_than_two_seconds_ahead(
        self, way: Callable[[datetime], datetime], ahead: timedelta
    ) -> None:
        append()
        head = log.head()

        with pytest.raises(log.ClockAhead, match="ahead of the database's: nothing was recorded"):
            way(timezone.now() + ahead)

        assert log.head() == head
        assert ask("SELECT count(*) FROM logged") == [(1,)]

    def test_dates_what_is_a_second_ahead_itself(self, way: Callable[[datetime], datetime]) -> None:
        recorded = way(timezone.now() + timedelta(seconds=1))

        [(now,)] = ask("SELECT clock_timestamp()")
        assert now - timedelta(seconds=1) < recorded <= now

    def test_goes_on_after_events_of_the_future(self, way: Callable[[datetime], datetime]) -> None:
        put_head_ahead("1 hour")
        before = log.head()

        recorded = way(timezone.now())

        number = log.head().position - before.position
        assert recorded == before.recorded_at + number * TICK


class TestVersions:
    def test_may_be_left_to_the_log(self) -> None:
        stream = uuid4()

        recorded = [append(a_draft(stream, expected=None))[0] for _ in range(3)]

        assert [one.version for one in recorded] == [1, 2, 3]

    @pytest.mark.parametrize("expected", [0, 1, 3])
    def test_that_are_not_as_expected_are_refused(self, expected: int) -> None:
        stream = uuid4()
        append(a_draft(stream), a_draft(stream))
        head = log.head()

        with pytest.raises(VersionConflict, match="found 2; read it again") as conflict:
            append(a_draft(), a_draft(stream, expected=expected))

        assert conflict.value.stream == stream
        assert (conflict.value.expected, conflict.value.actual) == (expected, 2)
        assert log.head() == head

    def test_of_one_stream_cannot_both_be_the_first(self) -> None:
        stream = uuid4()

        with pytest.raises(VersionConflict) as conflict:
            append(a_draft(stream, expected=0), a_draft(stream, expected=0))

        assert (conflict.value.expected, conflict.value.actual) == (0, 1)


class TestWhatStands:
    def test_learns_the_versions_and_the_events(self) -> None:
        stream = uuid4()
        append(a_draft(stream))
        seen: list[Pending] = []

        def see(pending: Sequence[Pending]) -> list[Statement]:
            seen.extend(pending)
            return []

        log.append([a_draft(stream)], at=AT, by=BY, project=see)

        [pending] = seen
        assert (pending.stream, pending.version, pending.event) == (stream, 2, WORDLESS)

    def test_may_break_a_rule_that_is_no_conflict_of_versions(self) -> None:
        again = Statement("INSERT INTO log_head SELECT * FROM log_head", [])

        with pytest.raises(IntegrityError) as problem:
            log.append([a_draft(expected=0)], at=AT, by=BY, project=lambda _: [again])

        assert isinstance(problem.value.__cause__, psycopg.errors.UniqueViolation)


class TestTheSignal:
    def test_goes_out_once_the_events_are_committed(
        self, django_capture_on_commit_callbacks
    ) -> None:
        heard: list[int] = []

        def hear(**_: object) -> None:
            heard.append(log.head().position)

        appended.connect(hear)
        with django_capture_on_commit_callbacks(execute=True):
            append()
            assert heard == []

        assert heard == [1]

    def test_survives_a_receiver_that_fails(self, django_capture_on_commit_callbacks) -> None:
        heard = []

        def fail(**_: object) -> None:
            raise RuntimeError("deaf")

        def hear(**_: object) -> None:
            heard.append("it")

        appended.connect(fail)
        appended.connect(hear)
        with django_capture_on_commit_callbacks(execute=True):
            append()

        assert heard == ["it"]


def failing_with(cause: Exception | None) -> DatabaseError:
    problem = DatabaseError("it failed")
    problem.__cause__ = cause
    return problem


@pytest.mark.parametrize(
    "cause", [psycopg.errors.LockNotAvailable(), psycopg.errors.DeadlockDetected()]
)
def test_a_lock_that_is_not_to_be_had_is_a_busy_log(cause: Exception) -> None:
    assert isinstance(versions._translated(failing_with(cause), [a_draft()]), log.LogBusy)


def test_a_new_stream_that_is_there_already_is_a_conflict() -> None:
    [one] = append(a_draft())
    rival = a_draft(one.stream, expected=0)

    found = versions._translated(failing_with(psycopg.errors.UniqueViolation()), [rival])

    assert isinstance(found, log.VersionConflict)
    assert found.actual == 1


def test_others_stay_what_they_are() -> None:
    assert versions._translated(failing_with(None), [a_draft()]) is None
    unique = failing_with(psycopg.errors.UniqueViolation())
    assert versions._translated(unique, [a_draft()]) is None


@pytest.fixture
def read_only(template: str, db: None) -> Iterator[int]:
    """One event is on record, and nothing more can be recorded."""
    with a_clone(template) as name, working_in(name):
        [last] = append()
        run("SET default_transaction_read_only = on")
        yield last.position


class TestADatabaseThatOnlyReads:
    @pytest.mark.parametrize("expected", [0, None], ids=["a new stream", "any stream"])
    def test_refuses_an_append_and_names_the_primary(
        self, read_only: int, expected: int | None
    ) -> None:
        with pytest.raises(ReadOnly, match="primary"):
            append(a_draft(expected=expected))

        assert log.head().position == read_only

    def test_answers_for_times_up_to_its_last_event(self, read_only: int) -> None:
        assert log.position_at(log.head().recorded_at) == read_only

        with pytest.raises(Behind, match="position 1 of") as problem:
            log.position_at(timezone.now())
        assert problem.value.position == read_only

    def test_is_no_standby_for_that(self, read_only: int) -> None:
        assert not is_standby()
