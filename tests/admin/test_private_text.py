"""Pages that get the text of an article: their error reports have no word of it."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.template.response import TemplateResponse
from django.test import RequestFactory

from tracker.admin.base import private_text
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


def test_an_answer_passes(request_with_text):
    assert private_text(lambda _request: HttpResponse("fine"))(request_with_text).content == b"fine"
