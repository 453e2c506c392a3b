"""Workers that bring a file: killed, asked to go, and two at once."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from celery import Celery
from django.db import transaction
from django.utils import timezone

from config.embedded import processes
from tests.kit.background_work import rows
from tests.kit.databases import a_clone, working_in
from tests.kit.imports import claims, said
from tests.kit.jobs import job
from tests.kit.log_entries import run
from tests.kit.private_servers import private_servers
from tests.kit.processes import eventually, management, running
from tests.kit.slow_archive import write_archive
from tracker import log
from tracker.imports import files, queries, spool
from tracker.imports.files import ImportOptions
from tracker.imports.jobs import requests
from tracker.imports.jobs.requests import Options
from tracker.imports.runs import Author
from tracker.log.integrity import gaps
from tracker.models.jobs import Job as Row
from workers import sweeper

pytestmark = [pytest.mark.faults, pytest.mark.django_db, pytest.mark.long]
# A chunk has at most 2,000 claims, and of two rows one is a claim: two chunks are not all.
NAME, ROWS = "export.CSV", 6_000


@pytest.fixture(scope="module")
def file(tmp_path_factory) -> Path:
    return write_archive(tmp_path_factory.mktemp("archive") / NAME, number=ROWS)


@pytest.fixture(scope="module")
def undisturbed(template, file, django_db_blocker):
    """What the file makes, and what is counted, if nobody disturbs."""
    with django_db_blocker.unblock(), a_clone(template) as name, working_in(name):
        with file.open("rb") as opened:
            report = files.import_file(
                opened,
                name=NAME,
                author=Author(now=timezone.now, by="ann"),
                options=ImportOptions(),
            )
        found = said(), dict(report.counts)
    assert found[1]["new"] == ROWS // 2
    return found


@pytest.fixture
def environ(template, db, settings, tmp_path) -> Iterator[dict[str, str]]:
    """Work in a database of the test's own; give what leads workers to it, to a broker and to the
    spool."""
    settings.SPOOL_FOLDER = tmp_path / "spool"
    with (
        a_clone(template) as name,
        working_in(name) as url,
        private_servers(base={"DATABASE_URL": url}) as servers,
    ):
        spool = {"SPOOL_FOLDER": str(tmp_path / "spool")}
        yield servers.environ({**os.environ, **spool, "DATABASE_URL": url})


@pytest.fixture
def tick(environ) -> Iterator[Callable[[], bool]]:
    """Send a tick, as the schedule does."""
    broker = Celery(broker=environ["REDIS_URL"], set_as_current=False)

    def send() -> bool:
        broker.send_task("ingest", queue="ingest", expires=10)
        return True

    yield send
    broker.close()


def bring(file: Path, *, by: str = "ann"):
    received = spool.receive(file.read_bytes(), name=NAME)
    return requests.request_import(received, Options(), at=timezone.now(), by=by)


def the_lease_runs_out() -> None:
    """Nobody waits here for the minutes that it takes."""
    over = timezone.now() - timedelta(seconds=1)
    Row.objects.filter(state="running").update(lease_until=over)


def is_whole(made, undisturbed) -> None:
    expected, counts = undisturbed
    assert job(made).counts == counts
    assert said() == expected
    assert [*gaps()] == []
    assert [run.state for run in queries.runs(limit=9)] == ["done"]


class TestAWorkerThatIsKilled:
    @pytest.mark.parametrize("kills", [1, 3])
    def test_again_and_again_is_followed_by_others_and_they_come_to_the_same(
        self, environ, tick, file, undisturbed, tmp_path, kills
    ):
        made = bring(file)
        for _ in range(kills):
            before = log.head().position
            with running(processes.importer(environ), output=tmp_path / "said") as child:
                eventually(
                    lambda: tick() and log.head().position > before,  # noqa: B023
                    what="it writes",
                )
                child.send_signal(signal.SIGKILL)
                eventually(lambda: not child.alive, what="it is dead")
            assert job(made).state == "running"
            the_lease_runs_out()

        with running(processes.importer(environ), output=tmp_path / "said"):
            eventually(lambda: tick() and not job(made).unfinished, what="the job ends")

        assert (job(made).state, job(made).attempts) == ("done", kills + 1)
        is_whole(made, undisturbed)


class TestAWorkerThatIsAskedToGo:
    @pytest.mark.parametrize("pool", ["solo", "prefork"])
    def test_goes_soon_and_leaves_the_job_to_the_next(
        self, environ, tick, file, undisturbed, tmp_path, pool
    ):
        made = bring(file)
        with running(_pooled(environ, pool), output=tmp_path / "said") as child:
            # It cannot write the rest before it knows that it has to go.
            with only_one_chunk():
                eventually(lambda: tick() and log.head().position, what="it writes")
                child.send_signal(signal.SIGTERM)
                output = tmp_path / "said"
                eventually(lambda: "Warm shutdown" in output.read_text(), what="it knows")
            eventually(lambda: not child.alive, what="it goes")

        assert (job(made).state, job(made).attempts) == ("waiting", 0)
        assert len(claims()) < ROWS // 2
        # The next one is this process; TestAWorkerThatIsKilled has another worker there.
        sweeper.ingest_all(shutting_down=lambda: False, spawn=None)
        is_whole(made, undisturbed)


class TestTwoWorkers:
    def test_with_one_file_of_two_people_end_as_one(
        self, environ, tick, file, undisturbed, tmp_path
    ):
        made = [bring(file), bring(file, by="bea")]
        one, other = (processes.importer(environ) for _ in made)
        with (
            running(one, output=tmp_path / "one"),
            running(other, output=tmp_path / "other"),
        ):
            eventually(
                lambda: tick() and not any(job(each).unfinished for each in made),
                what="both end",
            )

        assert [job(each).state for each in made] == ["done", "done"]
        # Who was first with a row also wrote what it needed, so only the order differs.
        assert bodies(said()) == bodies(undisturbed[0])
        assert len(claims()) == ROWS // 2
        assert [*gaps()] == []


class TestTheSweeper:
    def test_works_on_jobs_without_a_broker_beside_the_rest_and_ends_soon(
        self, environ, file, undisturbed, tmp_path
    ):
        spec = management("sweep", environ=environ)
        made = bring(file)
        with running(spec, output=tmp_path / "said") as child:
            with only_one_chunk():
                eventually(lambda: log.head().position, what="it writes")
                child.send_signal(signal.SIGINT)
            eventually(lambda: not child.alive, what="it goes")
        assert (job(made).state, job(made).attempts) == ("waiting", 0)

        with running(spec, output=tmp_path / "said"):
            eventually(lambda: not job(made).unfinished, what="the job ends")
            eventually(lambda: rows("cursor"), what="events are followed too")
        is_whole(made, undisturbed)


@contextmanager
def only_one_chunk() -> Iterator[None]:
    """After its first chunk of a file, a worker waits for the end of the block."""
    run(_ONE_CHUNK)
    with transaction.atomic():
        run("SELECT pg_advisory_xact_lock(20)")
        yield


_ONE_CHUNK = """
CREATE FUNCTION one_chunk() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM event_run) THEN PERFORM pg_advisory_xact_lock_shared(20); END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER one_chunk BEFORE INSERT ON event_run EXECUTE FUNCTION one_chunk();
"""


def _pooled(environ, pool):
    spec = processes.importer(environ)
    words = list(spec.command)
    words[words.index("--pool") + 1] = pool
    spec.command[:] = [*words, "--concurrency", "1"]
    return spec


def bodies(lines: list[tuple[object, ...]]) -> list[str]:
    return sorted(repr(line[3:]) for line in lines if line[3] != "ImportRecorded")
