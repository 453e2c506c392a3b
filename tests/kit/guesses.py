"""What would confirm a guess of an event that is not shown, and where it is told."""

import base64
import hashlib
from collections.abc import Iterable

import rfc8785

from tests.kit.public_routes import Answer
from tracker.domain.proofs.leaves import blinded, microseconds
from tracker.domain.proofs.merkle import hash_leaf
from tracker.log import Stored


def leaf_of(log_id: str, one: Stored, text_sha256: str) -> str:
    """As docs/exporting.md has it, of the true body and a hash of the words."""
    said: list[object] = [log_id, one.position, str(one.stream), one.version, one.kind, one.schema]
    said += [microseconds(one.recorded_at), one.recorded_by]
    said += [hashlib.sha256(one.body.encode()).hexdigest(), text_sha256]
    return hashlib.sha256(b"\0" + rfc8785.dumps(said)).hexdigest()


def confirming(one: Stored) -> dict[str, bytes]:
    """What of an event would confirm a guess of it, by name."""
    told = {
        "body": hashlib.sha256(one.body.encode()).digest(),
        "leaf": one.leaf_hash,
        "leaf of a tree without nonces": hash_leaf(one.leaf_hash),
        "leaf under an empty nonce": blinded(b"", one.leaf_hash),
    }
    for name, value in (("words", one.text_sha256), ("salt", one.salt)):
        if value is not None:
            told[name] = bytes(value)
    if one.text is not None:
        told["bare words"] = hashlib.sha256(one.text.encode()).digest()
    return told


def holding(answers: Iterable[Answer], value: bytes) -> set[str]:
    """Where an answer has a digest, or its beginning, in hex digits or base64."""
    spelled = (value.hex()[:16], base64.b64encode(value).decode()[:12])
    return {one.route for one in answers if any(text in one.text for text in spelled)}
