"""Requests that no view answers: each is refused in one line, and counts for its address."""

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.kit.api_client import V1
from tracker.charts import drawing
from tracker.domain.problems import Unavailable
from tracker.pages.request_params import cached_view

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("desk")]
PICTURE = "/pairs/KAZ-RUS/chart.png"
NUL = "%00"


@pytest.fixture
def limited(settings: Any, minute: Any) -> None:
    """Three requests a minute, in a minute that no other test counts in."""
    settings.RATE_LIMIT, settings.ANONYMOUS_READERS = 3, True


class TestEveryRequest:
    @pytest.mark.parametrize(
        ("path", "status"),
        [
            ("/?min_position=abc1", 400),
            (f"{V1}actors/?min_position=abc1", 400),
            ("/healthzz1/", 404),
            ("/metricsx/", 404),
            ("/readyz/x/", 404),
            (f"{V1}nothere/", 404),
            ("/nothere/", 404),
            ("/?country=%00", 400),
            (f"{V1}claims/?code=%00", 400),
            ("/?" + "a&" * 1_000, 400),
            (f"{V1}claims/?" + "a&" * 1_000, 400),
        ],
    )
    @pytest.mark.usefixtures("limited")
    def test_counts(self, path: str, status: int) -> None:
        statuses = [Client().get(path).status_code for _ in range(13)]

        # A page counts one if it is refused early, and ten at the most.
        assert statuses[0] == status
        assert statuses[-1] == 429

    @pytest.mark.usefixtures("limited")
    def test_with_a_foreign_host_counts(self) -> None:
        for _ in range(4):
            assert Client().get("/healthz", headers={"Host": "other.example"}).status_code == 400

        assert Client().get("/about/").status_code == 429
        assert Client().get("/healthz").status_code == 200

    def test_with_a_foreign_host_is_one_line(self, caplog: Any, capsys: Any) -> None:
        with caplog.at_level(logging.INFO):
            answer = Client().get("/", headers={"Host": "other.example"})

        assert answer.status_code == 400
        assert "This address cannot be read" in answer.text
        assert caplog.records == []
        assert len(capsys.readouterr().out.splitlines()) == 1

    @pytest.mark.usefixtures("limited")
    def test_with_an_invented_cookie_costs_one_look_up_until_the_limit(self) -> None:
        with CaptureQueriesContext(connection) as asked:
            for number in range(12):
                Client(headers={"Cookie": f"sessionid={number:032}"}).get("/nothere/")
                Client(headers={"Cookie": f"sessionid={number:032}"}).get(f"{V1}nothere/")

        of_sessions = [one for one in asked.captured_queries if "django_session" in one["sql"]]
        assert len(of_sessions) <= 4


class TestNul:
    @pytest.mark.parametrize("path", ["/", "/shifts/", "/search/", "/pairs/KAZ-RUS/", "/admin/"])
    @pytest.mark.parametrize("name", ["country", "q", "day", "as_of", "next", "made"])
    def test_is_refused_in_any_parameter(self, path: str, name: str) -> None:
        answer = Client().get(f"{path}?{name}={NUL}")

        assert answer.status_code == 400
        assert "NUL" in answer.text

    def test_is_refused_in_an_address_and_a_cookie(self) -> None:
        assert Client().get(f"/editions/{NUL}/2024-01-01/").status_code == 400
        cookie = {"Cookie": 'sessionid="a\\000b"'}
        assert Client(headers=cookie).get("/admin/").status_code == 400

    def test_is_a_problem_of_the_api_that_names_the_parameter(self, settings: Any) -> None:
        settings.ANONYMOUS_READERS = True

        problem = Client().get(f"{V1}claims/?code={NUL}").json()

        assert [one["pointer"] for one in problem["errors"]] == ["/code"]

    @pytest.mark.parametrize(
        ("path", "field"), [("/follow/mail/", "address"), ("/admin/login/", "username")]
    )
    def test_is_no_error_in_a_form(self, path: str, field: str) -> None:
        answer = Client().post(path, {field: "a\0b@example.org", "pair": "KAZ-RUS"})

        assert answer.status_code in {200, 400}


class TestAPicture:
    @pytest.mark.parametrize("name", ["order", "page", "show", "country"])
    def test_refuses_what_it_does_not_show(self, name: str) -> None:
        """Each would be another picture to draw."""
        answer = Client().get(f"{PICTURE}?{name}=junk1")

        assert answer.status_code == 400
        assert name in answer.text

    def test_has_links_with_what_their_views_take(self) -> None:
        for route in ("pages:pair-picture", "pages:pair-scores"):
            path = reverse(route, args=["KAZ", "RUS", "svg" if "picture" in route else "csv"])
            assert "order" not in cached_view(path).parameters

    def test_is_drawn_alone_and_others_are_told_to_come_again(self) -> None:
        """One is drawn, one waits, and the third is refused at once."""
        drawn, end = [], threading.Event()

        def draw(text: str) -> None:
            def render() -> None:
                drawn.append(text)
                end.wait(600)

            drawing._alone(render)

        with ThreadPoolExecutor(2) as others:
            both = others.map(draw, "ab")
            while drawing._places.acquire(blocking=False):
                drawing._places.release()
            with pytest.raises(Unavailable) as refused:
                draw("c")
            assert len(drawn) == 1
            end.set()
            assert [*both] == [None, None]

        assert (len(drawn), refused.value.wait) == (2, 5)
        draw("c")
