"""Checkpoints of a log (C2SP `tlog-checkpoint`): the size and the root of its tree, signed."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from tracker.domain.proofs.encoding import decode, encode
from tracker.domain.proofs.merkle import HASH_SIZE
from tracker.domain.proofs.refusals import Reason, Refused

_SIZE = re.compile("0|[1-9][0-9]{0,18}")


class Checkpoint(NamedTuple):
    """The tree of the log `origin` at a size. Lines after these three are not read."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The text of its note."""
        return f"{self.origin}\n{self.size}\n{encode(self.root)}\n"


def parse(text: str) -> Checkpoint:
    """Read the text of a note.

    :raises Refused: it is no checkpoint.
    """
    lines = text.split("\n")
    if len(lines) < 4 or not all(lines[:-1]) or lines[-1]:
        raise Refused(Reason.MALFORMED, "a checkpoint has an origin, a size and a root")
    origin, size, root = lines[:3]
    found = decode(root)
    if not _SIZE.fullmatch(size) or len(found) != HASH_SIZE:
        raise Refused(Reason.MALFORMED, "the size or the root of a checkpoint is malformed")
    return Checkpoint(origin, int(size), found)


def write(index: int, proof: Sequence[bytes], note: str, *, extra: bytes | None) -> str:
    """`index` counts from 0; `note` is the signed checkpoint."""
    lines = [
        "c2sp.org/tlog-proof@v1",
        *([f"extra {encode(extra)}"] if extra else []),
        f"index {index}",
        *(encode(one) for one in proof),
        "",
        note,
    ]
    return "\n".join(lines)
