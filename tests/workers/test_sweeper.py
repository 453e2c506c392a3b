"""The workers' work without a broker; and the hands of a worker hear that it has to go."""

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.core.management import call_command

from tests.kit.background_work import rows, value
from tests.kit.builders import AT, a_desk
from tests.kit.imports import archive, days
from tests.kit.jobs import bring, job
from tests.kit.processes import CHECKOUT
from tracker.models.jobs import Job as Row
from tracker.models.operational import Audit
from workers import sweeper
from workers.sweeper import Sweeper

pytestmark = pytest.mark.django_db


class TestSweep:
    def test_does_all_that_waits_once(self) -> None:
        a_desk().asserts()

        call_command("sweep", "--once")

        assert rows("dirty_pair") == []
        assert value() < 0


class TestIngest:
    @pytest.fixture(autouse=True)
    def _spool(self, settings, tmp_path) -> None:
        settings.SPOOL_FOLDER = tmp_path / "spool"

    def test_does_all_that_waits_one_after_the_other(self) -> None:
        made = [bring(archive(*days(1, since=day))) for day in (1, 2, 3)]

        sweeper.ingest_all(shutting_down=lambda: False, spawn=None)

        assert [job(one).state for one in made] == ["done"] * 3

    def test_begins_nothing_where_the_end_has_begun(self) -> None:
        made = bring(archive(*days(1)))

        sweeper.ingest_all(shutting_down=lambda: True, spawn=None)

        assert (job(made).state, job(made).attempts) == ("waiting", 0)

    def test_goes_on_after_a_mistake_of_ours(self, monkeypatch) -> None:
        made = bring(archive(*days(1)))
        Row.objects.update(options={})

        sweeper.ingest_all(shutting_down=lambda: False, spawn=None)

        assert (job(made).state, job(made).error) == ("waiting", "KeyError('mapping')")


class TestTheSweeper:
    def test_sweeps_at_every_turn_and_finds_nothing_when_it_is_through(self) -> None:
        rounds = Sweeper(since=AT)
        desk = a_desk()
        desk.asserts()

        first, second = rounds.run_round(at=AT), rounds.run_round(at=AT + timedelta(seconds=1))

        assert first > 0
        assert second == 0

    def test_ages_the_table_when_a_day_begins(self) -> None:
        rounds = Sweeper(since=AT)
        a_desk().asserts()
        rounds.run_round(at=AT)

        rounds.run_round(at=AT + timedelta(days=1))

        assert set(rows("current_score", "day")) == {((AT + timedelta(days=1)).date(),)}

    def test_audits_every_ten_minutes_and_everything_once_a_day(self) -> None:
        rounds = Sweeper(since=AT)
        a_desk().asserts()
        for minutes in (0, 9, 10, 11, 20, 1440):
            rounds.run_round(at=AT + timedelta(minutes=minutes))

        # At the end of the day the whole audit comes in the same turn as the sample.
        kept = Audit.objects.order_by("started_at").values_list("started_at", "differing")
        assert list(kept) == [(AT + timedelta(minutes=one), []) for one in (10, 20, 1440)]


# As a worker that forks its hands, and is told to go then.
PROGRAM = """
import os
import django; django.setup()
from celery.signals import worker_shutting_down
from workers import shutdown

told, asked = os.pipe(), os.pipe()
if os.fork() == 0:
    before = shutdown.is_requested()
    os.write(told[1], b"x")
    os.read(asked[0], 1)
    print(before, shutdown.is_requested(), flush=True)
    os._exit(0)
os.read(told[0], 1)
worker_shutting_down.send(sender=None, sig="SIGTERM", how="Warm", exitcode=0)
os.write(asked[1], b"x")
os.wait()
"""


def test_a_forked_hand_knows_what_the_worker_was_told() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore::DeprecationWarning", "-c", PROGRAM],
        cwd=CHECKOUT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    assert done.stdout.split() == ["False", "True"]
