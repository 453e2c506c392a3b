"""The stand-alone verifier as it follows a log: across checkpoints, witnesses, histories, a
reopening."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from urllib.request import urlopen

import pytest
from django.test import override_settings
from django.utils.timezone import now

from tests.kit.builders import AT
from tests.kit.log_entries import append
from tests.kit.sites import Site, a_site
from tests.kit.verifier import fetch, key_of, run
from tests.kit.witnesses import AnyLog, a_witness
from tools import verify
from tracker.domain.proofs import notes
from tracker.domain.proofs.checkpoints import Checkpoint
from tracker.domain.proofs.notes import KeyType, SigningKey
from tracker.models.seals import SealedCheckpoint
from tracker.operations import seal_keys, sealing

pytestmark = pytest.mark.faults
# Two histories of a log, of which a witness signs one.
LOG = SigningKey.generate("news.example/log/1")
GOOD, FORK = AnyLog(LOG, "abcde"), AnyLog(LOG, "abxde")


@pytest.fixture(scope="module")
def site(seed_template, django_db_blocker) -> Iterator[Site]:
    with django_db_blocker.unblock(), a_site(seed_template) as opened:
        opened.sign()
        yield opened


@pytest.fixture(scope="module")
def forks(tmp_path_factory) -> Iterator[SimpleNamespace]:
    folder = tmp_path_factory.mktemp("forks")
    with a_witness(folder, LOG.verifier) as witness:
        signature = witness.ask(GOOD.request(0))[2]
        good = GOOD.serve(folder / "good", more=signature)
        fork = FORK.serve(folder / "fork")
        with good as good_url, fork as fork_url:
            yield SimpleNamespace(good=good_url, fork=fork_url, witness=witness.key)


class TestWitnesses:
    """Of two histories that two readers get."""

    def follow(self, site: str, *words: object, here: Path) -> tuple[int, str]:
        return run(*("log", site, "--key", LOG.verifier, "--state", "last", *words), here=here)

    def test_let_the_history_through_that_they_signed(self, forks, tmp_path):
        code, said = self.follow(forks.good, "--witness", forks.witness, here=tmp_path)

        assert code == 0, said
        assert f"signed by the witness {forks.witness.name} at 20" in said

    def test_refuse_the_other_by_name(self, forks, tmp_path):
        code, said = self.follow(forks.fork, "--witness", forks.witness, here=tmp_path)

        assert code == 1
        assert said == "refused: witnesses: 0 of your witnesses signed this, not 1\n"
        assert not (tmp_path / "last").exists()
        assert self.follow(forks.fork, here=tmp_path)[0] == 0

    def test_may_be_fewer_than_all(self, forks, tmp_path):
        other = SigningKey.generate("third.example/w", KeyType.WITNESS).verifier
        words = ("--witness", forks.witness, "--witness", other)

        assert self.follow(forks.good, *words, here=tmp_path)[0] == 1
        code, said = self.follow(forks.good, *words, "--quorum", 1, here=tmp_path)
        assert code == 0
        assert "warning: 1 of 2 witnesses can sign one history, and 1 others another" in said

    def test_have_keys_of_witnesses(self, forks, tmp_path):
        code, said = self.follow(forks.good, "--witness", LOG.verifier, here=tmp_path)

        assert (code, "not one of a witness" in said) == (1, True)


class TestALog:
    def test_is_followed_from_checkpoint_to_checkpoint(self, site, tmp_path):
        words = ("log", site.url, "--key", key_of(site), "--state", "last")
        first = run(*words, here=tmp_path)
        with_more(site)
        then = run(*words, here=tmp_path)

        assert first[0] == then[0] == 0, first[1] + then[1]
        assert "there is none to compare it with yet" in first[1]
        assert "the log continues the one with" in then[1]

    def test_that_was_cut_is_refused_by_name(self, site, tmp_path):
        words = ("log", site.url, "--key", key_of(site), "--state", "last")
        run(*words, here=tmp_path)
        key = notes.parse_signing_key((Path(site.environ["SEAL_FOLDER"]) / "key").read_text())
        origin, size, _ = verify.verify_checkpoint(
            (tmp_path / "last").read_text(), [key.verifier]
        ).checkpoint
        for later in (size + 1, size):
            text = Checkpoint(origin, later, bytes(32)).text()
            (tmp_path / "last").write_text(notes.write(text, [key.sign(text)]))

            code, said = run(*words, here=tmp_path)

            assert (code, said.startswith("refused: consistency:")) == (1, True), said

    def test_continues_a_text_that_has_a_timestamp(self, forks, tmp_path):
        """Which has no signature: the timestamp is about it."""
        wanted = (GOOD.checkpoint(4), 0, "the log continues the one with 4 events")
        other = (FORK.checkpoint(4), 1, "refused: consistency: ")
        later = (GOOD.checkpoint()._replace(size=9), 1, "refused: consistency: ")
        for earlier, status, says in (wanted, other, later):
            code, said = self.follow_from(forks, earlier.text(), here=tmp_path)

            assert (code, said.startswith(says)) == (status, True), said
        assert [one.name for one in tmp_path.iterdir()] == ["4.txt"]

    def test_continues_a_checkpoint_as_it_was_downloaded(self, forks, tmp_path):
        """A signed note, whose signature must be right, also one that a witness signed too."""
        wanted = "the log continues the one with 4 events"
        note, stranger = GOOD.note(4), AnyLog(SigningKey.generate(LOG.name), "abcde")
        witness = SigningKey.generate("w.example/w", KeyType.WITNESS)
        cosigned = note + notes.line(witness.sign(GOOD.checkpoint(4).text(), time=1))
        cut = note.rpartition("— ")[0]
        for earlier, status, says in (
            (note, 0, wanted),
            (cosigned, 0, wanted),
            (FORK.note(4), 1, "refused: consistency: "),
            (stranger.note(4), 1, "refused: signature: "),
            (note.replace("\n4\n", "\n3\n"), 1, "refused: signature: "),
            (cut, 1, "refused: malformed: "),
        ):
            code, said = self.follow_from(forks, earlier, here=tmp_path)

            assert (code, said.startswith(says)) == (status, True), said

    def follow_from(self, forks, earlier: str, *, here: Path) -> tuple[int, str]:
        (here / "4.txt").write_text(earlier)
        words = ("log", forks.good, "--key", LOG.verifier, "--continues", "4.txt")
        return run(*words, here=here)

    def test_that_is_not_reached_cannot_be_verified(self, tmp_path):
        words = ("log", "http://127.0.0.1:1", "--key", LOG.verifier, "--state", "last")

        code, said = run(*words, here=tmp_path)

        assert (code, said.startswith("cannot be verified:")) == (2, True)
        assert run("log", "ftp://x", *words[2:], here=tmp_path)[0] == 2


@pytest.fixture(scope="module")
def reopened(seed_template, django_db_blocker, tmp_path_factory) -> Iterator[SimpleNamespace]:
    here = tmp_path_factory.mktemp("reopened")
    with django_db_blocker.unblock(), a_site(seed_template) as site:
        site.sign()
        note = urlopen(f"{site.url}/log/checkpoint", timeout=120).read().decode()  # noqa: S310
        (here / "before.txt").write_text(notes.parse(note).text)
        (here / "before.note").write_text(note)
        old_key = key_of(site)
        with site.open(), override_settings(SEAL_FOLDER=site.environ["SEAL_FOLDER"]):
            request = sealing.Request(lost_from=None, reason="stolen", authority="the editor")
            position = sealing.reopen(request, at=now(), by="ann").position
            sealing.seal_next(at=now(), most=10_000)
            key = str(seal_keys.configured().key.verifier)
        (here / "events.ndjson").write_bytes(fetch(site, "log/events.ndjson"))
        for one in (1, position):
            proof = fetch(site, f"log/events/{one}.tlog-proof")
            (here / f"{one}.tlog-proof").write_bytes(proof)
        # Later a witness signs.
        witness = SigningKey.generate("w.example/w", KeyType.WITNESS)
        with site.open():
            last = SealedCheckpoint.objects.latest("size")
            last.note += notes.line(witness.sign(notes.parse(last.note).text, time=1))
            last.save()
        signed = fetch(site, f"log/events/{position}.tlog-proof")
        (here / "signed.tlog-proof").write_bytes(signed)
        yield SimpleNamespace(
            url=site.url,
            here=here,
            key=key,
            old_key=old_key,
            position=position,
            witness=witness.verifier,
        )


class TestAReopenedLog:
    """Its checkpoints have another origin and another key; an event of it says so."""

    def follow(self, reopened, *words: object, before: str = "before.txt"):
        words = ("--key", reopened.key, "--continues", before, *words)
        return run("log", reopened.url, *words, here=reopened.here)

    def test_is_connected_by_the_event_that_reopened_it(self, reopened):
        proof = f"{reopened.position}.tlog-proof"
        code, said = self.follow(reopened, "--events", "events.ndjson", "--reopening", proof)

        assert code == 0, said
        assert f"reopened at position {reopened.position}: stolen (the editor)" in said
        assert f"the log continues the one with {reopened.position - 1} events" in said

    def test_continues_a_note_that_the_old_key_signed(self, reopened):
        words = ("--events", "events.ndjson", "--reopening", f"{reopened.position}.tlog-proof")
        alone = self.follow(reopened, *words, before="before.note")
        both = self.follow(reopened, *words, "--key", reopened.old_key, before="before.note")

        assert (alone[0], both[0]) == (1, 0), both[1]
        assert alone[1].startswith("refused: signature: no key that you trust signed this as ")

    def test_is_refused_without_it_or_with_another(self, reopened):
        alone = self.follow(reopened)
        words = ("--events", "events.ndjson", "--reopening", "1.tlog-proof")
        other = self.follow(reopened, *words)

        assert alone[0] == other[0] == 1
        assert alone[1].startswith("refused: origin: the log was reopened as tests.example/log/")
        assert other[1].startswith("refused: origin: event 1 does not reopen the log as")

    def test_is_refused_by_a_proof_that_the_witnesses_did_not_sign(self, reopened):
        words = ("--events", "events.ndjson", "--witness", reopened.witness, "--reopening")
        unsigned = self.follow(reopened, *words, f"{reopened.position}.tlog-proof")
        signed = self.follow(reopened, *words, "signed.tlog-proof")

        assert (unsigned[0], signed[0]) == (1, 0), signed[1]
        assert unsigned[1].startswith("refused: witnesses: 0 of your witnesses signed this, not 1")

    def test_is_refused_if_it_does_not_continue_the_earlier_one(self, reopened):
        lines = (reopened.here / "before.txt").read_text().split("\n")
        lines[2] = "A" * 43 + "="
        (reopened.here / "other.txt").write_text("\n".join(lines))
        words = ("--events", "events.ndjson", "--reopening", f"{reopened.position}.tlog-proof")

        code, said = self.follow(reopened, *words, before="other.txt")
        assert (code, said.startswith("refused: consistency: ")) == (1, True)


def with_more(site: Site) -> None:
    """Put an event on record and sign it."""
    with site.open(), override_settings(SEAL_FOLDER=site.environ["SEAL_FOLDER"]):
        append(at=AT)
        sealing.seal_next(at=AT, most=10)
