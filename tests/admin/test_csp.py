"""The content policy: as strict as it can be on the pages, as loose as it must be at the desk."""

import pytest

pytestmark = pytest.mark.django_db


def policy(client, path):
    header = client.get(path)["Content-Security-Policy"]
    return dict(part.strip().split(" ", 1) for part in header.split(";"))


class TestThePolicy:
    @pytest.mark.parametrize("path", ["/", "/pairs/KAZ-RUS/", "/nowhere/", "/administration/"])
    def test_of_the_pages_admits_nothing_inline_and_nothing_foreign(self, client, desk, path):
        said = policy(client, path)

        assert said["default-src"] == "'none'"
        assert set(said.values()) == {"'none'", "'self'"}

    @pytest.mark.parametrize("path", ["/admin/login/", "/admin/"])
    def test_of_the_desk_lets_its_framework_evaluate_and_nothing_else(self, ann, path):
        said = policy(ann, path)

        assert said.pop("script-src") == "'self' 'unsafe-eval'"
        assert said.pop("style-src") == "'self' 'unsafe-inline'"
        assert set(said.values()) == {"'none'", "'self'"}

    def test_of_the_desk_is_the_same_for_developers(self, ann, settings):
        before = policy(ann, "/admin/")
        settings.DEBUG = True
        assert policy(ann, "/admin/") == before

    def test_goes_with_headers_that_browsers_heed(self, client, desk):
        answer = client.get("/")

        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["X-Frame-Options"] == "DENY"
        assert answer["Referrer-Policy"] == "same-origin"
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
