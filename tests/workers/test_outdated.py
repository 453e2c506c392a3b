"""Processes whose code is too old for the database: web answers 503, the others end."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.core.management.base import SystemCheckError
from django.test import Client
from django.utils import timezone

from config import outdated as web
from config.embedded import processes
from config.embedded.servers import private_servers
from tests.kit.databases import a_clone, address, working_in
from tests.kit.log_entries import run
from tests.kit.processes import eventually, running
from tests.log.test_minimum_code import allow_from
from tracker import checks, release
from tracker.queries import guards
from workers import doctor, outdated

pytestmark = pytest.mark.django_db
NEWER = release.CODE + 1


@pytest.fixture(autouse=True)
def _asked_again(monkeypatch) -> None:
    """Ask the database at the next request."""
    monkeypatch.setattr(web._Known, "asked_at", float("-inf"))
    monkeypatch.setattr(web._Known, "problem", "")


class TestWeb:
    def test_answers_503_in_words(self, client: Client) -> None:
        allow_from(NEWER)

        page = client.get("/")

        assert (page.status_code, page["Retry-After"]) == (503, "30")
        assert "This site is being upgraded" in page.text
        assert page["Cache-Control"] == "no-store"

    def test_answers_a_program_with_a_problem(self, client: Client) -> None:
        allow_from(NEWER)

        answer = client.post("/api/v1/claims/", {}, content_type="application/json")

        assert (answer.status_code, answer["Retry-After"]) == (503, "30")
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["type"].endswith("/problems/busy/")

    def test_is_not_ready_and_says_so(self, client: Client) -> None:
        allow_from(NEWER)

        assert client.get("/healthz").status_code == 200
        ready = client.get("/readyz")
        assert ready.status_code == 503
        assert ready.json()["code"] == "not ok"

    def test_asks_every_few_seconds_and_goes_on_when_it_may(self, client: Client) -> None:
        address = "/.well-known/api-catalog"
        assert client.get(address).status_code == 200
        allow_from(NEWER)
        assert client.get(address).status_code == 200
        web._Known.asked_at -= web.EVERY_SECONDS
        assert client.get(address).status_code == 503
        run("UPDATE log_head SET minimum_code = 0")
        web._Known.asked_at -= web.EVERY_SECONDS
        assert client.get(address).status_code == 200


class TestCommands:
    def test_refuse_with_what_to_do(self) -> None:
        allow_from(NEWER)

        with pytest.raises(SystemCheckError, match="install the newer version"):
            call_command("audit", skip_checks=False)

    def test_restore_no_guards_of_older_code(self, monkeypatch) -> None:
        allow_from(NEWER)
        monkeypatch.setattr(guards, "missing", lambda: ["event_append_only"])
        monkeypatch.setattr(guards, "restore", lambda: pytest.fail("older guards are restored"))

        assert checks.check_guards() == []
        checks.restore_guards()

    def test_end_a_sweep(self) -> None:
        allow_from(NEWER)

        with pytest.raises(CommandError, match="newer version") as ended:
            call_command("sweep")

        assert ended.value.returncode == release.EXIT_STATUS


class TestTheDoctor:
    def test_names_code_that_is_too_old_and_asks_nothing_more(self) -> None:
        assert doctor.code().ok
        allow_from(NEWER)

        findings = {finding.check: finding for finding in doctor.run_checks(now=timezone.now)}

        assert not findings["code"].ok
        assert "migrations" not in findings


@pytest.fixture
def url(template: str, db: None) -> Iterator[str]:
    with a_clone(template) as name, working_in(name):
        yield address(name)


@pytest.mark.faults
class TestProcesses:
    def test_end_with_a_status_of_their_own(self, url: str, tmp_path: Path) -> None:
        said = tmp_path / "said"
        with (
            private_servers(base={"DATABASE_URL": url}, fast=True) as servers,
            ExitStack() as stack,
        ):
            environ = servers.environ({**os.environ, "DATABASE_URL": url})
            beat = processes.beat(environ)
            schedule = ["--schedule", str(tmp_path / "beat")]
            specs = [
                processes.worker(environ),
                replace(beat, command=[*beat.command, *schedule]),
            ]
            children = [stack.enter_context(running(spec, output=said)) for spec in specs]
            eventually(lambda: _named_their_code(url), what="they work")

            with psycopg.connect(url) as owner:
                owner.execute("UPDATE log_head SET minimum_code = %s", [NEWER])

            eventually(lambda: not any(child.alive for child in children), what="they end")

        statuses = [child.process.returncode for child in children]
        assert statuses == [release.EXIT_STATUS] * 2, said.read_text()
        assert said.read_text().count("install the newer version") == 2

    def test_do_not_start(self, url: str, capsys) -> None:
        allow_from(NEWER)

        with pytest.raises(SystemExit) as ended:
            outdated.refuse_to_start()

        assert ended.value.code == release.EXIT_STATUS
        assert "install the newer version" in capsys.readouterr().err


def _named_their_code(url: str) -> bool:
    """Whether a process of them works in the database."""
    with psycopg.connect(url) as connection:
        query = (
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE application_name = %s AND datname = current_database()"
        )
        [found] = connection.execute(query, [release.APPLICATION_NAME]).fetchone()
    return int(found) > 0


def test_a_database_without_a_log_is_no_problem(monkeypatch, url: str) -> None:
    with psycopg.connect(url) as owner:
        owner.execute("ALTER TABLE log_head RENAME TO other")

    assert outdated.problem() == ""
    assert checks.check_code() == []
