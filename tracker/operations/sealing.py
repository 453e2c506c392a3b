"""Seals the log: its tree grows by the new events, and a checkpoint of it is signed.

The signer keeps its last checkpoint in a folder outside the database, and signs nothing that does
not continue it. So a log that was rewritten, cut, or restored from an older backup is noticed.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import structlog
from django.conf import settings
from django.db import DatabaseError

from tracker import log
from tracker.domain.proofs import checkpoints, merkle, notes
from tracker.domain.proofs.checkpoints import Checkpoint
from tracker.domain.proofs.notes import KeyType, SigningKey
from tracker.domain.proofs.refusals import Reason, Refused
from tracker.domain.proofs.witnessing import BadWitnesses
from tracker.log import seal
from tracker.log.seal import NotWhole
from tracker.models.seals import SealedCheckpoint, SealHead
from tracker.queries import witnesses

KEY, LAST, LOCK = "key", "checkpoint", "lock"
logger = structlog.get_logger()


class NotSealed(Exception):
    """Why the log cannot be sealed or signed any further. The text is public: it names no file and
    quotes nothing."""


class Signer(NamedTuple):
    """A key, and the folder with the last checkpoint that it signed."""

    key: SigningKey
    folder: Path


def seal_next(*, at: datetime, most: int) -> int:
    """Add up to `most` events to the tree and sign a checkpoint; return how many events. What stops
    this is an alarm, until it works again on a host with the key.

    :raises NotSealed:
    """
    try:
        signer = configured()
        if signer:
            check(signer)
        added = seal.extend(most=most)
        if signer and added is not None:
            _sign(signer, at=at)
    except Exception as problem:
        public = problem if isinstance(problem, NotSealed) else NotSealed(_public(problem))
        _raise_alarm(str(public), problem, at=at)
        raise public from problem
    if added is not None and (signer or not SealedCheckpoint.objects.exists()):
        SealHead.objects.exclude(alarm="").update(alarm="", alarmed_at=None)
    return added or 0


def configured() -> Signer | None:
    """The signer of this host; None without a key.

    :raises NotSealed: the key cannot be read, or is not one of this log.
    """
    folder = Path(settings.SEAL_FOLDER)
    text = settings.SEAL_KEY or _read(folder / KEY)
    if not text:
        return None
    try:
        key = notes.parse_signing_key(text)
    except Refused:
        # The problem may quote a part of the key.
        raise NotSealed("the key of the log cannot be read") from None
    if key.type is not KeyType.LOG or not key.name.endswith(f"/log/{log.head().log_id}"):
        raise NotSealed("the key is of another log")
    return Signer(key, folder)


def make_key(authority: str) -> Signer:
    """Make the key of this log in the folder of seals; an existing one is kept.

    :raises NotSealed: there is none, but checkpoints were signed: with another key that is lost.
    """
    if signer := configured():
        return signer
    if SealedCheckpoint.objects.exists():
        raise NotSealed("checkpoints of this log were signed, but their key is missing: restore it")
    folder = Path(settings.SEAL_FOLDER)
    with _alone(folder):
        if not _read(folder / KEY):
            made = SigningKey.generate(f"{authority}/log/{log.head().log_id}")
            _write(folder / KEY, f"{made}\n")
    signer = configured()
    assert signer  # noqa: S101 # it was just made
    return signer


def adopt() -> Checkpoint:
    """Take the last checkpoint in the database for the last one that this host signed, if its
    folder has none. Its signature is verified, and that the log continues it.

    :raises NotSealed:
    """
    signer = configured()
    if signer is None:
        raise NotSealed("there is no key")
    last = SealedCheckpoint.objects.order_by("-size").first()
    if last is None:
        raise NotSealed("no checkpoint was signed yet")
    with _alone(signer.folder):
        if before := _last(signer):
            return before
        found = _ours(last.note, signer)
        _check_continues(found, seal.size(), seal.subtrees())
        _write(signer.folder / LAST, last.note)
    return found


def check(signer: Signer) -> None:
    """Check that the log continues the last checkpoint that this host signed, that the last one in
    the database is ours, and that no witness refuses the log.

    :raises NotSealed:
    """
    last = SealedCheckpoint.objects.order_by("-size").first()
    before = _last(signer)
    if before is None and last:
        raise NotSealed(
            "checkpoints were signed, but this host has lost its last one: restore its folder, or"
            " adopt the last one in the database"
        )
    size, subtree = seal.size(), seal.subtrees()
    for one in (before, last and _ours(last.note, signer)):
        if one:
            _check_continues(one, size, subtree)
    if last and last.key != str(signer.key.verifier):
        raise NotSealed("the last checkpoint in the database was signed with another key")
    try:
        refusal = witnesses.refusal(origin=signer.key.name)
    except BadWitnesses:
        raise NotSealed("the setting WITNESSES cannot be read") from None
    if refusal:
        raise NotSealed(refusal)


def _sign(signer: Signer, *, at: datetime) -> None:
    with _alone(signer.folder):
        size, before = seal.size(), _last(signer)
        if size == 0:
            return
        subtree = seal.subtrees()
        if before:
            _check_continues(before, size, subtree)
        found = Checkpoint(signer.key.name, size, merkle.root(size, subtree))
        note = notes.write(found.text(), [signer.key.sign(found.text())])
        if before is None or before.size < size:
            _write(signer.folder / LAST, note)
    made = SealedCheckpoint(size=size, note=note, key=str(signer.key.verifier), signed_at=at)
    SealedCheckpoint.objects.bulk_create([made], ignore_conflicts=True)
    if not SealedCheckpoint.objects.filter(size=size, note__startswith=note, key=made.key).exists():
        raise NotSealed("another checkpoint of this size is in the database")


def _last(signer: Signer) -> Checkpoint | None:
    """The last checkpoint that this host signed.

    :raises NotSealed: the file is damaged, or of another log.
    """
    path = signer.folder / LAST
    return _ours(_read(path), signer) if path.exists() else None


def _ours(text: str, signer: Signer) -> Checkpoint:
    """Read a note that must be a checkpoint of this log, signed with this key.

    :raises NotSealed:
    """
    try:
        note = notes.parse(text)
        found = checkpoints.parse(note.text)
        signed = notes.verify(note, [signer.key.verifier])
    except Refused:
        raise NotSealed("a last checkpoint is damaged") from None
    if not signed or found.origin != signer.key.name:
        raise NotSealed("a last checkpoint is of another log or signed with another key")
    return found


def _check_continues(before: Checkpoint, size: int, subtree: merkle.Subtree) -> None:
    """
    :raises NotSealed: the tree does not begin with the one that was signed.
    :raises Refused: the tree is not whole.
    """
    if size < before.size:
        raise NotSealed(
            f"the log has {size} sealed events, but a checkpoint of {before.size} was signed: a"
            " backup was restored, or its end was cut"
        )
    try:
        root = merkle.root(size, subtree)
        proof = merkle.prove_consistency(before.size, size, subtree)
        merkle.verify_consistency(before.size, size, proof, before.root, root)
    except Refused as problem:
        if problem.reason is Reason.MALFORMED:
            raise
        raise NotSealed(
            f"the log is not the one whose first {before.size} events were signed"
        ) from None


def _public(problem: Exception) -> str:
    """What everybody may read of a problem."""
    if isinstance(problem, NotWhole):
        return str(problem)
    if isinstance(problem, Refused):
        return "a tile of the tree is missing or cut"
    if isinstance(problem, DatabaseError):
        return "the database refused to seal the log"
    if isinstance(problem, (OSError, UnicodeDecodeError)):
        return "the folder of the key cannot be used"
    return "an unexpected error"


def _raise_alarm(text: str, problem: Exception, *, at: datetime) -> None:
    """Keep the alarm with the time at which it began; a new text goes into the log."""
    if SealHead.objects.exclude(alarm=text).update(alarm=text):
        logger.error("seal", alarm=text, exc_info=problem)
    SealHead.objects.filter(alarmed_at=None).update(alarmed_at=at)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let one process of this host at a time use the folder."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / LOCK).open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _read(path: Path) -> str:
    """The text of a file; empty if there is none."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""


def _write(path: Path, text: str) -> None:
    """Replace a file, so that it is whole and on disk whenever the machine stops."""
    draft = path.with_name(f"{path.name}.new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
