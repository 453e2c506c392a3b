"""A Celery worker that is killed and held up, and whose ticks come twice, late or never."""

import os
import random
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

import psycopg
import pytest
from celery import Celery
from django.utils import timezone
from psycopg import sql

from config.embedded import crew
from config.embedded.children import Child
from config.embedded.servers import private_servers
from tests.builders import Desk, a_desk
from tests.clones import processes
from tests.faults.arenas import a_clone, eventually, idle_template, running, working_in
from tests.projections.readings import digests, rows
from tracker import log
from tracker.domain.claims import Occurred
from tracker.projections import ageing, scores
from tracker.projections.rebuild import rebuild

# Without django_db nothing makes the database that these are cloned from.
pytestmark = [pytest.mark.faults, pytest.mark.django_db]
KILL_EVERY_SECONDS = 0.2
# Every so many kills it is the worker itself that is killed, and not one of its children.
HEADS_TURN = 12
# If more came in, the children would only follow, and hardly ever score.
MOST_BEHIND = 3
BEAT_SECONDS = 0.25
COUNTRIES = ("CHN", "KAZ", "RUS")
# Each is written in this order on a claim's way to its score.
STEPS = ("impact", "dirty_pair", "cursor", "scored", "knot")
OTHERS = "pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


@pytest.fixture(scope="module")
def template(django_db_setup, django_db_blocker) -> Iterator[str]:
    with django_db_blocker.unblock(), idle_template() as name:
        yield name


@pytest.fixture
def environ(template: str, db: None) -> Iterator[dict[str, str]]:
    """Work in a database of the test's own; give what leads others to it and to a broker."""
    with (
        a_clone(template) as name,
        working_in(name) as url,
        private_servers(given={"DATABASE_URL": url}, fast=True) as servers,
    ):
        yield servers.environ({**os.environ, "DATABASE_URL": url})


@dataclass(slots=True)
class Mortal:
    """A worker that somebody starts again whenever it was killed."""

    environ: dict[str, str]
    output: Path
    stack: ExitStack
    # Decides whom to kill.
    dice: random.Random = field(default_factory=lambda: random.Random(9))  # noqa: S311
    children: int = 2
    child: Child | None = None
    kills: int = 0
    last_kill: float = 0.0
    done_then: int = 0

    def live(self) -> None:
        if self.child is None or not self.child.alive:
            order = crew.worker(self.environ)
            order = replace(order, command=[*order.command, "--concurrency", str(self.children)])
            self.child = self.stack.enter_context(running(order, output=self.output))

    @property
    def hands(self) -> list[int]:
        return [one.pid for one in processes() if one.parent == self.child.process.pid]

    def strike(self, *, done: int) -> None:
        """Kill one of its processes, if the time has come.

        Not before something was done since the last time: on a busy machine nothing ever would be,
        and Celery gives up if a child ends during the start.
        """
        hands = self.hands
        soon = time.monotonic() < self.last_kill + KILL_EVERY_SECONDS
        if soon or not hands or done == self.done_then:
            return
        self.kills, self.last_kill, self.done_then = self.kills + 1, time.monotonic(), done
        doomed = self.dice.choice(hands) if self.kills % HEADS_TURN else self.child.process.pid
        with suppress(ProcessLookupError):
            os.kill(doomed, signal.SIGKILL)


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
def post(environ: dict[str, str]) -> Iterator[Post]:
    # The address is its own: whatever this process itself has to say goes elsewhere, and is lost.
    broker = Celery(broker=environ["REDIS_URL"], set_as_current=False)
    yield Post(broker, random.Random(8))  # noqa: S311 # shuffles ticks
    broker.close()


@pytest.fixture
def worker(environ: dict[str, str], tmp_path: Path) -> Iterator[Mortal]:
    with ExitStack() as stack:
        yield Mortal(environ, tmp_path / "worker", stack)


def arrives(desk: Desk, number: int, dice: random.Random) -> None:
    """A claim of a later day than the one before, so that none makes up for what an earlier one
    lost; most are between the same two, so that workers meet."""
    day = date(2012, 1, 1) + timedelta(days=5 * number)
    ends = dice.sample(COUNTRIES if number % 5 == 0 else COUNTRIES[:2], 2)
    desk.asserts(*ends, occurred=Occurred(edtf=day.isoformat()))


