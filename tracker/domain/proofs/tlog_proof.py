"""A proof of inclusion with its checkpoint as one text (C2SP `tlog-proof`)."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from tracker.domain.proofs.encoding import decode, encode
from tracker.domain.proofs.merkle import HASH_SIZE
from tracker.domain.proofs.refusals import Reason, Refused

_FIRST = "c2sp.org/tlog-proof@v1"
_TEXT = re.compile(
    f"{re.escape(_FIRST)}\n(?:extra ([^\n]+)\n)?index (0|[1-9][0-9]{{0,18}})\n"
    "((?:[^\n]+\n){0,63})\n(.+)",
    re.DOTALL,
)


class TlogProof(NamedTuple):
    """`leaf_index` counts from 0; `note` is the signed checkpoint."""

    leaf_index: int
    proof: Sequence[bytes]
    note: str
    extra: bytes | None


def write(index: int, proof: Sequence[bytes], note: str, *, extra: bytes | None) -> str:
    lines = [
        _FIRST,
        *([f"extra {encode(extra)}"] if extra else []),
        f"index {index}",
        *(encode(one) for one in proof),
        "",
        note,
    ]
    return "\n".join(lines)


def parse(text: str) -> TlogProof:
    """
    :raises Refused: it is no such proof.
    """
    match = _TEXT.fullmatch(text)
    hashes = [decode(line) for line in match[3].split("\n")[:-1]] if match else []
    if match is None or any(len(one) != HASH_SIZE for one in hashes):
        raise Refused(Reason.MALFORMED, "this is not a proof of C2SP tlog-proof")
    return TlogProof(int(match[2]), hashes, match[4], decode(match[1]) if match[1] else None)
