"""Logging in, and being locked out after too many tries."""

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model

pytestmark = pytest.mark.django_db
LOGIN = "/admin/login/?next=/admin/"


@pytest.fixture
def ann(db):
    get_user_model().objects.create_superuser("ann", password="right and long")


def try_with(client, password):
    return client.post(LOGIN, {"username": "ann", "password": password})


@pytest.mark.usefixtures("ann")
class TestLoggingIn:
    def test_leads_to_the_desk(self, client):
        answer = try_with(client, "right and long")

        assert (answer.status_code, answer["Location"]) == (302, "/admin/")

    def test_is_locked_after_too_many_tries_even_with_the_right_password(self, client):
        for _ in range(settings.AXES_FAILURE_LIMIT):
            last = try_with(client, "wrong")

        assert last.status_code == 429
        assert try_with(client, "right and long").status_code == 429

    def test_is_not_locked_for_somebody_else(self, client):
        get_user_model().objects.create_superuser("bob", password="right and long")
        for _ in range(settings.AXES_FAILURE_LIMIT):
            try_with(client, "wrong")

        answer = client.post(LOGIN, {"username": "bob", "password": "right and long"})

        assert answer.status_code == 302
