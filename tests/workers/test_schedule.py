"""The schedule names tasks that there are, for queues that somebody works off."""

import pytest

from config.celery import app
from config.embedded import crew
from workers import tasks
from workers.schedule import ROUTES, SCHEDULE

NAMES = {name for name in app.tasks if not name.startswith("celery.")}


class TestTheSchedule:
    @pytest.mark.parametrize("reason", SCHEDULE)
    def test_names_a_task(self, reason: str) -> None:
        assert SCHEDULE[reason]["task"] in NAMES

    @pytest.mark.parametrize("reason", SCHEDULE)
    def test_lets_a_tick_that_nobody_takes_go_stale(self, reason: str) -> None:
        options = SCHEDULE[reason]["options"]

        assert isinstance(options, dict)
        assert options["expires"] > 0
        assert SCHEDULE[reason].keys() == {"task", "schedule", "options"}


class TestATask:
    @pytest.mark.parametrize("name", sorted(NAMES))
    def test_has_a_queue_that_a_worker_works_off(self, name: str) -> None:
        assert ROUTES[name]["queue"] in f"{crew.QUEUES},{crew.SLOW_QUEUES}".split(",")

    @pytest.mark.parametrize("name", sorted(NAMES))
    def test_leaves_no_result(self, name: str) -> None:
        assert app.tasks[name].ignore_result

    @pytest.mark.parametrize("name", sorted(NAMES))
    def test_takes_words_of_a_newer_sender(self, name: str) -> None:
        words = app.tasks[name].run.__annotations__

        assert "_" in words

    @pytest.mark.parametrize("name", sorted(NAMES))
    def test_that_takes_hours_has_a_worker_of_its_own(self, name: str) -> None:
        slow = ROUTES[name]["queue"] in crew.SLOW_QUEUES.split(",")

        assert slow == (name == "ingest")

    def test_has_no_soft_limit_which_would_look_like_an_error_of_a_claim(self) -> None:
        assert app.conf.task_soft_time_limit is None
        assert all(app.tasks[name].soft_time_limit is None for name in NAMES)

    def test_ends_before_its_message_is_given_to_another(self) -> None:
        longest = max(app.conf.task_time_limit, tasks.AUDIT_SECONDS)

        assert longest < app.conf.broker_transport_options["visibility_timeout"]
