"""Each host keeps the end of the log that it has seen, and notices a log that went back."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import OperationalError

from tests.kit.log_entries import append, run
from tests.kit.seals import alarm, seal_all, without_guards
from tracker import log
from tracker.log import seal
from tracker.operations import log_memory
from tracker.operations.log_memory import WentBack
from tracker.operations.seal_keys import NotSealed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path: Path) -> Iterator[Path]:
    settings.SEAL_FOLDER = tmp_path / "seal"
    append()
    append()
    append()
    seal_all()
    without_guards()
    return settings.SEAL_FOLDER


def cut() -> None:
    """The database as it was after two events."""
    run("DELETE FROM event WHERE position = 3")
    run("UPDATE log_head SET position = 2")
    run("UPDATE seal_head SET size = 2")
    cut_tree()


def cut_tree() -> None:
    run("UPDATE seal_tile SET hashes = substr(hashes, 1, 64), nonces = substr(nonces, 1, 64)")


class TestALogThatWentBack:
    def test_is_noticed_also_without_a_key(self):
        cut()

        with pytest.raises(WentBack, match="has 2 sealed events, but this host has seen event 3"):
            seal_all()
        assert "a backup was restored" in alarm()

    def test_is_noticed_after_other_events(self):
        cut()
        append()
        append()
        seal.extend(most=9)

        with pytest.raises(WentBack, match="event 3 is not the one that this host has seen"):
            seal_all()

    def test_stays_noticed(self):
        cut()
        for _ in range(2):
            with pytest.raises(WentBack):
                seal_all()
            append()

    def test_gets_another_incarnation_once(self, folder, settings, tmp_path):
        """Also while it is written to, and on whatever host it is noticed next."""
        other = shutil.copytree(folder, tmp_path / "other")
        (other / "host").write_text("other")
        before = log.incarnation()
        cut()
        with pytest.raises(WentBack):
            seal_all()
        during, said = log.incarnation(), alarm()
        for place in (folder, other, folder):
            append()
            settings.SEAL_FOLDER = place
            with pytest.raises(NotSealed):
                seal_all()

        assert before != during == log.incarnation()
        assert alarm() == said

    def test_is_heard_by_a_host_that_has_not_seen_so_much(self, settings, tmp_path):
        cut()
        with pytest.raises(WentBack):
            seal_all()
        settings.SEAL_FOLDER = tmp_path / "new"

        with pytest.raises(NotSealed, match="this host has seen event 3"):
            seal_all()
        assert seal.size() == 2

    def test_gets_its_alarm_and_its_incarnation_together(self, monkeypatch):
        def fail(_: object) -> None:
            raise OperationalError

        cut()
        with monkeypatch.context() as patched:
            patched.setattr(log, "renew", fail)
            with pytest.raises(OperationalError):
                seal_all()
        before = log.incarnation()
        with pytest.raises(WentBack):
            seal_all()

        assert before != log.incarnation()


class TestALogThatGoesOn:
    def test_is_no_alarm(self):
        append()

        assert seal_all() == 1
        assert seal_all() == 0
        assert alarm() == ""

    def test_is_none_after_an_erasure(self):
        """The tree keeps the leaf of an erased event."""
        run("UPDATE event SET leaf_hash = sha256('erased') WHERE position = 3")

        log_memory.check()

    def test_is_not_forgotten_by_a_slower_process(self, folder):
        append()
        seal_all()
        kept = (folder / "seen").read_text()
        cut()
        log_memory.remember()

        assert (folder / "seen").read_text() == kept

    def test_needs_no_folder_on_a_host_without_a_key(self, settings):
        settings.SEAL_FOLDER = "/proc/nowhere"
        append()

        assert seal_all() == 1
        assert alarm() == ""
