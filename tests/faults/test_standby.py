"""Serves readers from a hot standby: as far as it has come, and without writing anything."""

import os
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from django.contrib.auth import get_user_model
from django.core.cache import caches
from django.db import OperationalError
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from tests.api.test_public_routes import PLACES
from tests.kit.background_work import work_off
from tests.kit.builders import an_actor
from tests.kit.databases import Template, working_at
from tests.kit.health import Answers, in_process, over_http, table
from tests.kit.processes import eventually
from tests.kit.public_routes import Asking, walk
from tests.kit.sites import ADMINISTRATOR, PASSWORD, Site, served
from tests.kit.standbys import Pair, a_pair
from tests.kit.web_servers import place
from tracker import log
from tracker.operations.actors import describe_actor
from tracker.queries import unavailable
from tracker.queries.sql import select

BACKEND = "django.contrib.auth.backends.ModelBackend"
pytestmark = [pytest.mark.faults, pytest.mark.django_db, pytest.mark.long]


@pytest.fixture(scope="module")
def pair(seed_template: Template, django_db_blocker) -> Iterator[Pair]:
    with django_db_blocker.unblock(), a_pair(seed_template.name) as servers:
        yield servers


@pytest.fixture
def reader(settings, pair: Pair) -> Iterator[Client]:
    """Somebody who reads from the standby, which has all that is on record."""
    settings.ANONYMOUS_READERS = True
    pair.wait()
    with working_at(pair.reading):
        yield Client(raise_request_exception=False)


@pytest.fixture
def token(seed_template: Template) -> dict[str, str]:
    return {"Authorization": f"Bearer {seed_template.facts['token']}"}


def an_asking() -> Asking:
    """Something that is on record for each part of an address."""
    events = select("SELECT kind, stream::text, position FROM logged ORDER BY position")
    first = {kind: stream for kind, stream, _ in reversed(events)}
    last = events[-1][2]
    return Asking(
        places=PLACES
        | {
            "claim_id": [first["ClaimAsserted"]],
            "stream": [first["ClaimAsserted"]],
            "record": [first["ActorDescribed"]],
            "position": [last],
            "size": [last],
            "path": ["0/000"],
            "number": [last],
            "document": [first["DocumentDescribed"]],
            "change": [last],
        },
        query={},
    )


class TestReads:
    def test_of_every_address_are_answered(self, reader: Client, token) -> None:
        """None of them writes."""
        caches["answers"].clear()
        holder = Client(headers=token, raise_request_exception=False)
        answers = walk(holder, an_asking(), alone=True)

        assert {one.route: one.text for one in answers if one.status >= 500} == {}
        assert len([one for one in answers if one.status == 200]) > 60

    def test_of_the_desk_are_answered_to_who_is_logged_in(self, pair: Pair) -> None:
        reader = Client(raise_request_exception=False)
        with working_at(pair.writing):
            reader.force_login(get_user_model().objects.get(username=ADMINISTRATOR), BACKEND)
        pair.wait()

        with working_at(pair.reading):
            statuses = {path: reader.get(path).status_code for path in desk_addresses()}

        assert {path: of for path, of in statuses.items() if of >= 500} == {}
        assert statuses["/admin/"] == 200
        assert len(statuses) > 10


class TestHealth:
    def test_is_that_of_a_server_that_only_reads(
        self, seed_template: Template, reader: Client
    ) -> None:
        assert in_process(seed_template.facts["token"]).row() == table()["database is a standby"]
        assert reader.get("/readyz").json()["writes"] == "no: the database is a standby"


class TestWrites:
    def test_over_the_api_are_a_503_that_names_the_primary(self, reader: Client, token) -> None:
        hook = {"url": "https://localhost/", "kinds": ["claim.asserted"]}
        for key in ({}, {"Idempotency-Key": "one"}):
            answer = reader.post(
                "/api/v1/webhooks/", hook, content_type="application/json", headers=token | key
            )

            said = answer.json()
            assert (answer.status_code, said["type"].rpartition("problems/")[2]) == (
                503,
                "read-only/",
            )
            assert answer.headers["Retry-After"] == "5"
            assert "primary" in said["detail"]

    def test_of_a_login_are_refused_in_words(self, reader: Client) -> None:
        answer = reader.post("/admin/login/", {"username": ADMINISTRATOR, "password": PASSWORD})

        assert answer.status_code == 503
        assert "This server only reads" in answer.content.decode()
        assert answer.headers["Retry-After"] == "5"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


class TestTimes:
    def test_up_to_the_last_event_are_answered_and_later_ones_are_not(self, reader: Client) -> None:
        end = log.head()
        known = reader.get("/api/v1/claims/", {"as_of": end.recorded_at.isoformat()})
        later = reader.get("/api/v1/claims/", {"as_of": timezone.now().isoformat()})
        page = reader.get("/", {"as_of": timezone.now().isoformat()})

        assert known.status_code == 200
        assert known.headers["Entente-Position"] == str(end.position)
        assert (later.status_code, page.status_code) == (503, 503)
        assert later.json()["type"].endswith("/behind/")
        assert f"position {end.position}" in later.json()["detail"]
        assert f"position {end.position}" in page.content.decode()

    def test_that_have_not_come_here_are_told_apart(self, reader: Client) -> None:
        """A moment in the future is a mistake, as at the primary; a later position is none."""
        later = log.head().position + 1
        moment = (timezone.now() + timedelta(days=1)).isoformat()
        asked = [("claims", {"as_of": moment}), ("claims", {"as_of": later})]
        asked.append(("log/events", {"after": later}))

        found = [reader.get(f"/api/v1/{path}/", given).status_code for path, given in asked]
        assert found == [400, 503, 503]


