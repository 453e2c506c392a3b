"""A rebuild while people write, workers work and readers read; and one that is killed."""

import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from django.utils import timezone

from config.embedded.processes import ProcessSpec
from tests.kit.background_work import digests, rows, work_off
from tests.kit.builders import Desk, a_desk
from tests.kit.databases import PATIENT, address, give_to_owner, of_owner
from tests.kit.processes import a_writer, eventually, management, running
from tracker import log
from tracker.projections import score_rows, shadow_tables
from tracker.projections.audit import audit
from tracker.projections.rebuild import rebuild
from tracker.projections.transaction_settings import long_pauses
from tracker.queries.sql import select_value

pytestmark = [pytest.mark.faults, pytest.mark.django_db]
LOCKED_FOR_OTHERS = (
    "pg_locks JOIN pg_class ON pg_class.oid = relation WHERE pid = pg_backend_pid()"
    " AND relnamespace = 'public'::regnamespace AND mode <> 'AccessShareLock'"
)


@pytest.fixture(autouse=True)
def _owned(database: str) -> None:
    """The owner's roles may rebuild it."""
    give_to_owner(address(urlsplit(database).path[1:]))


def the_living(desk: Desk, writers: int) -> list[ProcessSpec]:
    ids = [str(one) for one in (desk.collection, desk.document, *desk.countries.values())]
    return [
        *(a_writer("write", str(seed), *ids) for seed in range(writers)),
        a_writer("work"),
        a_writer("read"),
    ]


def lines(said: Path, first: str) -> list[str]:
    return [line for line in said.read_text().splitlines() if line.startswith(first)]


@contextmanager
def life(desk: Desk, writers: int, *, said: Path, database: str) -> Iterator[None]:
    """People write and read and workers work, until the block ends."""
    stop = said.with_name("stop")
    with ExitStack() as stack:
        living = [
            stack.enter_context(running(spec, output=said, DATABASE_URL=database, STOP=str(stop)))
            for spec in the_living(desk, writers)
        ]
        eventually(lambda: len(lines(said, "took")) > 5, what="somebody writes")
        eventually(lambda: lines(said, "looked"), what="somebody reads")
        yield
        stop.touch()
        eventually(lambda: not any(one.alive for one in living), what="all have stopped")


def is_what_the_log_says() -> None:
    """Once the workers are through, a clean rebuild changes nothing, and the auditor agrees."""
    now = timezone.now()
    work_off(at=now)
    score_rows.age(today=now.date())
    stored = digests()
    rebuild(today=now.date(), report=lambda *_: None)
    assert digests() == stored
    assert audit(at=now, sample=None) == []


@pytest.mark.long
class TestARebuildUnderLiveWrites:
    def test_is_noticed_by_nobody(self, output, database):
        desk = a_desk()
        for _ in range(30):
            desk.asserts()
        work_off(at=timezone.now())
        positions = []
        with life(desk, 2, said=output, database=database):
            for _ in range(2):
                positions.append(rebuild(today=timezone.now().date(), report=lambda *_: None))
                before = len(lines(output, "took"))
                eventually(lambda: len(lines(output, "took")) > before, what="writers go on")  # noqa: B023

        assert positions == sorted(set(positions))
        assert lines(output, "less") == []
        assert "Traceback" not in output.read_text()
        assert log.head().position > positions[-1] > 30
        is_what_the_log_says()


class TestARebuildThatPauses:
    def test_is_ended_soon_only_if_others_wait_for_it(self):
        a_desk().asserts()
        work_off()
        found = []

        def look(stage: str, *_: int) -> None:
            if stage.startswith("view"):
                pause = select_value("SHOW idle_in_transaction_session_timeout")
                found.append((pause, bool(rows(LOCKED_FOR_OTHERS))))

        # As outside tests, which may pause longer.
        with long_pauses(0):
            rebuild(today=timezone.now().date(), report=look)

        # Before the tables are replaced, and while they are.
        assert list(dict.fromkeys(found)) == [("10min", False), ("15s", True)]


class TestARebuildThatIsKilled:
    def test_leaves_the_old_tables_serving_and_the_next_one_cleans_up(self, output, database):
        desk = a_desk()
        for _ in range(200):
            desk.asserts()
        work_off()
        today = timezone.now().date()
        score_rows.age(today=today)
        stored = digests()
        with (
            psycopg.connect(database, options=PATIENT) as reader,
            running(
                management("rebuild"),
                output=output,
                DATABASE_URL=database,
                DATABASE_OWNER_URL=of_owner(database),
            ) as child,
        ):
            # It cannot swap while somebody reads.
            reader.execute("LOCK TABLE impact IN ACCESS SHARE MODE")
            eventually(half_built, what="the new tables fill")
            child.send_signal(signal.SIGKILL)
            eventually(lambda: not child.alive, what="it is dead")

        assert half_built()
        assert digests() == stored
        eventually(lambda: rebuilds(today), what="the next one may begin")
        assert digests() == stored
        assert not half_built()


def half_built() -> bool:
    """Whether the twins are there and have something in them."""
    there = rows("pg_tables WHERE schemaname = 'entente_rebuild' AND tablename = 'impact'")
    return bool(there) and bool(rows(f"(SELECT FROM {shadow_tables.SCHEMA}.impact LIMIT 1) AS one"))


def rebuilds(today: date) -> bool:
    """Rebuild, unless the killed one's session is still there."""
    try:
        return rebuild(today=today, report=lambda *_: None) > 0
    except shadow_tables.RebuildRunning:
        return False
