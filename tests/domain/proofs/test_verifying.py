"""Verifies events and checkpoints that are made by hand, and refuses each change by name."""

import hashlib
import json
from base64 import b64encode
from contextlib import suppress
from uuid import UUID

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.proofs.test_merkle import by_definition, subtree
from tests.kit.changed_bytes import altered
from tracker.domain.proofs import merkle, notes, verifying
from tracker.domain.proofs.checkpoints import Checkpoint
from tracker.domain.proofs.notes import KeyType, SigningKey
from tracker.domain.proofs.refusals import Reason, Refused

LOG_ID = "01a2245c-a7c6-7b7e-904a-ddbbe41b4458"
STREAM = "0bbbbeac-2e9f-53d0-90d4-2974d91ca634"
KEY = SigningKey(f"news.example/log/{LOG_ID}", bytes(32))
WITNESS = SigningKey("other.example/witness", bytes(range(32)), KeyType.WITNESS)
SALT, NONCE = b"s" * 16, b"n" * 32
BODY = {"kind": "act", "parties": ["Қазақстан", 'a "b"']}
WORDS = {"summary": "Әңгіме"}


def an_event() -> dict[str, object]:
    """The second event of a log, worked from what docs/exporting.md says."""
    text_sha256 = hashlib.sha256(SALT + rfc8785.dumps(WORDS)).hexdigest()
    # 2022-05-24T12:00:00Z is 1653393600 seconds after 1970.
    said = [LOG_ID, 2, STREAM, 1, "ClaimAsserted", 3, 1653393600 * 10**6 + 7, "ann"]
    said += [hashlib.sha256(rfc8785.dumps(BODY)).hexdigest(), text_sha256]
    return {
        "position": 2,
        "stream": STREAM,
        "version": 1,
        "kind": "ClaimAsserted",
        "schema": 3,
        "recorded_at": "2022-05-24T12:00:00.000007Z",
        "recorded_by": "ann",
        "body": BODY,
        "words": WORDS,
        "withheld": False,
        "salt": SALT.hex(),
        "text_sha256": text_sha256,
        "leaf_hash": hashlib.sha256(b"\0" + rfc8785.dumps(said)).hexdigest(),
    }


def line(event: object) -> str:
    return json.dumps(event, ensure_ascii=False, separators=(",", ":"))


def proof_of(event: dict[str, object], *, key: SigningKey = KEY) -> str:
    """In a tree of three, of which it is the second leaf."""
    leaf_hash = bytes.fromhex(str(event["leaf_hash"]))
    leaf = hashlib.sha256(b"\0entente/leaf/v1\n" + NONCE + leaf_hash).digest()
    first, third = b"1" * 32, b"3" * 32
    root = merkle.hash_node(merkle.hash_node(first, leaf), third)
    text = Checkpoint(key.name, 3, root).text()
    signed = notes.write(text, [key.sign(text), WITNESS.sign(text, time=99)])
    hashes = [b64encode(one).decode() for one in (first, third)]
    extra = b64encode(NONCE).decode()
    return "\n".join(["c2sp.org/tlog-proof@v1", f"extra {extra}", "index 1", *hashes, "", signed])


FIRST = b64encode(b"1" * 32).decode()
EVENT = an_event()
LINE, PROOF = line(EVENT), proof_of(EVENT)
NUMBERS = ("position", "version", "schema")
TEXTS = ("stream", "kind", "recorded_at", "recorded_by")


def refused(line_: str, proof: str, key: SigningKey = KEY) -> Reason:
    with pytest.raises(Refused) as caught:
        verifying.verify_event(line_, proof, [key.verifier])
    return caught.value.reason


