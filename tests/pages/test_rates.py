"""How often one address may ask for pages."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("minute")]
PAGE = "/pairs/KAZ-RUS/"
METHOD = "/method/"


def at(address: str, **more: str) -> Client:
    return Client(REMOTE_ADDR=address, **more)


class TestALimit:
    def test_counts_a_page_that_is_built_ten_times(self, settings, desk, scored):
        """Ten for the first, and one for each of the two that were kept: thirteen is too much."""
        scored()
        settings.RATE_LIMIT = 12
        reader = at("192.0.2.1")

        statuses = [reader.get(PAGE).status_code for _ in range(4)]

        assert statuses == [200, 200, 200, 429]

    def test_counts_spreads_over_settings_as_the_api_does(self, settings, desk, scored):
        """A hundred for the first, and one for it from the cache: 102 is too much."""
        desk.asserts()
        lens = desk.measures_levels()
        scored()
        settings.RATE_LIMIT = 101
        reader = at("192.0.2.13")

        asked = {"lens": lens, "show": "robustness"}
        statuses = [reader.get(PAGE, asked).status_code for _ in range(3)]

        assert statuses == [200, 200, 429]

    def test_counts_spreads_for_somebody_known_too(self, settings, django_user_model, desk, scored):
        """With two pages that cost one each, 102."""
        scored()
        settings.RATE_LIMIT = 101
        known = at("192.0.2.14")
        known.force_login(django_user_model.objects.create_superuser("ann"))

        asked = ("?show=robustness", "", "")
        statuses = [known.get(PAGE + one).status_code for one in asked]

        assert statuses == [200, 200, 429]

    def test_counts_the_page_that_describes_the_api(self, settings):
        settings.RATE_LIMIT = 1
        reader = at("192.0.2.44")

        statuses = [reader.get("/api/v1/docs/").status_code for _ in range(2)]

        assert statuses == [200, 429]

    def test_says_in_words_when_to_come_again(self, settings, minute):
        settings.RATE_LIMIT = 1
        reader = at("192.0.2.2")
        reader.get(METHOD)

        answer = reader.get(METHOD)

        # A page was started, 13 seconds into the minute.
        assert (answer.status_code, answer["Retry-After"]) == (429, "47")
        assert "Try again in 47 seconds." in answer.text
        assert answer["Cache-Control"] == "no-store"
        minute.shift(47)
        assert reader.get(METHOD).status_code == 200

    def test_is_one_for_the_api_and_the_pages(self, settings):
        settings.RATE_LIMIT, settings.ANONYMOUS_READERS = 3, True
        reader = at("192.0.2.3")

        for n in range(1, 4):
            assert reader.get(f"/api/v1/claims/?limit={n}").status_code == 200

        assert reader.get(METHOD).status_code == 429

    def test_is_each_addresss_own(self, settings):
        settings.RATE_LIMIT = 1
        at("192.0.2.4").get(METHOD)

        assert at("192.0.2.4").get(METHOD).status_code == 429
        assert at("192.0.2.5").get(METHOD).status_code == 200

    @pytest.mark.parametrize("path", ["/healthz", "/static/pages/site.css"])
    def test_is_none_for_what_costs_nothing(self, settings, path):
        settings.RATE_LIMIT = 1
        reader = at("192.0.2.8")

        for _ in range(5):
            answer = reader.get(path)
            answer.close()
            assert answer.status_code == 200

    def test_holds_at_the_desks_door(self, settings):
        """Ten for each, though the second answer is a redirect."""
        settings.RATE_LIMIT = 20
        stranger = at("192.0.2.9")

        statuses = [stranger.get("/admin/").status_code for _ in range(3)]

        assert statuses == [302, 302, 429]

    def test_is_none_at_the_desk(self, settings, django_user_model):
        settings.RATE_LIMIT = 2
        known = at("192.0.2.10")
        known.force_login(django_user_model.objects.create_superuser("ann"))

        assert {known.get("/admin/password_change/").status_code for _ in range(4)} == {200}


class TestASessionCookie:
    @pytest.mark.parametrize("path", [METHOD, "/admin/"])
    def test_that_is_invented_costs_nothing_once_its_address_asked_too_much(self, settings, path):
        settings.RATE_LIMIT = 1
        forger = at("192.0.2.11")
        for n in range(2):
            forger.cookies[settings.SESSION_COOKIE_NAME] = f"{n:032}"
            forger.get(path)

        forger.cookies[settings.SESSION_COOKIE_NAME] = "f" * 32
        with CaptureQueriesContext(connection) as sent:
            answer = forger.get(path)

        assert answer.status_code == 429
        assert [one["sql"] for one in sent] == []

    @pytest.mark.parametrize("path", [METHOD, "/admin/password_change/"])
    def test_of_somebody_known_counts_for_them_and_not_for_their_address(
        self, settings, django_user_model, path
    ):
        settings.RATE_LIMIT = 4
        known, neighbour = at("192.0.2.12"), at("192.0.2.12")
        known.force_login(django_user_model.objects.create_superuser("ann"))
        known.get(path)
        for _ in range(6):
            last = neighbour.get(METHOD)
        assert last.status_code == 429

        assert [known.get(path).status_code for _ in range(2)] == [200, 200]
