"""What an answer says when something goes wrong."""

from contextlib import contextmanager
from typing import Any

import pytest
from django.core.signals import got_request_exception
from django.db import InterfaceError, OperationalError
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from tests.kit.api_client import V1
from tracker import log
from tracker.api.errors import Handler
from tracker.api.problems import KINDS

pytestmark = pytest.mark.django_db


PROBLEM = "application/problem+json"


class TestAProblem:
    def test_has_all_that_rfc_9457_asks_for_and_a_request_id(self, api):
        answer = api.http.get(V1 + "claims/?kind=lie")
        problem = answer.json()

        assert answer.headers["Content-Type"] == PROBLEM
        assert problem["status"] == answer.status_code == 400
        assert problem["title"] == KINDS["invalid"].title
        assert len(problem["request_id"]) == 36
        assert problem["errors"] == [
            {
                "in": "query",
                "pointer": "/kind",
                "code": "invalid_choice",
                "detail": '"lie" is not a valid choice.',
            }
        ]

    def test_has_a_type_that_leads_to_a_page(self, api):
        problem = api.get("claims/", expect=400, kind="lie")

        page = api.get(problem["type"].removeprefix("http://testserver"))

        assert page == {
            "code": "invalid",
            "status": 400,
            "title": KINDS["invalid"].title,
            "mend": KINDS["invalid"].fix,
        }

    def test_says_the_way_out_where_no_place_is_wrong(self, api, desk):
        claim = api.claims(desk)["id"]

        problem = api.post(f"claims/{claim}/retraction/", {"reason": "so"}, expect=428)

        assert problem["detail"] == KINDS["precondition-required"].fix
        assert problem["errors"] == []

    def test_of_an_address_where_nothing_is_allows_no_method(self, api):
        answer = api.http.options(V1 + "editions/standing/2022-02-30/")

        assert (answer.status_code, answer.headers["Content-Type"]) == (404, PROBLEM)
        assert "Allow" not in answer.headers


@contextmanager
def listening(reported):
    """Note the bugs that are reported meanwhile."""

    def note(request, **_):
        reported.append(request)

    got_request_exception.connect(note)
    try:
        yield
    finally:
        got_request_exception.disconnect(note)


class TestTrouble:
    def answer(self, trouble):
        context: Any = {"request": Request(APIRequestFactory().post("/")), "view": None}
        return Handler(trouble, context).run()

    @pytest.mark.parametrize(
        "trouble",
        [
            log.LogBusy("another writer holds the log"),
            OperationalError("connection refused"),
            InterfaceError("the connection is closed"),
        ],
    )
    def test_that_passes_is_a_503_with_a_time_to_wait(self, trouble):
        reported: list[object] = []
        with listening(reported):
            answer = self.answer(trouble)

        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
        assert reported == []

    def test_of_our_own_is_a_500_that_gives_nothing_away(self):
        reported: list[object] = []
        with listening(reported):
            answer = self.answer(RuntimeError("the password is swordfish"))

        assert len(reported) == 1
        assert (answer.status_code, answer.content_type) == (500, PROBLEM)
        assert answer.data["type"].endswith("/problems/server-error/")
        assert "swordfish" not in str(answer.data)
