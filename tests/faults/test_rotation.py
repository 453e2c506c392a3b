"""Every secret is changed while people and programs use the site: nobody notices."""

import os
import random
import re
import sys
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
from django.test import Client, override_settings
from standardwebhooks import Webhook

from config.embedded.children import ProcessSpec
from tests.kit import databases, web_servers
from tests.kit.builders import BY, a_token
from tests.kit.processes import CHECKOUT, eventually, running
from tests.kit.sites import Site, a_place
from tests.kit.webhook_receiver import Receiver, a_receiver
from tracker.operations import accounts

pytestmark = [pytest.mark.faults, pytest.mark.django_db]

OLD, NEW, HOOKS = "old-key-" * 6, "new-key-" * 6, "of-hooks-" * 6
CLIENTS = 8
# A sender that lost its connection leaves its webhook to others for two minutes.
LONG = 200
# One that is killed while it sends keeps its webhook for two minutes, so it ends in order.
SENDING = """
import signal, threading, django
django.setup()
from django.db import DatabaseError, connection
from django.utils import timezone
from tracker.webhooks.delivery import deliver
over = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: over.set())
while not over.wait(0.1):
    try:
        deliver(now=timezone.now)
    except DatabaseError:  # as on a busy machine; a worker goes on with its next task
        connection.close()
"""
# So that all messages are sent soon after.
PAUSE_SECONDS = 0.5


@contextmanager
def database_roles() -> Iterator[dict[str, str]]:
    """Two roles with the rights of web and workers: one after the other is in use."""
    names = {"old": "tests_app_old", "new": "tests_app_new"}
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        for name in names.values():
            server.execute(f"DROP ROLE IF EXISTS {name}".encode())
            statement = f"CREATE ROLE {name} LOGIN PASSWORD '{databases.PASSWORD}' IN ROLE "
            server.execute((statement + databases.ROLES.app).encode())
        yield names
        for name in names.values():
            server.execute(f"DROP ROLE {name}".encode())


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


def sender(environ: dict[str, str]) -> ProcessSpec:
    """A worker that does nothing but send messages."""
    command = [sys.executable, "-c", SENDING]
    return ProcessSpec(name="sender", command=command, folder=CHECKOUT, environ=environ)


class Browser:
    """A browser that sends several requests at once with the cookies that it has."""

    def __init__(self, session: str) -> None:
        self.session = session

    def get(self, server: str, path: str) -> int:
        connection = HTTPConnection(urlsplit(server).netloc, timeout=30)
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
        """Wait until each client has done something more."""
        aim = self.statuses.total() + 4 * CLIENTS
        eventually(lambda: self.statuses.total() > aim, what="the clients go on", within=60)


def environments(given: dict[str, str], roles: Any, brokers: Any) -> dict[str, dict[str, str]]:
    """What the processes of before and after the change are given. Each accepts what the other
    signs: the first step of a change is to name the new key as a fallback."""
    common = {"WEBHOOK_NETWORKS": "127.0.0.0/8"}
    keys = {
        "old": {
            "SECRET_KEY": OLD,
            "SECRET_KEY_FALLBACKS": NEW,
            "WEBHOOK_KEY_FALLBACKS": "of-hooks",
        },
        "new": {"SECRET_KEY": NEW, "SECRET_KEY_FALLBACKS": OLD, "WEBHOOK_KEY": "of-hooks"},
    }
    return {
        name: given
        | common
        | keys[name]
        | {
            "DATABASE_URL": databases.at(given["DATABASE_URL"], roles[name]),
            "REDIS_URL": brokers[name],
        }
        for name in keys
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


def hooked(site: Site, receiver: Receiver) -> str:
    made = site.post("webhooks/", {"url": receiver.url, "kinds": ["claim.asserted"]})
    assert made.status == 201, made.json
    return str(made.json["secret"])


def test_all_secrets_change_under_load(desk_template, tmp_path):
    with ExitStack() as stack:
        enter = stack.enter_context
        given, roles = enter(a_place(desk_template)), enter(database_roles())
        server, brokers = enter(broker_user())
        environs = environments(given, roles, brokers)
        one, other = enter(a_receiver()), enter(a_receiver())
        started = {name: web_servers.start(environ) for name, environ in environs.items()}
        for web in started.values():
            stack.callback(_ended, web)
            web.wait_for("/healthz")
        facts = desk_template.facts
        old, new = (
            Site(url=started[name].url, environ=environs[name], facts=facts) for name in environs
        )
        secrets = [(one, hooked(old, one)), (other, hooked(new, other))]
        senders = [
            enter(running(sender(environ), output=tmp_path / name))
            for name, environ in environs.items()
        ]
        load = enter(Load([old, new], logged_in(old), old.token))
        load.goes_on()

        with new.open():
            load.token = a_token()
        load.goes_on()
        with new.open():
            accounts.revoke(old.token[:8])
        load.servers = [new]
        load.goes_on()
        eventually(lambda: one.got and other.got, what="both receive", within=LONG)
        senders[0].process.terminate()
        senders[0].process.wait(timeout=60)
        started["old"].end()
        server.execute_command("ACL", "SETUSER", "rotated", "<old")
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as database:
            database.execute(f"ALTER ROLE {roles['old']} NOLOGIN".encode())
        load.goes_on()
        load.end()
        written = load.statuses["claim", 201]
        eventually(
            lambda: min(len(one.got), len(other.got)) >= written,
            what="all is delivered",
            within=LONG,
        )

        assert {what for what in load.statuses if what[1] != 503} == {("page", 200), ("claim", 201)}
        for receiver, secret in secrets:
            for headers, body in receiver.got:
                assert Webhook(secret).verify(body, headers)


def _ended(web: web_servers.WebServer) -> None:
    if web.process.poll() is None:
        web.end()
