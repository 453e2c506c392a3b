"""The same write sent twice is done once. Rivals at the same time are in `tests/api`."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model

from tests.kit.builders import AT
from tracker.operations.idempotency import RETENTION, Answer, Key, OtherBody, forget, once

pytestmark = pytest.mark.django_db
BODY = b'{"reason": "no"}'


@pytest.fixture
def key():
    return Key(
        user=get_user_model().objects.create(username="ann").pk,
        method="POST",
        path="/api/v1/claims/",
        key="a key",
    )


class Writes:
    """Counts what was done, and answers with the count."""

    def __init__(self):
        self.done = 0

    def __call__(self):
        self.done += 1
        return Answer(status=201, data={"b": self.done, "a": "é"}, headers={"ETag": '"1"'})


@pytest.fixture
def write():
    return Writes()


class TestOnce:
    def test_gives_the_first_answer_to_whoever_asks_again(self, key, write):
        first = once(key, BODY, at=AT, write=write)
        again = once(key, BODY, at=AT + timedelta(hours=23), write=write)

        assert write.done == 1
        assert (again.status, dict(again.headers)) == (201, {"ETag": '"1"'})
        assert list(again.data.items()) == list(first.data.items())
        assert (first.repeated, again.repeated) == (False, True)

    def test_refuses_another_body(self, key, write):
        once(key, BODY, at=AT, write=write)

        with pytest.raises(OtherBody, match="'a key'"):
            once(key, BODY + b" ", at=AT, write=write)
        assert write.done == 1

    def test_knows_a_key_by_account_method_and_path(self, key, write):
        bob = get_user_model().objects.create(username="bob").pk
        path = {"path": "/api/v1/actors/"}
        for other in ({}, {"method": "PUT"}, path, {"key": "another"}, {"user": bob}):
            once(replace(key, **other), BODY, at=AT, write=write)

        assert write.done == 5

    def test_frees_a_key_after_a_day_though_nothing_was_forgotten(self, key, write):
        once(key, BODY, at=AT, write=write)

        assert once(key, b"{}", at=AT + RETENTION, write=write).data["b"] == 2

    def test_frees_the_key_of_a_write_that_failed(self, key, write):
        def fails():
            raise ValueError("no")

        with pytest.raises(ValueError, match="no"):
            once(key, BODY, at=AT, write=fails)

        assert once(key, b"{}", at=AT, write=write).data["b"] == 1


class TestForget:
    def test_deletes_what_is_a_day_old_and_nothing_younger(self, key, write):
        once(key, BODY, at=AT, write=write)

        assert forget(at=AT + RETENTION - timedelta(seconds=1)) == 0
        assert forget(at=AT + RETENTION) == 1