class TestAnEvent:
    def test_is_verified(self):
        found = verifying.verify_event(LINE, PROOF, [KEY.verifier, WITNESS.verifier])

        assert found.checkpoint.size == 3
        assert found.witnesses == {WITNESS.name: 99}

    def test_needs_as_many_witnesses_as_the_reader_says(self):
        keys = [KEY.verifier, WITNESS.verifier]

        assert verifying.verify_event(LINE, PROOF, keys, quorum=1)
        for known, quorum in ((keys, 2), (keys[:1], 1)):
            with pytest.raises(Refused) as caught:
                verifying.verify_event(LINE, PROOF, known, quorum=quorum)
            assert caught.value.reason is Reason.WITNESSES

    def test_counts_a_key_with_two_names_once(self):
        text = notes.parse(PROOF.partition("\n\n")[2]).text
        twin = SigningKey("third.example/witness", WITNESS.seed, KeyType.WITNESS)
        note = notes.write(text, [KEY.sign(text), *(k.sign(text, time=9) for k in (WITNESS, twin))])

        with pytest.raises(Refused) as caught:
            verifying.verify_checkpoint(
                note, [KEY.verifier, WITNESS.verifier, twin.verifier], quorum=2
            )
        assert caught.value.reason is Reason.WITNESSES

    def test_is_verified_after_its_words_were_withheld(self):
        withheld = EVENT | {"words": None, "salt": None, "withheld": True}

        assert verifying.verify_event(line(withheld), PROOF, [KEY.verifier])

    @pytest.mark.parametrize(
        ("change", "reason"),
        [
            ({"kind": "ClaimRetracted"}, Reason.EVENT),
            ({"body": {"kind": "acts"}}, Reason.EVENT),
            ({"recorded_by": "bob"}, Reason.EVENT),
            ({"recorded_at": "2022-05-24T12:00:00.000008Z"}, Reason.EVENT),
            ({"recorded_at": "2022-05-24T12:00:00.000007+00:00"}, Reason.EVENT),
            ({"stream": STREAM.upper()}, Reason.EVENT),
            ({"words": {"summary": "other"}}, Reason.WORDS),
            ({"salt": None}, Reason.WORDS),
            ({"withheld": True}, Reason.WORDS),
            ({"words": None, "salt": None}, Reason.WORDS),
            ({"words": None, "withheld": True}, Reason.WORDS),
            ({"leaf_hash": str(EVENT["leaf_hash"]).upper()}, Reason.MALFORMED),
            ({"leaf_hash": "xy"}, Reason.MALFORMED),
            ({"leaf_hash": 7}, Reason.MALFORMED),
            ({"stream": "none"}, Reason.MALFORMED),
            ({"stream": 7}, Reason.MALFORMED),
            ({"recorded_at": 5}, Reason.MALFORMED),
            ({"recorded_at": "2022-05-24T12:00:00"}, Reason.MALFORMED),
            ({"body": None}, Reason.EVENT),
            ({"body": None, "leaf_hash": None}, Reason.MALFORMED),
            ({"more": 1}, Reason.MALFORMED),
            *(({name: str(EVENT[name])}, Reason.MALFORMED) for name in NUMBERS),
            *(({name: float(str(EVENT[name]))}, Reason.MALFORMED) for name in NUMBERS),
            *(({name: value}, Reason.MALFORMED) for name in NUMBERS for value in (True, None)),
            *(({name: value}, Reason.MALFORMED) for name in TEXTS for value in (7, None, ["ann"])),
            ({"body": [1]}, Reason.MALFORMED),
            ({"words": "none"}, Reason.MALFORMED),
            ({"withheld": 0}, Reason.MALFORMED),
        ],
    )
    def test_that_was_changed_is_refused_by_name(self, change, reason):
        assert refused(line(EVENT | change), PROOF) is reason

    @pytest.mark.parametrize(
        "text",
        ["", "[]", "no", LINE + " ", LINE.replace("Ә", "\\u04d8"), LINE + "\udc80", "[" * 100_000],
    )
    def test_that_is_written_otherwise_is_refused(self, text):
        assert refused(text, PROOF) is Reason.MALFORMED

    @pytest.mark.parametrize(
        ("proof", "reason"),
        [
            ("", Reason.MALFORMED),
            (PROOF.replace(f"extra {b64encode(NONCE).decode()}\n", ""), Reason.MALFORMED),
            (PROOF.replace("\nindex 1\n", "\nindex 2\n"), Reason.INCLUSION),
            (PROOF.replace(FIRST, b64encode(bytes(32)).decode()), Reason.INCLUSION),
            (PROOF.replace(b64encode(NONCE).decode(), b64encode(SALT).decode()), Reason.INCLUSION),
            (PROOF.replace("\n3\n", "\n4\n"), Reason.SIGNATURE),
        ],
    )
    def test_with_another_proof_is_refused_by_name(self, proof, reason):
        assert refused(LINE, proof) is reason

    def test_of_a_log_that_nobody_trusts_is_refused(self):
        other = SigningKey(KEY.name, bytes(range(32)))

        assert refused(LINE, proof_of(EVENT, key=other)) is Reason.SIGNATURE
        assert refused(LINE, PROOF, WITNESS) is Reason.SIGNATURE

    @pytest.mark.parametrize("name", ["news.example/other", f"news.example/log/{UUID(int=1)}"])
    def test_of_another_log_is_refused(self, name):
        other = SigningKey(name, bytes(32))

        wanted = Reason.ORIGIN if name.endswith("other") else Reason.EVENT
        assert refused(LINE, proof_of(EVENT, key=other), other) is wanted

    @given(st.data())
    def test_is_refused_with_any_byte_changed(self, data):
        name = data.draw(st.sampled_from(["line", "proof"]))
        # Without the witness, whose signature a verifier ignores that does not know it.
        texts = {"line": LINE, "proof": PROOF[: PROOF.index(f"— {WITNESS.name}")]}
        changed = data.draw(altered(texts[name].encode()))

        with suppress(UnicodeDecodeError):
            texts[name] = changed.decode()
            with pytest.raises(Refused):
                verifying.verify_event(**texts, keys=[KEY.verifier])

    @pytest.mark.parametrize("added", ['"', "0", " ", "-", ".", "e1", ",", "null"])
    def test_is_refused_with_anything_added_anywhere(self, added):
        for place in range(len(LINE) + 1):
            assert refused(LINE[:place] + added + LINE[place:], PROOF)


