"""The schedule after the clock of its host was wrong."""

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from celery import Celery

from workers.beat import Scheduler

TASKS = ("follow", "seal", "watch")


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[Scheduler]:
    """Three tasks, each of which is due every tenth of a second."""
    app = Celery(broker="memory://", set_as_current=False)
    app.conf.beat_schedule = {name: {"task": name, "schedule": 0.1} for name in TASKS}
    made = Scheduler(app, schedule_filename=str(tmp_path / "schedule"))
    yield made
    made.close()


def runs(scheduler: Scheduler) -> set[int]:
    return {scheduler.schedule[name].total_run_count for name in TASKS}


@pytest.mark.parametrize("ahead", [timedelta(hours=1), timedelta(days=20)], ids=str)
def test_tasks_that_ran_in_the_future_are_sent_again(scheduler, ahead):
    scheduler.tick()
    for entry in scheduler.schedule.values():
        entry.last_run_at += ahead
    before = runs(scheduler)

    end = time.monotonic() + 60
    while min(runs(scheduler)) < max(before) + 2 and time.monotonic() < end:
        time.sleep(min(max(scheduler.tick(), 0), 0.05))

    assert min(runs(scheduler)) >= max(before) + 2