def followed() -> int:
    """The position that the view has reached; 0 before there is a cursor."""
    return sum(position for (position,) in rows("cursor", "position"))


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


def waiting() -> int:
    """How many others wait for a lock."""
    return len(rows(f"{OTHERS} AND wait_event_type = 'Lock'", "pid"))


def all_is_scored() -> bool:
    return followed() == log.head().position and not rows("dirty_pair")


@contextmanager
def held_up_at(
    table: str, desk: Desk, number: int, *, dice: random.Random, url: str, post: Post
) -> Iterator[None]:
    """Let a claim come in, and its worker wait for a table until the end of the block."""
    with psycopg.connect(url) as rival:
        # Those that only look are held up where a worker looks between two steps.
        mode = "ACCESS EXCLUSIVE" if table == "scored" else "SHARE"
        rival.execute(sql.SQL("LOCK TABLE {} IN " + mode + " MODE").format(sql.Identifier(table)))
        arrives(desk, number, dice)
        eventually(lambda: ticked(post) and waiting(), what=f"a worker waits for {table}")
        yield


def lives_through(kills: int, *, worker: Mortal, post: Post) -> int:
    """Let claims come in while the worker is killed; give their number."""
    desk, dice = a_desk(*COUNTRIES), random.Random(10)  # noqa: S311 # chooses countries

    begins(worker=worker, post=post)
    began, number = followed(), 0
    while worker.kills < kills:
        worker.live()
        done = followed()
        worker.strike(done=done)
        if log.head().position - done > MOST_BEHIND:
            post.beat()
            time.sleep(0.01)
            continue
        arrives(desk, number, dice)
        post.tick()
        number += 1
    assert followed() > began, "nothing was done while processes were killed"
    return number


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
    ageing.age(today=later.date())
    return later.date()


def is_the_same_as_a_clean_replay(claims: int, *, today: date) -> None:
    stored = digests()
    rebuild(today=today, report=lambda *_: None)

    assert digests() == stored
    assert rows("quarantine") == []
    assert len({claim for (claim,) in rows("impact", "claim")}) == claims


def survives(kills: int, *, worker: Mortal, post: Post) -> None:
    claims = lives_through(kills, worker=worker, post=post)
    is_the_same_as_a_clean_replay(claims, today=settles(worker=worker, post=post))


class TestAWorkerKilledAllTheTimeWithTicksDoubledShuffledAndLost:
    def test_leaves_the_bytes_of_a_clean_replay(self, worker, post):
        survives(20, worker=worker, post=post)

    @pytest.mark.long
    def test_leaves_them_after_two_hundred_kills(self, worker, post):
        survives(200, worker=worker, post=post)


class TestAWorkerKilledAtAnyStep:
    def test_leaves_a_pair_that_is_scored_in_the_end(self, environ, worker, post):
        desk, dice = a_desk(*COUNTRIES), random.Random(11)  # noqa: S311 # chooses a direction
        begins(worker=worker, post=post)
        for number, table in enumerate(STEPS, start=1):
            with held_up_at(table, desk, number, dice=dice, url=environ["DATABASE_URL"], post=post):
                for pid in worker.hands:
                    os.kill(pid, signal.SIGKILL)

        is_the_same_as_a_clean_replay(len(STEPS), today=settles(worker=worker, post=post))


class TestAWorkerFrozenBetweenReadingAndWriting:
    def test_does_not_undo_what_others_write_meanwhile(self, environ, worker, post, tmp_path):
        desk, dice = a_desk(*COUNTRIES), random.Random(11)  # noqa: S311 # chooses a direction
        worker.children = 1
        begins(worker=worker, post=post)
        with held_up_at("scored", desk, 1, dice=dice, url=environ["DATABASE_URL"], post=post):
            (frozen,) = worker.hands
            os.kill(frozen, signal.SIGSTOP)
        eventually(lambda: not waiting(), what="the database has let the frozen one pass")
        Mortal(environ, tmp_path / "other", worker.stack).live()
        arrives(desk, 2, dice)
        eventually(
            lambda: ticked(post) and (waiting() or all_is_scored()),
            what="the other worker has scored the next claim, or waits for the frozen one",
        )
        os.kill(frozen, signal.SIGCONT)

        is_the_same_as_a_clean_replay(2, today=settles(worker=worker, post=post))
