"""Verifies what a site says about its log, with nothing but files and public keys.

Needs Python's standard library and `cryptography`.
"""

import hashlib
import json
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from tracker.domain.proofs import checkpoints, leaves, merkle, notes, tlog_proof
from tracker.domain.proofs.checkpoints import Checkpoint
from tracker.domain.proofs.leaves import LeafFields
from tracker.domain.proofs.merkle import Subtree
from tracker.domain.proofs.notes import KeyType, VerifierKey
from tracker.domain.proofs.refusals import Reason, Refused

# Before the id of the log in the origin of its checkpoints.
_LOG = "/log/"
# What a line of the download has, in this order, and of which types. (`bool` is no `int` here.)
_NONE = type(None)
_COLUMNS: Mapping[str, tuple[type, ...]] = {
    "position": (int,),
    "stream": (str,),
    "version": (int,),
    "kind": (str,),
    "schema": (int,),
    "recorded_at": (str,),
    "recorded_by": (str,),
    "body": (dict, _NONE),
    "words": (dict, _NONE),
    "withheld": (bool,),
    "salt": (str, _NONE),
    "text_sha256": (str, _NONE),
    "leaf_hash": (str, _NONE),
}


class SignedCheckpoint(NamedTuple):
    """A checkpoint whose signature by its log is right. `witnesses` have the POSIX time that each
    gives."""

    checkpoint: Checkpoint
    witnesses: Mapping[str, int]


class Erasure(NamedTuple):
    """Where an erasure is recorded, by which account, and by whose order."""

    position: int
    by: str
    authority: str
    reason: str


def verify_checkpoint(
    note: str, keys: Collection[VerifierKey], *, quorum: int = 0
) -> SignedCheckpoint:
    """Verify that a log signed a checkpoint, and at least `quorum` of the witnesses among the keys.

    :raises Refused: it is not signed by one of the keys with the name of its log, or by too few
        witnesses.
    """
    parsed = notes.parse(note)
    found = checkpoints.parse(parsed.text)
    times = notes.verify(parsed, keys)
    if not any(key.type is KeyType.LOG and key.name == found.origin for key in times):
        raise Refused(Reason.SIGNATURE, f"no key that you trust signed this as {found.origin}")
    signed = {key: time for key, time in times.items() if time}
    # A key with two names is one witness.
    count = len({key.public for key in signed})
    if count < quorum:
        raise Refused(Reason.WITNESSES, f"{count} of your witnesses signed this, not {quorum}")
    return SignedCheckpoint(found, {key.name: time for key, time in signed.items()})


def verify_growth(before: Checkpoint, now: Checkpoint, subtree: Subtree) -> None:
    """Verify that a log only grew, by its tiles.

    :raises Refused: it is another log, or it does not continue the earlier checkpoint.
    """
    if before.origin != now.origin:
        raise Refused(Reason.ORIGIN, f"the checkpoint is of {now.origin}, not of {before.origin}")
    if before.size > now.size:
        raise Refused(
            Reason.CONSISTENCY, f"the log has {now.size} events, but it had {before.size}"
        )
    if before.size:
        proof = merkle.prove_consistency(before.size, now.size, subtree)
        merkle.verify_consistency(before.size, now.size, proof, before.root, now.root)


def verify_event(
    line: str, proof: str, keys: Collection[VerifierKey], *, quorum: int = 0
) -> SignedCheckpoint:
    """Verify that an event, as a line of the download of the log has it, is in the log that the
    proof's checkpoint signs, with at least `quorum` witnesses. A line has one form: it is refused
    with any byte changed.

    :raises Refused: it is not, or not shown.
    """
    parsed = tlog_proof.parse(proof)
    signed = verify_checkpoint(parsed.note, keys, quorum=quorum)
    event = _event(line)
    leaf_hash = _leaf_hash(event, log_id=_log_id(signed.checkpoint.origin))
    if event["body"] is None:
        raise Refused(Reason.ERASED, f"event {event['position']} says nothing any more")
    if parsed.extra is None:
        raise Refused(
            Reason.MALFORMED, "the proof has no nonce: ask with a token, or download the log again"
        )
    if parsed.leaf_index != event["position"] - 1:
        raise Refused(Reason.INCLUSION, "the proof is of another position")
    merkle.verify_inclusion(
        leaves.blinded(parsed.extra, leaf_hash),
        parsed.leaf_index,
        signed.checkpoint.size,
        parsed.proof,
        signed.checkpoint.root,
    )
    return signed


def is_erased(line: str) -> bool:
    """Whether the event of a line of the download is erased.

    :raises Refused: it is not such a line.
    """
    return _event(line)["body"] is None


