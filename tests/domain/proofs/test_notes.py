"""Signed notes, checkpoints and proofs as files, against the examples of their specifications."""

import contextlib
from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.tables import each
from tools import verify
from tracker.domain.proofs import checkpoints, notes
from tracker.domain.proofs.checkpoints import Checkpoint
from tracker.domain.proofs.notes import KeyType, Signature, SigningKey
from tracker.domain.proofs.refusals import Reason, Refused

# The example of C2SP `signed-note`.
KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
NOTE = (
    "This is an example message.\n"
    "\n"
    "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKu"
    "wHjG1Yu72IneyaQM=\n"
)
# The example of C2SP `tlog-cosignature`, without its key.
CHECKPOINT = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
COSIGNED = (
    f"{CHECKPOINT}\n"
    "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q"
    "1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
    "— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b"
    "2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n"
)
LOG = SigningKey("news.example/log/1", bytes(range(32)))
WITNESS = SigningKey("other.example/witness", bytes(range(1, 33)), KeyType.WITNESS)


def refused(reason, call, *given_):
    with pytest.raises(Refused) as caught:
        call(*given_)
    assert caught.value.reason is reason
    return str(caught.value)


class TestTheExamples:
    def test_verify(self):
        key = notes.parse_verifier_key(KEY)
        note = notes.parse(NOTE)

        assert notes.verify(note, [key]) == {key: None}
        assert str(key) == KEY
        assert notes.write(*note) == NOTE

    def test_are_checkpoints_with_the_time_of_a_witness(self):
        note = notes.parse(COSIGNED)

        assert checkpoints.parse(note.text).size == 20852163
        assert checkpoints.parse(note.text).text() == CHECKPOINT
        assert [name for name, *_ in note.signatures] == [
            "example.com/behind-the-sofa",
            "witness.example.com/w1",
        ]
        # "time 1679315147"
        assert int.from_bytes(note.signatures[1].value[:8]) == 1679315147

    @each("place", range(len(NOTE) - 80))
    def test_are_refused_or_ignored_with_a_letter_changed(self, place):
        changed = NOTE[:place] + chr(ord(NOTE[place]) ^ 1) + NOTE[place + 1 :]
        key = notes.parse_verifier_key(KEY)
        with contextlib.suppress(Refused):
            assert notes.verify(notes.parse(changed), [key]) == {}


class TestKeys:
    @pytest.mark.parametrize("key", [LOG, WITNESS])
    def test_read_as_written(self, key):
        assert notes.parse_signing_key(str(key)) == key
        assert notes.parse_verifier_key(str(key.verifier)) == key.verifier

    def test_that_are_made_differ(self):
        one, other = SigningKey.generate("a.example"), SigningKey.generate("a.example")

        assert one.seed != other.seed
        assert one.verifier.verify("text\n", one.sign("text\n")) is None

    @pytest.mark.parametrize("name", ["", "a b", "a+b", "a\nb"])
    def test_have_names_without_spaces_and_plus(self, name):
        assert "spaces" in refused(Reason.MALFORMED, SigningKey.generate, name)

    @each(
        "text",
        [
            "",
            "example.com/foo",
            KEY.replace("530d903a", "530d903b"),
            KEY.replace("foo", "fox"),
            KEY[:-4],
            KEY.replace("AekyeR", "CekyeR"),
            KEY + "=",
        ],
    )
    def test_that_are_damaged_are_refused(self, text):
        refused(Reason.MALFORMED, notes.parse_verifier_key, text)

    @pytest.mark.parametrize(
        "text", ["", str(LOG.verifier), str(LOG)[:-2], str(LOG).replace("news", "old")]
    )
    def test_that_are_private_and_damaged_are_refused(self, text):
        refused(Reason.MALFORMED, notes.parse_signing_key, text)


