"""A database that takes no writes, as a standby does. A real one is in tests/faults."""

from collections.abc import Iterator

import pytest
from django.utils import timezone

from tests.kit.databases import a_clone, working_in
from tests.kit.log_entries import a_draft, append, run
from tracker import log
from tracker.log.standby import Behind, ReadOnly, is_standby

pytestmark = pytest.mark.django_db


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
