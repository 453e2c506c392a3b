"""Checkpoints of a log (C2SP `tlog-checkpoint`): the size and the root of its tree, signed."""

import re
from base64 import b64decode, b64encode
from typing import NamedTuple

from tracker.domain.proofs.merkle import HASH_SIZE
from tracker.domain.proofs.refusals import Reason, Refused

_SIZE = re.compile("0|[1-9][0-9]{0,18}")
_ROOT = re.compile("[A-Za-z0-9+/]{43}=")


class Checkpoint(NamedTuple):
    """The tree of the log `origin` at a size. Lines after these three are not read."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The text of its note."""
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"


def parse(text: str) -> Checkpoint:
    """Read the text of a note.

    :raises Refused: it is no checkpoint.
    """
    lines = text.split("\n")
    if len(lines) < 4 or not all(lines[:-1]) or lines[-1]:
        raise Refused(Reason.MALFORMED, "a checkpoint has an origin, a size and a root")
    origin, size, root = lines[:3]
    if not _SIZE.fullmatch(size) or not _ROOT.fullmatch(root):
        raise Refused(Reason.MALFORMED, "the size or the root of a checkpoint is not written so")
    found = b64decode(root)
    if len(found) != HASH_SIZE or b64encode(found).decode() != root:
        raise Refused(Reason.MALFORMED, "the root of a checkpoint is not written so")
    return Checkpoint(origin, int(size), found)
