"""How much one client may ask for, as it is told; nobody is refused for want of a count."""

import re

import pytest
from django.core.cache import caches
from rest_framework.test import APIClient

from config.caches import SharedCache
from tests.kit.api_client import V1, a_body

pytestmark = pytest.mark.django_db
NOBODY_LISTENS = "redis://127.0.0.1:9/0"


@pytest.fixture(autouse=True)
def three(settings):
    settings.RATE_LIMIT = 3


class TestALimit:
    def test_is_told_with_each_answer(self, api, minute):
        first, second = (api.http.get(f"{V1}claims/?limit={n}") for n in (1, 2))

        assert first.headers["RateLimit-Policy"] == '"default";q=3;w=60'
        assert first.headers["RateLimit"] == '"default";r=2;t=47'
        assert second.headers["RateLimit"] == '"default";r=1;t=47'

    def test_that_is_reached_is_a_429_that_says_when_to_come_again(self, api, minute):
        answers = [api.http.get(f"{V1}claims/?limit={n}") for n in range(1, 5)]

        assert [one.status_code for one in answers] == [200, 200, 200, 429]
        last = answers[3]
        assert last.headers["Retry-After"] == "47"
        assert last.headers["RateLimit"] == '"default";r=0;t=47'
        assert last.headers["Content-Type"] == "application/problem+json"
        assert last.json()["type"].endswith("/throttled/")
        minute.shift(47)
        assert api.http.get(f"{V1}claims/?limit=5").status_code == 200

    def test_holds_for_writes_and_refusals_as_well(self, api, desk, minute):
        for body, status in ((a_body(desk), 201), ({}, 400), ({}, 400), (a_body(desk), 429)):
            answer = api.send("claims/", body)

            assert answer.status_code == status
            assert re.fullmatch(r'"default";r=\d;t=47', answer.headers["RateLimit"])

    def test_counts_preflights_and_refuses_them_as_any_request(self, minute):
        asks = {"Origin": "https://a.example", "Access-Control-Request-Method": "GET"}
        somebody = APIClient(REMOTE_ADDR="192.0.2.6")

        answers = [somebody.options(f"{V1}claims/", headers=asks) for _ in range(4)]

        assert [one.status_code for one in answers] == [200, 200, 200, 429]
        left = [one.headers["RateLimit"] for one in answers]
        assert left == [f'"default";r={n};t=47' for n in (2, 1, 0, 0)]

    def test_is_each_accounts_own(self, api, minute, settings):
        settings.ANONYMOUS_READERS = True
        for n in range(1, 5):
            api.http.get(f"{V1}claims/?limit={n}")

        other = APIClient(REMOTE_ADDR="192.0.2.7").get(f"{V1}claims/?limit=9")

        assert (other.status_code, other.headers["RateLimit"]) == (200, '"default";r=2;t=47')

    def test_counts_nothing_that_costs_nothing_and_is_told_with_it(self, minute, settings):
        settings.ANONYMOUS_READERS = True
        somebody = APIClient(REMOTE_ADDR="192.0.2.8")
        first = somebody.get(f"{V1}codebooks/")
        held = {"If-None-Match": first.headers["ETag"]}

        kept = [somebody.get(f"{V1}codebooks/") for _ in range(4)]
        unchanged = [somebody.get(f"{V1}codebooks/", headers=held) for _ in range(4)]

        assert {one.status_code for one in kept} == {200}
        assert {one.status_code for one in unchanged} == {304}
        for answer in (first, *kept, *unchanged):
            assert answer.headers["RateLimit-Policy"] == '"default";q=3;w=60'
            assert answer.headers["RateLimit"] == '"default";r=2;t=47'
        # Somebody at another address has used nothing yet.
        other = APIClient(REMOTE_ADDR="192.0.2.9").get(f"{V1}codebooks/", headers=held)
        assert (other.status_code, other.headers["RateLimit"]) == (304, '"default";r=3;t=47')

    def test_of_nothing_is_none(self, api, settings):
        settings.RATE_LIMIT = 0

        answers = [api.http.get(f"{V1}claims/?limit={n}") for n in range(1, 6)]

        assert {one.status_code for one in answers} == {200}
        assert "RateLimit" not in answers[0].headers


class TestWithoutRedis:
    @pytest.fixture(autouse=True)
    def dead(self, settings):
        settings.CACHES = {
            **settings.CACHES,
            "shared": {**settings.CACHES["shared"], "LOCATION": NOBODY_LISTENS},
        }
        SharedCache._paused_until = 0.0
        yield
        SharedCache._paused_until = 0.0

    def test_every_request_is_answered(self, api):
        answers = [api.http.get(f"{V1}claims/?limit={n}") for n in range(1, 7)]

        assert {one.status_code for one in answers} == {200}
        assert "RateLimit" not in answers[0].headers

    def test_nobody_asks_again_and_again(self, monkeypatch):
        asked: list[str] = []
        increment = SharedCache._increment

        def counting(cache: SharedCache, name: str, seconds: int, by: int) -> int:
            asked.append(name)
            return increment(cache, name, seconds, by)

        monkeypatch.setattr(SharedCache, "_increment", counting)

        for _ in range(3):
            assert caches["shared"].increment("somebody", seconds=60) is None

        assert len(asked) == 1
