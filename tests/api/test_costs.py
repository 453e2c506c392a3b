"""What a request costs of what a client may ask for, and how many whole tables are sent at once."""

import pytest
from rest_framework.test import APIClient

from tests.kit.api_client import V1
from tracker.api import throttling
from tracker.api.problems import Refusal

pytestmark = pytest.mark.django_db
WHOLE = ["claims.csv", "claims.ndjson", "log/events.csv", "log/events.ndjson"]
BUILT = [
    "pairs.csv",
    "pairs.csv.metadata.json",
    "pairs/KAZ-RUS/scores.csv",
    "pairs/KAZ-RUS/divergence/?lenses=standing,tone",
    "pairs/KAZ-RUS/explanation/",
    "pairs/KAZ-RUS/measures/",
    "pairs/KAZ-RUS/",
    "triads/CHN-KAZ-RUS/history/",
]
PLAIN = ["claims/", "claims.csv.metadata.json", "log/events.csv.metadata.json"]


@pytest.fixture(autouse=True)
def five_hundred(settings, minute):
    """A site that is open to all."""
    settings.RATE_LIMIT, settings.ANONYMOUS_READERS = 500, True


@pytest.fixture(autouse=True)
def on_record(desk, catch_up):
    for one, other in (("RUS", "KAZ"), ("CHN", "KAZ"), ("CHN", "RUS")):
        desk.asserts(one, other)
    desk.measures_levels()
    catch_up()


def at(address: str) -> APIClient:
    return APIClient(REMOTE_ADDR=address)


def left(answer) -> int:
    return int(answer.headers["RateLimit"].partition(";r=")[2].partition(";")[0])


def closed(answer) -> None:
    """Close an answer as a server does, but for the database's connection, which is the test's."""
    for close in answer._resource_closers:
        close()


def taken(answer) -> bytes:
    return b"".join(answer.streaming_content)


class TestACost:
    @pytest.mark.parametrize(
        ("path", "cost"),
        [
            *((path, 100) for path in (*WHOLE, "pairs/KAZ-RUS/robustness/?lens=levels")),
            *((path, 10) for path in BUILT),
            *((path, 1) for path in PLAIN),
            ("pairs/?lens=levels", 1),
            ("pairs/?lens=levels&since=2022-01-01", 10),
        ],
    )
    def test_is_by_what_is_asked_for(self, path, cost):
        answer = at("192.0.2.1").get(V1 + path)

        assert answer.status_code == 200
        assert left(answer) == 500 - cost
        # Until it was taken whole it counts as being sent, and the next would be refused.
        if answer.streaming:
            taken(answer)

    def test_is_nothing_more_where_what_somebody_has_still_holds(self, api):
        first = api.http.get(f"{V1}claims.csv")
        held = {"If-None-Match": first.headers["ETag"]}
        taken(first)

        again = api.http.get(f"{V1}claims.csv", headers=held)

        assert (again.status_code, left(again)) == (304, 399)

    def test_that_is_more_than_what_is_left_is_the_last(self):
        reader = at("192.0.2.2")

        statuses = []
        for _ in range(6):
            answer = reader.get(f"{V1}claims.csv")
            statuses.append(answer.status_code)
            if answer.streaming:
                taken(answer)

        assert statuses == [200] * 5 + [429]

    def test_is_not_the_higher_one_for_a_question_that_does_not_fit(self):
        answer = at("192.0.2.3").get(f"{V1}claims.csv", {"as_of": "never"})

        assert (answer.status_code, left(answer)) == (400, 499)


class TestWholeTables:
    @pytest.fixture(autouse=True)
    def nobody_else(self, monkeypatch):
        """Places of its own: answers of other tests were never closed."""
        monkeypatch.setattr(throttling, "SLOTS", throttling.DownloadSlots(most=2))

    def test_are_sent_to_one_client_one_after_another(self):
        reader = at("192.0.2.4")
        first = reader.get(f"{V1}log/events.csv")

        second = reader.get(f"{V1}claims.csv")
        taken(first)
        third = reader.get(f"{V1}claims.csv")

        assert [one.status_code for one in (first, second, third)] == [200, 429, 200]
        assert second.headers["Retry-After"] == "10"
        assert second.json()["detail"] == (
            "You are already downloading a whole table."
            " Wait until it is complete, or try again in 10 seconds."
        )

    def test_are_sent_to_so_many_at_once(self):
        opened = [at(f"192.0.2.{n}").get(f"{V1}claims.csv") for n in (5, 6)]

        refused = at("192.0.2.7").get(f"{V1}claims.csv")
        small = at("192.0.2.7").get(f"{V1}pairs.csv")
        taken(opened[0])
        later = at("192.0.2.7").get(f"{V1}claims.csv")

        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "10")
        assert refused.json()["detail"] == (
            "Too many whole tables are being downloaded. Try again in 10 seconds."
        )
        assert (small.status_code, later.status_code) == (200, 200)

    def test_that_break_off_leave_their_place(self):
        reader = at("192.0.2.8")
        first = reader.get(f"{V1}claims.csv")

        closed(first)

        assert reader.get(f"{V1}claims.csv").status_code == 200

    def test_that_are_dropped_leave_their_place(self):
        """An answer is never closed if something breaks before it is sent."""
        pieces = throttling.with_slot("somebody", iter(()))
        with pytest.raises(Refusal):
            throttling.with_slot("somebody", iter(()))

        del pieces

        assert throttling.with_slot("somebody", iter(()))

    def test_are_not_counted_where_nothing_is(self, settings):
        settings.RATE_LIMIT = 0
        opened = [at("192.0.2.10").get(f"{V1}claims.csv") for _ in range(4)]

        assert {one.status_code for one in opened} == {200}

    def test_of_which_only_the_head_is_asked_leave_it_at_once(self):
        reader = at("192.0.2.9")

        statuses = []
        for _ in range(3):
            head = reader.head(f"{V1}claims.csv")
            closed(head)
            statuses.append(head.status_code)

        assert statuses == [200, 200, 200]
