"""Imports whose process is killed, whose database is killed, and two of one file at once."""

import importlib
import random
import signal
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone

from config.embedded import places
from config.embedded.children import ProcessSpec, Sleep
from config.embedded.postgres import Postgres
from tests.kit.databases import a_clone, working_at, working_in
from tests.kit.imports import claims, said
from tests.kit.processes import eventually, management, running
from tests.kit.slow_archive import write_archive
from tracker import log
from tracker.imports import files, queries
from tracker.imports.files import ImportOptions
from tracker.imports.queries import Run
from tracker.imports.runs import Author
from tracker.log.integrity import gaps
from tracker.models.derived import StandingClaim

_COMMAND = importlib.import_module("tracker.management.commands.import")
IMPORT_STOPPED, INTERRUPTED = _COMMAND.IMPORT_STOPPED, _COMMAND.INTERRUPTED

pytestmark = [pytest.mark.faults, pytest.mark.django_db]
NAME, ROWS = "export.CSV", 4_000


@pytest.fixture(scope="module")
def file(tmp_path_factory) -> Path:
    return write_archive(tmp_path_factory.mktemp("archive") / NAME, number=ROWS)


def an_import(file: Path) -> ProcessSpec:
    """The command as somebody types it: it starts another process for the file."""
    return management("import", str(file))


def an_importer(file: Path) -> ProcessSpec:
    """Only the process that the command starts for a file: half of the time goes into starts."""
    command = [sys.executable, "-m", "django", "import", str(file), "--only", "0"]
    return replace(an_import(file), command=command)


def run_through(file: Path, *, url: str, output: Path) -> None:
    with running(an_importer(file), output=output, DATABASE_URL=url) as child:
        eventually(lambda: not child.alive, what="the import ends")
    assert child.process.returncode == 0, output.read_text()


def the_run() -> Run:
    [run] = queries.runs(limit=9)
    return run


@pytest.fixture(scope="module")
def undisturbed(template, file, django_db_blocker):
    """What an import that nobody disturbs writes, and what it counts."""
    author = Author(now=timezone.now, by="ann")
    with django_db_blocker.unblock(), a_clone(template) as name, working_in(name):
        with file.open("rb") as opened:
            files.import_file(opened, name=NAME, author=author, options=ImportOptions())
        found = said(), the_run().counts
    assert found[1]["new"] == ROWS // 2
    return found


def bodies(lines: list[tuple[object, ...]]) -> list[str]:
    return sorted(repr(line[3:]) for line in lines if line[3] != "ImportRecorded")


def is_whole(undisturbed) -> None:
    """The log is what it would be undisturbed, and what stands follows from it."""
    expected, counts = undisturbed
    run = the_run()
    assert (run.state, run.counts) == ("done", counts)
    assert said() == expected
    assert [*gaps()] == []
    assert log.damage(after=0, limit=100_000) == (len(expected), [])
    assert StandingClaim.objects.count() == len(claims())


class TestAnImporterThatIsKilled:
    # The second kill is of an import that goes on with another's.
    @pytest.mark.parametrize("kills", [2, pytest.param(4, marks=pytest.mark.long)])
    def test_again_and_again_comes_to_the_same(self, template, file, undisturbed, tmp_path, kills):
        dice = random.Random(4)  # noqa: S311 # decides when to kill
        with a_clone(template) as name, working_in(name) as url:
            for spec in [an_import(file), *[an_importer(file)] * (kills - 1)]:
                before = log.head().position
                with running(spec, output=tmp_path / "said", DATABASE_URL=url) as child:
                    eventually(lambda: log.head().position > before, what="it writes")  # noqa: B023
                    time.sleep(dice.uniform(0, 0.1))
                    child.send_signal(signal.SIGKILL)
                    eventually(lambda: not child.alive, what="it is dead")
                # The importer of a killed command is killed by the kernel a moment later.
                eventually(lambda: the_run().state == "stopped", what="it is not called running")
                assert log.head().position < len(undisturbed[0])
            run_through(file, url=url, output=tmp_path / "said")

            is_whole(undisturbed)


class TestCtrlC:
    def test_ends_an_import_with_one_sentence_and_it_goes_on(
        self, template, file, undisturbed, tmp_path
    ):
        output = tmp_path / "said"
        with a_clone(template) as name, working_in(name) as url:
            with running(an_import(file), output=output, DATABASE_URL=url) as child:
                eventually(lambda: log.head().position, what="it writes")
                child.send_signal(signal.SIGINT)
                eventually(lambda: not child.alive, what="it ends")
            stopped = the_run()

            assert child.process.returncode == INTERRUPTED
            assert output.read_text().split("\n", 1)[1].strip() == IMPORT_STOPPED
            assert (stopped.state, stopped.error) == ("stopped", "")
            assert 0 < stopped.done < ROWS
            run_through(file, url=url, output=output)
            is_whole(undisturbed)


@pytest.mark.long
class TestTwoOfOneFile:
    # The second one starts when the first has written so much of the file.
    @pytest.mark.parametrize("ahead", [0, ROWS // 4])
    def test_at_once_end_as_one(self, template, file, undisturbed, tmp_path, ahead):
        with a_clone(template) as name, working_in(name) as url:
            with running(an_importer(file), output=tmp_path / "one", DATABASE_URL=url) as one:
                eventually(lambda: log.head().position >= ahead, what="the first one writes")
                with running(an_importer(file), output=tmp_path / "two", DATABASE_URL=url) as two:
                    eventually(lambda: not one.alive and not two.alive, what="both end")

            for child, words in ((one, "one"), (two, "two")):
                assert child.process.returncode == 0, (tmp_path / words).read_text()
            # Who was first with a row also wrote what it needed, so only the order differs.
            expected, _ = undisturbed
            assert bodies(said()) == bodies(expected)
            assert [*gaps()] == []
            assert log.damage(after=0, limit=100_000)[1] == []
            # If both began at the same moment they are two runs, and one's new rows are the other's
            # known ones.
            for run in queries.runs(limit=9):
                assert run.state == "done"
                assert run.counts["new"] + run.counts["known"] == len(claims())
                assert run.counts["repeated"] == ROWS - len(claims())


@pytest.mark.long
class TestADatabaseThatIsKilled:
    def test_in_the_middle_loses_nothing_and_the_import_goes_on(self, file, undisturbed, tmp_path):
        with places.temporary_place() as place:
            server = Postgres(place, fast=True)
            try:
                server.start(pace=Sleep())
                with working_at(server.url):
                    call_command("migrate", verbosity=0)
                kept = lose(server, file, output=tmp_path / "said")
                with working_at(server.url):
                    assert said()[: len(kept)] == kept
                    run_through(file, url=server.url, output=tmp_path / "again")
                    is_whole(undisturbed)
            finally:
                server.stop(pace=Sleep())


def lose(server: Postgres, file: Path, *, output: Path) -> list[tuple[object, ...]]:
    """Kill the server of an import that is under way and start it again; give what somebody had
    read of the log by then."""
    with running(an_importer(file), output=output, DATABASE_URL=server.url) as child:
        with working_at(server.url):
            eventually(lambda: log.head().position > ROWS // 4, what="it writes")
            seen = said()
        killed = server.child
        assert killed is not None
        killed.send_signal(signal.SIGKILL)
        eventually(lambda: not killed.alive, what="the database is dead")
        eventually(lambda: not child.alive, what="the import gives up")
    assert child.process.returncode == 1
    assert "the import stopped" in output.read_text()
    server.start(pace=Sleep())
    return seen
