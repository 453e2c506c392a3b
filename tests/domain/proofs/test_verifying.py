"""Verifies events and checkpoints that are made by hand, and refuses each change by name."""

import hashlib
import json
from base64 import b64encode
from contextlib import suppress
from uuid import UUID

import pytest
import rfc8785
from hypothesis import given

from tests.domain.proofs.test_merkle import by_definition
from tests.kit.changed_bytes import altered
from tests.kit.tables import each
from tools import verify
from tools.verify import Refused
from tracker.domain.proofs import merkle, notes, tiles
from tracker.domain.proofs.checkpoints import Checkpoint
from tracker.domain.proofs.notes import KeyType, SigningKey

LOG_ID = "01a2245c-a7c6-7b7e-904a-ddbbe41b4458"
STREAM = "0bbbbeac-2e9f-53d0-90d4-2974d91ca634"
KEY = SigningKey(f"news.example/log/{LOG_ID}", bytes(32))
WITNESS = SigningKey("other.example/witness", bytes(range(32)), KeyType.WITNESS)
SALT, NONCE = b"z" * 16, b"n" * 32
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
NUMBERS = ("version", "schema")
TEXTS = ("stream", "kind", "recorded_by")


def refused(line_: str, proof: str, key: SigningKey = KEY) -> str:
    with pytest.raises(Refused) as caught:
        verify.verify_event(line_, proof, [key.verifier])
    return caught.value.reason


class TestAnEvent:
    def test_is_verified(self):
        found = verify.verify_event(LINE, PROOF, [KEY.verifier, WITNESS.verifier])

        assert found.checkpoint.size == 3
        assert found.witnesses == {WITNESS.name: 99}

    def test_needs_as_many_witnesses_as_the_reader_says(self):
        keys = [KEY.verifier, WITNESS.verifier]

        assert verify.verify_event(LINE, PROOF, keys, quorum=1)
        for known, quorum in ((keys, 2), (keys[:1], 1)):
            with pytest.raises(Refused) as caught:
                verify.verify_event(LINE, PROOF, known, quorum=quorum)
            assert caught.value.reason == "witnesses"

    def test_counts_a_key_with_two_names_once(self):
        text = notes.parse(PROOF.partition("\n\n")[2]).text
        twin = SigningKey("third.example/witness", WITNESS.seed, KeyType.WITNESS)
        note = notes.write(text, [KEY.sign(text), *(k.sign(text, time=9) for k in (WITNESS, twin))])

        with pytest.raises(Refused) as caught:
            verify.verify_checkpoint(
                note, [KEY.verifier, WITNESS.verifier, twin.verifier], quorum=2
            )
        assert caught.value.reason == "witnesses"

    def test_is_verified_after_its_words_were_withheld(self):
        withheld = EVENT | {"words": None, "salt": None, "withheld": True}

        assert verify.verify_event(line(withheld), PROOF, [KEY.verifier])

    @each(
        ("change", "reason"),
        [
            ({"kind": "ClaimRetracted"}, "event"),
            ({"body": {"kind": "acts"}}, "event"),
            ({"recorded_by": "bob"}, "event"),
            ({"recorded_at": "2022-05-24T12:00:00.000008Z"}, "event"),
            ({"stream": STREAM.upper()}, "event"),
            ({"words": {"summary": "other"}}, "words"),
            ({"salt": None}, "words"),
            ({"withheld": True}, "words"),
            ({"words": None, "salt": None}, "words"),
            ({"words": None, "withheld": True}, "words"),
            ({"salt": SALT.hex().upper()}, "words"),
            ({"leaf_hash": str(EVENT["leaf_hash"]).upper()}, "malformed"),
            ({"leaf_hash": "xy"}, "malformed"),
            ({"leaf_hash": 7}, "malformed"),
            ({"position": "2"}, "malformed"),
            ({"recorded_at": 5}, "malformed"),
            ({"recorded_at": "2022-05-24T12:00:00"}, "malformed"),
            ({"body": None}, "event"),
            ({"body": None, "leaf_hash": None}, "malformed"),
            *(({name: str(EVENT[name])}, "event") for name in NUMBERS),
            *(({name: float(str(EVENT[name]))}, "event") for name in NUMBERS),
            *(({name: value}, "event") for name in NUMBERS for value in (True, None)),
            *(({name: value}, "event") for name in TEXTS for value in (7, None, ["ann"])),
            ({"body": [1]}, "event"),
            ({"words": "none"}, "words"),
            ({"withheld": 0}, "words"),
        ],
    )
    def test_that_was_changed_is_refused_by_name(self, change, reason):
        assert refused(line(EVENT | change), PROOF) == reason

    @each(
        "text",
        ["", "[]", "no", LINE + "\udc80", LINE + "x", "[" * 100_000],
    )
    def test_that_is_no_json_is_refused(self, text):
        assert refused(text, PROOF) == "malformed"

    @each(
        ("column", "forged"),
        [
            ('"body":{', '"body":{"forged":true},'),
            ('"bod\\u0079":{', '"body":{"forged":true},'),
            ('"words":{', '"words":null,'),
            ('"salt":"', '"salt":"00",'),
            ('"kind":"act"', '"kind":"threat",'),
            ('"summary":"', '"summary":"other",'),
        ],
    )
    def test_that_has_a_key_twice_is_refused(self, column, forged):
        """Others read the first of them, or the last; also in what the event is about."""
        own = column.replace("\\u0079", "y")
        twice = LINE.replace(own, forged + column)

        assert json.loads(twice) == EVENT
        assert refused(twice, PROOF) == "malformed"

    def test_without_words_has_no_salt(self):
        plain = hashed(WORDLESS)

        assert verify.verify_event(line(plain), proof_of(plain), [KEY.verifier])
        assert refused(line(plain | {"salt": SALT.hex()}), proof_of(plain)) == "words"

    @each(
        ("proof", "reason"),
        [
            ("", "malformed"),
            (PROOF.replace(f"extra {b64encode(NONCE).decode()}\n", ""), "malformed"),
            (PROOF.replace("\nindex 1\n", "\nindex 2\n"), "inclusion"),
            (PROOF.replace(FIRST, b64encode(bytes(32)).decode()), "inclusion"),
            (PROOF.replace(b64encode(NONCE).decode(), b64encode(SALT).decode()), "inclusion"),
            (PROOF.replace("\n3\n", "\n4\n"), "signature"),
        ],
    )
    def test_with_another_proof_is_refused_by_name(self, proof, reason):
        assert refused(LINE, proof) == reason

    def test_of_a_log_that_nobody_trusts_is_refused(self):
        other = SigningKey(KEY.name, bytes(range(32)))

        assert refused(LINE, proof_of(EVENT, key=other)) == "signature"
        assert refused(LINE, PROOF, WITNESS) == "signature"

    @pytest.mark.parametrize("name", ["news.example/other", f"news.example/log/{UUID(int=1)}"])
    def test_of_another_log_is_refused(self, name):
        other = SigningKey(name, bytes(32))

        wanted = "origin" if name.endswith("other") else "event"
        assert refused(LINE, proof_of(EVENT, key=other), other) == wanted

    @given(altered(PROOF[: PROOF.index(f"— {WITNESS.name}")].encode()))
    def test_is_refused_with_any_byte_of_the_proof_changed(self, changed):
        """But of the witness, whose signature a verifier ignores that does not know it."""
        with suppress(UnicodeDecodeError), pytest.raises(Refused):
            verify.verify_event(LINE, changed.decode(), keys=[KEY.verifier])

    @given(altered(LINE.encode()))
    def test_is_refused_with_a_byte_of_the_line_changed_that_says_something_else(self, changed):
        with suppress(UnicodeDecodeError, Refused):
            verify.verify_event(changed.decode(), PROOF, keys=[KEY.verifier])
            found = json.loads(changed)
            # A time can be written in several ways, and what the leaf does not have may be added.
            for name in EVENT.keys() - {"recorded_at"}:
                assert found[name] == EVENT[name]


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
    return verify.verify_erasure(line(erased), line(act), proof_of(act), [KEY.verifier])


