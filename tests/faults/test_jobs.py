"""Workers that bring a file: asked to go, and two at once."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from celery import Celery
from django.db import transaction
from django.utils import timezone

from config.embedded import processes
from tests.kit import jobs
from tests.kit.background_work import rows
from tests.kit.imports import claims, said
from tests.kit.jobs import job
from tests.kit.log_entries import run
from tests.kit.private_servers import private_servers
from tests.kit.processes import eventually, management, running
from tracker import log
from tracker.log.integrity import gaps
from workers import sweeper

pytestmark = [pytest.mark.faults, pytest.mark.django_db, pytest.mark.long]


@pytest.fixture
def environ(database, settings, tmp_path) -> Iterator[dict[str, str]]:
    """What leads workers to the database, to a broker and to the spool."""
    settings.SPOOL_FOLDER = tmp_path / "spool"
    given = {"SPOOL_FOLDER": str(settings.SPOOL_FOLDER), "DATABASE_URL": database}
    with private_servers(base=given) as servers:
        yield servers.environ({**os.environ, **given})


@pytest.fixture
def tick(environ) -> Iterator[Callable[[], bool]]:
    """Send a tick, as the schedule does."""
    broker = Celery(broker=environ["REDIS_URL"], set_as_current=False)

    def send() -> bool:
        broker.send_task("ingest", queue="ingest", expires=10)
        return True

    yield send
    broker.close()


def bring(archive, *, by: str = "ann"):
    data = archive.file.read_bytes()
    return jobs.bring(data, name=archive.file.name, by=by, at=timezone.now())


class TestAWorkerThatIsAskedToGo:
    @pytest.mark.parametrize("pool", ["solo", "prefork"])
    def test_goes_soon_and_leaves_the_job_to_the_next(self, environ, tick, archive, output, pool):
        made = bring(archive)
        with running(_pooled(environ, pool), output=output) as child:
            # It cannot write the rest before it knows that it has to go.
            with only_one_chunk():
                eventually(lambda: tick() and log.head().position, what="it writes")
                child.send_signal(signal.SIGTERM)
                eventually(lambda: "Warm shutdown" in output.read_text(), what="it knows")
            eventually(lambda: not child.alive, what="it goes")

        assert (job(made).state, job(made).attempts) == ("waiting", 0)
        assert len(claims()) < archive.claims
        # The next one is this process; TestTwoWorkers has other workers.
        sweeper.ingest_all(shutting_down=lambda: False, spawn=None)
        archive.is_whole()


class TestTwoWorkers:
    def test_with_one_file_of_two_people_end_as_one(self, environ, tick, archive, tmp_path):
        made = [bring(archive), bring(archive, by="bea")]
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
        assert bodies(said()) == bodies(archive.made)
        assert len(claims()) == archive.claims
        assert [*gaps()] == []


class TestTheSweeper:
    def test_works_on_jobs_without_a_broker_beside_the_rest_and_ends_soon(
        self, environ, archive, output
    ):
        spec = management("sweep", environ=environ)
        made = bring(archive)
        with running(spec, output=output) as child:
            with only_one_chunk():
                eventually(lambda: log.head().position, what="it writes")
                child.send_signal(signal.SIGINT)
            eventually(lambda: not child.alive, what="it goes")
        assert (job(made).state, job(made).attempts) == ("waiting", 0)

        with running(spec, output=output):
            eventually(lambda: not job(made).unfinished, what="the job ends")
            eventually(lambda: rows("cursor"), what="events are followed too")
        archive.is_whole()


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
