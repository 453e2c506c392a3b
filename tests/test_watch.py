"""Asks of itself whether the database answers, in a thread that nothing ends."""

from collections.abc import Iterator
from threading import enumerate as all_threads

import pytest
from django.db import connections
from structlog.testing import capture_logs

from config.database.watch import Watch
from tests.kit.processes import eventually, free_port

LATE = "late"


@pytest.fixture
def watch() -> Iterator[Watch]:
    one = Watch(LATE)
    yield one
    one.running = False
    connections.settings.pop(LATE, None)


class TestAWatch:
    def test_is_not_ready_before_it_has_asked(self, watch: Watch) -> None:
        """Nor does it refuse what is asked of the database."""
        watch.running = True

        assert watch.verdict().why == "was not asked yet"
        assert not watch.is_silent()

    def test_goes_on_after_any_error(self, watch: Watch) -> None:
        """Its database is not in the settings at first."""
        with capture_logs() as logged:
            watch.start()
            eventually(lambda: logged, what="it has failed")
        default = connections["default"].settings_dict
        nowhere = {"HOST": "127.0.0.1", "PORT": str(free_port())}
        connections.settings[LATE] = default | nowhere
        eventually(lambda: watch.verdict().why == "refuses connections", what="it has asked")

        assert {one["event"] for one in logged} == {"watch.failed"}
        assert f"watch {LATE}" in {one.name for one in all_threads()}
