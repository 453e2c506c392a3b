"""Whoever changes the log as the database's superuser is found out.

The attackers know the code: guards are off, and they recompute the hashes that they can.
"""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.kit.builders import AT
from tests.kit.log_entries import a_draft, append, run, say
from tests.kit.seals import alarm, published, seal_all, without_guards
from tracker import log
from tracker.domain.proofs import checkpoints, notes
from tracker.domain.proofs.leaves import blinded
from tracker.domain.proofs.notes import SigningKey
from tracker.log import integrity, seal, seal_checks
from tracker.operations import seal_keys
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
    return seal_keys.make_key("news.example").key


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


class TestAnAttacker:
    @pytest.fixture(autouse=True)
    def _three_events(self, key, folder) -> None:
        say("why")
        append()
        append()
        seal_all()
        without_guards()
        # It would notice most of this before the signer does: see test_log_memory.
        (folder / "seen").unlink()

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
