"""Who may do what: every address and method asks for one scope, the least that will do."""

from typing import Any

import pytest
from django.urls import URLResolver
from rest_framework.test import APIClient

from tests.kit.api_client import V1, Api, a_body, api_with
from tracker.api import urls
from tracker.api.permissions import scopes_of
from tracker.api.resources.site import ElsewhereView

pytestmark = pytest.mark.django_db

OPEN = {"root", "problems", "problem", "openapi"}
# What is no record, and is read by whoever may write it.
OF_WRITERS = {"webhooks": "admin", "claims/batch": "write:claims"}
DRAFTS = "documents/<uuid:record>/drafts/"


def methods():
    """Every address of the API with each method that it answers."""
    for pattern in urls.v1:
        assert not isinstance(pattern, URLResolver)
        view: Any = getattr(pattern.callback, "cls", None)
        for method in ("get", "post", "put", "patch", "delete"):
            if hasattr(view, method):
                yield pattern, view, method.upper()


def reached(pattern):
    parts = {
        "<uuid:webhook>": "331823dd-0988-470a-9d45-e95f3ddfd0cc",
        "<uuid:claim_id>": "331823dd-0988-470a-9d45-e95f3ddfd0cc",
        "<uuid:record>": "331823dd-0988-470a-9d45-e95f3ddfd0cc",
        "<code:one>": "CHN",
        "<code:two>": "KAZ",
        "<code:three>": "RUS",
        "<code:other>": "KAZ",
        "<str:label>": "standing",
        "<day:day>": "2022-05-24",
        "<uuid:link_id>": "331823dd-0988-470a-9d45-e95f3ddfd0cc",
        "<uuid:run>": "331823dd-0988-470a-9d45-e95f3ddfd0cc",
        "<uuid:job_id>": "331823dd-0988-470a-9d45-e95f3ddfd0cc",
        "<int:position>": "1",
        "<str:scheme>": "plover-2.0",
        "<form:form>": "csv",
        "<str:code>": "invalid",
    }
    route = str(pattern.pattern)
    for part, value in parts.items():
        route = route.replace(part, value)
    return V1 + route


class TestEveryAddress:
    def test_asks_whoever_has_no_token_for_one(self):
        for pattern, _, method in methods():
            address = reached(pattern)
            answer = APIClient().generic(method, address, "{}", "application/json")

            if pattern.name in OPEN:
                assert answer.status_code == 200, address
            else:
                assert answer.status_code == 401, address
                assert answer.headers["WWW-Authenticate"] == "Bearer"
                assert answer.json()["type"].endswith("/problems/unauthenticated/")

    def test_that_writes_asks_for_more_than_reading(self):
        asked = {
            (str(pattern.pattern), method): " or ".join(scopes_of(view, method))
            for pattern, view, method in methods()
        }

        writing = {where: scope for where, scope in asked.items() if where[1] != "GET"}
        # Files on their way in, and their rows, are not on record.
        for (route, method), scope in asked.items():
            if method == "GET":
                more = dict.fromkeys(("jobs", "imports"), "import") | OF_WRITERS
                kept = next((more[one] for one in more if route.startswith(one + "/")), "read")
                kept = "write:claims" if route == DRAFTS else kept
                assert scope == kept, route
        for (route, _), scope in writing.items():
            claims = route.startswith("claims/") and not route.endswith(("verdicts/", "reviews/"))
            if route.endswith("withholding/") or route.startswith("webhooks/"):
                assert scope == "admin"
            elif route.startswith(("jobs/", "imports/")):
                assert scope == "import"
            else:
                claims = claims or route in (DRAFTS, "reading/")
                either = route in ("sources/", "documents/")
                needed = "curate or write:claims" if either else "curate"
                assert scope == ("write:claims" if claims else needed), route


class TestAnOpenSite:
    def test_lets_anybody_read_and_nobody_write(self, settings, desk):
        settings.ANONYMOUS_READERS = True
        anybody = api_with()

        anybody.get("claims/")
        anybody.get("pairs/KAZ-RUS/scores/")
        assert anybody.post("claims/", a_body(desk), expect=401)["status"] == 401

    def test_still_refuses_a_token_that_is_none(self, settings):
        settings.ANONYMOUS_READERS = True

        Api(APIClient(headers={"Authorization": "Bearer ent_nothing"})).get("claims/", expect=401)


class TestATokenThatIsNone:
    @pytest.mark.parametrize(
        "header",
        ["Bearer", "Bearer ent_x", "Bearer a b", "Bearer \xff\xfe", "Bearer '", "Basic YTpi", "x"],
    )
    def test_is_a_401(self, db, header):
        Api(APIClient(headers={"Authorization": header})).get("claims/", expect=401)

    def test_of_an_account_that_was_closed_is_a_401(self, api, django_user_model):
        django_user_model.objects.update(is_active=False)

        api.get("claims/", expect=401)


class TestTheAddresses:
    def test_are_all_reached(self):
        """Guards `reached`: an address with a new part must be tried too."""
        for pattern in urls.v1:
            assert "<" not in reached(pattern)
            assert getattr(pattern.callback, "cls", None) is not ElsewhereView