class TestMinPosition:
    def test_waits_for_what_was_written_at_the_primary(
        self, settings, pair: Pair, reader: Client
    ) -> None:
        settings.MIN_POSITION_SECONDS = 0.1
        before = log.head().position
        with pair.paused():
            with working_at(pair.writing):
                written = describe_actor(an_actor("ZZY"), at=timezone.now(), by="ann")
            path = f"/api/v1/actors/{written.stream}/"
            without = reader.get(path)
            late = reader.get(path, {"min_position": written.position})
            page = reader.get("/", {"min_position": written.position})
        settings.MIN_POSITION_SECONDS = 10
        there = reader.get(path, {"min_position": written.position})

        assert (without.status_code, late.status_code, page.status_code) == (404, 503, 503)
        assert late.json()["type"].endswith("/behind/")
        assert f"come to position {before}, and not to {written.position}" in late.json()["detail"]
        assert late.headers["Retry-After"] == "1"
        assert f"position {before}" in page.content.decode()
        assert there.status_code == 200
        assert there.headers["Entente-Position"] == str(written.position)

    def test_waits_for_the_scores_of_pages(self, settings, pair: Pair, reader: Client) -> None:
        settings.MIN_POSITION_SECONDS = 0.1
        with working_at(pair.writing):
            end = describe_actor(an_actor("ZZX"), at=timezone.now(), by="ann").position
        pair.wait()
        unscored = reader.get("/", {"min_position": end})
        records = reader.get("/api/v1/actors/", {"min_position": end})
        with working_at(pair.writing):
            work_off()
        pair.wait()

        assert (unscored.status_code, records.status_code) == (503, 200)
        assert reader.get("/", {"min_position": end}).status_code == 200


class TestAConflictWithReplay:
    def test_is_no_mistake_of_the_program(self, pair: Pair) -> None:
        def change() -> None:
            with psycopg.connect(pair.primary) as primary:
                primary.execute("LOCK TABLE coverage IN ACCESS EXCLUSIVE MODE")

        changer = threading.Timer(0.5, change)
        changer.start()
        with working_at(pair.reading), pytest.raises(OperationalError) as problem:
            select("SELECT pg_sleep(10), count(*) FROM coverage")
        changer.join()

        assert "conflict with recovery" in str(problem.value)
        assert "try again" in str(unavailable.meaning(problem.value))


@pytest.fixture(scope="module")
def both(seed_template: Template, pair: Pair, tmp_path_factory) -> Iterator[Site]:
    """A web server that has a primary and a standby."""
    environ = (
        os.environ
        | place("any", str(tmp_path_factory.mktemp("both")))
        | {
            "DATABASE_URL": pair.writing,
            "DATABASE_READ_URL": pair.reading,
            "ANONYMOUS_READERS": "1",
        }
    )
    pair.wait()
    with served(environ) as url:
        yield Site(url=url, environ=environ, facts=seed_template.facts)


class TestAWebServerWithBoth:
    def test_writes_at_the_primary_and_reads_from_the_standby(self, both: Site, pair: Pair) -> None:
        source = {"kind": "outlet", "name": "The Herald of both"}
        pair.wait()
        with pair.paused():
            answer = both.post("sources/", source)
            assert answer.status == 201, answer
            written = answer.json
            late = both.ask(f"sources/{written['id']}/?min_position={written['position']}")
            now = quote(timezone.now().isoformat())
            of_time = both.ask(f"sources/{written['id']}/?as_of={now}")
        there = both.ask(f"sources/{written['id']}/?min_position={written['position']}")

        # A time is asked of the primary, which alone can answer for it.
        assert (late.status, of_time.status, there.status) == (503, 200, 200)
        assert there.headers["Entente-Position"] == str(written["position"])

    def test_serves_readers_without_the_primary(self, both: Site, pair: Pair) -> None:
        answers, wanted = over_http(both.url, both.token), table()
        usual, alone = "all is well", "database down, reads from a standby"
        with pair.down():
            becomes(answers, wanted[alone][1])
            assert answers.row() == wanted[alone]
            assert both.post("sources/", A_SOURCE).headers["Retry-After"]
        becomes(answers, wanted[usual][1])
        eventually(lambda: both.post("sources/", A_SOURCE).status == 201, what="writes go on")
        pair.wait()


A_SOURCE = {"kind": "outlet", "name": "The Herald after all"}


def becomes(answers: Answers, ready: str) -> None:
    """Wait until both processes say so, each of which finds out by itself."""
    eventually(
        lambda: {answers.one("/readyz") for _ in range(12)} == {ready},
        what=f"/readyz is {ready}",
    )


def desk_addresses() -> list[str]:
    """The addresses of the desk without a part to fill in."""
    found = []

    def collect(patterns: Any, before: str) -> None:
        for one in patterns:
            route = before + str(one.pattern)
            if hasattr(one, "url_patterns"):
                collect(one.url_patterns, route)
            elif not set("<(^$\\") & set(route) and "logout" not in route:
                found.append(f"/{route}")

    desk = next(one for one in get_resolver().url_patterns if str(one.pattern) == "admin/")
    collect(desk.url_patterns, "admin/")
    return found
