"""Signed notes (C2SP `signed-note`): a text and lines of signatures by named keys.

Keys are Ed25519: those of a log sign the text (type 1), those of a witness sign the text and a time
(type 4, C2SP `tlog-cosignature`).
"""

import hashlib
import re
from collections.abc import Collection, Iterable, Sequence
from enum import IntEnum
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from tracker.domain.proofs.encoding import decode, encode
from tracker.domain.proofs.refusals import Reason, Refused

MOST_SIGNATURES = 64
MOST_BYTES = 1_000_000
_LINE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})")
_KEY_ID, _TIME, _ED25519 = 4, 8, 32


class KeyType(IntEnum):
    """What a key signs: the text, or the text with a time."""

    LOG = 1
    WITNESS = 4


class Signature(NamedTuple):
    """A line of a note; `value` is without the id of the key."""

    name: str
    key_id: int
    value: bytes


class Note(NamedTuple):
    """A text, which ends with a newline, and its signatures."""

    text: str
    signatures: Sequence[Signature]


class VerifierKey(NamedTuple):
    """A public key with its name."""

    name: str
    type: KeyType
    public: bytes

    @property
    def key_id(self) -> int:
        return _key_id(self.name, self.type, self.public)

    def __str__(self) -> str:
        material = encode(bytes([self.type]) + self.public)
        return f"{self.name}+{self.key_id:08x}+{material}"

    def verify(self, text: str, signature: Signature) -> int | None:
        """Verify a signature of a text, and return the POSIX time that a witness gives.

        :raises Refused: it is not by this key, or of another text.
        """
        time, value = None, signature.value
        if self.type is KeyType.WITNESS:
            time, value = int.from_bytes(value[:_TIME]), value[_TIME:]
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(value, _signed(text, time))
        except InvalidSignature:
            raise Refused(Reason.SIGNATURE, f"the signature of {self.name} is wrong") from None
        return time


class SigningKey(NamedTuple):
    """A private key with its name; `seed` has 32 bytes."""

    name: str
    seed: bytes
    type: KeyType = KeyType.LOG

    @classmethod
    def generate(cls, name: str, type: KeyType = KeyType.LOG) -> "SigningKey":  # noqa: A002
        """
        :raises Refused: no key can have this name.
        """
        _check_name(name)
        return cls(name, Ed25519PrivateKey.generate().private_bytes_raw(), type)

    @property
    def verifier(self) -> VerifierKey:
        public = Ed25519PrivateKey.from_private_bytes(self.seed).public_key()
        return VerifierKey(self.name, self.type, public.public_bytes_raw())

    def __str__(self) -> str:
        material = encode(bytes([self.type]) + self.seed)
        return f"PRIVATE+KEY+{self.name}+{self.verifier.key_id:08x}+{material}"

    def sign(self, text: str, *, time: int | None = None) -> Signature:
        """Sign a text; a witness gives the POSIX time with it."""
        value = Ed25519PrivateKey.from_private_bytes(self.seed).sign(_signed(text, time))
        if time is not None:
            value = time.to_bytes(_TIME) + value
        return Signature(self.name, self.verifier.key_id, value)


def parse_verifier_key(text: str) -> VerifierKey:
    """
    :raises Refused: it is not a key of this kind, or its id is not its own.
    """
    name, _, rest = text.strip().partition("+")
    key_id, _, material = rest.partition("+")
    type_, public = _key_material(material)
    key = VerifierKey(name, type_, public)
    _check_name(name)
    if key_id != f"{key.key_id:08x}":
        raise Refused(Reason.MALFORMED, f"the key of {name} has the id of another")
    return key


def parse_signing_key(text: str) -> SigningKey:
    """Read a private key as Go's `note` package writes them.

    :raises Refused: it is not a key of this kind, or its id is not its own.
    """
    first, second, name, key_id, material = (*text.strip().split("+", 4), *[""] * 5)[:5]
    if (first, second) != ("PRIVATE", "KEY"):
        raise Refused(Reason.MALFORMED, "a private key begins with PRIVATE+KEY+")
    type_, seed = _key_material(material)
    key = SigningKey(name, seed, type_)
    _check_name(name)
    if key_id != f"{key.verifier.key_id:08x}":
        raise Refused(Reason.MALFORMED, f"the private key of {name} has the id of another")
    return key


def parse(note: str) -> Note:
    """
    :raises Refused: it is not a signed note.
    """
    if len(note) > MOST_BYTES:
        raise Refused(Reason.MALFORMED, f"a note of more than {MOST_BYTES} characters")
    text, separator, lines = note.rpartition("\n\n")
    if not separator or not lines.endswith("\n") or _has_control(note):
        raise Refused(Reason.MALFORMED, "a note has a text, an empty line and signatures")
    signatures = [_parse_line(line) for line in lines[:-1].split("\n")]
    if len(signatures) > MOST_SIGNATURES:
        raise Refused(Reason.MALFORMED, f"a note with more than {MOST_SIGNATURES} signatures")
    return Note(text + "\n", signatures)


def write(text: str, signatures: Iterable[Signature]) -> str:
    """Write a note. The text ends with a newline."""
    return f"{text}\n{''.join(map(line, signatures))}"


def line(signature: Signature) -> str:
    """The line of a note for a signature."""
    name, key_id, value = signature
    return f"— {name} {encode(key_id.to_bytes(_KEY_ID) + value)}\n"


def verify(note: Note, keys: Collection[VerifierKey]) -> dict[VerifierKey, int | None]:
    """Return those of some keys that signed a note, and the times that witnesses give. Signatures
    of other keys are ignored.

    :raises Refused: a signature of one of the keys is wrong.
    """
    known = {(key.name, key.key_id): key for key in keys}
    found = {}
    for signature in note.signatures:
        if key := known.get(signature[:2]):
            found[key] = key.verify(note.text, signature)
    return found


def _parse_line(line: str) -> Signature:
    match = _LINE.fullmatch(line)
    data = decode(match[2]) if match else b""
    if not match or len(data) <= _KEY_ID:
        raise Refused(Reason.MALFORMED, f"this is not a signature of a note: {line[:100]}")
    return Signature(match[1], int.from_bytes(data[:_KEY_ID]), data[_KEY_ID:])


def _signed(text: str, time: int | None) -> bytes:
    """What is signed: the text, or a witness's statement about it."""
    return (text if time is None else f"cosignature/v1\ntime {time}\n{text}").encode()


def _key_id(name: str, type_: KeyType, public: bytes) -> int:
    digest = hashlib.sha256(f"{name}\n".encode() + bytes([type_]) + public).digest()
    return int.from_bytes(digest[:_KEY_ID])


def _key_material(text: str) -> tuple[KeyType, bytes]:
    data = decode(text)
    if len(data) != 1 + _ED25519 or data[0] not in [*KeyType]:
        raise Refused(Reason.MALFORMED, "this is not an Ed25519 key of a log or a witness")
    return KeyType(data[0]), data[1:]


def _check_name(name: str) -> None:
    if not name or "+" in name or any(sign.isspace() for sign in name) or _has_control(name):
        raise Refused(Reason.MALFORMED, "the name of a key has neither spaces nor +")


def _has_control(text: str) -> bool:
    return any(sign < " " and sign != "\n" for sign in text)
