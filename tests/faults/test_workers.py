"""A Celery worker that is killed at any step, and whose ticks come twice, late or never."""

import os
import random
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import psycopg
import pytest
from celery import Celery
from django.utils import timezone
from psycopg import sql

from config.embedded import processes as embedded_processes
from config.embedded.processes import Child
from tests.kit.background_work import digests, followed, rows
from tests.kit.builders import Desk, a_desk
from tests.kit.databases import PATIENT
from tests.kit.private_servers import private_servers
from tests.kit.processes import eventually, processes, running
from tracker import log
from tracker.domain.claims import Occurred
from tracker.projections import score_rows, scores
from tracker.projections.rebuild import rebuild

pytestmark = [pytest.mark.faults, pytest.mark.django_db]
COUNTRIES = ("CHN", "KAZ")
# Each is written in this order on a claim's way to its score.
STEPS = ("impact", "dirty_pair", "cursor", "scored", "knot_block")
OTHERS = "pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
BEAT_SECONDS = 0.25
WAITING = f"{OTHERS} AND wait_event_type = 'Lock'"


@dataclass(slots=True)
class Mortal:
    """A worker that somebody starts again whenever it was killed."""

    environ: dict[str, str]
    output: Path
    stack: ExitStack
    children: int = 2
    child: Child | None = None

    def live(self) -> None:
        if self.child is None or not self.child.alive:
            spec = embedded_processes.worker(self.environ)
            spec = replace(spec, command=[*spec.command, "--concurrency", str(self.children)])
            self.child = self.stack.enter_context(running(spec, output=self.output))

    @property
    def hands(self) -> list[int]:
        return [one.pid for one in processes() if one.parent == self.child.process.pid]


@dataclass(slots=True)
class Post:
    """Sends the ticks, each twice, in any order, and loses one in ten."""

    broker: Celery
    dice: random.Random
    last: float = 0.0

    def beat(self) -> None:
        """Send ticks if there were none for a while: those in flight die with their worker."""
        if time.monotonic() > self.last + BEAT_SECONDS:
            self.tick()

    def tick(self) -> None:
        self.last = time.monotonic()
        ticks = ["follow", "score"] * 2
        self.dice.shuffle(ticks)
        for name in ticks:
            if self.dice.random() >= 0.1:
                self.broker.send_task(name, queue=name, expires=10)


@pytest.fixture
def environ(database: str) -> Iterator[dict[str, str]]:
    """What leads workers to the database and to a broker."""
    with private_servers(base={"DATABASE_URL": database}) as servers:
        yield servers.environ({**os.environ, "DATABASE_URL": database})


@pytest.fixture
def post(environ: dict[str, str]) -> Iterator[Post]:
    # The address is its own: whatever this process itself has to say goes elsewhere, and is lost.
    broker = Celery(broker=environ["REDIS_URL"], set_as_current=False)
    yield Post(broker, random.Random(8))  # noqa: S311 # shuffles ticks
    broker.close()


@pytest.fixture
def worker(environ: dict[str, str], tmp_path: Path) -> Iterator[Mortal]:
    with ExitStack() as stack:
        yield Mortal(environ, tmp_path / "worker", stack)


def arrives(desk: Desk, day: int, dice: random.Random) -> None:
    """A claim of a day of 2012 and on, between the same two, so that workers meet."""
    occurred = Occurred(edtf=(date(2012, 1, 1) + timedelta(days=day)).isoformat())
    desk.asserts(*dice.sample(COUNTRIES, 2), occurred=occurred)


def only_leases_are_left() -> bool:
    free = "dirty_pair WHERE not_before IS NULL OR not_before < now()"
    return followed() == log.head().position and not rows(free)


def begins(*, worker: Mortal, post: Post) -> None:
    """Let the worker take in what there is."""
    worker.live()
    eventually(lambda: ticked(post) and followed(), what="the worker begins")


def ticked(post: Post) -> bool:
    post.beat()
    return True


def waiting(where: str = "") -> int:
    """How many others wait for a lock, in a statement with these words."""
    return len(rows(f"{WAITING} AND position('{where}' IN query) > 0", "pid"))


def all_is_scored() -> bool:
    return followed() == log.head().position and not rows("dirty_pair")


@contextmanager
def held_up_at(
    table: str, desk: Desk, day: int, *, dice: random.Random, url: str, post: Post
) -> Iterator[None]:
    """Let a claim come in, and its worker wait for a table until the end of the block."""
    with psycopg.connect(url, options=PATIENT) as rival:
        # Those that only look are held up where a worker looks between two steps.
        mode = "ACCESS EXCLUSIVE" if table == "scored" else "SHARE"
        rival.execute(sql.SQL("LOCK TABLE {} IN " + mode + " MODE").format(sql.Identifier(table)))
        arrives(desk, day, dice)
        # Whoever only looks for a pair to score waits for the marks too. The follower writes these
        # three in one message, whose beginning the database shows; the cursor with the scores if it
        # scores at once.
        words = {table} if table in STEPS[3:] else {"INSERT INTO impact"}
        words |= {"INSERT INTO scored"} if table == "cursor" else set()
        eventually(
            lambda: ticked(post) and any(map(waiting, words)), what=f"a worker waits for {table}"
        )
        yield


def settles(*, worker: Mortal, post: Post) -> date:
    """Let the worker catch up, and do what waits for the leases of the dead as on the day, which
    is given, when they run out."""

    def caught_up() -> bool:
        worker.live()
        post.beat()
        return only_leases_are_left()

    eventually(caught_up, what="the worker catches up")
    worker.stack.close()
    eventually(lambda: not rows(OTHERS, "pid"), what="the database has noticed the worker's end")
    later = timezone.now() + scores.LEASE
    scores.recompute_all(at=later)
    score_rows.age(today=later.date())
    return later.date()


def is_the_same_as_a_clean_replay(claims: int, *, today: date) -> None:
    stored = digests()
    rebuild(today=today, report=lambda *_: None)

    assert digests() == stored
    assert rows("quarantine") == []
    assert len({claim for (claim,) in rows("impact", "claim")}) == claims


class TestAWorkerKilledAtAnyStep:
    @pytest.mark.parametrize("at_once", [False, pytest.param(True, marks=pytest.mark.long)])
    def test_leaves_a_pair_that_is_scored_in_the_end(self, environ, worker, post, at_once):
        desk, dice = a_desk(*COUNTRIES), random.Random(11)  # noqa: S311 # chooses a direction
        worker.children = 1 if at_once else 2
        begins(worker=worker, post=post)
        # With a claim between, those after it do not make up for the loss of one before.
        for number in range(len(STEPS)):
            arrives(desk, 10 * number, dice)
        eventually(lambda: ticked(post) and all_is_scored(), what="the pair has a score")
        for number, table in enumerate(STEPS):
            if at_once:
                # A process scores at once from the second time on that it follows the view.
                arrives(desk, 100 + number, dice)
                eventually(lambda: ticked(post) and all_is_scored(), what="a new worker works")
            with held_up_at(
                table, desk, 10 * number - 5, dice=dice, url=environ["DATABASE_URL"], post=post
            ):
                for pid in worker.hands:
                    os.kill(pid, signal.SIGKILL)
                # Its statement would go on without it, as if it had died a moment later.
                rows(WAITING, "pg_terminate_backend(pid)")

        number = (3 if at_once else 2) * len(STEPS)
        is_the_same_as_a_clean_replay(number, today=settles(worker=worker, post=post))
