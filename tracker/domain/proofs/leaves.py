"""The leaf of an event: one hash that binds all its columns.

Its own hash (`leaf`) is in the log. The tree has another one over it with a random nonce
(`blinded`), so that nobody can confirm a guess of a withheld event from the published tree.
"""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from tracker.domain.proofs.merkle import hash_leaf

NONCE_SIZE = 32
# In place of the nonce of an erased event.
NO_NONCE = bytes(NONCE_SIZE)
# The events that say something of a claim. The guards allow to erase no others.
ERASABLE = (
    "ClaimAsserted",
    "ClaimCorrected",
    "ClaimRetracted",
    "ClaimReinstated",
    "CitationAdded",
    "VerdictGiven",
    "ClaimReviewed",
    "ForecastResolved",
)
_TREE_LEAF = b"entente/leaf/v1\n"
_TICK = timedelta(microseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class LeafFields(NamedTuple):
    """The fields of a leaf except position and time, which are known last."""

    stream: UUID
    version: int
    kind: str
    schema: int
    by: str
    body: bytes
    text_sha256: bytes | None


def leaf_prefix(log_id: UUID) -> str:
    """The start of each leaf's text."""
    return f'["{log_id}",'


def leaf_parts(fields: LeafFields) -> tuple[str, str]:
    """The text of the leaf between position and time, and after the time."""
    stream, version, kind, schema, by, body, text_sha256 = fields
    words = "" if text_sha256 is None else text_sha256.hex()
    return (
        f',"{stream}",{version},{_json(kind)},{schema},',
        f',{_json(by)},"{hashlib.sha256(body).hexdigest()}","{words}"]',
    )


def microseconds(at: datetime) -> int:
    """The time in a leaf: microseconds since 1970."""
    return (at - _EPOCH) // _TICK


def leaf(prefix: str, position: int, micros: int, parts: tuple[str, str]) -> bytes:
    """The RFC 6962 leaf hash of an event: SHA-256 over 0x00 and its columns as canonical JSON."""
    text = f"\0{prefix}{position}{parts[0]}{micros}{parts[1]}"
    return hashlib.sha256(text.encode()).digest()


@lru_cache(1024)
def _json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def blinded(nonce: bytes, leaf_hash: bytes) -> bytes:
    """The hash of the tree's leaf for an event."""
    return hash_leaf(_TREE_LEAF + nonce + leaf_hash)
