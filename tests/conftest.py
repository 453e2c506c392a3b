"""What tests of every folder have: a desk, and the templates of databases."""

import itertools
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connections
from django.utils import timezone, translation
from time_machine import Traveller

from tests.kit import databases, laws, web_servers  # noqa: F401 # laws have a profile of their own
from tests.kit.api_client import a_body
from tests.kit.builders import Desk, a_desk, a_token
from tests.kit.databases import Template
from tests.kit.same_ids import same_ids
from tests.kit.sites import ADMINISTRATOR, PASSWORD
from tests.kit.webhook_receiver import Receiver, a_receiver
from tracker.imports import writer
from tracker.operations import seed
from tracker.projections import transaction_settings


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: Any
) -> None:
    """Clone the tables, so that only the first process migrates."""
    settings_of = connections["default"].settings_dict
    with django_db_blocker.unblock():
        settings_of["TEST"]["TEMPLATE"] = databases.tables()
    # A test is one transaction, and on a busy machine it may pause in it for long.
    settings_of["OPTIONS"]["options"] = databases.UNHURRIED


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """End sessions that a thread of a test left open: the database could not be dropped."""
    yield
    with django_db_blocker.unblock(), connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture(scope="session")
def template(django_db_blocker: Any) -> str:
    """A database with tables and roles and nothing on record."""
    with django_db_blocker.unblock():
        return databases.roles()


@pytest.fixture(scope="session")
def desk_template(template: str, django_db_blocker: Any) -> Template:
    """What a claim refers to is on record, and ann has a token for everything."""
    with django_db_blocker.unblock():
        return databases.template("desk", base=template, make=_open_desk)


@pytest.fixture(scope="session")
def seed_template(template: str, django_db_blocker: Any) -> Template:
    """What `make run` leaves: the first article with its scores, and administrators with tokens."""
    with django_db_blocker.unblock():
        return databases.template("seed", base=template, make=_load_seed)


@pytest.fixture(autouse=True)
def _may_pause_after_background_work() -> Iterator[None]:
    """What a transaction of the background sets is gone with it, but not in a test's own one."""
    with transaction_settings.long_pauses():
        yield


@pytest.fixture(autouse=True, scope="session")
def _static_files_found_when_asked_for() -> None:
    """A test client does not list all static files first, which takes 28 ms for each client."""
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture(autouse=True, scope="session")
def _no_web_server_is_left() -> Iterator[None]:
    """The last of one that sites share."""
    yield
    web_servers.end_idle()


@pytest.fixture(autouse=True)
def _same_ids(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test has the same ids each time."""
    with same_ids(request.node.nodeid):
        yield


@pytest.fixture(autouse=True)
def _default_language() -> Iterator[None]:
    """A request for a page in another language leaves that active in its thread."""
    yield
    translation.deactivate()


@pytest.fixture
def desk(db: Any) -> Desk:
    """Countries, a source with a document, a collection and lenses are on record."""
    return a_desk()


@pytest.fixture
def spool(settings: Any, tmp_path: Path) -> None:
    """Files of jobs have a folder of the test's own."""
    settings.SPOOL_FOLDER = tmp_path / "spool"


# The beginnings of minutes, each two after the one before: a test may go on into the next. Each
# process has its own, since all count in one Redis.
_PROCESS = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
_MINUTES = itertools.count(1_760_000_040 + _PROCESS * 1_200_000, 120)


@pytest.fixture
def minute() -> Iterator[Traveller]:
    """A minute in which no other test counts requests, and which does not end: 47 seconds are
    left."""
    with time_machine.travel(next(_MINUTES) + 13, tick=False) as traveller:
        yield traveller


@pytest.fixture
def chunks_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    """Imports write two rows at a time."""
    for name in ("FIRST_CHUNK", "LEAST_CHUNK", "MOST_CHUNK"):
        monkeypatch.setattr(writer, name, 2)


@pytest.fixture
def quick_passwords(settings: Any) -> None:
    """Passwords are hashed in no time."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    """A receiver of webhooks on this machine."""
    settings.WEBHOOK_NETWORKS = ["127.0.0.0/8"]
    with a_receiver() as opened:
        yield opened


def _open_desk() -> dict[str, Any]:
    return {"token": a_token(), "body": a_body(a_desk())}


def _load_seed() -> dict[str, Any]:
    now = timezone.now()
    seed.load_seed(at=now)
    call_command("sweep", "--once", stdout=sys.stderr)
    get_user_model().objects.create_superuser(ADMINISTRATOR, password=PASSWORD)
    get_user_model().objects.create_superuser("admin")
    return {
        "token": a_token(of="admin", at=now),
        "reader": a_token("read", of="admin", at=now),
    }