class TestSignatures:
    def test_of_a_log_and_a_witness_are_verified_together(self):
        text = Checkpoint(LOG.name, 3, bytes(32)).text()
        note = notes.parse(notes.write(text, [LOG.sign(text), WITNESS.sign(text, time=99)]))

        assert notes.verify(note, [LOG.verifier, WITNESS.verifier]) == {
            LOG.verifier: None,
            WITNESS.verifier: 99,
        }

    def test_of_unknown_keys_are_ignored(self):
        note = notes.parse(notes.write("text\n", [LOG.sign("text\n")]))

        assert notes.verify(note, [WITNESS.verifier]) == {}

    def test_of_another_text_or_time_are_refused(self):
        of_log = notes.Note("other\n", [LOG.sign("text\n")])
        name, key_id, value = WITNESS.sign("text\n", time=1)
        later = notes.Note("text\n", [Signature(name, key_id, bytes(7) + b"\2" + value[8:])])

        refused(Reason.SIGNATURE, notes.verify, of_log, [LOG.verifier])
        refused(Reason.SIGNATURE, notes.verify, later, [WITNESS.verifier])
        cut = notes.Note("text\n", [Signature(name, key_id, b"\0")])
        refused(Reason.SIGNATURE, notes.verify, cut, [WITNESS.verifier])


class TestMalformedNotes:
    @each(
        "text",
        [
            "",
            "text\n",
            "text\n\n",
            NOTE[:-1],
            NOTE.replace("—", "-"),
            NOTE.replace("example.com/foo ", ""),
            NOTE.replace("Uw2Q", "Uw2*"),
            NOTE.replace("This", "Th\tis"),
            # Other base64 for the same bytes.
            NOTE.replace("yaQM=", "yaQN="),
            "text\n\n— name AAAA\n",
            NOTE + NOTE.rpartition("\n\n")[2] * 64,
            "x" * 1_000_001,
        ],
    )
    def test_are_refused(self, text):
        refused(Reason.MALFORMED, notes.parse, text)


class TestCheckpoints:
    @given(size=st.integers(0, 10**18), root=st.binary(min_size=32, max_size=32))
    def test_read_as_written(self, size, root):
        checkpoint = Checkpoint("news.example/log", size, root)

        assert checkpoints.parse(checkpoint.text()) == checkpoint
        assert checkpoints.parse(f"{checkpoint.text()}more\n") == checkpoint

    @each(
        "text",
        [
            "",
            "origin\n3\n",
            CHECKPOINT[:-1],
            CHECKPOINT.replace("20852163", "020852163"),
            CHECKPOINT.replace("20852163", "-1"),
            CHECKPOINT.replace("20852163", "２"),
            CHECKPOINT.replace("q2I=", "q2J="),
            CHECKPOINT.replace("q2I=", "q2IA"),
            f"\n3\n{b64encode(bytes(32)).decode()}\n",
            f"{CHECKPOINT}\n",
        ],
    )
    def test_that_are_malformed_are_refused(self, text):
        refused(Reason.MALFORMED, checkpoints.parse, text)


HASH = b64encode(bytes(32)).decode()
SIGNED = "news.example/log\n2\nroot\n\n— news.example/log signature\n"
TEXT = f"c2sp.org/tlog-proof@v1\nextra AQI=\nindex 1\n{HASH}\n{HASH}\n\n{SIGNED}"
PLAIN = f"c2sp.org/tlog-proof@v1\nindex 0\n\n{SIGNED}"


class TestAProof:
    def test_is_written_as_specified(self):
        assert checkpoints.write(1, [bytes(32)] * 2, SIGNED, extra=b"\1\2") == TEXT
        assert checkpoints.write(0, [], SIGNED, extra=None) == PLAIN

    @pytest.mark.parametrize("text", [TEXT, PLAIN])
    def test_reads_as_written(self, text):
        index, proof, note, extra = verify.parse_proof(text)

        assert checkpoints.write(index, proof, note, extra=extra) == text

    @each(
        "text",
        [
            *("", "c2sp.org/tlog-proof@v1\n", PLAIN.replace("v1", "v2")),
            PLAIN.replace("index 0", "index 00"),
            PLAIN.replace("index 0", "index -1"),
            PLAIN.replace("index 0\n", ""),
            TEXT.replace("AQI=", "AQJ="),
            TEXT.replace("AQI=", "AQI"),
            TEXT.replace(HASH, HASH[:-2] + "B="),
            TEXT.replace(f"{HASH}\n\n", f"{HASH}\n"),
            TEXT.replace(f"{HASH}\n{HASH}", f"{HASH} {HASH}"),
            f"{PLAIN[: PLAIN.index('news')]}",
        ],
    )
    def test_that_is_malformed_is_refused(self, text):
        with pytest.raises(verify.Refused) as caught:
            verify.parse_proof(text)
        assert caught.value.reason == "malformed"