class TestAnErasedEvent:
    def test_is_verified_by_the_proof_of_its_erasure(self):
        signed, found = verify_erasure(ERASED, ACT)

        assert signed.checkpoint.size == 3
        assert found == (2, "ann", "A court", "An order")

    def test_is_said_to_be_erased(self):
        erased = hashed(WORDLESS | {"body": None})

        assert refused(line(erased), PROOF) == "erased"

    @each(
        ("erased", "act", "reason"),
        [
            (ERASED | {"recorded_by": "bob"}, ACT, "event"),
            (hashed(ERASED | {"recorded_by": "bob"}), ACT, "erased"),
            (hashed(ERASED | {"position": 3}), ACT, "erased"),
            (ERASED | {"leaf_hash": None}, ACT, "malformed"),
            (hashed(WORDLESS | {"position": 1}), ACT, "erased"),
            (ERASED, ACT | {"kind": "TextWithheld"}, "erased"),
            (
                DESCRIBED,
                ACT | {"body": ACT["body"] | {"leaf_hash": DESCRIBED["leaf_hash"]}},
                "erased",
            ),
            (ERASED, ACT | {"stream": LOG_ID}, "erased"),
            (ERASED, ACT | {"body": {"position": 1}}, "erased"),
        ],
    )
    def test_is_refused_if_the_erasure_is_of_another(self, erased, act, reason):
        with pytest.raises(Refused) as caught:
            verify_erasure(erased, act)

        assert caught.value.reason == reason

    def test_is_refused_if_its_erasure_is_not_in_the_log(self):
        act = hashed(ACT)
        with pytest.raises(Refused) as caught:
            verify.verify_erasure(line(ERASED), line(act), PROOF, [KEY.verifier])

        assert caught.value.reason == "inclusion"


def a_checkpoint(size: int, *, name: str = KEY.name) -> Checkpoint:
    return Checkpoint(name, size, by_definition(0, size) if size else merkle.EMPTY_ROOT)


def tile_of(size: int):
    """The tiles of a tree of a size."""
    leaves = [by_definition(index, index + 1) for index in range(size)]
    made = {(one.level, one.number): one.hashes for one in tiles.extend(0, [], leaves)[1]}
    return lambda level, number: made[level, number]


class TestALog:
    @pytest.mark.parametrize(
        ("before", "now"), [(0, 5), (5, 5), (3, 300), (256, 300), (257, 70_000)]
    )
    def test_that_grew_is_verified(self, before, now):
        verify.verify_growth(a_checkpoint(before), a_checkpoint(now), tile_of(now))

    @pytest.mark.parametrize(
        ("before", "reason"),
        [
            (a_checkpoint(6), "consistency"),
            (a_checkpoint(3)._replace(root=bytes(32)), "consistency"),
            (a_checkpoint(3, name="other.example/log"), "origin"),
        ],
    )
    def test_that_is_another_one_is_refused(self, before, reason):
        with pytest.raises(Refused) as caught:
            verify.verify_growth(before, a_checkpoint(5), tile_of(5))
        assert caught.value.reason == reason
