"""Witnesses sign what the log signed, and stop it when they know another history."""

import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.utils import timezone

from tests.kit.builders import AT
from tests.kit.log_entries import append, run
from tests.kit.processes import free_port
from tests.kit.seals import alarm, published, seal_all, without_guards
from tests.kit.webhook_receiver import a_receiver
from tests.kit.witnesses import OddWitness, WitnessServer, a_witness, an_odd_witness, tool
from tracker import log
from tracker.domain.proofs import checkpoints, notes
from tracker.domain.proofs.notes import KeyType, SigningKey, VerifierKey
from tracker.models.seals import SealWitness
from tracker.operations import seal_keys, sealing, witnessing
from tracker.operations.outside_posts import NoAnswer
from tracker.operations.seal_keys import NotSealed
from tracker.queries import seals

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[WitnessServer]:
    with a_witness(tmp_path_factory.mktemp("witness")) as served:
        yield served


@pytest.fixture(autouse=True)
def key(settings, tmp_path: Path) -> VerifierKey:
    """The key of the log, of which an event is signed. It has another name in each test, since
    the witness never forgets."""
    settings.SEAL_FOLDER = tmp_path / "seal"
    made = seal_keys.make_key(f"{uuid4()}.example").key.verifier
    grow()
    return made


@pytest.fixture
def witness(server, key, settings) -> WitnessServer:
    """A witness that knows the log."""
    tool("add", server.state, key)
    settings.WITNESSES = server.setting
    return server


@pytest.fixture
def odd(settings) -> Iterator[OddWitness]:
    with an_odd_witness() as served:
        settings.WITNESSES = served.setting
        yield served


def grow() -> None:
    append()
    seal_all()


def ask() -> None:
    witnessing.run_round(at=AT)


def state() -> seals.WitnessState:
    [found] = seals.witness_states()
    return found


def slow(_body: str) -> tuple[int, str]:
    time.sleep(1)
    return 200, ""


def go_back(folder: Path) -> None:
    """Restore the log of the first event with the folder of the key, and go on otherwise."""
    without_guards()
    run("DELETE FROM event WHERE position > 1")
    run("UPDATE log_head SET position = 1")
    run("UPDATE seal_head SET size = 1")
    run("UPDATE seal_tile SET hashes = substr(hashes, 1, 32), nonces = substr(nonces, 1, 32)")
    run("DELETE FROM seal_checkpoint WHERE size > 1")
    (folder / "checkpoint").write_text(published()[0])
    (folder / "seen").unlink()


class TestAWitness:
    def test_signs_the_last_checkpoint(self, key, witness) -> None:
        ask()

        note = notes.parse(*published())
        assert notes.verify(note, [key, witness.key]).keys() == {key, witness.key}
        assert state() == (witness.key.name, 1, AT, "", None, "", None)

    def test_signs_each_that_continues_it(self, witness) -> None:
        ask()
        for _ in range(3):
            grow()
            grow()
            ask()

        assert state().size == 7
        assert [note.count("\n— ") for note in published()] == [2, 1, 2, 1, 2, 1, 2]

    def test_is_asked_from_the_size_that_it_names(self, witness) -> None:
        ask()
        grow()
        SealWitness.objects.all().delete()

        ask()

        assert state().size == 2

    def test_that_signed_an_earlier_time_goes_on(self, witness, server) -> None:
        ask()
        server.end()
        grow()
        ask()
        assert (state().size, state().error) == (1, "it does not answer")
        server.start()

        ask()

        assert (state().size, state().error) == (2, "")

    def test_gets_no_more_than_the_signatures_of_the_log(self, odd) -> None:
        other = SigningKey.generate("third.example/w", KeyType.WITNESS)
        without_guards()
        for number in range(60):
            line = notes.line(other.sign(f"{number}", time=1))
            run("UPDATE seal_checkpoint SET note = note || %s", line)

        ask()

        assert odd.bodies[0].count("\n— ") == 1


