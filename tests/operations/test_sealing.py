"""The log is sealed and signed, and whoever changes it as the database's superuser is found out.

The attackers know the code: guards are off, and they recompute the hashes that they can.
"""

import stat
from datetime import timedelta
from pathlib import Path

import pytest

from tests.kit.builders import AT
from tests.kit.log_entries import a_draft, append, ask, run, say
from tracker import log
from tracker.domain.proofs import checkpoints, notes
from tracker.domain.proofs.leaves import blinded
from tracker.domain.proofs.notes import KeyType, SigningKey
from tracker.log import integrity, seal, seal_checks
from tracker.models.seals import SealedCheckpoint
from tracker.operations import sealing
from tracker.operations.sealing import NotSealed

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(minutes=5)


@pytest.fixture(autouse=True)
def folder(settings, tmp_path: Path) -> Path:
    settings.SEAL_FOLDER = tmp_path / "seal"
    settings.AUTHORITY = "news.example"
    return settings.SEAL_FOLDER


@pytest.fixture
def key() -> SigningKey:
    return sealing.make_key("news.example").key


def seal_all() -> int:
    return sealing.seal_next(at=AT, most=10_000)


def alarm() -> str:
    [(text,)] = ask("SELECT alarm FROM seal_head")
    return text


def published() -> list[str]:
    return [*SealedCheckpoint.objects.order_by("size").values_list("note", flat=True)]


def without_guards() -> None:
    """Take the guards away, as whoever owns the database can."""
    run("SET CONSTRAINTS ALL IMMEDIATE")
    for (table,) in ask(
        "SELECT relname FROM pg_class WHERE relkind = 'r'"
        " AND (relname LIKE 'event%%' OR relname LIKE 'seal%%' OR relname = 'log_head')"
    ):
        run(f"ALTER TABLE {table} DISABLE TRIGGER USER")


def rehash(position: int) -> None:
    """Give an event the hash of what its columns say now."""
    [row] = log.stored(after=position - 1, limit=1)
    found = integrity._leaf_hash(log.head().log_id, row)
    run("UPDATE event SET leaf_hash = %s WHERE position = %s", found, position)


def reseal(position: int) -> None:
    """Put the hash of an event into the lowest tile, with its nonce."""
    [event] = log.at_all([position])
    leaf = seal.leaves(after=position - 1, until=position)[position]
    run(
        "UPDATE seal_tile SET hashes = overlay(hashes PLACING %s FROM %s) WHERE level = 0",
        blinded(leaf.nonce, event.leaf_hash),
        32 * position - 31,
    )


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

    def test_is_kept_outside_of_the_database(self, key, folder) -> None:
        append()
        seal_all()

        assert [(folder / "checkpoint").read_text()] == published()

    def test_is_made_once_for_a_size(self, key) -> None:
        append()
        seal_all()
        seal_all()

        assert len(published()) == 1

    def test_is_made_of_each_turn(self, key) -> None:
        append(*[a_draft() for _ in range(5)])

        assert [sealing.seal_next(at=AT, most=2) for _ in range(4)] == [2, 2, 1, 0]
        assert [checkpoints.parse(notes.parse(one).text).size for one in published()] == [2, 4, 5]

    def test_is_not_made_without_a_key(self) -> None:
        append()

        assert seal_all() == 1
        assert published() == []
        assert alarm() == ""

    def test_is_not_made_of_nothing(self, key) -> None:
        assert seal_all() == 0
        assert published() == []


