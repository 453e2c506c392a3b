"""Tokens that are none, and an open site. Which scope each address needs is in docs/roles.md, which
test_roles.py compares with the answers."""

import pytest
from rest_framework.test import APIClient

from tests.kit.api_client import V1, Api, a_body, api_with

pytestmark = pytest.mark.django_db


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
        answer = APIClient(headers={"Authorization": header}).get(f"{V1}claims/")

        assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")

    def test_of_an_account_that_was_closed_is_a_401(self, api, django_user_model):
        django_user_model.objects.update(is_active=False)

        api.get("claims/", expect=401)
