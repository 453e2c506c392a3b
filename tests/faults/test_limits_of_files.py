"""Files that take too much: each ends its own process, by name, and the next one is done."""

import gzip

import pytest
from django.utils import timezone

from tests.kit import jobs
from tests.kit.imports import claims
from tests.kit.jobs import job
from tests.kit.processes import eventually, management, running
from tests.kit.slow_archive import write_archive
from tests.kit.workbooks import a_book
from tracker.imports import queries
from tracker.models.jobs import Job as Row
from workers import sweeper

pytestmark = [pytest.mark.faults, pytest.mark.django_db, pytest.mark.long]
ROWS = 40
MEMORY = "the file took more than 64 MB of memory to read: split it, or raise IMPORT_MEMORY_MB"
SECONDS = (
    "the file took too much computing time, more than {most} seconds for a part of it or for each"
    " megabyte: split it, or raise IMPORT_SECONDS"
)
MAPPING = """
[collection]
name = "sheets"
[claim]
kind = "act"
summary = {column = "What"}
[[parties]]
role = "initiator"
name = "KAZ"
[document]
title = {column = "What"}
publisher = "Somebody"
"""


@pytest.fixture(autouse=True)
def _spool(database, settings, tmp_path, monkeypatch) -> None:
    """Work in a database and a spool of the test's own, as the processes do that it starts."""
    settings.SPOOL_FOLDER = tmp_path / "spool"
    monkeypatch.setenv("SPOOL_FOLDER", str(settings.SPOOL_FOLDER))
    monkeypatch.setenv("DATABASE_URL", database)


@pytest.fixture
def limits(settings, monkeypatch):
    """Set the limits, also in the processes that the test starts."""

    def limit(**given: int) -> None:
        for name, most in given.items():
            setattr(settings, name, most)
            monkeypatch.setenv(name, str(most))

    return limit


def too_slow() -> bytes:
    """A workbook of a few kilobytes with as many cells as are read."""
    return a_book(
        ["What"], then=lambda sheet: [sheet.cell(row, 16_000, 1) for row in range(2, 300)]
    )


def bring(data: bytes, **given: str):
    return jobs.bring(data, at=timezone.now(), **given)


def ingest() -> None:
    sweeper.ingest_all(shutting_down=lambda: False)


class TestAJob:
    def test_fails_by_name_where_its_file_takes_too_much_memory(self, limits, tmp_path):
        limits(IMPORT_MEMORY_MB=64)
        greedy = bring(b"[" * 67_000_000, mapping=MAPPING)
        modest = bring(write_archive(tmp_path / "a.CSV", number=ROWS).read_bytes())

        ingest()

        assert (job(greedy).state, job(greedy).error) == ("failed", MEMORY)
        assert Row.objects.get(id=greedy).lease is None
        assert job(modest).state == "done"
        assert len(claims()) == ROWS // 2

    def test_fails_by_name_where_its_file_takes_too_much_time(self, limits, tmp_path):
        limits(IMPORT_SECONDS=0)  # What is left of the second that has begun.
        slow = bring(too_slow(), mapping=MAPPING)

        ingest()

        assert (job(slow).state, job(slow).error) == ("failed", SECONDS.format(most=0))
        assert claims() == []

    def test_fails_by_name_where_little_unpacks_to_too_much(self, limits):
        limits(IMPORT_SECONDS=1)
        rows = b'{"collection_name":"x"}\n' + b"1\n" * 20_000_000
        packed = bring(gzip.compress(rows), name="claims.ndjson.gz")

        ingest()

        assert (job(packed).state, job(packed).error) == ("failed", SECONDS.format(most=1))

    def test_keeps_its_time_as_long_as_it_steps_forward(self, limits, tmp_path):
        limits(IMPORT_SECONDS=2)
        long = bring(write_archive(tmp_path / "a.CSV", number=6_000).read_bytes())

        ingest()

        assert job(long).state == "done"


class TestTheCommand:
    def test_says_which_limit_ended_a_file_and_takes_the_next(self, limits, output, tmp_path):
        limits(IMPORT_MEMORY_MB=64)
        greedy = tmp_path / "greedy.csv"
        greedy.write_bytes(b"[" * 67_000_000)
        (tmp_path / "m.toml").write_text(MAPPING)
        modest = tmp_path / "modest.csv"
        modest.write_text("What\nSomething\n")
        mapping = ["--mapping", str(tmp_path / "m.toml")]
        spec = management("import", *mapping, str(greedy), str(modest))

        with running(spec, output=output) as child:
            eventually(lambda: not child.alive, what="it ends")

        assert child.process.returncode == 1
        said = output.read_text()
        assert f"the import stopped: {MEMORY}" in said
        assert [run.state for run in queries.runs(limit=9)] == ["done"], said
