"""Reads that wait until the server has come as far as a position of the log."""

import pytest
import time_machine
from django.test import Client

from config import min_position
from tests.kit.api_client import V1
from tests.kit.background_work import work_off
from tests.kit.builders import Desk
from tracker import log

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_site")]
SCORES = f"{V1}pairs/KAZ-RUS/scores/"


@pytest.fixture
def impatient(settings) -> None:
    settings.MIN_POSITION_SECONDS = 0.05


class TestAPositionThatIsReached:
    def test_changes_nothing_of_the_answer(self, client: Client, desk: Desk) -> None:
        end = desk.asserts().position
        plain = client.get(V1 + "claims/", {"limit": 1})

        for given in (end, 0):
            answer = client.get(V1 + "claims/", {"limit": 1, "min_position": given})
            assert answer.status_code == 200
            assert answer.content == plain.content
            assert answer.headers["ETag"] == plain.headers["ETag"]

    def test_may_be_named_by_a_header_too(self, client: Client, desk: Desk, impatient) -> None:
        end = desk.asserts().position
        headers = {"Entente-Min-Position": str(end)}

        assert client.get(V1 + "claims/", headers=headers).status_code == 200
        assert client.get(SCORES, headers=headers).status_code == 503

    @pytest.mark.parametrize("path", [SCORES, "/", "/ru/", V1 + "shifts/"])
    def test_is_one_for_scores_once_the_workers_are_through(
        self, client: Client, desk: Desk, impatient, path: str
    ) -> None:
        end = desk.asserts().position
        early = client.get(path, {"min_position": end})
        work_off()
        after = client.get(path, {"min_position": end})

        assert (early.status_code, early.headers["Retry-After"]) == (503, "1")
        assert f"come to position 0, and not to {end}" in early.content.decode()
        assert after.status_code == 200

    def test_is_waited_for(self, client: Client, desk: Desk, monkeypatch) -> None:
        end = desk.asserts().position
        come = iter([end - 1, end - 1, end])
        monkeypatch.setattr(min_position, "_measure", lambda _path: lambda: next(come))

        assert client.get(V1 + "claims/", {"min_position": end}).status_code == 200
        assert list(come) == []


class TestAPositionThatIsNot:
    @pytest.mark.parametrize("given", ["-1", "x", "1e3", "٣", "9" * 19, ""])
    def test_a_number_is_a_mistake(self, client: Client, db: None, given: str) -> None:
        answer = client.get(V1 + "claims/", {"min_position": given})
        page = client.get("/", {"min_position": given})

        assert (answer.status_code, page.status_code) == (400, 400)
        [fault] = answer.json()["errors"]
        assert (fault["in"], fault["pointer"], fault["code"]) == (
            "query",
            "/min_position",
            "invalid",
        )

    def test_on_record_is_a_mistake(self, client: Client, desk: Desk) -> None:
        later = log.head().position + 1
        answer = client.get(V1 + "claims/", {"min_position": later})

        assert answer.status_code == 400
        assert answer.json()["errors"][0]["code"] == "not_yet"

    def test_given_twice_is_the_larger_one(self, client: Client, desk: Desk) -> None:
        later = log.head().position + 1
        path = f"{V1}claims/?min_position=0&min_position={later}"

        assert client.get(path).status_code == 400


class TestWaiting:
    def test_occupies_only_so_many_threads(self, client: Client, desk: Desk, settings) -> None:
        settings.MIN_POSITION_SECONDS = 3_600
        end = desk.asserts().position
        for _ in range(min_position.MOST_WAITING):
            min_position._slots.acquire()
        try:
            answer = client.get(SCORES, {"min_position": end})
        finally:
            for _ in range(min_position.MOST_WAITING):
                min_position._slots.release()

        assert answer.status_code == 503
        assert len(answer.json()["request_id"]) == 36

    def test_counts_for_the_address_even_without_a_token(
        self, client: Client, desk: Desk, settings, impatient
    ) -> None:
        """Two waits count a hundred, and the third is too much. What is reached counts as ever."""
        settings.RATE_LIMIT = 2 * min_position.WAIT_COST + 2
        settings.ANONYMOUS_READERS = False
        end = desk.asserts().position
        moment = 1_770_000_013
        with time_machine.travel(moment, tick=True):
            waits = [client.get(SCORES, {"min_position": end}).status_code for _ in range(2)]
            reached = client.get("/method/", {"min_position": 0})
            third = client.get(SCORES, {"min_position": end})
            page = client.get("/ru/", {"min_position": end})

        assert waits == [503, 503]
        assert reached.status_code == 200
        assert (third.status_code, page.status_code) == (429, 429)
        assert third.json()["type"].endswith("/throttled/")
        assert int(third.headers["Retry-After"]) <= 60
        assert "r=0" in third.headers["RateLimit"]
        assert 'lang="ru"' in page.content.decode()

    def test_is_not_for_what_is_too_far_away(
        self, client: Client, desk: Desk, monkeypatch, settings
    ) -> None:
        settings.MIN_POSITION_SECONDS = 3_600
        end = desk.asserts().position
        far = end - min_position.FARTHEST - 1
        monkeypatch.setattr(min_position, "_measure", lambda _path: lambda: far)
        answer = client.get(SCORES, {"min_position": end})

        assert answer.json()["type"].endswith("/behind/")

    def test_is_nothing_for_writes_and_for_the_desk(self, client: Client, db: None) -> None:
        assert client.get("/healthz", {"min_position": "x"}).status_code == 200
        assert client.get("/admin/login/", {"min_position": "x"}).status_code == 200
        assert client.post(V1 + "claims/?min_position=x").status_code == 401
