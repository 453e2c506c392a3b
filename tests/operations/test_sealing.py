"""The log is sealed and signed with a key and a memory outside of the database,
by which each host notices a log that went back."""

import json
import shutil
import stat
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.db import OperationalError
from structlog.testing import capture_logs

from tests.kit.builders import AT
from tests.kit.log_entries import a_draft, append, ask, run
from tests.kit.seals import alarm, published, seal_all, without_guards
from tracker import log
from tracker.domain.proofs import checkpoints, notes
from tracker.domain.proofs.notes import KeyType, SigningKey
from tracker.log import seal
from tracker.operations import log_memory, seal_keys, sealing
from tracker.operations.log_memory import WentBack
from tracker.operations.seal_keys import NotSealed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path: Path) -> Path:
    settings.SEAL_FOLDER = tmp_path / "seal"
    settings.AUTHORITY = "news.example"
    return settings.SEAL_FOLDER


@pytest.fixture
def key() -> SigningKey:
    return seal_keys.make_key("news.example").key


@pytest.fixture
def sealed(key: SigningKey) -> None:
    """An event that is sealed and signed."""
    append()
    seal_all()


def bring(folder: Path, key: object) -> None:
    """Put a key into the folder, as a file that somebody has brought."""
    folder.mkdir()
    (folder / "key").write_text(f"{key}\n")


class TestACheckpoint:
    def test_is_signed_for_the_whole_tree(self, key) -> None:
        append(a_draft(), a_draft())

        assert seal_all() == 2
        note = notes.parse(*published())
        assert notes.verify(note, [key.verifier]) == {key.verifier: None}
        assert checkpoints.parse(note.text) == (
            f"news.example/log/{log.head().log_id}",
            2,
            seal.root_at(2),
        )
        assert alarm() == ""

    def test_is_made_of_each_turn(self, key) -> None:
        append(*[a_draft() for _ in range(5)])

        assert [sealing.seal_next(at=AT, most=2) for _ in range(4)] == [2, 2, 1, 0]
        assert [checkpoints.parse(notes.parse(one).text).size for one in published()] == [2, 4, 5]

    def test_is_not_made_without_a_key(self) -> None:
        append()

        assert seal_all() == 1
        assert published() == []
        assert alarm() == ""


class TestTheKey:
    def test_is_named_after_the_log_and_private(self, key, folder) -> None:
        assert key.name == f"news.example/log/{log.head().log_id}"
        assert stat.S_IMODE((folder / "key").stat().st_mode) == 0o600
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700

    def test_is_made_once(self, key) -> None:
        assert seal_keys.make_key("news.example").key == key

    def test_is_not_made_anew_when_it_was_lost(self, sealed, folder) -> None:
        (folder / "key").unlink()

        with pytest.raises(NotSealed, match="restore it"):
            seal_keys.make_key("news.example")

    @pytest.mark.parametrize("harm", [lambda key: f"{key}x", lambda key: key[:-3], lambda _: "ä"])
    def test_that_is_damaged_is_an_alarm_that_tells_nothing_of_it(self, folder, harm) -> None:
        good = str(SigningKey.generate(f"news.example/log/{log.head().log_id}"))
        bring(folder, harm(good))
        append()

        with pytest.raises(NotSealed):
            seal_all()
        assert alarm() == "the key of the log cannot be read"

    @pytest.mark.parametrize(
        ("name", "kind"),
        [("123", KeyType.LOG), ("{}/other", KeyType.LOG), ("{}", KeyType.WITNESS)],
    )
    def test_of_another_log_or_a_witness_is_an_alarm(self, folder, name, kind) -> None:
        bring(
            folder, SigningKey.generate(f"news.example/log/{name}".format(log.head().log_id), kind)
        )

        with pytest.raises(NotSealed, match="of another log"):
            seal_all()

    def test_of_another_signer_signs_nothing(self, key, sealed, settings, tmp_path) -> None:
        settings.SEAL_FOLDER = tmp_path / "other"
        bring(settings.SEAL_FOLDER, SigningKey.generate(key.name))
        append()

        with pytest.raises(NotSealed):
            seal_all()
        assert len(published()) == 1


