"""The names of static files change with their content, so clients may cache them."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.test import Client

from config import static_files

GZIP = {"Accept-Encoding": "gzip"}
FOR_EVER = "public, max-age=31536000, immutable"


@pytest.fixture(autouse=True)
def _listed(settings):
    """As on a server."""
    settings.WHITENOISE_AUTOREFRESH = False


def content(name):
    return Path(finders.find(name)).read_bytes()


class TestAFile:
    def test_is_served_by_its_digest_for_ever(self):
        address = static("pages/site.js")

        answer = Client().get(address)

        assert re.fullmatch(r"/static/pages/site\.[0-9a-f]{12}\.js", address)
        assert answer.content == content("pages/site.js")
        assert answer["Cache-Control"] == FOR_EVER
        assert answer["Content-Type"] == "text/javascript; charset=utf-8"

    def test_has_another_name_for_other_content(self, monkeypatch, tmp_path):
        before = static("pages/site.js")
        changed = tmp_path / "site.js"
        changed.write_bytes(content("pages/site.js") + b"\n")
        monkeypatch.setattr(static_files, "_read", {})
        monkeypatch.setattr(finders, "find", lambda _: str(changed))

        assert static("pages/site.js") != before

    def test_is_compressed_for_clients_that_take_it(self):
        address = static("pages/site.js")

        answer = Client().get(address, headers=GZIP)

        assert gzip.decompress(answer.content) == content("pages/site.js")
        assert (answer["Content-Encoding"], answer["Vary"]) == ("gzip", "Accept-Encoding")
        assert answer["ETag"] != Client().get(address)["ETag"]

    def test_is_not_sent_again_to_a_client_that_has_it(self):
        address = static("pages/site.js")
        tag = Client().get(address, headers=GZIP)["ETag"]

        again = Client().get(address, headers=GZIP | {"If-None-Match": tag})

        assert (again.status_code, again.content) == (304, b"")
        assert again["Cache-Control"] == FOR_EVER

    def test_is_the_current_one_under_an_old_name_but_not_kept(self):
        answer = Client().get("/static/pages/site.000000000000.js")

        assert answer.content == content("pages/site.js")
        assert answer["Cache-Control"] == "no-cache"

    def test_that_is_a_picture_is_sent_as_it_is(self):
        answer = Client().get(static("pages/card.png"), headers=GZIP)

        assert (answer.content, answer["Content-Type"]) == (content("pages/card.png"), "image/png")

    @pytest.mark.parametrize(
        "path",
        [
            "/static/pages/nothing.000000000000.js",
            "/static/../config/settings.000000000000.py",
            "/static/pages/%2e%2e/%2e%2e/settings.000000000000.py",
        ],
    )
    def test_that_is_not_there_is_not_found(self, db, path):
        assert Client().get(path).status_code in (400, 404)

    def test_without_a_file_the_name_stays(self):
        assert static("pages/nothing.js") == "/static/pages/nothing.js"


class TestTheFilesOfAPage:
    def test_are_one_stylesheet_and_one_script_below_15_kb(self, client, db):
        page = client.get("/method/").text

        sheets = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page)
        scripts = re.findall(r'<script src="([^"]+)"', page)

        assert (len(sheets), len(scripts)) == (1, 1)
        for address in (*sheets, *scripts):
            assert len(client.get(address, headers=GZIP).content) < 15_000

    def test_the_stylesheet_is_that_of_the_site_and_of_the_charts(self, client):
        sheet = client.get(static("pages/pages.css")).content

        assert sheet == content("pages/site.css") + b"\n" + content("pages/chart.css")
