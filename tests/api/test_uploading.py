"""Uploads over real connections: many at once, too large, and broken off."""

import http.client
import json
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.api.test_concurrency import at_once
from tests.kit.imports import archive, days
from tests.kit.sites import Answer, Site, a_site

pytestmark = pytest.mark.faults
# More than the web server receives before the application sees a request.
MOST = 4_000_000
BOUNDARY = "----a-boundary"


@pytest.fixture(scope="module")
def spool(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("spool")


@pytest.fixture(scope="module")
def site(desk_template, spool) -> Iterator[Site]:
    environ = {"SPOOL_FOLDER": str(spool), "SPOOL_MOST_BYTES": str(MOST)}
    with a_site(desk_template, **environ) as opened:
        yield opened


def form(data: bytes) -> bytes:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="x.CSV"\r\n\r\n'
    return head.encode() + data + f"\r\n--{BOUNDARY}--\r\n".encode()


def connected(site: Site, length: int) -> http.client.HTTPConnection:
    """A connection on which the head of an upload is sent."""
    connection = http.client.HTTPConnection(urlsplit(site.url).netloc, timeout=60)
    connection.putrequest("POST", "/api/v1/imports/")
    connection.putheader("Authorization", f"Bearer {site.token}")
    connection.putheader("Content-Type", f"multipart/form-data; boundary={BOUNDARY}")
    connection.putheader("Content-Length", str(length))
    connection.endheaders()
    return connection


def upload(site: Site, body: bytes) -> Answer:
    connection = connected(site, len(body))
    # Who is refused may be cut off in mid-word.
    with suppress(BrokenPipeError, ConnectionResetError):
        connection.send(body)
    answer = connection.getresponse()
    found = Answer(status=answer.status, json=json.loads(answer.read()))
    connection.close()
    return found


def files(spool: Path) -> list[str]:
    return sorted(path.name for path in spool.rglob("*") if path.is_file())


class TestTenOfOneFileAtOnce:
    def test_are_one_job_with_one_file(self, site, spool):
        before = files(spool)

        answers = at_once(lambda _: upload(site, form(archive(*days(3)))), 10)

        assert {one.status for one in answers} == {202}
        assert len({one.json["id"] for one in answers}) == 1
        assert files(spool) == sorted([*before, "file"])


class TestAFileThatIsTooLarge:
    @pytest.mark.parametrize("size", [MOST + 1, 10 * MOST])
    def test_is_refused_in_words_that_the_sender_can_read(self, site, spool, size):
        before = files(spool)

        answer = upload(site, form(b"x" * size))

        assert answer.status == 413
        assert answer.json["detail"] == f"file: at most {MOST} bytes are accepted"
        assert files(spool) == before

    def test_is_refused_before_it_is_sent(self, site):
        connection = connected(site, 10**12)

        answer = connection.getresponse()

        assert answer.status == 413
        connection.close()


class TestAnUploadThatBreaksOff:
    def test_leaves_nothing(self, site, spool):
        before, body = files(spool), form(b"x" * (MOST - 1))
        connection = connected(site, len(body))
        connection.send(body[: len(body) // 2])
        until(lambda: len(files(spool)) == len(before) + 1)

        connection.close()

        until(lambda: files(spool) == before)
        listed = site.get("jobs/")["results"]
        assert [one["file"]["size"] for one in listed if one["file"]["size"] > MOST // 3] == []
        assert upload(site, form(archive(*days(2)))).status == 202


def until(done) -> None:
    end = time.monotonic() + 120
    while not done():
        assert time.monotonic() < end
        time.sleep(0.05)
