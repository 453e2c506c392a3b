"""A Celery worker that is killed and held up, and whose ticks come twice, late or never."""

import os
import random
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, timedelta
from pathlib import Path

import psycopg
import pytest
from celery import Celery
from django.utils import timezone
from psycopg import sql

from tests.kit.background_work import digests, followed, rows
from tests.kit.builders import Desk, a_desk
from tests.kit.databases import PATIENT, a_clone, working_in
from tests.kit.killed_worker import Mortal, Post
from tests.kit.private_servers import private_servers
from tests.kit.processes import eventually
from tracker import log
from tracker.domain.claims import Occurred
from tracker.projections import score_rows, scores
from tracker.projections.rebuild import rebuild

pytestmark = [pytest.mark.faults, pytest.mark.django_db]
# If more came in, the children would only follow, and hardly ever score.
MOST_BEHIND = 3
COUNTRIES = ("CHN", "KAZ", "RUS")
# Each is written in this order on a claim's way to its score.
STEPS = ("impact", "dirty_pair", "cursor", "scored", "knot_block")
OTHERS = "pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
WAITING = f"{OTHERS} AND wait_event_type = 'Lock'"


@pytest.fixture
def environ(template: str, db: None) -> Iterator[dict[str, str]]:
    """Work in a database of the test's own; give what leads others to it and to a broker."""
    with (
        a_clone(template) as name,
        working_in(name) as url,
        private_servers(base={"DATABASE_URL": url}) as servers,
    ):
        yield servers.environ({**os.environ, "DATABASE_URL": url})


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


def arrives(desk: Desk, day: int, dice: random.Random, *, others: bool = False) -> None:
    """A claim of a day of 2012 and on, between the same two, so that workers meet."""
    ends = dice.sample(COUNTRIES if others else COUNTRIES[:2], 2)
    occurred = Occurred(edtf=(date(2012, 1, 1) + timedelta(days=day)).isoformat())
    desk.asserts(*ends, occurred=occurred)


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
        # Every other one is of a day before the last: later ones do not make up for its loss.
        arrives(desk, 5 * (number ^ 1), dice, others=number % 8 == 0)
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
    score_rows.age(today=later.date())
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


@pytest.mark.long
class TestAWorkerKilledAllTheTimeWithTicksDoubledShuffledAndLost:
    def test_leaves_the_bytes_of_a_clean_replay(self, worker, post):
        survives(8, worker=worker, post=post)


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


@pytest.mark.long
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
