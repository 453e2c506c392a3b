"""Two processes follow one view, and one of them is killed or frozen while both have a block of
events."""

import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from django.utils import timezone

from config.embedded.processes import Child
from tests.kit.background_work import digests, followed, rows, work_off
from tests.kit.builders import Desk, a_desk
from tests.kit.databases import PATIENT
from tests.kit.imports import bring
from tests.kit.processes import a_writer, eventually, running
from tracker import log
from tracker.projections import cursors, score_rows, scores
from tracker.projections.audit import audit
from tracker.projections.blocks import SIZE
from tracker.projections.rebuild import rebuild

pytestmark = [pytest.mark.faults, pytest.mark.django_db, pytest.mark.long]
BLOCKS = 4
HELD = "pg_locks WHERE locktype = 'advisory' AND granted AND database ="
HELD += " (SELECT oid FROM pg_database WHERE datname = current_database())"


@dataclass(frozen=True, slots=True)
class Holder:
    """A process that follows, and its session of the database, which has a block."""

    child: Child
    session: int

    def die(self) -> None:
        self.child.send_signal(signal.SIGKILL)
        # Its statement would go on without it, as if it had died a moment later.
        rows(f"(SELECT pg_terminate_backend({self.session}) AS ended) AS one", "ended")


@pytest.fixture
def desk(database: str) -> Desk:
    """A view that has some blocks to follow."""
    desk = a_desk()
    bring(BLOCKS * SIZE)
    cursors.create(desk.view)
    return desk


def sessions() -> set[int]:
    """The sessions that have a block."""
    return {int(str(pid)) for (pid,) in rows(HELD, "pid")}


@contextmanager
def two_with_blocks(desk: Desk, said: Path, url: str) -> Iterator[list[Holder]]:
    """Two processes, of which the first has the next block and the second that behind it; they go
    on after the end of `with`, until all is followed. Who was frozen goes on then."""
    stop = said.with_name("stop")
    with ExitStack() as stack:
        with psycopg.connect(url, options=PATIENT) as rival:
            rival.execute("SELECT FROM cursor WHERE view = %s FOR UPDATE", [desk.view.id])
            both: list[Holder] = []
            for number in (1, 2):
                child = stack.enter_context(
                    running(a_writer("work"), output=said, DATABASE_URL=url, STOP=str(stop))
                )
                eventually(lambda n=number: len(sessions()) == n, what="a process has a block")  # type: ignore[misc]
                both.append(Holder(child, *(sessions() - {one.session for one in both})))
            yield both
        eventually(lambda: followed() == log.head().position, what="all is followed")
        stop.touch()
        for one in both:
            one.child.send_signal(signal.SIGCONT)
        eventually(lambda: not any(one.child.alive for one in both), what="both have stopped")


def is_the_same_as_a_clean_replay() -> None:
    later = timezone.now() + scores.LEASE
    work_off(at=later)
    score_rows.age(today=later.date())
    stored = digests()
    assert audit(at=later, sample=None) == []
    rebuild(today=later.date(), report=lambda *_: None)

    assert digests() == stored
    assert len({claim for (claim,) in rows("impact", "claim")}) == BLOCKS * SIZE


class TestTwoProcessesThatFollowOneView:
    @pytest.mark.parametrize("killed", [None, 0, 1])
    def test_leave_the_bytes_of_a_clean_replay(self, database, desk, output, killed):
        with two_with_blocks(desk, output, database) as both:
            if killed is not None:
                both[killed].die()

        assert "Traceback" not in output.read_text()
        is_the_same_as_a_clean_replay()

    def test_wait_for_one_that_is_frozen_until_the_database_ends_its_session(
        self, database, desk, output
    ):
        with two_with_blocks(desk, output, database) as both:
            both[0].child.send_signal(signal.SIGSTOP)

        assert [one.child.process.returncode for one in both] == [1, 0]
        assert "OperationalError" in output.read_text()
        is_the_same_as_a_clean_replay()
