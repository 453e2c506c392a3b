"""Which errors of the database an append turns into its own."""

import psycopg
import pytest
from django.db import DatabaseError

from tests.kit.log_entries import a_draft, append
from tracker import log
from tracker.log import versions

pytestmark = pytest.mark.django_db


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
