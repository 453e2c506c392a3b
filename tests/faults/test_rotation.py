"""The secrets of web are changed while people and programs use the site: nobody notices."""

import io
import os
import random
import re
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
import redis
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client, override_settings

from tests.kit import databases
from tests.kit.builders import BY, a_token
from tests.kit.processes import eventually
from tests.kit.sites import Site, a_place, served
from tracker.operations import accounts
from tracker.queries import rights

pytestmark = [pytest.mark.faults, pytest.mark.django_db, pytest.mark.long]

OLD, NEW = "old-key-" * 6, "new-key-" * 6
CLIENTS = 8
WELL = {("page", 200), ("claim", 201)}
PAUSE_SECONDS = 0.5


@contextmanager
def database_roles() -> Iterator[dict[str, str]]:
    """The names of two roles for web and workers: one after the other is in use."""
    names = {"old": "tests_app_old", "new": "tests_app_new"}
    drop = "".join(f"DROP ROLE IF EXISTS {name};" for name in names.values()).encode()
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute(drop)
        yield names
        server.execute(drop)


def grant(given: dict[str, str], role: str) -> None:
    """Make a role, as docs/operations.md says."""
    printed = io.StringIO()
    database = databases.address(urlsplit(given["DATABASE_URL"]).path[1:])
    with databases.working_at(database):
        call_command("grants", app=role, reader=databases.ROLES.reader, stdout=printed)
    with databases.roles_alone(), psycopg.connect(database) as superuser:
        superuser.execute(printed.getvalue().encode())
        superuser.execute(f"ALTER ROLE {role} LOGIN PASSWORD '{databases.PASSWORD}'".encode())


@contextmanager
def broker_user() -> Iterator[tuple[redis.Redis, dict[str, str]]]:
    """A user of the broker with two passwords at once."""
    url = os.environ["REDIS_URL"]
    place = url.rpartition("@")[2]
    with redis.Redis.from_url(url) as server:
        server.execute_command(
            "ACL", "SETUSER", "rotated", "on", "~*", "&*", "+@all", ">old", ">new"
        )
        yield server, {name: f"redis://rotated:{name}@{place}" for name in ("old", "new")}
        server.execute_command("ACL", "DELUSER", "rotated")


@contextmanager
def a_web(environ: dict[str, str], template: databases.Template) -> Iterator[Site]:
    with served(environ, answers="/healthz") as url:
        yield Site(url=url, environ=environ, facts=template.facts)


class Browser:
    """A browser that sends several requests at once with the cookies that it has."""

    def __init__(self, session: str) -> None:
        self.session = session

    def get(self, server: str, path: str) -> int:
        connection = HTTPConnection(urlsplit(server).netloc, timeout=120)
        try:
            cookie = f"{settings.SESSION_COOKIE_NAME}={self.session}"
            connection.request("GET", path, headers={"Cookie": cookie})
            answer = connection.getresponse()
            answer.read()
            for header in answer.msg.get_all("Set-Cookie", []):
                if found := re.match(rf'{settings.SESSION_COOKIE_NAME}="?(\w*)', header):
                    self.session = found[1]
            return answer.status
        finally:
            connection.close()


class Load:
    """Eight clients until `stop`: each writes a claim and opens pages, at any of the servers."""

    def __init__(self, servers: list[Site], browsers: list[Browser], token: str) -> None:
        self.servers, self.browsers, self.token = servers, browsers, token
        self.statuses: Counter[tuple[str, int]] = Counter()
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._run, args=(n,)) for n in range(CLIENTS)]

    def __enter__(self) -> "Load":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def end(self) -> None:
        """Let each client finish what it does."""
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _run(self, number: int) -> None:
        choice = random.Random(number)  # noqa: S311 # repeatable
        browser = self.browsers[number % len(self.browsers)]
        while not self._over.is_set():
            site = choice.choice(self.servers)
            status = browser.get(site.url, "/admin/jsi18n/")
            self.statuses["page", status] += 1
            written = site.post("claims/", site.body, Authorization=f"Bearer {self.token}")
            self.statuses["claim", written.status] += 1
            self._over.wait(PAUSE_SECONDS)

    def goes_on(self) -> None:
        """Wait until pages are opened and claims are written that were asked for from now on."""
        # Each client may be waiting for one that it asked for before.
        aims = {what: self.statuses[what] + 2 * CLIENTS for what in WELL}
        eventually(
            lambda: all(self.statuses[what] >= aim for what, aim in aims.items()),
            what=f"the clients go on: {self.statuses}",
        )


def environments(given: dict[str, str], roles: Any, brokers: Any) -> dict[str, dict[str, str]]:
    """What the processes of before and after the change are given. Each accepts what the other
    signs: the first step of a change is to name the new key as a fallback."""
    keys = {"old": (OLD, NEW), "new": (NEW, OLD)}
    return {
        name: given
        | {
            "SECRET_KEY": key,
            "SECRET_KEY_FALLBACKS": fallback,
            "DATABASE_URL": databases.at(given["DATABASE_URL"], roles[name]),
            "REDIS_URL": brokers[name],
        }
        for name, (key, fallback) in keys.items()
    }


def logged_in(site: Site) -> list[Browser]:
    """Browsers that logged in before the change."""
    with site.open(), override_settings(SECRET_KEY=OLD, SECRET_KEY_FALLBACKS=[]):
        get_user_model().objects.filter(username=BY).update(is_staff=True)
        clients = [Client() for _ in range(CLIENTS // 2)]
        for client in clients:
            client.force_login(
                get_user_model().objects.get(username=BY),
                backend="django.contrib.auth.backends.ModelBackend",
            )
    return [Browser(one.cookies[settings.SESSION_COOKIE_NAME].value) for one in clients]


def test_all_secrets_change_under_load(desk_template):
    with ExitStack() as stack:
        enter = stack.enter_context
        roles, given = enter(database_roles()), enter(a_place(desk_template))
        broker, brokers = enter(broker_user())
        for role in roles.values():
            grant(given, role)
        environs = environments(given, roles, brokers)
        new = enter(a_web(environs["new"], desk_template))
        with a_web(environs["old"], desk_template) as old:
            load = enter(Load([old, new], logged_in(old), old.token))
            load.goes_on()

            grant(given, roles["new"])
            load.goes_on()
            change_token(load, old)
            load.servers = [new]
            load.goes_on()
        close_to_the_old(broker, roles["old"])
        load.goes_on()
        load.end()

        assert set(load.statuses) == WELL, load.statuses
        with new.open():
            assert rights.limits_missing(roles["new"]) == []


def change_token(load: Load, site: Site) -> None:
    with site.open():
        load.token = a_token()
    load.goes_on()
    with site.open():
        accounts.revoke(site.token[:8])


def close_to_the_old(broker: redis.Redis, role: str) -> None:
    """Let the former password and the former role in no more."""
    broker.execute_command("ACL", "SETUSER", "rotated", "<old")
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as database:
        database.execute(f"ALTER ROLE {role} NOLOGIN".encode())