class TestTheKey:
    def test_is_named_after_the_log_and_private(self, key, folder) -> None:
        assert key.name == f"news.example/log/{log.head().log_id}"
        assert stat.S_IMODE((folder / "key").stat().st_mode) == 0o600
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700

    def test_is_made_once(self, key) -> None:
        assert sealing.make_key("news.example").key == key

    def test_may_come_from_the_environment(self, settings, folder) -> None:
        other = SigningKey.generate(f"other.example/log/{log.head().log_id}")
        settings.SEAL_KEY = str(other)

        assert sealing.make_key("news.example").key == other
        assert not (folder / "key").exists()

    def test_is_not_made_anew_when_it_was_lost(self, key, folder) -> None:
        append()
        seal_all()
        (folder / "key").unlink()

        with pytest.raises(NotSealed, match="restore it"):
            sealing.make_key("news.example")

    @pytest.mark.parametrize("harm", [lambda key: f"{key}x", lambda key: key[:-3], lambda _: "ä"])
    def test_that_is_damaged_is_an_alarm_that_tells_nothing_of_it(self, settings, harm) -> None:
        good = str(SigningKey.generate(f"news.example/log/{log.head().log_id}"))
        settings.SEAL_KEY = harm(good)
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
    def test_of_another_log_is_an_alarm(self, settings, key) -> None:
        settings.SEAL_KEY = str(key)

        with pytest.raises(NotSealed, match="of another log"):
            seal_all()

    def test_of_a_witness_is_none_of_a_log(self, settings) -> None:
        name = f"news.example/log/{log.head().log_id}"
        settings.SEAL_KEY = str(SigningKey.generate(name, KeyType.WITNESS))

        with pytest.raises(NotSealed, match="of another log"):
            seal_all()

    def test_of_another_signer_signs_nothing(self, key, settings, tmp_path) -> None:
        append()
        seal_all()
        settings.SEAL_FOLDER = tmp_path / "other"
        settings.SEAL_KEY = str(SigningKey.generate(key.name))
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

        assert sealing.adopt().size == 1
        append()
        assert seal_all() == 1
        assert alarm() == ""
        assert sealing.adopt().size == 2

    def test_does_not_go_on_from_a_checkpoint_of_somebody_else(self, key, folder) -> None:
        append()
        seal_all()
        (folder / "checkpoint").unlink()
        without_guards()
        run("UPDATE seal_checkpoint SET note = replace(note, 'news', 'other')")

        with pytest.raises(NotSealed, match=r"another log|damaged"):
            sealing.adopt()

    def test_without_key_or_checkpoint_has_nothing_to_go_on_from(self) -> None:
        with pytest.raises(NotSealed, match="no key"):
            sealing.adopt()
        sealing.make_key("news.example")
        with pytest.raises(NotSealed, match="no checkpoint"):
            sealing.adopt()

    @pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"no note"])
    def test_with_a_file_that_is_no_note_is_an_alarm(self, key, folder, content) -> None:
        append()
        seal_all()
        (folder / "checkpoint").write_bytes(content)

        with pytest.raises(NotSealed):
            seal_all()
        assert alarm() in ("a last checkpoint is damaged", "the folder of the key cannot be used")

    def test_that_cannot_be_written_is_an_alarm_without_its_path(self, settings) -> None:
        settings.SEAL_FOLDER = "/proc/nowhere"
        settings.SEAL_KEY = str(SigningKey.generate(f"news.example/log/{log.head().log_id}"))
        append()

        with pytest.raises(NotSealed):
            seal_all()
        assert alarm() == "the folder of the key cannot be used"


class TestASignerThatIsKilled:
    def test_before_it_signs_signs_the_next_time(self, key) -> None:
        append()
        seal.extend(most=9)

        assert seal_all() == 0
        assert len(published()) == 1

    def test_after_it_wrote_its_file_publishes_the_same_note(self, key, folder) -> None:
        append()
        seal_all()
        [before] = published()
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


