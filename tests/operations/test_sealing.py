"""The log is sealed and signed with a key and a memory outside of the database."""

import stat
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from tests.kit.builders import AT
from tests.kit.log_entries import a_draft, append, ask, run
from tests.kit.seals import alarm, published, seal_all, without_guards
from tracker import log
from tracker.domain.proofs import checkpoints, notes
from tracker.domain.proofs.notes import KeyType, SigningKey
from tracker.log import seal
from tracker.operations import seal_keys, sealing
from tracker.operations.sealing import NotSealed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path: Path) -> Path:
    settings.SEAL_FOLDER = tmp_path / "seal"
    settings.AUTHORITY = "news.example"
    return settings.SEAL_FOLDER


@pytest.fixture
def key() -> SigningKey:
    return seal_keys.make_key("news.example").key


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

    def test_is_not_made_anew_when_it_was_lost(self, key, folder) -> None:
        append()
        seal_all()
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
        "key",
        [
            SigningKey.generate("news.example/log/123"),
            SigningKey.generate("news.example/other"),
        ],
    )
    def test_of_another_log_is_an_alarm(self, folder, key) -> None:
        bring(folder, key)

        with pytest.raises(NotSealed, match="of another log"):
            seal_all()

    def test_of_a_witness_is_none_of_a_log(self, folder) -> None:
        name = f"news.example/log/{log.head().log_id}"
        bring(folder, SigningKey.generate(name, KeyType.WITNESS))

        with pytest.raises(NotSealed, match="of another log"):
            seal_all()

    def test_of_another_signer_signs_nothing(self, key, settings, tmp_path) -> None:
        append()
        seal_all()
        settings.SEAL_FOLDER = tmp_path / "other"
        bring(settings.SEAL_FOLDER, SigningKey.generate(key.name))
        append()

        with pytest.raises(NotSealed):
            seal_all()
        assert len(published()) == 1


class TestTheFolder:
    def test_that_was_lost_is_an_alarm(self, key, folder) -> None:
        append()
        seal_all()
        (folder / "checkpoint").unlink()

        with pytest.raises(NotSealed, match="has lost its last one"):
            seal_all()

    def test_goes_on_from_the_last_checkpoint_in_the_database(self, key, folder) -> None:
        append()
        seal_all()
        (folder / "checkpoint").unlink()

        assert sealing.adopt(at=AT).size == 1
        append()
        assert seal_all() == 1
        assert alarm() == ""
        assert sealing.adopt(at=AT).size == 2

    def test_puts_a_checkpoint_back_that_was_deleted(self, key, folder) -> None:
        append()
        seal_all()
        before = published()
        without_guards()
        run("DELETE FROM seal_checkpoint")
        with pytest.raises(NotSealed, match="the checkpoint of 1 events is missing"):
            seal_all()

        sealing.adopt(at=AT)

        assert published() == before
        assert seal_all() == 0
        assert alarm() == ""

    def test_does_not_go_on_from_a_checkpoint_of_somebody_else(self, key, folder) -> None:
        append()
        seal_all()
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

    @pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"no note"])
    def test_with_a_file_that_is_no_note_is_an_alarm(self, key, folder, content) -> None:
        append()
        seal_all()
        (folder / "checkpoint").write_bytes(content)

        with pytest.raises(NotSealed):
            seal_all()
        assert alarm() in ("a last checkpoint is damaged", "the folder of the key cannot be used")

    def test_that_cannot_be_used_is_an_alarm_without_its_path(self, key, folder) -> None:
        (folder / "checkpoint").mkdir()
        append()

        with pytest.raises(NotSealed):
            seal_all()
        assert alarm() == "the folder of the key cannot be used"


class TestASignerThatIsKilled:
    def test_after_it_wrote_its_file_publishes_the_same_note(self, key, folder) -> None:
        append()
        seal_all()
        [before] = published()
        # It has not come to remember the checkpoint.
        (folder / "seen").unlink()
        without_guards()
        run("DELETE FROM seal_checkpoint")

        seal_all()

        assert published() == [before]

    def test_while_it_writes_its_file_leaves_the_old_one(self, key, folder) -> None:
        append()
        seal_all()
        (folder / "checkpoint.new").write_text("half of a no")
        append()
        seal_all()

        assert (folder / "checkpoint").read_text() == published()[-1]


class TestAnAlarm:
    def test_ends_when_the_log_is_sealed_again(self, key, folder) -> None:
        append()
        path = folder / "checkpoint"
        seal_all()
        signed = path.read_text()
        path.write_text("no note")
        with pytest.raises(NotSealed):
            seal_all()
        assert "damaged" in alarm()
        path.write_text(signed)

        seal_all()

        assert alarm() == ""

    def test_keeps_the_time_at_which_it_began(self, key, folder) -> None:
        append()
        seal_all()
        path = folder / "checkpoint"
        for number, text in enumerate(("no note", "", "no note")):
            path.write_text(text)
            with pytest.raises(NotSealed):
                sealing.seal_next(at=AT + timedelta(hours=number), most=9)

        assert ask("SELECT alarmed_at FROM seal_head") == [(AT,)]

    def test_is_logged_also_without_a_head_that_keeps_it(self, key) -> None:
        append()
        seal_all()
        without_guards()
        run("DELETE FROM seal_head")

        with capture_logs() as logged, pytest.raises(NotSealed, match="head of the tree"):
            seal_all()

        assert [one["alarm"] for one in logged] == ["the head of the tree is missing"]

    def test_stops_the_tree_too(self, key, folder) -> None:
        """Nobody is served a tree that is not the one that was signed."""
        append()
        seal_all()
        (folder / "checkpoint").write_text("no note")
        append()
        with pytest.raises(NotSealed):
            seal_all()

        assert seal.size() == 1

    def test_is_not_ended_by_a_host_without_a_key(self, key, folder, settings, tmp_path) -> None:
        append()
        seal_all()
        (folder / "checkpoint").write_text("no note")
        with pytest.raises(NotSealed):
            seal_all()
        settings.SEAL_FOLDER = tmp_path / "other"

        seal_all()

        assert "damaged" in alarm()