class TestTheFolder:
    def test_that_was_lost_goes_on_from_the_database_on_request(self, sealed, folder) -> None:
        (folder / "checkpoint").unlink()
        with pytest.raises(NotSealed, match="has lost its last one"):
            seal_all()

        assert sealing.adopt(at=AT).size == 1
        append()
        assert seal_all() == 1
        assert alarm() == ""
        assert sealing.adopt(at=AT).size == 2

    def test_puts_a_checkpoint_back_that_was_deleted(self, sealed) -> None:
        before = published()
        without_guards()
        run("DELETE FROM seal_checkpoint")
        with pytest.raises(NotSealed, match="the checkpoint of 1 events is missing"):
            seal_all()

        sealing.adopt(at=AT)

        assert published() == before
        assert seal_all() == 0
        assert alarm() == ""

    def test_does_not_go_on_from_a_checkpoint_of_somebody_else(self, sealed, folder) -> None:
        (folder / "checkpoint").unlink()
        without_guards()
        run("UPDATE seal_checkpoint SET note = replace(note, 'news', 'other')")

        with pytest.raises(NotSealed, match=r"another log|damaged"):
            sealing.adopt(at=AT)

    def test_without_key_or_checkpoint_has_nothing_to_go_on_from(self) -> None:
        with pytest.raises(NotSealed, match="no key"):
            sealing.adopt(at=AT)
        seal_keys.make_key("news.example")
        with pytest.raises(NotSealed, match="no checkpoint"):
            sealing.adopt(at=AT)

    @pytest.mark.parametrize(
        ("content", "says"),
        [
            (b"", "a last checkpoint is damaged"),
            (b"no note", "a last checkpoint is damaged"),
            (b"\xff\xfe", "the folder of the key cannot be used"),
            (None, "the folder of the key cannot be used"),
        ],
    )
    def test_that_cannot_be_used_is_an_alarm_without_its_path(
        self, sealed, folder, content, says
    ) -> None:
        path = folder / "checkpoint"
        path.unlink()
        path.write_bytes(content) if content is not None else path.mkdir()

        with pytest.raises(NotSealed):
            seal_all()
        assert alarm() == says


class TestASignerThatIsKilled:
    def test_after_it_wrote_its_file_publishes_the_same_note(self, sealed, folder) -> None:
        [before] = published()
        # It has not come to remember the checkpoint.
        (folder / "seen").unlink()
        without_guards()
        run("DELETE FROM seal_checkpoint")

        seal_all()

        assert published() == [before]

    def test_while_it_writes_its_file_leaves_the_old_one(self, sealed, folder) -> None:
        (folder / "checkpoint.new").write_text("half of a no")
        append()
        seal_all()

        assert (folder / "checkpoint").read_text() == published()[-1]


class TestAnAlarm:
    def test_keeps_the_time_at_which_it_began_and_ends_with_it(self, sealed, folder) -> None:
        path = folder / "checkpoint"
        signed = path.read_text()
        for number, text in enumerate(("no note", "", "no note")):
            path.write_text(text)
            with pytest.raises(NotSealed):
                sealing.seal_next(at=AT + timedelta(hours=number), most=9)
        assert ask("SELECT alarmed_at FROM seal_head") == [(AT,)]
        path.write_text(signed)

        seal_all()

        assert alarm() == ""

    def test_is_logged_also_without_a_head_that_keeps_it(self, sealed) -> None:
        without_guards()
        run("DELETE FROM seal_head")

        with capture_logs() as logged, pytest.raises(NotSealed, match="head of the tree"):
            seal_all()

        assert [one["alarm"] for one in logged] == ["the head of the tree is missing"]

    def test_stops_the_tree_and_is_not_ended_by_a_host_without_a_key(
        self, sealed, folder, settings, tmp_path
    ) -> None:
        """Nobody is served a tree that is not the one that was signed."""
        (folder / "checkpoint").write_text("no note")
        append()
        with pytest.raises(NotSealed):
            seal_all()
        assert seal.size() == 1
        settings.SEAL_FOLDER = tmp_path / "other"

        seal_all()

        assert "damaged" in alarm()


def cut() -> None:
    """The database as it was after two events."""
    run("DELETE FROM event WHERE position = 3")
    run("UPDATE log_head SET position = 2")
    run("UPDATE seal_head SET size = 2")
    cut_tree()


def cut_tree() -> None:
    run("UPDATE seal_tile SET hashes = substr(hashes, 1, 64), nonces = substr(nonces, 1, 64)")


@pytest.fixture
def _three_seen(folder: Path) -> None:
    """This host, which has no key, has seen three events."""
    append()
    append()
    append()
    seal_all()
    without_guards()


@pytest.mark.usefixtures("_three_seen")
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

        with pytest.raises(WentBack, match="first 3 events are not those that this host has seen"):
            seal_all()

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


@pytest.mark.usefixtures("_three_seen")
class TestALogThatGoesOn:
    def test_is_measured_by_no_memory_of_another_log(self, folder):
        """The folder was kept for a new database."""
        seen = json.loads((folder / "seen").read_text())
        (folder / "seen").write_text(json.dumps({**seen, "log": str(UUID(int=1))}))
        cut()

        log_memory.check()

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
