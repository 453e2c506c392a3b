"""A log that lost events, or whose key is lost, goes on with its reason on record."""

import shutil
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from tests.kit.builders import AT
from tests.kit.log_entries import append, run
from tests.kit.seals import alarm, published, seal_all, without_guards
from tests.operations.test_sealing import cut, cut_tree
from tools import verify
from tracker import log
from tracker.domain.problems import FAMILIES
from tracker.domain.proofs import checkpoints, notes
from tracker.domain.proofs.notes import SigningKey
from tracker.log import seal, seal_checks
from tracker.operations import log_memory, seal_keys, sealing
from tracker.operations.log_memory import WentBack
from tracker.operations.seal_keys import NotSealed
from tracker.operations.sealing import Request

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=1)
BY = "ann"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path: Path) -> Path:
    settings.SEAL_FOLDER = tmp_path / "seal"
    settings.AUTHORITY = "news.example"
    return settings.SEAL_FOLDER


@pytest.fixture
def key() -> SigningKey:
    return seal_keys.make_key("news.example").key


def reopen(lost_from: int | None = None):
    request = Request(lost_from=lost_from, reason="a disk failed", authority="the editor")
    return sealing.reopen(request, at=LATER, by=BY)


def three_events() -> None:
    append()
    append()
    append()
    seal_all()


class TestALossOfEvents:
    @pytest.fixture(autouse=True)
    def _lost(self, key, folder) -> None:
        three_events()
        self.signed = published()[-1]
        self.seen = (folder / "seen").read_text()
        without_guards()
        cut()
        run("DELETE FROM seal_checkpoint")
        with pytest.raises(WentBack):
            seal_all()

    def test_is_on_record_with_its_reason(self):
        event = reopen(lost_from=3)

        assert (event.position, event.kind, event.recorded_by) == (3, "LogReopened", BY)
        assert event.content == {
            "incarnation": str(log.incarnation()),
            "lost_from": 3,
            "checkpoint": self.signed,
            "reason": "a disk failed",
            "authority": "the editor",
        }

    def test_is_not_said_to_be_later_than_this_host_has_seen(self):
        with pytest.raises(FAMILIES, match="has seen event 3, but 2 events are sealed"):
            reopen()
        append()
        seal.extend(most=9)

        reopen(lost_from=4)
        with pytest.raises(WentBack, match="first 3 events are not those"):
            seal_all()

    def test_is_explained_also_to_a_host_that_comes_back_later(self, folder, settings, tmp_path):
        reopen(lost_from=3)
        seal_all()
        reopen()
        seal_all()
        late = shutil.copytree(folder, tmp_path / "late")
        (late / "seen").write_text(self.seen)
        settings.SEAL_FOLDER = late

        assert seal_all() == 0

    def test_is_explained_also_under_another_incarnation(self):
        reopen(lost_from=3)
        log.renew(UUID(int=7))

        assert seal_all() == 1

    def test_is_noticed_in_the_backup_before_the_reopening(self):
        reopen(lost_from=3)
        append()
        seal_all()
        run("DELETE FROM event WHERE position > 2")
        run("UPDATE log_head SET position = 2")
        run("UPDATE seal_head SET size = 2")
        cut_tree()

        with pytest.raises(WentBack, match="has seen event 4"):
            log_memory.check()

    def test_gives_the_log_another_origin_and_key(self, key, folder):
        event = reopen(lost_from=3)
        seal_all()

        now = seal_keys.configured().key
        assert now.name == f"{key.name}/{event.content['incarnation']}"
        assert now.verifier.public != key.verifier.public
        [note] = published()
        signed = verify.verify_checkpoint(note, [now.verifier])
        assert signed.checkpoint.origin == now.name
        assert [*seal_checks.problems(whole=True)] == []
        # The key and the checkpoint before are kept.
        assert (folder / "key").read_text().split()[0] == str(key)
        assert (folder / "checkpoint").read_text() == self.signed

    def test_cannot_begin_after_the_next_event(self):
        with pytest.raises(FAMILIES, match="what was lost begins at 3 or before"):
            reopen(lost_from=4)
        assert log.head().position == 2


class TestACompromisedKey:
    def test_no_longer_signs(self, key, folder):
        three_events()
        reopen()
        (folder / "key").write_text(f"{key}\n")

        with pytest.raises(NotSealed, match="its key from before"):
            seal_all()

    def test_does_not_sign_what_came_meanwhile(self, key, monkeypatch):
        """The log is reopened between the beginning of a turn and its end."""
        three_events()
        extend = seal.extend

        def reopening_first(*, most: int) -> int | None:
            append()
            reopen()
            return extend(most=most)

        with monkeypatch.context() as patched:
            patched.setattr(seal, "extend", reopening_first)
            seal_all()

        assert len(published()) == 1
        assert seal_all() == 0
        assert checkpoints.parse(notes.parse(published()[-1]).text).origin != key.name
        assert alarm() == ""

    def test_is_replaced_on_a_host_that_makes_one_later(self, key, folder):
        three_events()
        (folder / "key").unlink()
        reopen()
        (folder / "key").write_text(f"{key}\n")
        with pytest.raises(NotSealed, match="its key from before"):
            seal_all()

        assert seal_keys.make_key("news.example").key.name.endswith(str(log.incarnation()))
        assert seal_all() == 1


class TestAChangeOfTheKey:
    def rotate(self) -> SigningKey:
        return seal_keys.rotate(reason="a new host", authority="the editor", at=LATER, by=BY).key

    def signed_by(self, *keys: SigningKey) -> list[bool]:
        note = notes.parse(published()[-1])
        return [bool(notes.verify(note, [key.verifier])) for key in keys]

    def seal(self, at) -> None:
        append(at=at)
        sealing.seal_next(at=at, most=9)

    def test_lets_both_keys_sign_for_thirty_days(self, key):
        three_events()
        new = self.rotate()
        self.seal(LATER + timedelta(days=29))
        assert self.signed_by(key, new) == [True, True]

        self.seal(LATER + timedelta(days=31))
        assert self.signed_by(key, new) == [False, True]
        assert alarm() == ""

    def test_needs_the_new_key(self, key, folder):
        three_events()
        self.rotate()
        (folder / "key").write_text(f"{key}\n")

        with pytest.raises(NotSealed, match="does not have the new one"):
            seal_all()

    def test_lets_the_old_key_go(self, key, folder):
        three_events()
        new = self.rotate()
        (folder / "key").write_text(f"{new}\n")

        assert seal_all() == 1
        assert self.signed_by(key, new) == [False, True]

    def test_goes_on_after_it_was_interrupted(self, key, folder):
        other = SigningKey.generate(key.name)
        (folder / "key").write_text(f"{key}\n{other}\n")
        three_events()
        assert self.signed_by(key, other) == [True, False]

        assert self.rotate() == other

    def test_is_not_missed_by_a_turn_that_has_begun(self, key, monkeypatch):
        three_events()
        extend = seal.extend

        def rotating_first(*, most: int) -> int | None:
            self.rotate()
            return extend(most=most)

        with monkeypatch.context() as patched:
            patched.setattr(seal, "extend", rotating_first)
            seal_all()
        seal_all()

        assert self.signed_by(key, seal_keys.configured().key) == [True, True]
        assert alarm() == ""

    def test_needs_a_key(self):
        with pytest.raises(NotSealed, match="there is no key"):
            self.rotate()
