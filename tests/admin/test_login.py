"""Logging in, and being locked out after too many tries."""

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]
LOGIN = "/admin/login/?next=/admin/"


@pytest.fixture
def ann(db, quick_passwords):
    get_user_model().objects.create_superuser("ann", password="right and long")


def try_with(client, password, name="ann", **more):
    return client.post(LOGIN, {"username": name, "password": password}, **more)


@pytest.mark.usefixtures("ann")
class TestLoggingIn:
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


@pytest.mark.usefixtures("ann")
class TestAnAddress:
    """From which many names are tried, each only once."""

    def spray(self, client, settings, **more):
        for number in range(settings.ADDRESS_FAILURE_LIMIT):
            last = try_with(client, "Summer2026!", f"user{number}", **more)
        return last

    def test_is_locked_for_every_name(self, client, settings):
        last = self.spray(client, settings)

        assert last.status_code == 429
        assert "Logging in from there" in last.text
        assert try_with(client, "right and long").status_code == 429

    def test_behind_a_proxy_is_the_clients(self, client, settings):
        settings.PROXIES = 1
        self.spray(client, settings, HTTP_X_FORWARDED_FOR="203.0.113.9, 198.51.100.7")

        same = try_with(client, "right and long", HTTP_X_FORWARDED_FOR="10.0.0.1, 198.51.100.7")
        other = try_with(client, "right and long", HTTP_X_FORWARDED_FOR="198.51.100.8")

        assert (same.status_code, other.status_code) == (429, 302)

    def test_is_not_what_the_client_says_where_there_is_no_proxy(self, client, settings):
        for number in range(settings.AXES_FAILURE_LIMIT):
            try_with(client, "wrong", HTTP_X_FORWARDED_FOR=f"198.51.100.{number}")

        assert try_with(client, "right and long").status_code == 429


class TestAnAccountWithoutARole:
    def account(self, **given):
        return get_user_model().objects.create_user("bea", password="right and long", **given)

    @pytest.mark.parametrize("staff", [True, False])
    def test_is_told_so_at_login(self, client, staff):
        self.account(is_staff=staff)

        answer = try_with(client, "right and long", "bea")

        assert answer.status_code == 200
        assert "Your account bea has no role yet" in answer.text
        assert "viewer, analyst, curator, importer, admin" in answer.text
        assert "_auth_user_id" not in client.session

    def test_is_not_named_to_one_without_the_password(self, client):
        self.account(is_staff=True)

        answer = try_with(client, "wrong", "bea")

        assert "has no role" not in answer.text

    def test_is_told_so_on_the_first_page_if_the_role_was_taken_away(self, client):
        client.force_login(self.account(is_staff=True))

        text = client.get("/admin/").text

        assert "Your account bea has no role yet" in text

    def test_that_is_closed_is_told_nothing(self, client):
        self.account(is_staff=True, is_active=False)

        assert "has no role" not in try_with(client, "right and long", "bea").text
