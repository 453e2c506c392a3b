"""What the seed puts on record, and who listens to webhooks, for the tests that look at it."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.db import transaction

from tests.kit.webhook_clock import Clock
from tracker import log
from tracker.domain import state as f
from tracker.imports import writer
from tracker.imports.plain_rows import PlainRow, PlainRows
from tracker.operations import seed

NOW = datetime(2022, 5, 25, tzinfo=UTC)


@pytest.fixture(scope="session")
def seed_log(django_db_setup, django_db_blocker):
    """The log after one load, read once and then rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        seed.load_seed(at=NOW)
        found = log.read(after=0, limit=10_000)
        transaction.set_rollback(True)
    return found


@pytest.fixture(scope="session")
def seeded(seed_log):
    """What every stream of the seed says, by id."""
    found: dict[UUID, f.State | None] = {}
    for one in seed_log:
        found[one.stream] = f.fold([one.entry()], found.get(one.stream))
    return found


@pytest.fixture
def chunks(monkeypatch):
    """Has files taken in so many rows at a time."""

    def of(rows: int) -> None:
        for name in ("FIRST_CHUNK", "LEAST_CHUNK", "MOST_CHUNK"):
            monkeypatch.setattr(writer, name, rows)

    return of


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def resolved(monkeypatch):
    """The rows that were resolved as plain ones."""
    seen: list[PlainRow] = []
    resolve = PlainRows.resolve

    def watched(self, rows):
        answer = resolve(self, rows)
        seen.extend(row for row in answer if isinstance(row, PlainRow))
        return answer

    monkeypatch.setattr(PlainRows, "resolve", watched)
    return seen
