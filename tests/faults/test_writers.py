"""Writers in processes of their own, killed and frozen, a reader that remembers its place, and a
database that is killed."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from config.embedded.postgres import Postgres
from config.embedded.processes import Child
from tests.kit.databases import working_at
from tests.kit.private_servers import private_servers
from tests.kit.processes import a_writer, eventually, kill_postgres, running
from tests.kit.writers import append
from tracker import log
from tracker.log import Recorded

pytestmark = [pytest.mark.faults, pytest.mark.django_db, pytest.mark.usefixtures("database")]
WRITERS = 8


def tail(writers: Child) -> list[Recorded]:
    """Read behind the writers to the end, from the last position seen."""
    seen: list[Recorded] = []
    position = 0
    while True:
        over = not writers.alive
        batch = log.read(after=position, limit=100)
        if batch:
            seen += batch
            position = batch[-1].position
        elif over:
            return seen
        else:
            time.sleep(0.001)


def words(output: Path, first: str) -> list[list[str]]:
    """What follows a first word, on every line that begins with it."""
    lines = [line.split() for line in output.read_text().splitlines()]
    return [line[1:] for line in lines if line and line[0] == first]


def acknowledged(output: Path) -> list[tuple[int, UUID]]:
    return sorted((int(position), UUID(stream)) for position, stream in words(output, "ack"))


def on_record() -> list[tuple[int, UUID]]:
    return [(one.position, one.stream) for one in log.read(after=0, limit=1_000_000)]


@pytest.mark.long
class TestEightWritersAndAReaderThatRemembersItsPlace:
    def test_miss_nothing_leave_no_hole_and_repeat_nothing(self, output, database):
        crowd = a_writer("crowd", str(WRITERS), "45")
        with running(crowd, output=output, DATABASE_URL=database) as writers:
            seen = tail(writers)

        # Of three appends one is of three events.
        events = WRITERS * (45 + 2 * 15)
        assert [one.position for one in seen] == list(range(1, events + 1)), output.read_text()
        assert acknowledged(output) == [(one.position, one.stream) for one in seen]
        assert len({one.stream for one in seen}) == events
        moments = [one.recorded_at for one in seen]
        assert moments == sorted(set(moments))


@contextmanager
def a_holder(output: Path, url: str, go: Path) -> Iterator[tuple[Child, UUID]]:
    """A writer in mid-append that holds the head, and the stream that it has written to."""
    with running(a_writer("hold"), output=output, DATABASE_URL=url, GO=str(go)) as holder:
        eventually(lambda: words(output, "holds"), what="the head is held")
        yield holder, UUID(words(output, "holds")[0][0])


def head_is_held() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM log_head FOR UPDATE SKIP LOCKED")
        return cursor.fetchone() is None


def appends() -> bool:
    """Whether an append goes through, rather than being told that the log is busy."""
    try:
        append(1)
    except log.LogBusy:
        return False
    return True


class TestAWriterInMidAppend:
    def test_that_is_killed_leaves_no_trace_and_no_hole(self, output, database, tmp_path):
        with a_holder(output, database, tmp_path / "go") as (holder, stream):
            assert head_is_held()
            holder.send_signal(signal.SIGKILL)
            eventually(appends, what="others can append")

        assert [position for position, _ in on_record()] == [1]
        assert log.history([stream]) == []

    @pytest.mark.long
    def test_that_is_frozen_costs_the_others_a_few_seconds_and_loses_its_turn(
        self, output, database, tmp_path
    ):
        go = tmp_path / "go"
        with a_holder(output, database, go) as (holder, stream):
            holder.send_signal(signal.SIGSTOP)
            with pytest.raises(log.LogBusy):
                append(1)
            eventually(appends, what="others can append")
            go.touch()
            holder.send_signal(signal.SIGCONT)
            eventually(lambda: not holder.alive, what="the frozen one goes on")

        assert holder.process.returncode == 1
        assert "Error" in output.read_text()
        assert [position for position, _ in on_record()] == [1]
        assert log.history([stream]) == []

    @pytest.mark.long
    def test_is_waited_for_by_whoever_asks_what_is_known_by_now(self, output, database, tmp_path):
        go = tmp_path / "go"
        with a_holder(output, database, go) as (holder, _):
            with pytest.raises(log.LogBusy):
                log.position_at(timezone.now())
            go.touch()
            eventually(lambda: not holder.alive, what="the writer commits")

        assert log.position_at(timezone.now()) == len(on_record())


@pytest.fixture
def postgres() -> Iterator[Postgres]:
    """A server of the test's own, with the tables."""
    base = {"REDIS_URL": os.environ["REDIS_URL"]}
    with private_servers(base=base) as servers, working_at(servers.postgres.url):
        call_command("migrate", verbosity=0)
        yield servers.postgres


@pytest.mark.long
class TestADatabaseKilledWhileEightWrite:
    def test_keeps_all_that_was_acknowledged(self, output, postgres):
        """After the second kill there is also what the first one left."""
        for kills in (1, 2):
            enough = 150 + (len(words(output, "ack")) if output.exists() else 0)
            crowd = a_writer("crowd", str(WRITERS), "100000")
            with running(crowd, output=output, DATABASE_URL=postgres.url) as writers:
                while len(words(output, "ack")) < enough:
                    time.sleep(0.01)
                kill_postgres(postgres)
                eventually(lambda: not writers.alive, what="the writers end")
            connection.close()
            postgres.start()

            found, promised = on_record(), acknowledged(output)
            assert [position for position, _ in found] == list(range(1, len(found) + 1))
            assert set(promised) <= set(found)
            assert log.damage(after=0, limit=100_000) == (len(found), [])
            # Each writer had at most one append under way, of up to three events.
            assert len(found) - len(promised) <= 3 * WRITERS * kills
