"""The protocol between a log and its witnesses (C2SP `tlog-witness`).

A log sends its checkpoint with a proof that the log only grew. A witness checks it against the last
one that it signed, and signs it. So nobody gets its signature for another history of that log.
"""

import re
from collections.abc import Collection, Sequence
from http import HTTPStatus
from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import urlsplit

from tracker.domain.proofs import checkpoints, merkle, notes
from tracker.domain.proofs.checkpoints import Checkpoint
from tracker.domain.proofs.encoding import decode, encode
from tracker.domain.proofs.merkle import EMPTY_ROOT, HASH_SIZE
from tracker.domain.proofs.notes import KeyType, Note, Signature, VerifierKey
from tracker.domain.proofs.refusals import Reason, Refused

MOST_WITNESSES = 16
_SUBMISSION = re.compile(
    r"old (0|[1-9][0-9]{0,18})\n((?:[A-Za-z0-9+/=]{1,64}\n){0,63})\n(.+)", re.DOTALL
)
_SIZE = re.compile("0|[1-9][0-9]{0,18}")
_SEPARATOR = re.compile("[,\n]")


class Submission(NamedTuple):
    """What a log sends: a checkpoint, and the proof that it continues the tree of size `old`."""

    old: int
    proof: Sequence[bytes]
    note: Note
    checkpoint: Checkpoint


class NotSigned(Exception):
    """Why a witness does not sign: the status of its answer. `size` is that of the last checkpoint
    that it signed, where the log must know it."""

    def __init__(self, status: HTTPStatus, says: str, *, size: int | None = None) -> None:
        super().__init__(says)
        self.status = status
        self.size = size


class Witness(NamedTuple):
    """A witness that a log asks, at the addresses below `url`."""

    key: VerifierKey
    url: str


class BadWitnesses(ValueError):
    """A list of witnesses that cannot be read. The message names the entry."""


def write(old: int, proof: Sequence[bytes], note: str) -> str:
    """The body of a request for a signature."""
    return "\n".join([f"old {old}", *map(encode, proof), "", note])


def parse(text: str) -> Submission:
    """
    :raises Refused: it is no such body.
    """
    match = _SUBMISSION.fullmatch(text)
    if match is None:
        raise Refused(Reason.MALFORMED, "this is not a request for a signature of a checkpoint")
    proof = [decode(line) for line in match[2].split("\n")[:-1]]
    if any(len(one) != HASH_SIZE for one in proof):
        raise Refused(Reason.MALFORMED, "the proof has a line that is no hash")
    note = notes.parse(match[3])
    return Submission(int(match[1]), proof, note, checkpoints.parse(note.text))


def trusted(sent: Submission, keys: Collection[VerifierKey]) -> Note:
    """The note of a checkpoint with the signatures of its log only, by the keys that a witness
    knows of it.

    :raises NotSigned:
    """
    if not keys:
        raise NotSigned(HTTPStatus.NOT_FOUND, f"{sent.checkpoint.origin} is not known here")
    try:
        signed = notes.verify(sent.note, keys)
    except Refused as problem:
        raise NotSigned(HTTPStatus.FORBIDDEN, str(problem)) from None
    if not signed:
        raise NotSigned(HTTPStatus.FORBIDDEN, "no key that is known here signed this")
    ids = {(key.name, key.key_id) for key in signed}
    return Note(sent.note.text, [one for one in sent.note.signatures if one[:2] in ids])


def check_grows(sent: Submission, last: Checkpoint | None) -> None:
    """Check that a checkpoint continues the last one that a witness signed of its log.

    :raises NotSigned:
    """
    origin, size, root = sent.checkpoint
    last = last or Checkpoint(origin, 0, EMPTY_ROOT)
    if sent.old > size:
        raise NotSigned(HTTPStatus.BAD_REQUEST, "the old size is larger than the checkpoint's")
    if sent.old != last.size:
        says = f"the last checkpoint that was signed here has {last.size} events"
        raise NotSigned(HTTPStatus.CONFLICT, says, size=last.size)
    if last.size:
        try:
            merkle.verify_consistency(last.size, size, sent.proof, last.root, root)
        except Refused as problem:
            raise NotSigned(HTTPStatus.UNPROCESSABLE_ENTITY, str(problem)) from None
    elif sent.proof or (size == 0 and root != EMPTY_ROOT):
        says = "an empty tree has one root and no proof"
        raise NotSigned(HTTPStatus.UNPROCESSABLE_ENTITY, says)


def read_answer(text: str, answer: str, key: VerifierKey) -> Signature:
    """The signature of a witness in its answer, for the text of a note.

    :raises Refused: there is none, or it is wrong.
    """
    note = notes.parse(f"{text}\n{answer}")
    if not notes.verify(note, [key]).get(key):
        raise Refused(Reason.SIGNATURE, f"{key.name} did not sign, or gives no time")
    return next(one for one in note.signatures if one[:2] == (key.name, key.key_id))


def read_size(answer: str) -> int | None:
    """The size that a witness signed last, in its answer to another one."""
    return int(answer) if _SIZE.fullmatch(answer.removesuffix("\n")) else None


def parse_witnesses(text: str) -> list[Witness]:
    """Read a list of witnesses: a public key and an address each, separated by commas or lines.

    :raises BadWitnesses:
    """
    entries = [words for part in _SEPARATOR.split(text) if (words := part.split())]
    if len(entries) > MOST_WITNESSES:
        raise BadWitnesses(f"there are more than {MOST_WITNESSES} witnesses")
    found: list[Witness] = []
    for number, words in enumerate(entries, start=1):
        try:
            found.append(_witness(words, found))
        except ValueError as problem:
            raise BadWitnesses(f"witness {number}: {problem}") from None
    return found


def _witness(words: Sequence[str], others: Sequence[Witness]) -> Witness:
    """
    :raises ValueError:
    """
    if len(words) != 2:
        raise ValueError("a public key and an address are needed, with a space between them")
    key = notes.parse_verifier_key(words[0])
    if key.type is not KeyType.WITNESS:
        raise ValueError(f"the key of {key.name} is not one of a witness")
    if any(key.name == one.key.name or key.public == one.key.public for one in others):
        raise ValueError(f"{key.name} is named twice")
    parts = urlsplit(words[1])
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.port == 0:
        raise ValueError("the address must be one of the web, such as https://witness.example")
    if parts.username is not None or parts.query or parts.fragment:
        raise ValueError("the address must not have a user name, a query or a fragment")
    if parts.scheme == "http" and not _is_loopback(parts.hostname):
        raise ValueError("the address must begin with https://, except on this machine")
    return Witness(key, words[1].rstrip("/"))


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
