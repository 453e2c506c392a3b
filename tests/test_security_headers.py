"""Every answer has the same headers that protect readers, whatever made it."""

from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest
from django.conf import settings as configured
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.test import Client

from config import min_position
from tests.kit.api_client import V1
from tests.kit.builders import Desk
from tracker.pages import site_pages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("desk")]
NAMES = (
    "Content-Security-Policy",
    "X-Frame-Options",
    "X-Content-Type-Options",
    "Referrer-Policy",
    "Cross-Origin-Opener-Policy",
)
PAGE, API = "/about/", f"{V1}actors/"


def protection(answer: Any) -> dict[str, str | None]:
    return {name: answer.headers.get(name) for name in NAMES}


@pytest.fixture(autouse=True)
def _open(settings: Any) -> None:
    settings.ANONYMOUS_READERS = True


@pytest.fixture
def usual(client: Client) -> dict[str, str | None]:
    """The headers of an ordinary page."""
    found = protection(client.get(PAGE))
    assert "default-src 'none'" in str(found["Content-Security-Policy"])
    assert list(found.values())[1:] == ["DENY", "nosniff", "same-origin", "same-origin"]
    return found


@pytest.fixture
def over_limit(settings: Any, minute: Any) -> None:
    """The client has used up its limit of this minute."""
    settings.RATE_LIMIT = 1
    Client().get("/")


@pytest.fixture
def behind(monkeypatch: Any, settings: Any) -> None:
    """The server has come nowhere."""
    settings.MIN_POSITION_SECONDS = 0
    monkeypatch.setattr(min_position, "_measure", lambda _path: lambda: -1)


@pytest.fixture
def https(settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True


@pytest.fixture
def broken(monkeypatch: Any) -> None:
    """A page fails."""
    monkeypatch.setattr(site_pages, "render_page", None)


def asked(path: str, **options: Any) -> Callable[[Client], Any]:
    return lambda client: client.get(path, **options)


def again(path: str, *, unchanged: bool = False) -> Callable[[Client], Any]:
    """A second answer, from the cache or, if `unchanged`, without content."""

    def answer(client: Client) -> Any:
        first = client.get(path)
        return client.get(path, headers={"If-None-Match": first["ETag"]} if unchanged else {})

    return answer


def sent(path: str, size: int = 0, **options: Any) -> Callable[[Client], Any]:
    return lambda client: client.post(path, b"x" * size, content_type="text/plain", **options)


def preflight(client: Client) -> Any:
    headers = {"Origin": "https://other.example", "Access-Control-Request-Method": "GET"}
    return client.options(API, headers=headers)


def without_token(_client: Client) -> Any:
    return Client(enforce_csrf_checks=True).post(PAGE)


AHEAD = {"min_position": 10**6}
TOO_MUCH = configured.DATA_UPLOAD_MAX_MEMORY_SIZE + 1
STATIC = "/static/pages/site.css"


class TestAnAnswer:
    @pytest.mark.parametrize(
        ("state", "made", "status"),
        [
            ("", asked(API), 200),
            ("", again(PAGE), 200),
            ("", again(PAGE, unchanged=True), 304),
            ("", again(API), 200),
            ("", again(API, unchanged=True), 304),
            ("", asked(STATIC), 200),
            ("", again("/static/pages/site.0123456789ab.css", unchanged=True), 304),
            ("", asked("/nowhere/"), 404),
            ("", asked(f"{V1}nowhere/"), 404),
            ("", asked("/about"), 301),
            ("", sent(PAGE), 405),
            ("", without_token, 403),
            ("", preflight, 200),
            ("", asked("/healthz"), 200),
            ("", asked("/", headers={"Host": "other.example"}), 400),
            ("https", asked("/", headers={"Host": "other.example"}), 400),
            ("https", asked(PAGE), 301),
            ("", sent(PAGE, TOO_MUCH), 413),
            ("", sent(API, TOO_MUCH), 413),
            ("", asked("/", query_params={"min_position": "x"}), 400),
            ("", asked(API, query_params={"min_position": "x"}), 400),
            ("behind", asked("/", query_params=AHEAD), 400),
            ("behind", asked(API, query_params={"min_position": "0"}), 503),
            ("behind", asked("/", query_params={"min_position": "0"}), 503),
            ("behind over_limit", asked(API, query_params={"min_position": "0"}), 429),
            ("behind over_limit", asked("/", query_params={"min_position": "0"}), 429),
            ("over_limit", asked("/"), 429),
            ("broken", asked("/status/"), 500),
        ],
    )
    def test_has_the_headers_of_a_page(
        self, usual: Any, request: Any, state: str, made: Any, status: int
    ) -> None:
        for name in state.split():
            request.getfixturevalue(name)
        # A view that fails is a page for readers.
        with closing(made(Client(raise_request_exception=False))) as answer:
            assert answer.status_code == status
            assert protection(answer) == usual

    @pytest.mark.parametrize("path", ["/admin/", "/admin/nowhere/"])
    def test_of_the_desk_has_those_of_the_desk(self, client: Client, path: str) -> None:
        usual = protection(client.get("/admin/login/"))
        found = [client.get(path), sent(path, TOO_MUCH)(client)]

        assert [answer.status_code for answer in found] == [302, 413]
        assert [protection(answer) for answer in found] == [usual] * 2

    def test_of_the_desk_has_the_same_policy_for_developers(
        self, client: Client, settings: Any
    ) -> None:
        usual = protection(client.get("/admin/login/"))
        settings.DEBUG = True

        assert protection(client.get("/admin/login/")) == usual


def answers(_get_response: Any) -> Callable[[HttpRequest], HttpResponse]:
    return lambda _request: HttpResponse("early", status=418)


def fails(_get_response: Any) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(_request: HttpRequest) -> HttpResponse:
        raise SuspiciousOperation

    return middleware


FIRST = "tracker.admin.csp.DeskPolicyMiddleware"
INNER = configured.MIDDLEWARE[configured.MIDDLEWARE.index(FIRST) + 1 :]


class TestMiddleware:
    @pytest.mark.parametrize("place", INNER)
    def test_that_answers_or_fails_anywhere_leaves_no_answer_without_them(
        self, usual: Any, settings: Any, place: str
    ) -> None:
        at = settings.MIDDLEWARE.index(place)
        for one, status in ((answers, 418), (fails, 400)):
            name = f"{__name__}.{one.__name__}"
            settings.MIDDLEWARE = [*configured.MIDDLEWARE[:at], name, *INNER]
            answer = Client().get("/nowhere/")
            settings.MIDDLEWARE = [*configured.MIDDLEWARE]

            assert answer.status_code == status
            assert protection(answer) == usual


class TestAnEmbed:
    def test_may_be_framed_whichever_way_it_is_made(self, client: Client, desk: Desk) -> None:
        """A 304 has them too, since browsers replace the headers that they keep by its own."""
        path = "/embed/pairs/KAZ-RUS/"
        first = client.get(path)
        usual = protection(first)

        assert "frame-ancestors *" in str(usual["Content-Security-Policy"])
        assert usual["X-Frame-Options"] is None
        assert protection(client.get(path)) == usual
        unchanged = client.get(path, headers={"If-None-Match": first["ETag"]})
        assert unchanged.status_code == 304
        assert protection(unchanged) == usual