def verify_erasure(
    line: str, record: str, proof: str, keys: Collection[VerifierKey], *, quorum: int = 0
) -> tuple[SignedCheckpoint, Erasure]:
    """Verify that an event is erased, and that its other columns are those that were recorded, by
    the line of its `BodyErased` and the proof of that.

    :raises Refused: it is not, or not shown.
    """
    signed = verify_event(record, proof, keys, quorum=quorum)
    erased, act = _event(line), _event(record)
    leaf_hash = _leaf_hash(erased, log_id=_log_id(signed.checkpoint.origin))
    bound = (act["kind"], act["stream"], act["body"].get("position"), act["body"].get("leaf_hash"))
    columns = ("BodyErased", erased["stream"], erased["position"], leaf_hash.hex())
    may_be_erased = erased["body"] is None and erased["kind"] in leaves.ERASABLE
    if not may_be_erased or bound != columns:
        raise Refused(Reason.ERASED, f"event {act['position']} is not the erasure of this event")
    body = act["body"]
    return signed, Erasure(act["position"], act["recorded_by"], body["authority"], body["reason"])


def verified_line(line: str, *, origin: str) -> tuple[dict[str, Any], bytes]:
    """The columns of a line of the download and the hash of the event's own leaf, which was
    compared with them. `origin` is that of the log's checkpoints.

    :raises Refused: the line is not what was recorded.
    """
    event = _event(line)
    return event, _leaf_hash(event, log_id=_log_id(origin))


def _event(line: str) -> dict[str, Any]:
    try:
        event: dict[str, Any] = json.loads(line.encode())
        is_line = isinstance(event, dict) and _json(event) == line
    except (ValueError, RecursionError):
        raise Refused(Reason.MALFORMED, "the line is not JSON") from None
    # A number in quotes would give the same leaf.
    if (
        not is_line
        or tuple(event) != tuple(_COLUMNS)
        or any(type(event[name]) not in types for name, types in _COLUMNS.items())
    ):
        raise Refused(Reason.MALFORMED, "the line is not one of a download of the log")
    if event["body"] is None and event["leaf_hash"] is None:
        raise Refused(Reason.MALFORMED, "the event is withheld: download it with a token")
    return event


def _leaf_hash(event: Mapping[str, Any], *, log_id: UUID) -> bytes:
    """The hash of an event's columns, after comparing it and that of its words with the line."""
    position = event["position"]
    text_sha256, leaf_hash = _bytes(event["text_sha256"]), _bytes(event["leaf_hash"])
    _check_words(event, text_sha256)
    try:
        fields = LeafFields(
            stream=UUID(event["stream"]),
            version=event["version"],
            kind=event["kind"],
            schema=event["schema"],
            by=event["recorded_by"],
            body=_json(event["body"]).encode(),
            text_sha256=text_sha256,
        )
        at = datetime.fromisoformat(event["recorded_at"])
        found = leaves.leaf(
            leaves.leaf_prefix(log_id), position, leaves.microseconds(at), leaves.leaf_parts(fields)
        )
    except (AttributeError, TypeError, ValueError) as problem:
        raise Refused(Reason.MALFORMED, f"this is not an event: {problem}") from None
    written = (str(fields.stream), at.isoformat().replace("+00:00", "Z"))
    if found != leaf_hash or written != (event["stream"], event["recorded_at"]):
        raise Refused(Reason.EVENT, f"event {position} is not what was recorded")
    return found


def _check_words(event: Mapping[str, Any], text_sha256: bytes | None) -> None:
    words, salt = event["words"], _bytes(event["salt"])
    if event["withheld"] is not (text_sha256 is not None and words is None):
        raise Refused(Reason.WORDS, "the event says otherwise whether its words are withheld")
    found = None if words is None else hashlib.sha256((salt or b"") + _json(words).encode())
    if (found and found.digest() != text_sha256) or (words is None) is not (salt is None):
        raise Refused(Reason.WORDS, f"the words of event {event['position']} were changed")


def _log_id(origin: str) -> UUID:
    """The id of the log. After it an origin may have the incarnation of a log that was reopened."""
    try:
        return UUID(origin.rpartition(_LOG)[2].partition("/")[0])
    except ValueError:
        raise Refused(Reason.ORIGIN, f"{origin} does not name a log of Entente") from None


def _json(value: object) -> str:
    """JSON as a site writes it; canonical (RFC 8785) if the keys are in order."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _bytes(text: str | None) -> bytes | None:
    try:
        found = None if text is None else bytes.fromhex(text)
    except ValueError:
        found = b""
    if found is not None and found.hex() != text:
        raise Refused(Reason.MALFORMED, "a hash is not in hex digits")
    return found
