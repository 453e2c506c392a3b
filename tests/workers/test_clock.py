"""The time by which workers work."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from tests.kit.databases import working_at
from workers import clock

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def put_clock(monkeypatch) -> Callable[[timedelta], None]:
    """Put the clock of this host forward, or back."""
    right = timezone.now

    def put(by: timedelta) -> None:
        def now() -> datetime:
            return right() + by

        monkeypatch.setattr(timezone, "now", now)

    return put


@pytest.fixture
def checked_each_time(monkeypatch) -> None:
    monkeypatch.setattr(clock, "CHECK_SECONDS", 0.0)


def late(execute: Callable[..., object], *arguments: object) -> object:
    answer = execute(*arguments)
    time.sleep(0.2)
    return answer


class TestSkew:
    @pytest.mark.parametrize("by", [HOUR, -HOUR, timedelta(0)], ids=str)
    def test_is_how_far_this_host_is_ahead(self, put_clock, by) -> None:
        put_clock(by)

        assert abs(clock.skew() - by) < timedelta(seconds=1)


class TestTheTimeOfWorkers:
    @pytest.mark.parametrize("by", [HOUR, -HOUR], ids=str)
    def test_is_the_database_s_if_this_host_is_wrong(self, put_clock, by) -> None:
        before = timezone.now()
        put_clock(by)

        found = clock.WorkerClock().now()

        assert before - HOUR / 100 < found < before + HOUR / 100

    def test_is_this_host_s_within_two_seconds(self, put_clock) -> None:
        put_clock(timedelta(seconds=1))
        before = timezone.now()

        assert before <= clock.WorkerClock().now() <= timezone.now()

    def test_is_compared_every_ten_seconds(self, django_assert_num_queries) -> None:
        own = clock.WorkerClock()

        with django_assert_num_queries(1):
            own.now()
            own.now()

    @pytest.mark.parametrize("by", [HOUR, -HOUR], ids=str)
    def test_is_compared_at_once_after_this_host_s_jumped(self, put_clock, by) -> None:
        before = timezone.now()
        own = clock.WorkerClock()
        own.now()
        put_clock(by)

        with working_at("postgres://nobody@127.0.0.1:1/nothing"):
            meanwhile = own.now()
        found = own.now()

        for one in (meanwhile, found):
            assert before - HOUR / 100 < one < before + HOUR / 100

    def test_goes_on_as_before_a_jump_while_answers_are_slow(self, put_clock, monkeypatch) -> None:
        before = timezone.now()
        own = clock.WorkerClock()
        own.now()
        put_clock(HOUR)
        monkeypatch.setattr(clock, "MOST_ROUND_TRIP", 0.0)

        assert before - HOUR / 100 < own.now() < before + HOUR / 100

    @pytest.mark.usefixtures("checked_each_time")
    def test_is_not_judged_by_a_slow_answer(self, monkeypatch) -> None:
        """It came 0.2 s late, so the database's clock seems to be 0.1 s behind."""
        monkeypatch.setattr(clock, "MOST_SKEW", timedelta(seconds=0.05))
        monkeypatch.setattr(clock, "MOST_ROUND_TRIP", 0.15)
        said: list[str] = []
        monkeypatch.setattr(clock.logger, "warning", lambda words, **_: said.append(words))

        with connection.execute_wrapper(late):
            clock.WorkerClock().now()

        assert said == []

    @pytest.mark.usefixtures("checked_each_time")
    def test_stays_as_it_was_while_the_database_is_away(self, put_clock) -> None:
        before = timezone.now()
        put_clock(HOUR)
        own = clock.WorkerClock()
        own.now()

        with working_at("postgres://nobody@127.0.0.1:1/nothing"):
            found = own.now()

        assert before - HOUR / 100 < found < before + HOUR / 100

    @pytest.mark.usefixtures("checked_each_time")
    def test_is_logged_when_it_begins_to_be_wrong_and_when_it_is_right_again(
        self, put_clock, monkeypatch
    ) -> None:
        said: list[str] = []
        monkeypatch.setattr(clock.logger, "warning", lambda words, **_: said.append(words))
        monkeypatch.setattr(clock.logger, "info", lambda words, **_: said.append(words))
        own = clock.WorkerClock()

        for by in (0, 1, 1, 0, 0):
            put_clock(by * HOUR)
            own.now()

        assert said == [
            "the clock of this host is wrong: set it by NTP",
            "the clock of this host is right again",
        ]
