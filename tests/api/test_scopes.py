"""Tokens that are none. Which scope each address needs is in docs/roles.md, which
test_roles.py compares with the answers."""

import pytest
from rest_framework.test import APIClient

from tests.kit.api_client import V1

pytestmark = pytest.mark.django_db


class TestATokenThatIsNone:
    @pytest.mark.parametrize("open_to_all", [True, False])
    @pytest.mark.parametrize(
        "header",
        [
            "",
            "Bearer",
            "Bearer ent_x",
            "Bearer a b",
            "Bearer \xff\xfe",
            "Bearer '",
            "Basic YTpi",
            "x",
        ],
    )
    def test_is_a_401(self, db, settings, header, open_to_all):
        """On an open site too: what is withheld would be shown to no token."""
        settings.ANONYMOUS_READERS = open_to_all

        answer = APIClient(headers={"Authorization": header}).get(f"{V1}claims/")

        assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")

    def test_of_an_account_that_was_closed_is_a_401(self, api, django_user_model):
        django_user_model.objects.update(is_active=False)

        api.get("claims/", expect=401)
