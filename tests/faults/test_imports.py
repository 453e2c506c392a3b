"""Imports whose process is killed, whose database is killed, and two of one file at once."""

import importlib
import random
import signal
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from django.utils import timezone

from config.embedded.processes import ProcessSpec
from tests.kit.databases import a_clone, working_in
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
