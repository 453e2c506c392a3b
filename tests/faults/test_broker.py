"""A broker that is killed, full or frozen: writes go on, and the scores come after."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
import redis
from django.utils import timezone

from config.embedded import processes
from config.embedded.processes import Child
from config.embedded.valkey import Valkey
from tests.kit.background_work import digests, followed, rows
from tests.kit.databases import working_in
from tests.kit.private_servers import private_servers
from tests.kit.processes import eventually, running
from tests.kit.sites import Site, a_site
from tracker import log
from tracker.projections import score_rows
from tracker.projections.rebuild import rebuild

pytestmark = [pytest.mark.faults, pytest.mark.django_db, pytest.mark.long]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plant:
    """A site, its broker, and the processes that do its background work."""

    site: Site
    broker: Valkey
    worker: Child

    @property
    def name(self) -> str:
        return urlsplit(self.site.database).path[1:]


@pytest.fixture(scope="module")
def plant(desk_template, django_db_blocker, tmp_path_factory) -> Iterator[Plant]:
    """One for all tests of this file, since it takes long to start."""
    folder = tmp_path_factory.mktemp("plant")
    with ExitStack() as stack:
        stack.enter_context(django_db_blocker.unblock())
        given = {"DATABASE_URL": os.environ["DATABASE_URL"]}
        broker = stack.enter_context(private_servers(base=given)).valkey
        site = stack.enter_context(a_site(desk_template, REDIS_URL=broker.url))
        environ = site.environ
        worker = processes.worker(environ, schedule=folder / "schedule")
        yield Plant(
            site=site,
            broker=broker,
            worker=stack.enter_context(running(worker, output=folder / "worker")),
        )


def writes(plant: Plant, number: int = 5) -> None:
    """Put claims on record; no answer waits for the broker to come back."""
    for _ in range(number):
        assert plant.site.post("claims/", plant.site.body).status == 201


def all_is_scored() -> bool:
    return followed() == log.head().position and not rows("dirty_pair")


def converges(plant: Plant) -> None:
    """The processes that were there are still there, do all that waits, and do it right."""
    eventually(all_is_scored, what="every score is through")
    assert plant.worker.alive
    today = timezone.now().date()
    score_rows.age(today=today)
    stored = digests()
    rebuild(today=today, report=lambda *_: None)
    assert digests() == stored


@contextmanager
def killed(plant: Plant) -> Iterator[None]:
    """It keeps nothing: afterwards it is empty."""
    plant.broker.child.send_signal(signal.SIGKILL)
    plant.broker.child.process.wait()
    try:
        yield
    finally:
        plant.broker.start()


@contextmanager
def frozen(plant: Plant) -> Iterator[None]:
    """The port takes connections, but nobody answers."""
    plant.broker.child.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        plant.broker.child.send_signal(signal.SIGCONT)


@contextmanager
def full(plant: Plant) -> Iterator[None]:
    with redis.Redis.from_url(plant.broker.url) as client:
        before = client.config_get("maxmemory")["maxmemory"]
        client.config_set("maxmemory", 1)
        try:
            yield
        finally:
            client.config_set("maxmemory", before)


@pytest.fixture(autouse=True)
def at_work(plant: Plant, db: None) -> Iterator[None]:
    """Begin with a worker that does what is told it, and look into the site's database."""
    with working_in(plant.name):
        writes(plant, 1)
        eventually(all_is_scored, what="the worker has begun")
        yield


def outlasts(trouble: Callable[..., object], plant: Plant, *, seconds: float) -> None:
    with trouble(plant):
        end = time.monotonic() + seconds
        writes(plant)
        while time.monotonic() < end:
            time.sleep(0.1)
            writes(plant, 1)
    converges(plant)


class TestABroker:
    @pytest.mark.parametrize(("trouble", "seconds"), [(killed, 5), (full, 2), (frozen, 2)])
    def test_in_trouble_holds_up_no_write_and_costs_no_score(self, plant, trouble, seconds):
        outlasts(trouble, plant, seconds=seconds)
