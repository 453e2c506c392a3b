"""Logs of real processes: what a request does can be followed into the workers."""

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from config.embedded import processes
from tests.kit.private_servers import private_servers
from tests.kit.processes import eventually, running
from tests.kit.sites import Site, a_place, served

pytestmark = [pytest.mark.faults, pytest.mark.django_db, pytest.mark.long]
APPLICATION = "tests.kit.failing_site"
# It is in variables of what fails there.
WORD = "xyzzyplugh"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plant:
    """A site, and the files that its processes write their lines into."""

    site: Site
    folder: Path

    def lines(self, of: str) -> list[dict[str, Any]]:
        """The lines of a process as they are now; each is JSON."""
        written = (self.folder / of).read_text().splitlines(keepends=True)
        return [json.loads(line) for line in written if line.endswith("\n")]

    def events(self, of: str, event: str) -> list[dict[str, Any]]:
        return [line for line in self.lines(of) if line.get("event") == event]


@pytest.fixture(scope="module")
def plant(desk_template, django_db_blocker, tmp_path_factory) -> Iterator[Plant]:
    """One web server and one worker, for all tests of this file."""
    folder = tmp_path_factory.mktemp("followed")
    given = {
        "LOG_FORMAT": "json",
        "LOG_LEVEL": "INFO",
        "PYTHONUNBUFFERED": "1",
    }
    with ExitStack() as stack:
        stack.enter_context(django_db_blocker.unblock())
        database = {"DATABASE_URL": os.environ["DATABASE_URL"]}
        broker = stack.enter_context(private_servers(base=database)).valkey
        environ = stack.enter_context(a_place(desk_template)) | given | {"REDIS_URL": broker.url}
        # With its schedule: a message that waits longer than ten seconds for it is dropped.
        worker = processes.worker(environ, schedule=folder / "schedule")
        command = [APPLICATION if word == "config" else word for word in worker.command]
        stack.enter_context(running(replace(worker, command=command), output=folder / "worker"))
        output = stack.enter_context((folder / "web").open("ab"))
        url = stack.enter_context(
            served(environ, answers="/healthz", application=APPLICATION, output=output)
        )
        yield Plant(site=Site(url=url, environ=environ, facts=desk_template.facts), folder=folder)


@pytest.fixture(scope="module")
def written(plant) -> tuple[int, str]:
    """The position of a claim, and the id of the request that wrote it, once it is scored."""
    answer = plant.site.post("claims/", plant.site.body)
    assert answer.status == 201
    eventually(lambda: plant.events("worker", "followed"), what="it is followed")
    [append] = plant.events("web", "appended")
    return append["position"], append["request_id"]


def test_the_id_of_a_request_is_in_the_lines_of_the_worker(plant, written):
    position, request = written
    [finished] = [
        line
        for line in plant.events("web", "request_finished")
        if line["request"] == "POST /api/v1/claims/"
    ]
    followed = plant.events("worker", "followed")

    assert (position, finished["request_id"]) == (11, request)
    assert (finished["code"], finished["level"]) == (201, "info")
    assert request in {line["request_id"] for line in followed}


def test_each_line_of_a_task_names_it(plant, written):
    def named() -> set[str]:
        return {line.get("task", "") for line in plant.events("worker", "task_succeeded")}

    eventually(lambda: "follow" in " ".join(named()), what="the task has succeeded")
    assert "" not in named()
    assert {line["task"] for line in plant.events("worker", "followed")} == {"follow"}


def test_no_line_of_a_worker_has_the_address_or_account_of_who_asked(plant, written):
    [append] = plant.events("web", "appended")

    assert append["ip"] == "127.0.0.1"
    for line in plant.lines("worker"):
        assert line.keys().isdisjoint({"ip", "user_id"}), line


def test_errors_have_a_traceback_and_no_values_of_variables(plant, written):
    client = HTTPConnection(urlsplit(plant.site.url).netloc, timeout=120)
    for address, status in ((f"/fails/page/?q={WORD}", 500), ("/fails/task/", 200)):
        client.request("GET", address)
        answer = client.getresponse()
        assert (answer.read() != b"", answer.status) == (True, status)
    client.close()
    eventually(lambda: plant.events("worker", "task_failed"), what="the task fails")

    [page] = plant.events("web", "request_failed")
    [task] = plant.events("worker", "task_failed")
    assert page["request"] == "GET /fails/page/?…"
    assert "RuntimeError: a page failed with 10 letters" in page["exception"]
    assert "RuntimeError: a task failed after 1 text" in str(task)
    assert "Traceback" in page["exception"]
    assert task["request_id"]
    for name in ("web", "worker"):
        text = (plant.folder / name).read_text()
        assert WORD not in text
        assert plant.site.token not in text


def test_the_servers_themselves_write_json_too(plant, written):
    """Each line was read as JSON. These are of gunicorn and Celery."""
    loggers = {line.get("logger", "") for line in plant.lines("worker")}

    assert any(name.startswith("celery") for name in loggers), loggers
