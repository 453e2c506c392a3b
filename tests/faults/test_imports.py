"""Imports whose process is killed, and one that somebody ends."""

import importlib
import random
import signal
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from config.embedded.processes import ProcessSpec
from tests.kit.processes import eventually, management, running
from tracker import log
from tracker.imports import queries
from tracker.imports.queries import Run

_COMMAND = importlib.import_module("tracker.management.commands.import")
IMPORT_STOPPED, INTERRUPTED = _COMMAND.IMPORT_STOPPED, _COMMAND.INTERRUPTED

pytestmark = [pytest.mark.faults, pytest.mark.django_db]


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


class TestAnImporterThatIsKilled:
    def test_again_and_again_comes_to_the_same(self, database, archive, output):
        """The second kill is of an import that goes on with another's."""
        dice = random.Random(4)  # noqa: S311 # decides when to kill
        for spec in (an_import(archive.file), an_importer(archive.file)):
            before = log.head().position
            with running(spec, output=output, DATABASE_URL=database) as child:
                eventually(lambda: log.head().position > before, what="it writes")  # noqa: B023
                time.sleep(dice.uniform(0, 0.1))
                child.send_signal(signal.SIGKILL)
                eventually(lambda: not child.alive, what="it is dead")
            # The importer of a killed command is killed by the kernel a moment later.
            eventually(lambda: the_run().state == "stopped", what="it is not called running")
            assert log.head().position < len(archive.made)
        run_through(archive.file, url=database, output=output)

        archive.is_whole()


class TestCtrlC:
    def test_ends_an_import_with_one_sentence_and_it_goes_on(self, database, archive, output):
        with running(an_import(archive.file), output=output, DATABASE_URL=database) as child:
            eventually(lambda: log.head().position, what="it writes")
            child.send_signal(signal.SIGINT)
            eventually(lambda: not child.alive, what="it ends")
        stopped = the_run()

        assert child.process.returncode == INTERRUPTED
        assert output.read_text().split("\n", 1)[1].strip() == IMPORT_STOPPED
        assert (stopped.state, stopped.error) == ("stopped", "")
        assert 0 < stopped.done < 2 * archive.claims
        run_through(archive.file, url=database, output=output)
        archive.is_whole()
