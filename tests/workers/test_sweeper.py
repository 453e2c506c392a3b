"""The workers' work without a broker."""

from datetime import timedelta

import pytest
from django.core.management import call_command

from tests.builders import AT, a_desk
from tests.projections.readings import rows, value
from tracker.models.operational import Audit
from workers.sweeper import Sweeper

pytestmark = pytest.mark.django_db


class TestSweep:
    def test_does_all_that_waits_once(self) -> None:
        a_desk().asserts()

        call_command("sweep", "--once")

        assert rows("dirty_pair") == []
        assert value() < 0


class TestTheSweeper:
    def test_sweeps_at_every_turn_and_finds_nothing_when_it_is_through(self) -> None:
        sweeper = Sweeper(since=AT)
        desk = a_desk()
        desk.asserts()

        first, second = sweeper.turn(at=AT), sweeper.turn(at=AT + timedelta(seconds=1))

        assert first > 0
        assert second == 0

    def test_ages_the_table_when_a_day_begins(self) -> None:
        sweeper = Sweeper(since=AT)
        a_desk().asserts()
        sweeper.turn(at=AT)

        sweeper.turn(at=AT + timedelta(days=1))

        assert set(rows("current_score", "day")) == {((AT + timedelta(days=1)).date(),)}

    def test_audits_every_ten_minutes_and_everything_once_a_day(self) -> None:
        sweeper = Sweeper(since=AT)
        a_desk().asserts()
        for minutes in (0, 9, 10, 11, 20, 1440):
            sweeper.turn(at=AT + timedelta(minutes=minutes))

        # At the end of the day the whole audit comes in the same turn as the sample.
        kept = Audit.objects.order_by("started_at").values_list("started_at", "differing")
        assert list(kept) == [(AT + timedelta(minutes=one), []) for one in (10, 20, 1440)]
