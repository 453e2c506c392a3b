"""Texts are compressed once, for clients that accept it, and never for requests with a session."""

import gzip

import pytest
from django.conf import settings
from django.core.cache import caches
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory

from config import compression

TEXT = "Relations between states. " * 60
PAGE, VARY = "/method/", "Cookie, Accept-Encoding"


def answer(response=None, *, method="get", **headers):
    """What a client gets for a response with a tag."""
    request = getattr(RequestFactory(), method)("/", headers=headers)
    if response is None:
        response = HttpResponse(TEXT, headers={"ETag": '"a1"', "Vary": "Cookie"})
    return compression.compressed(lambda _: response)(request)


def unpacked(response):
    return gzip.decompress(response.content).decode()


class TestAText:
    @pytest.mark.parametrize(
        "accepted", ["gzip", "br, gzip", "deflate, GZIP;q=0.5", "*", "gzip ; q=1.0, identity;q=0"]
    )
    def test_is_compressed_for_a_client_that_takes_it(self, accepted):
        response = answer(**{"Accept-Encoding": accepted})

        assert (response["Content-Encoding"], response["Vary"]) == ("gzip", VARY)
        assert int(response["Content-Length"]) == len(response.content) < len(TEXT) / 4
        assert unpacked(response) == TEXT

    @pytest.mark.parametrize(
        "accepted", ["", "br", "gzip;q=0", "gzip; q=0.0", "x-gzip", "identity"]
    )
    def test_is_sent_as_it_is_to_others(self, accepted):
        response = answer(**{"Accept-Encoding": accepted})

        assert "Content-Encoding" not in response
        assert response["Vary"] == VARY
        assert response.content.decode() == TEXT
        assert response["ETag"] == '"a1"'

    def test_has_a_weak_tag_when_compressed(self):
        assert answer(**{"Accept-Encoding": "gzip"})["ETag"] == 'W/"a1"'
        unchanged = answer(HttpResponse(status=304, headers={"ETag": '"a1"'}), **GZIP)
        assert (unchanged["ETag"], unchanged.content) == ('W/"a1"', b"")

    def test_is_compressed_once(self, monkeypatch):
        caches["compressed"].clear()
        first = answer(**GZIP)
        monkeypatch.setattr(compression.gzip, "compress", None)

        assert answer(**GZIP).content == first.content


GZIP = {"Accept-Encoding": "gzip"}


class TestOthers:
    @pytest.mark.parametrize(
        "response",
        [
            HttpResponse("short"),
            HttpResponse(TEXT, content_type="image/png"),
            HttpResponse(TEXT, headers={"Content-Encoding": "br"}),
        ],
        ids=["short", "a picture", "compressed already"],
    )
    def test_are_not_compressed(self, response):
        before = response.content

        assert answer(response, **GZIP).content == before

    def test_such_as_streams_go_on_as_they_come(self):
        response = answer(StreamingHttpResponse([TEXT], content_type="text/csv"), **GZIP)

        assert b"".join(response) == TEXT.encode()

    def test_to_a_session_or_with_a_cookie_are_not_compressed(self):
        cookie = {"Cookie": f"{settings.SESSION_COOKIE_NAME}=x"}
        response = HttpResponse(TEXT)
        response.set_cookie("csrftoken", "x")

        assert answer(**GZIP, **cookie).content.decode() == TEXT
        assert answer(response, **GZIP).content.decode() == TEXT


@pytest.mark.django_db
class TestThePages:
    def test_are_compressed_and_found_again_by_their_tag(self):
        page = Client().get(PAGE, headers=GZIP)

        assert page["Content-Encoding"] == "gzip"
        assert "<title>" in unpacked(page)
        again = Client().get(PAGE, headers=GZIP | {"If-None-Match": page["ETag"]})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", page["ETag"])

    def test_have_one_tag_for_both_encodings(self):
        plain, packed = Client().get(PAGE), Client().get(PAGE, headers=GZIP)

        assert packed["ETag"] == f"W/{plain['ETag']}"
        assert unpacked(packed) == plain.text
