"""The schedule names tasks that there are, for queues that somebody works off."""

from datetime import timedelta

import pytest

from config.celery import app
from config.embedded import processes
from workers import tasks
from workers.schedule import BEAT, BY_TASK, JOBS, ROUTES, ScheduledTask

NAMES = {name for name in app.tasks if not name.startswith("celery.")}


class TestTheSchedule:
    def test_is_of_tasks_that_there_are(self) -> None:
        assert set(BY_TASK) == set(tasks.WORK) == NAMES - {"nothing", "answer"}
        assert len(BY_TASK) == len(BEAT) == len(JOBS)

    @pytest.mark.parametrize("job", JOBS, ids=lambda job: job.task)
    def test_drops_a_message_that_nobody_takes_before_the_next(self, job: ScheduledTask) -> None:
        beat = BEAT[job.why]

        assert beat["task"] == job.task
        assert 0 < beat["options"]["expires"] <= job.every.total_seconds()

    @pytest.mark.parametrize("job", JOBS, ids=lambda job: job.task)
    def test_has_one_interval_for_beat_and_sweeper(self, job: ScheduledTask) -> None:
        schedule = BEAT[job.why]["schedule"]
        if job.clock is None:
            assert schedule == job.every.total_seconds()
        else:
            runs_a_day = len(job.clock.hour) * len(job.clock.minute)
            assert runs_a_day * job.every == timedelta(days=1)


class TestATask:
    @pytest.mark.parametrize("name", sorted(NAMES))
    def test_has_a_queue_of_the_right_worker_and_leaves_no_result(self, name: str) -> None:
        """The one that takes hours has a worker of its own."""
        queues = processes.SLOW_QUEUES if name == "ingest" else processes.QUEUES

        assert ROUTES[name]["queue"] in queues.split(",")
        assert app.tasks[name].ignore_result

    @pytest.mark.parametrize("name", sorted(NAMES))
    def test_takes_words_of_a_newer_sender(self, name: str) -> None:
        assert "_" in app.tasks[name].run.__annotations__

    def test_that_others_need_soon_does_not_wait_for_an_audit(self) -> None:
        assert ROUTES["seal"] != ROUTES["audit_all"]

    def test_has_no_soft_limit_which_would_look_like_an_error_of_a_claim(self) -> None:
        assert app.conf.task_soft_time_limit is None
        assert all(app.tasks[name].soft_time_limit is None for name in NAMES)

    def test_ends_before_its_message_is_given_to_another(self) -> None:
        longest = max(app.conf.task_time_limit, BY_TASK["audit_all"].limit or 0)

        assert longest < app.conf.broker_transport_options["visibility_timeout"]