class TestAnAttacker:
    @pytest.fixture(autouse=True)
    def _three_events(self, key) -> None:
        say("why")
        append()
        append()
        seal_all()
        without_guards()

    @pytest.mark.parametrize(
        "change",
        [
            "body = replace(body, 'company', 'country')",
            "recorded_by = 'mallory'",
            "recorded_at = recorded_at - interval '1 microsecond'",
            "kind = 'ActorRevised'",
        ],
    )
    def test_who_rewrites_an_event_and_its_hash_is_found_out(self, change) -> None:
        run(f"UPDATE event SET {change} WHERE position = 2")  # noqa: S608
        assert integrity.damage(after=0, limit=9)[1]
        rehash(2)

        assert integrity.damage(after=0, limit=9) == (3, ["event 2 is not what was sealed"])

    def test_who_swaps_two_events_is_found_out(self) -> None:
        run("UPDATE event SET position = 99 WHERE position = 2")
        run("UPDATE event SET position = 2 WHERE position = 3")
        run("UPDATE event SET position = 3 WHERE position = 99")
        rehash(2)
        rehash(3)

        assert integrity.damage(after=0, limit=9)[1] == [
            "event 2 is not what was sealed",
            "event 3 is not what was sealed",
        ]

    def test_who_changes_words_and_their_hash_is_found_out(self) -> None:
        run('UPDATE event_text SET text = \'{"reason":"other"}\'')
        run(
            "UPDATE event SET text_sha256 = (SELECT sha256(salt || convert_to(text, 'UTF8'))"
            " FROM event_text) WHERE position = 1"
        )
        rehash(1)

        assert integrity.damage(after=0, limit=9)[1] == ["event 1 is not what was sealed"]

    def test_who_also_rewrites_the_tree_is_found_out_by_the_checkpoint(self) -> None:
        run("UPDATE event SET recorded_by = 'mallory' WHERE position = 2")
        rehash(2)
        reseal(2)

        assert integrity.damage(after=0, limit=9)[1] == []
        assert [*seal_checks.problems(whole=True)] == [
            "the checkpoint of 3 events is of another log"
        ]

    def test_who_also_deletes_the_checkpoints_is_found_out_by_the_signer(self) -> None:
        run("UPDATE event SET recorded_by = 'mallory' WHERE position = 2")
        rehash(2)
        reseal(2)
        run("DELETE FROM seal_checkpoint")
        assert [*seal_checks.problems(whole=True)] == []
        append()

        with pytest.raises(NotSealed, match="not the one whose first 3 events were signed"):
            seal_all()
        assert "first 3 events" in alarm()
        assert published() == []

    def test_who_cuts_the_end_and_moves_the_head_is_found_out(self) -> None:
        run("DELETE FROM event WHERE position = 3")
        run("UPDATE log_head SET position = 2")

        with pytest.raises(NotSealed, match="3 events are sealed, but the log ends at 2"):
            seal_all()

    def test_who_restores_an_older_database_is_found_out(self) -> None:
        self.restore()

        with pytest.raises(NotSealed, match="a backup was restored, or its end was cut"):
            seal_all()

    def test_who_goes_on_after_that_is_found_out(self) -> None:
        self.restore()
        append(a_draft(), a_draft(), a_draft(), at=LATER)
        with pytest.raises(NotSealed, match="a backup was restored"):
            seal_all()
        seal.extend(most=9)

        with pytest.raises(NotSealed, match="first 3 events were signed"):
            seal_all()

    def restore(self) -> None:
        """The database as it was after two events, with its tree."""
        run("DELETE FROM event WHERE position = 3")
        run("UPDATE log_head SET position = 2")
        run("UPDATE seal_head SET size = 2")
        run("UPDATE seal_tile SET hashes = substr(hashes, 1, 64), nonces = substr(nonces, 1, 64)")
        run("DELETE FROM seal_checkpoint")

    def test_who_replaces_a_checkpoint_in_the_database_is_found_out(self) -> None:
        other = SigningKey.generate("news.example/log/1")
        text = checkpoints.Checkpoint(other.name, 3, seal.root_at(3)).text()
        note = notes.write(text, [other.sign(text)])
        run("UPDATE seal_checkpoint SET note = %s, key = %s", note, str(other.verifier))

        with pytest.raises(NotSealed, match="of another log or signed with another key"):
            seal_all()

    def test_who_replaces_the_key_in_the_database_is_found_out(self) -> None:
        run("UPDATE seal_checkpoint SET key = 'other'")

        with pytest.raises(NotSealed, match="signed with another key"):
            seal_all()

    def test_who_loses_a_tile_is_found_out(self) -> None:
        run("DELETE FROM seal_tile")

        with pytest.raises(NotSealed, match="a tile of the tree is missing"):
            seal_all()

    def test_who_lets_the_database_refuse_is_found_out(self) -> None:
        append()
        run(
            "CREATE FUNCTION stop() RETURNS trigger LANGUAGE plpgsql AS"
            " 'BEGIN RAISE EXCEPTION ''stop''; END'"
        )
        run("CREATE TRIGGER stop BEFORE UPDATE ON seal_tile FOR EACH ROW EXECUTE FUNCTION stop()")

        with pytest.raises(NotSealed, match="the database refused"):
            seal_all()

    def test_who_brings_a_file_of_another_log_is_found_out(self, folder) -> None:
        other = SigningKey.generate("other.example/log")
        text = checkpoints.Checkpoint("other.example/log", 1, bytes(32)).text()
        (folder / "checkpoint").write_text(notes.write(text, [other.sign(text)]))

        with pytest.raises(NotSealed, match="another log"):
            seal_all()

    def test_who_damages_the_file_is_found_out(self, folder) -> None:
        path = folder / "checkpoint"
        path.write_text(path.read_text().replace("\n3\n", "\n2\n"))

        with pytest.raises(NotSealed, match="damaged"):
            seal_all()

    @pytest.mark.parametrize("harm", ["substr(hashes, 1, 64)", "hashes || hashes"])
    def test_who_changes_the_width_of_a_tile_is_found_out(self, harm) -> None:
        run(f"UPDATE seal_tile SET hashes = {harm}")  # noqa: S608

        assert any("another width" in one for one in seal_checks.problems(whole=True))


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


class TestTheTiles:
    def test_that_do_not_fit_each_other_are_named(self, key) -> None:
        append(*[a_draft() for _ in range(600)])
        seal_all()
        assert [*seal_checks.problems(whole=True)] == []
        without_guards()
        run(
            "UPDATE seal_tile SET hashes = set_byte(hashes, 7, get_byte(hashes, 7) # 1)"
            " WHERE level = 0 AND number = 1"
        )

        assert [*seal_checks.problems(whole=False)] == []
        assert [*seal_checks.problems(whole=True)] == [
            "tile 0/001 of the seal does not fit the one above"
        ]
