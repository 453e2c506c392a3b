"""Pages that get the text of an article: their error reports have no word of it."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.template.response import TemplateResponse
from django.test import RequestFactory

from tests.kit.reading_desk import at, presses
from tracker import log
from tracker.admin.base import private_text
from tracker.domain.problems import Conflict, Invalid, NotFound, Problem
from tracker.operations import trays
from tracker.operations.text_errors import TextError


@pytest.fixture
def request_with_text() -> HttpRequest:
    return RequestFactory().post("/", {"text": "marker"})


def failing(request: HttpRequest) -> HttpResponse:
    raise KeyError(request.POST["text"])


def failing_in_its_template(request: HttpRequest) -> TemplateResponse:
    template = engines["django"].from_string("{{ fail }}")
    return TemplateResponse(request, template, {"fail": lambda: failing(request)})


@pytest.mark.parametrize("view", [failing, failing_in_its_template])
def test_an_error_has_its_place_and_no_word(request_with_text, view):
    with pytest.raises(TextError, match=r"KeyError in test_private_text\.py") as raised:
        private_text(view)(request_with_text)

    assert "marker" not in str(raised.value)
    assert request_with_text.sensitive_post_parameters == "__ALL__"


FULL = Invalid([Problem(pointer="", code="full", detail="you have 1,000 trays")])


@pytest.mark.parametrize(
    ("error", "status", "says"),
    [
        (FULL, 400, "You have 1,000 trays."),
        (NotFound("there is no tray"), 404, "There is no tray."),
        (Conflict("it was changed"), 409, "It was changed."),
        (log.LogBusy("the log is busy"), 503, "The log is busy."),
    ],
)
def test_a_problem_is_answered_in_words(error, status, says):
    def view(_request: HttpRequest) -> HttpResponse:
        raise error

    request = RequestFactory().post("/", headers={"HX-Request": "true"})

    answer = private_text(view)(request)

    assert (answer.status_code, answer.content.decode()) == (status, says)
    assert answer["Content-Type"].startswith("text/plain")


@pytest.mark.django_db
class TestAtTheDesk:
    @pytest.fixture(autouse=True)
    def full(self, monkeypatch):
        monkeypatch.setattr(trays, "MOST_TRAYS", 0)

    def test_a_key_of_a_person_with_too_many_trays_is_answered_in_words(self, ann, desk, chosen):
        answer = presses(ann, desk, chosen, "take")

        assert answer.status_code == 400
        assert "record or close some of them first" in answer.content.decode()

    def test_drafts_that_nest_too_deep_are_none(self, monkeypatch, ann, desk):
        monkeypatch.undo()
        body = {"text": "Russia cut the flow.", "changed": "[" * 100_000}

        assert ann.post(at(desk, "text/"), body).status_code == 200
