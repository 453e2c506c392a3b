"""Guesses what an event says that is not shown: tries candidates for its body on what is known."""

import base64
import hashlib
import json
import re
from collections.abc import Collection, Iterable
from itertools import product
from uuid import UUID

import rfc8785

from tests.kit.public_routes import Answer
from tracker.domain.proofs.leaves import blinded, microseconds
from tracker.domain.proofs.merkle import hash_leaf
from tracker.log import Recorded

_HEX = re.compile(r"(?<![0-9a-f])[0-9a-f]{64,}(?![0-9a-f])")
_BASE64 = re.compile(r"[A-Za-z0-9+/]{43}=")


def candidates(
    body: str, *, countries: Iterable[UUID], days: Iterable[str], codes: Iterable[str]
) -> set[str]:
    """The body of a claim with other parties, days and codes; itself is one of them."""
    found = set()
    ends = [str(country) for country in countries]
    for initiator, recipient, day, code in product(ends, ends, days, codes):
        event = json.loads(body)
        first, second = event["claim"]["parties"]
        first["actor"], second["actor"] = initiator, recipient
        event["claim"]["occurred"]["edtf"], event["claim"]["code"] = day, code
        found.add(rfc8785.dumps(event).decode())
    assert body in found
    return found


def values(texts: Iterable[str]) -> set[bytes]:
    """Every value of 32 bytes in some texts, also within longer ones: in hex digits, in base64, and
    as the bytes of files, which the texts have in Latin-1."""
    found = set()
    for text in texts:
        for digits in _HEX.findall(text):
            found |= {bytes.fromhex(digits[at : at + 64]) for at in range(0, len(digits) - 63, 64)}
        found |= {base64.b64decode(one) for one in _BASE64.findall(text)}
    return found


def confirmed(
    bodies: Collection[str], event: Recorded, *, log_id: str, known: Collection[bytes]
) -> set[str]:
    """The candidates that something known confirms: the hash of the body, its leaf hash, or the
    tree's leaf with any known value for the nonce, or without one. All other columns are given,
    among them the hash of the words."""
    return {
        body
        for body in bodies
        if not _traces(body, event, log_id=log_id, nonces=known).isdisjoint(known)
    }


def _traces(body: str, event: Recorded, *, log_id: str, nonces: Iterable[bytes]) -> set[bytes]:
    digest = hashlib.sha256(body.encode()).digest()
    words = event.text_sha256.hex() if event.text_sha256 else ""
    own = bytes.fromhex(leaf_of(log_id, event._replace(body=body), words))
    tree = {blinded(nonce, own) for nonce in nonces}
    return {digest, own, hash_leaf(own), blinded(b"", own), *tree}


def leaf_of(log_id: str, one: Recorded, text_sha256: str) -> str:
    """As docs/exporting.md has it, of the true body and a hash of the words."""
    said: list[object] = [log_id, one.position, str(one.stream), one.version, one.kind, one.schema]
    said += [microseconds(one.recorded_at), one.recorded_by]
    said += [hashlib.sha256(one.body.encode()).hexdigest(), text_sha256]
    return hashlib.sha256(b"\0" + rfc8785.dumps(said)).hexdigest()


def confirming(one: Recorded) -> dict[str, bytes]:
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
    if one.words is not None:
        told["bare words"] = hashlib.sha256(one.words.encode()).digest()
    return told


def holding(answers: Iterable[Answer], value: bytes) -> set[str]:
    """Where an answer has a digest, or its beginning, in hex digits or base64."""
    spelled = (value.hex()[:16], base64.b64encode(value).decode()[:12])
    return {one.route for one in answers if any(text in one.text for text in spelled)}
