"""Hosts with a wrong clock beside hosts with a right one, as real processes under libfaketime."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from http.cookiejar import CookieJar
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from cluster.clocks import wrong_clock
from tests.kit.log_entries import append, ask
from tests.kit.sites import PASSWORD, Site, a_site
from tracker import log
from tracker.queries import moment

pytestmark = [pytest.mark.faults, pytest.mark.django_db, pytest.mark.long]
AHEAD = ["+20d", *(pytest.param(offset, marks=pytest.mark.long) for offset in ("+1h", "+70y"))]
KEY = {"Idempotency-Key": "once"}
PAGES = ("/", "/network/", "/shifts/", "/status/", "/claims/feed.atom", "/admin/login/", "/healthz")


@pytest.fixture
def site(desk_template, faketime, request) -> Iterator[Site]:
    """A site whose web host has a wrong clock. This process is a host with a right one."""
    clock = wrong_clock(faketime, request.param)
    with a_site(desk_template, answers="/healthz", **clock) as opened, opened.open():
        get_user_model().objects.create_superuser("boss", password=PASSWORD)
        yield opened


def good_host(facts: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """Send the claim of a template to a host with a right clock."""
    answer = Client().post(
        "/api/v1/claims/",
        facts["body"],
        content_type="application/json",
        headers={"Authorization": f"Bearer {facts['token']}", **KEY},
    )
    return answer.status_code, answer.json()


def all_known_now() -> bool:
    return moment.at(timezone.now()).position == log.head().position


def statuses(site: Site) -> dict[str, int]:
    """What a person meets who looks around and logs in."""
    opener = build_opener(HTTPCookieProcessor(CookieJar()))

    def status(path: str, data: bytes | None = None) -> int:
        try:
            with opener.open(f"{site.url}{path}", data, timeout=60) as answer:
                answer.read()
                return int(answer.status)
        except HTTPError as problem:
            return problem.code

    found = {path: status(path) for path in PAGES}
    token = next(
        one.value
        for handler in opener.handlers
        if isinstance(handler, HTTPCookieProcessor)
        for one in handler.cookiejar
        if one.name == "csrftoken"
    )
    form = {"username": "boss", "password": PASSWORD, "csrfmiddlewaretoken": token}
    return found | {"login": status("/admin/login/", urlencode(form).encode())}


@pytest.mark.parametrize("site", AHEAD, indirect=True)
class TestAWebHostThatIsAhead:
    def test_records_nothing_and_harms_nobody(self, site, request):
        head = log.head()

        refused = site.post("claims/", site.body, **KEY)

        assert (refused.status, refused.headers["Retry-After"]) == (503, "30")
        assert "ahead of the database's: nothing was recorded" in refused.json["detail"]
        assert log.head() == head
        assert ask("SELECT count(*) FROM idempotency") == [(0,)]
        assert set(statuses(site).values()) == {200}

        before = timezone.now()
        status, recorded = good_host(site.facts)

        assert status == 201
        assert before < log.head().recorded_at < timezone.now()
        assert all_known_now()
        assert good_host(site.facts) == (status, recorded)


@pytest.mark.parametrize("site", ["-1h"], indirect=True)
class TestAWebHostThatIsBehind:
    def test_records_after_what_is_on_record(self, site):
        append(at=timezone.now() - timedelta(minutes=1))
        before = log.head()

        assert set(statuses(site).values()) == {200}

        recorded = site.post("claims/", site.body, **KEY)

        assert recorded.status == 201
        assert before.recorded_at < log.head().recorded_at < timezone.now()
        assert all_known_now()
        assert good_host(site.facts)[1]["position"] == recorded.json["position"]


def test_a_clock_can_be_wrong_in_a_folder_whose_name_has_spaces(faketime, tmp_path):
    folder = tmp_path / "a clone"
    folder.mkdir()
    library = shutil.copy(faketime, folder)
    year = [sys.executable, "-c", "import time; print(time.gmtime().tm_year)"]
    environ = {**os.environ, **wrong_clock(str(library), "@1999-05-01 00:00:00")}
    assert subprocess.check_output(year, env=environ, text=True).strip() == "1999"
