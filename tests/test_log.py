from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.db import DatabaseError

from tests.kit.builders import AT, BY, a_desk, an_actor
from tracker import log
from tracker.domain.events import ActorDescribed
from tracker.log import Draft, versions
from tracker.operations import claims
from tracker.operations.ids import new_id
from tracker.projections import standing

pytestmark = pytest.mark.django_db


def a_draft(*, expected=0, code="KAZ", stream=None):
    event = ActorDescribed(actor=an_actor(code))
    return Draft(stream=stream or new_id(AT), event=event, expected=expected)


def append(*drafts, at=AT):
    return log.append(drafts, at=at, by=BY, project=standing.project)


def failing_with(cause):
    problem = DatabaseError("it failed")
    problem.__cause__ = cause
    return problem


class TestAppend:
    def test_of_nothing_writes_nothing(self):
        before = log.head().position

        assert append() == []
        assert log.head().position == before

    def test_numbers_events_without_holes_and_each_later_than_the_last(self):
        first, second = append(a_draft(), a_draft(code="RUS"))
        [third] = append(a_draft(code="CHN"), at=AT - timedelta(hours=1))

        assert [second.position, third.position] == [first.position + 1, first.position + 2]
        assert first.recorded_at < second.recorded_at < third.recorded_at

    def test_refuses_a_version_that_is_not_the_last(self):
        [one] = append(a_draft())

        with pytest.raises(log.VersionConflict):
            append(a_draft(stream=one.stream, expected=7))

    def test_gives_words_back_and_binds_them(self):
        desk = a_desk()
        position = desk.asserts().position

        assert log.at(position).words["claim"]["summary"] == "Something was done."
        assert log.damage(after=0, limit=1_000)[1] == []

    def test_knows_the_position_of_a_moment(self):
        [one] = append(a_draft())

        assert log.position_at(one.recorded_at) == one.position
        assert log.position_at(datetime(1999, 1, 1, tzinfo=UTC)) == 0

    def test_lets_an_error_that_is_not_the_logs_through_and_writes_nothing(self):
        before = log.head().position

        def project(pending):
            raise DatabaseError("the disk is full")

        with pytest.raises(DatabaseError, match="the disk is full"):
            log.append([a_draft()], at=AT, by=BY, project=project)
        assert log.head().position == before


class TestARetraction:
    def test_is_the_second_version_of_its_stream(self):
        one = a_desk().asserts()

        recorded = claims.retract_claim(one.stream, reason="a slip", at=AT, by=BY)

        assert (recorded.stream, recorded.version) == (one.stream, 2)


class TestADatabaseError:
    @pytest.mark.parametrize(
        "cause", [psycopg.errors.LockNotAvailable(), psycopg.errors.DeadlockDetected()]
    )
    def test_is_a_busy_log_where_a_lock_is_not_to_be_had(self, cause):
        assert isinstance(versions._translated(failing_with(cause), [a_draft()]), log.LogBusy)

    def test_is_a_conflict_where_a_new_stream_is_there_already(self):
        [one] = append(a_draft())
        rival = a_draft(stream=one.stream)

        found = versions._translated(failing_with(psycopg.errors.UniqueViolation()), [rival])

        assert isinstance(found, log.VersionConflict)
        assert found.actual == 1

    def test_stays_what_it_is_otherwise(self):
        assert versions._translated(failing_with(None), [a_draft()]) is None
        unique = failing_with(psycopg.errors.UniqueViolation())
        assert versions._translated(unique, [a_draft()]) is None