def hashed(event: dict[str, object]) -> dict[str, object]:
    """An event without words, with its leaf hash."""
    said = [LOG_ID, *(event[name] for name in ("position", "stream", "version", "kind", "schema"))]
    said += [1653393600 * 10**6 + 7, event["recorded_by"]]
    said += [hashlib.sha256(rfc8785.dumps(event["body"])).hexdigest(), ""]
    leaf_hash = hashlib.sha256(b"\0" + rfc8785.dumps(said)).hexdigest()
    return event | {"leaf_hash": leaf_hash}


WORDLESS = EVENT | {"words": None, "salt": None, "text_sha256": None}
ERASED = hashed(WORDLESS | {"position": 1, "body": None})
DESCRIBED = hashed(ERASED | {"kind": "ActorDescribed"})
BOUND = {"authority": "A court", "leaf_hash": ERASED["leaf_hash"], "position": 1}
ACT = WORDLESS | {"kind": "BodyErased", "version": 2, "body": BOUND | {"reason": "An order"}}


def verify_erasure(erased: dict[str, object], act: dict[str, object]):
    act = hashed(act)
    return verifying.verify_erasure(line(erased), line(act), proof_of(act), [KEY.verifier])


class TestAnErasedEvent:
    def test_is_verified_by_the_proof_of_its_erasure(self):
        signed, found = verify_erasure(ERASED, ACT)

        assert signed.checkpoint.size == 3
        assert found == (2, "ann", "A court", "An order")
        assert verifying.is_erased(line(ERASED))
        assert not verifying.is_erased(LINE)

    def test_is_said_to_be_erased(self):
        erased = hashed(WORDLESS | {"body": None})

        assert refused(line(erased), PROOF) is Reason.ERASED

    @pytest.mark.parametrize(
        ("erased", "act", "reason"),
        [
            (ERASED | {"recorded_by": "bob"}, ACT, Reason.EVENT),
            (hashed(ERASED | {"recorded_by": "bob"}), ACT, Reason.ERASED),
            (hashed(ERASED | {"position": 3}), ACT, Reason.ERASED),
            (ERASED | {"leaf_hash": None}, ACT, Reason.MALFORMED),
            (hashed(WORDLESS | {"position": 1}), ACT, Reason.ERASED),
            (ERASED, ACT | {"kind": "TextWithheld"}, Reason.ERASED),
            (
                DESCRIBED,
                ACT | {"body": ACT["body"] | {"leaf_hash": DESCRIBED["leaf_hash"]}},
                Reason.ERASED,
            ),
            (ERASED, ACT | {"stream": LOG_ID}, Reason.ERASED),
            (ERASED, ACT | {"body": {"position": 1}}, Reason.ERASED),
        ],
    )
    def test_is_refused_if_the_erasure_is_of_another(self, erased, act, reason):
        with pytest.raises(Refused) as caught:
            verify_erasure(erased, act)

        assert caught.value.reason is reason

    def test_is_refused_if_its_erasure_is_not_in_the_log(self):
        act = hashed(ACT)
        with pytest.raises(Refused) as caught:
            verifying.verify_erasure(line(ERASED), line(act), PROOF, [KEY.verifier])

        assert caught.value.reason is Reason.INCLUSION


def a_checkpoint(size: int, *, name: str = KEY.name) -> Checkpoint:
    return Checkpoint(name, size, by_definition(0, size) if size else merkle.EMPTY_ROOT)


class TestALog:
    @pytest.mark.parametrize(("before", "now"), [(0, 5), (5, 5), (3, 300)])
    def test_that_grew_is_verified(self, before, now):
        verifying.verify_growth(a_checkpoint(before), a_checkpoint(now), subtree)

    @pytest.mark.parametrize(
        ("before", "reason"),
        [
            (a_checkpoint(6), Reason.CONSISTENCY),
            (a_checkpoint(3)._replace(root=bytes(32)), Reason.CONSISTENCY),
            (a_checkpoint(3, name="other.example/log"), Reason.ORIGIN),
        ],
    )
    def test_that_is_another_one_is_refused(self, before, reason):
        with pytest.raises(Refused) as caught:
            verifying.verify_growth(before, a_checkpoint(5), subtree)
        assert caught.value.reason is reason