class TestAWitnessThatKnowsAnotherHistory:
    @pytest.fixture(autouse=True)
    def _three_events(self, witness) -> None:
        ask()
        append()
        grow()
        ask()

    @pytest.mark.parametrize(
        ("events", "says"),
        [
            (0, "signed 3 events of the log, but the last checkpoint here has 1"),
            (1, "signed 3 events of the log, but the last checkpoint here has 2"),
            (2, "refuses the log: it signed another history of it"),
            (3, "refuses the log: it signed another history of it"),
        ],
    )
    def test_stops_the_signing(self, settings, events, says) -> None:
        go_back(settings.SEAL_FOLDER)
        for _ in range(events):
            append()
        seal_all()

        ask()

        append()
        with pytest.raises(NotSealed, match=says):
            seal_all()
        assert alarm().startswith("the witness other.example/w ")
        assert checkpoints.parse(notes.parse(published()[-1]).text).size == 1 + events

    def test_stops_it_again_when_its_row_is_deleted(self, settings) -> None:
        go_back(settings.SEAL_FOLDER)
        ask()
        SealWitness.objects.all().delete()
        seal_all()
        assert alarm() == ""

        ask()

        with pytest.raises(NotSealed):
            seal_all()

    def test_stops_it_also_while_it_does_not_answer(self, settings, server) -> None:
        go_back(settings.SEAL_FOLDER)
        ask()
        server.end()
        ask()
        server.start()

        assert state().error == "it does not answer"
        with pytest.raises(NotSealed):
            seal_all()

    def test_stops_no_log_of_another_name(self, settings) -> None:
        go_back(settings.SEAL_FOLDER)
        ask()

        assert seals.refusal(origin="news.example/log/1") == ""

    def test_is_no_longer_heard_when_the_site_does_not_name_it(self, settings) -> None:
        go_back(settings.SEAL_FOLDER)
        ask()
        settings.WITNESSES = ""

        seal_all()

        assert alarm() == ""


class TestAnAlarm:
    def test_ends_when_the_witness_signs(self, odd) -> None:
        odd.answer = lambda _: (422, "")
        ask()
        with pytest.raises(NotSealed):
            seal_all()
        odd.answer = odd.signs

        ask()
        seal_all()

        assert (alarm(), state().refused, state().refused_at) == ("", "", None)

    def test_is_no_damage_of_the_log(self, odd) -> None:
        odd.answer = lambda _: (422, "")
        ask()

        found = sealing.problem()

        assert found is not None
        assert "refuses the log" in found.text
        assert not found.went_back

    def test_is_one_however_a_witness_refuses(self, odd) -> None:
        incarnations = [log.incarnation()]
        for size in ("7", "8", "9"):
            odd.answer = lambda _, size=size: (409, size)
            ask()
            with pytest.raises(NotSealed, match="signed 7 events"):
                seal_all()
            incarnations.append(log.incarnation())

        assert len({*incarnations}) == 2

    def test_is_not_raised_when_a_newer_checkpoint_was_signed_meanwhile(self, odd) -> None:
        sent = witnessing._last()
        grow()
        one = witnessing._Try(seals.named_witnesses()[0], 1)

        assert witnessing._after_conflict(one, "2\n", sent) is None
        assert isinstance(witnessing._after_conflict(one, "3\n", sent), witnessing._Refuses)


