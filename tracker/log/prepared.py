"""Events with all that does not depend on their positions."""

import hashlib
import secrets
from typing import NamedTuple
from uuid import UUID

from tracker.domain.proofs.leaves import LeafFields, leaf_parts
from tracker.log.drafts import NewStream, Pending


class Prepared(NamedTuple):
    """An event about to be written. `words` and `salt` are empty if it has none, and `bound` is
    their hash. `leaf`: the parts of its leaf around position and time."""

    stream: UUID
    version: int
    kind: str
    schema: int
    body: bytes
    words: bytes
    salt: bytes
    bound: bytes | None
    leaf: tuple[str, str]


def prepare(one: Pending | NewStream, *, by: str) -> Prepared:
    """Encode and hash an event. A salt protects short words from guesses."""
    stream = one.stream
    if isinstance(one, NewStream):
        version, written = 1, one.written
    else:
        version, written = one.version, one.encoded()
    kind, schema, body, text, _ = written
    encoded, words, salt, bound = body.encode(), text.encode(), b"", None
    if words:
        salt = secrets.token_bytes(16)
        bound = hashlib.sha256(salt + words).digest()
    fields = LeafFields(stream, version, kind, schema, by, encoded, bound)
    return Prepared(stream, version, kind, schema, encoded, words, salt, bound, leaf_parts(fields))
