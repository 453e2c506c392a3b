"""The format of logs, for people and for programs."""

import io
import json
import logging

import pytest
import structlog
from django.conf import settings
from django.db import OperationalError
from django.test import RequestFactory

from config import logs, unavailable
from config.request_ids import RequestMiddleware
from tests.kit.api_client import V1

TOKEN = "0123456789abcdef0123456789abcdef.1tX9aB." + "c" * 43


@pytest.fixture
def json_lines(monkeypatch):
    """Log as JSON; gives what was written since."""
    before = structlog.get_config()
    monkeypatch.setenv("LOG_FORMAT", "json")
    monkeypatch.setenv("LOG_LEVEL", "INFO")
    logs.configure()
    written = io.StringIO()
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(written))
    handler = logging.StreamHandler(written)
    handler.setFormatter(logs.json_formatter())
    logging.getLogger("library").addHandler(handler)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    logging.getLogger("library").removeHandler(handler)
    logging.captureWarnings(capture=False)
    structlog.configure(**before)


def test_json_has_the_context_for_our_own_lines_and_those_of_libraries(json_lines):
    with structlog.contextvars.bound_contextvars(request_id="one"):
        structlog.get_logger().info("ours", position=118, names=["Қазақстан"])
        logging.getLogger("library").warning("of %s", "theirs")

    ours, theirs = json_lines()
    assert ours.pop("timestamp") <= theirs.pop("timestamp")
    common = {"request_id": "one"}
    own = {"event": "ours", "level": "info", "names": ["Қазақстан"], "position": 118}
    assert ours == common | own
    assert theirs == common | {"event": "of theirs", "level": "warning", "logger": "library"}


def test_a_traceback_is_one_line_without_the_values_of_variables(json_lines):
    def fails():
        word = "xyzzyplugh"
        return word.index("-")

    for log in (structlog.get_logger(), logging.getLogger("library")):
        try:
            fails()
        except ValueError:
            log.exception("it failed")

    assert len(json_lines()) == 2
    for line in json_lines():
        assert "ValueError: substring not found" in line["exception"]
        assert "in fails" in line["exception"]
        assert set(line) <= {"event", "level", "exception", "timestamp", "logger"}
        # The source has it once, in the line that is not part of the traceback.
        assert "xyzzyplugh" not in line["exception"]


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("/about/", "GET /about/"),
        ("/search/?q=words", "GET /search/?…"),
        (f"/follow/mail/stop/{TOKEN}", "GET /follow/mail/stop/…"),
        (
            "/claims/01890a5d-ac96-774b-bcce-b302099a8057/",
            "GET /claims/01890a5d-ac96-774b-bcce-b302099a8057/",
        ),
    ],
)
def test_no_line_has_a_token_or_the_words_of_a_search(address, says):
    assert RequestMiddleware.format_request(RequestFactory().get(address)) == says


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "size", "status"),
    [
        ("actors/?min_position=x", 0, 400),
        ("actors/?min_position=999999", 0, 400),
        ("actors/", settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1, 413),
        ("nowhere/", 0, 404),
    ],
)
def test_a_refusal_has_the_id_of_its_line(client, json_lines, path, size, status):
    """A client cannot choose it."""
    send = client.post if size else client.get
    options = {"data": b"x" * size, "content_type": "application/json"} if size else {}

    answer = send(f"{V1}{path}", headers={"X-Request-Id": "mine"}, **options)

    assert answer.status_code == status
    identity = answer.json()["request_id"]
    assert len(identity) == 36
    lines = [line for line in json_lines() if line.get("request_id") == identity]
    last = lines[-1]
    # It is written at the usual level too.
    assert (last["level"], last["ip"]) == ("warning", "127.0.0.1")
    assert (last["code"], last["request"].partition("?")[0]) == (
        status,
        f"{'POST' if size else 'GET'} {V1}{path.partition('?')[0]}",
    )
    assert not structlog.contextvars.get_contextvars()


def test_no_token_is_logged_while_the_database_is_away(json_lines):
    def fails():
        raise OperationalError("the connection was lost")

    request = RequestFactory().get(f"/follow/mail/stop/{TOKEN}/")
    try:
        fails()
    except OperationalError:
        assert unavailable.answer(request).status_code == 503

    [line] = json_lines()
    assert (line["event"], line["request"]) == ("unavailable", "GET /follow/mail/stop/…/")
    assert TOKEN not in str(line)
