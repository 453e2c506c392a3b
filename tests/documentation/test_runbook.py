"""The runbook of the seal (docs/trust.md): each command is run as it stands there."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model

from tests.kit import example_runner
from tests.kit.databases import a_clone, address, give_to_owner, of_app, of_owner, working_in
from tests.kit.processes import CHECKOUT
from tracker import log

pytestmark = pytest.mark.faults
MOVE = "Move the log to another database"


def sections() -> dict[str, list[str]]:
    """The commands under each heading of the runbook."""
    text = Path(CHECKOUT, "docs/trust.md").read_text(encoding="utf-8").split("## Runbook\n")[1]
    parts = (part.split("\n", 1) for part in text.split("\n### ")[1:])
    block = re.compile(r"```\n(.*?)```", re.DOTALL)
    return {title: "".join(block.findall(rest)).splitlines() for title, rest in parts}


@pytest.fixture(scope="module")
def here(tmp_path_factory) -> Path:
    return example_runner.folder(tmp_path_factory.mktemp("entente"))


@pytest.fixture(scope="module")
def environ(seed_template, django_db_blocker, here) -> Iterator[dict[str, str]]:
    """What the operator of a site with the article has."""
    with django_db_blocker.unblock(), a_clone(seed_template.name) as name:
        with working_in(name):
            get_user_model().objects.get_or_create(username="ann")
        yield of(name) | {"SEAL_FOLDER": str(here / "seal"), "AUTHORITY": "news.example"}


def of(database: str) -> dict[str, str]:
    url = of_app(address(database))
    return {"DATABASE_URL": url, "DATABASE_OWNER_URL": of_owner(url)}


@pytest.fixture(scope="module")
def ended(environ, here) -> dict[str, tuple[int, str]]:
    """How each command ended on the first database, in the order of the runbook."""
    lines = [line.removeprefix(".venv/bin/python ") for one in sections().values() for line in one]
    first = lines[: lines.index("manage.py log export log.zip") + 1]
    return example_runner.manage(first, at=here, environ=environ)


def test_each_command_ends_well(ended):
    assert len(ended) >= 6
    assert {line: end for line, end in ended.items() if end[0]} == {}


def test_the_log_says_what_was_done(ended, environ):
    with working_in(Path(environ["DATABASE_URL"]).name):
        head = log.head().position
        kinds = [one.kind for one in log.read(after=head - 3, limit=9)]
    assert kinds == ["SealKeyRotated", "LogReopened", "LogReopened"]


def test_the_log_moves_to_another_database(ended, template, here):
    _, *commands = sections()[MOVE]
    with a_clone(template) as name:
        give_to_owner(address(name))
        done = example_runner.shell("\n".join(commands), at=here, environ=of(name))

        assert done.returncode == 0, done.stdout + done.stderr
        assert "no problems" in done.stdout
