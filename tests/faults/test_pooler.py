"""Works through a connection pooler that hands connections on after each transaction."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from django.db import OperationalError, connection, connections

from config.database import limits
from config.embedded import processes
from tests.kit.background_work import followed
from tests.kit.databases import (
    ROLES,
    Template,
    a_clone,
    address,
    of_app,
    of_owner,
    working_at,
    working_in,
)
from tests.kit.debian_programs import Program
from tests.kit.pgbouncer import pooled
from tests.kit.private_servers import private_servers
from tests.kit.processes import eventually, manage, running
from tests.kit.sites import Site, served
from tests.kit.web_servers import place
from tracker import log
from tracker.queries.rights import LIMITS
from tracker.queries.sql import select, select_value

pytestmark = [pytest.mark.faults, pytest.mark.django_db, pytest.mark.long]


@pytest.fixture(scope="module")
def clone(desk_template: Template, django_db_blocker) -> Iterator[str]:
    with django_db_blocker.unblock(), a_clone(desk_template.name) as name:
        yield name


@pytest.fixture(scope="module")
def behind(pgbouncer: Program, clone: str) -> Iterator[str]:
    """The address of the clone behind the pooler, for web and workers."""
    with pooled(pgbouncer, of_app(address(clone))) as url:
        yield url


class TestAPooler:
    def test_keeps_the_limits_of_the_role(self, behind: str) -> None:
        with working_at(behind):
            found = {name: select_value(f"SHOW {name}") for name in LIMITS}
            statement = select_value("SHOW statement_timeout")
            pid = connection.connection.info.backend_pid
            assert pid != select_value("SELECT pg_backend_pid()")

        assert found == {"lock_timeout": "2s", "idle_in_transaction_session_timeout": "5s"}
        assert statement == "10min"

    def test_has_an_alias_for_web_whose_statements_are_shorter(self, behind: str) -> None:
        web = f"{behind.rpartition('/')[0]}/web"

        with psycopg.connect(web) as driver:
            assert driver.execute("SHOW statement_timeout").fetchone() == ("30s",)
            assert driver.execute("SHOW lock_timeout").fetchone() == ("2s",)

    def test_is_refused_for_a_role_that_has_none(self, pgbouncer: Program, clone: str) -> None:
        """The limits that a process sets would be those of another client a moment later."""
        url = of_app(address(clone)).replace(ROLES.app, ROLES.reader)

        with (
            pooled(pgbouncer, url) as behind,
            working_at(behind),
            pytest.raises(OperationalError, match=r"needs lock_timeout and .* manage.py grants"),
        ):
            select("SELECT 1")

    def test_serves_writers_readers_workers_and_the_doctor(
        self, behind: str, desk_template: Template, clone: str, tmp_path: Path
    ) -> None:
        """Eight clients at once share two connections to the database."""
        with private_servers(base={"DATABASE_URL": behind}) as servers:
            given = os.environ | place(clone, str(tmp_path)) | servers.environ({})
            environ = {**given, "DATABASE_URL": behind}
            worker = processes.worker(environ, schedule=tmp_path / "schedule")
            with (
                served(environ) as url,
                running(worker, output=tmp_path / "worker"),
            ):
                site = Site(url=url, environ=environ, facts=desk_template.facts)
                with working_at(behind):
                    before = log.head().position
                with ThreadPoolExecutor(8) as clients:
                    written = clients.map(lambda _: site.post("claims/", site.body), range(24))
                    statuses = {answer.status for answer in written}
                    read = list(clients.map(lambda _: site.get("claims/"), range(8)))
                with working_at(behind):
                    assert log.head().position == before + 24
                    eventually(lambda: followed() == log.head().position, what="all is followed")
                # By now the worker has started.
                done = manage("doctor", **environ)

        assert statuses == {201}
        assert all(len(answer["results"]) == 24 for answer in read)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "responded in" in done.stdout


class TestADirectConnection:
    def test_of_a_role_without_limits_gets_them(self, clone: str) -> None:
        """A newcomer's superuser."""
        with working_at(address(clone)):
            assert {name: select_value(f"SHOW {name}") for name in LIMITS} == LIMITS
            assert select_value("SHOW statement_timeout") == "0"

    def test_of_a_web_process_has_a_shorter_limit_of_statements(self, clone: str) -> None:
        limits.limit_statements(0.05)
        try:
            with (
                working_in(clone),
                pytest.raises(OperationalError, match="statement timeout"),
            ):
                select("SELECT pg_sleep(10)")
        finally:
            limits.limit_statements(0)

    def test_of_the_owner_is_not_cut_short(self, clone: str) -> None:
        with working_at(of_owner(address(clone))):
            assert select_value("SHOW lock_timeout") == "2s"
            assert select_value("SHOW statement_timeout") == "0"

    def test_keeps_longer_limits_that_the_operator_chose(self, clone: str) -> None:
        with working_in(clone):
            connections["default"].settings_dict["OPTIONS"] = {"options": "-c lock_timeout=4s"}
            assert select_value("SHOW lock_timeout") == "4s"

    def test_is_closed_if_the_limits_cannot_be_read(self, clone: str, monkeypatch) -> None:
        monkeypatch.setattr(limits, "_EFFECTIVE", "SELECT no_such_function(%s)")
        with working_in(clone):
            with pytest.raises(Exception, match="no_such_function"):
                select("SELECT 1")
            assert connections["default"].connection is None