class TestAWitnessThatFails:
    @pytest.mark.parametrize(
        ("answer", "says"),
        [
            ((404, "x"), "it does not know this log"),
            ((403, "x"), "it does not know the key of this log"),
            ((503, "x"), "it answers with the status 503"),
            ((200, "x"), "it answers without its signature"),
            ((409, "x"), "it does not say what it signed last"),
            ((409, "1\n"), "it does not say what it signed last"),
            ((200, "x" * 1_000_000), "it answers without its signature"),
        ],
    )
    def test_is_no_alarm(self, odd, answer, says) -> None:
        odd.answer = lambda _: answer
        ask()
        append()

        assert seal_all() == 1
        assert alarm() == ""
        assert (state().error, state().failing_since) == (says, AT)
        assert len(odd.bodies) <= 3

    def test_with_a_signature_of_another_checkpoint_is_no_witness_of_this(self, odd) -> None:
        odd.answer = lambda _: (200, notes.line(odd.key.sign("other\n", time=1)))

        ask()

        assert state().error == "it answers without its signature"
        assert published()[0].count("\n— ") == 1

    def test_is_named_with_the_time_at_which_that_began(self, settings) -> None:
        key = SigningKey.generate("gone.example/w", KeyType.WITNESS).verifier
        settings.WITNESSES = f"{key} http://127.0.0.1:{free_port()}"
        for hours in range(3):
            witnessing.run_round(at=AT + timedelta(hours=hours))

        assert (state().error, state().failing_since) == ("it does not answer", AT)

    def test_without_a_certificate_of_its_name_gets_nothing(self, settings) -> None:
        with a_receiver(tls=True) as server:
            key = SigningKey.generate("odd.example/w", KeyType.WITNESS).verifier
            settings.WITNESSES = f"{key} https://127.0.0.1:{server.port}"
            ask()

        assert server.got == []
        assert state().error == "it does not answer"

    def test_by_taking_too_long_does_not_delay_the_others(
        self, witness, odd, settings, monkeypatch
    ) -> None:
        settings.WITNESSES = f"{odd.setting},{witness.setting}"
        odd.answer = slow
        tries = [witnessing._Try(one, 0) for one in seals.named_witnesses()]

        first, _ = next(witnessing._outcomes(witnessing._last(), tries))
        assert first.key == witness.key

        monkeypatch.setattr(witnessing, "SECONDS", 0.3)
        ask()
        assert [one.size for one in seals.witness_states()] == [0, 1]
        assert [one.error for one in seals.witness_states()] == ["it does not answer", ""]

    def test_by_sending_single_bytes_is_cut_off(self, odd, monkeypatch) -> None:
        monkeypatch.setattr(witnessing, "SECONDS", 0.3)
        odd.answer, odd.pause = lambda _: (200, "x" * 40), 0.1

        # On a busy machine the answer may not even have begun.
        with suppress(NoAnswer):
            assert len(witnessing.add_checkpoint(odd.url, "")[1]) < 40


class TestTheSetting:
    def test_that_cannot_be_read_stops_the_signing(self, settings) -> None:
        settings.WITNESSES = "nonsense"
        ask()

        with pytest.raises(NotSealed, match="the setting WITNESSES cannot be read"):
            seal_all()
        assert seals.published_checkpoint()


class TestWhatReadersGet:
    """A checkpoint that witnesses signed; the newest of which that can be said."""

    @pytest.fixture(autouse=True)
    def _signed_long_ago(self, witness) -> None:
        ask()

    @staticmethod
    def sign(seconds_ago: int) -> None:
        append()
        sealing.seal_next(at=timezone.now() - timedelta(seconds=seconds_ago), most=9)

    @staticmethod
    def size() -> int:
        return seals.published_checkpoint().size

    def test_is_what_all_witnesses_signed(self) -> None:
        self.sign(5)
        self.sign(1)
        assert self.size() == 1

        ask()

        assert self.size() == 3
        assert seals.count_witnesses(seals.published_checkpoint()) == 1

    def test_is_what_waited_a_minute_for_them(self) -> None:
        self.sign(70)
        self.sign(61)
        self.sign(59)

        assert self.size() == 3
        assert seals.count_witnesses(seals.published_checkpoint()) == 0

    def test_is_never_what_a_witness_refuses(self) -> None:
        self.sign(140)
        self.sign(70)
        refused_at = timezone.now() - timedelta(seconds=55)
        SealWitness.objects.update(refused="another history", refused_at=refused_at)

        assert self.size() == 2

    def test_is_the_last_checkpoint_where_no_witness_is_named(self, settings) -> None:
        self.sign(1)
        settings.WITNESSES = ""

        assert self.size() == 2
