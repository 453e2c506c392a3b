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
from django.db import IntegrityError

from tracker import log
from tracker.domain.proofs import checkpoints, merkle, notes
from tracker.domain.proofs.checkpoints import Checkpoint
from tracker.domain.proofs.notes import SigningKey
from tracker.domain.proofs.refusals import Refused
from tracker.log import seal
from tracker.log.seal import MissingEvents
from tracker.models.seals import SealedCheckpoint, SealHead

KEY, LAST, LOCK = "key", "checkpoint", "lock"
# Without alarm, the reason is empty.
_HEAD = SealHead.objects.filter(id=1)
logger = structlog.get_logger()


class NotSealed(Exception):
    """The log cannot be sealed or signed any further, and why."""


class Signer(NamedTuple):
    """A key, and the folder with the last checkpoint that it signed."""

    key: SigningKey
    folder: Path


def seal_next(*, at: datetime, most: int) -> int:
    """Add up to `most` events to the tree and sign a checkpoint; return how many events. What stops
    this is an alarm, until it works again.

    :raises NotSealed:
    """
    try:
        added = seal.extend(most=most)
        if signer := configured():
            _sign(signer, at=at)
    except (MissingEvents, Refused, NotSealed, IntegrityError, OSError) as problem:
        _HEAD.exclude(alarm=str(problem)).update(alarm=str(problem), alarmed_at=at)
        logger.exception("seal", problem=str(problem))
        raise NotSealed(str(problem)) from problem
    _HEAD.exclude(alarm="").update(alarm="", alarmed_at=None)
    return added


def configured() -> Signer | None:
    """The signer of this host; None without a key.

    :raises Refused: the key cannot be read.
    """
    folder = Path(settings.SEAL_FOLDER)
    text = settings.SEAL_KEY or _read(folder / KEY)
    return Signer(notes.parse_signing_key(text), folder) if text else None


def make_key() -> Signer:
    """Make the key of this log in the folder of seals; an existing one is kept.

    :raises NotSealed: there is none, but checkpoints were signed: with another key that is lost.
    """
    if signer := configured():
        return signer
    if SealedCheckpoint.objects.exists():
        raise NotSealed(
            "checkpoints of this log were signed, but their key is not in"
            f" {settings.SEAL_FOLDER}: restore it"
        )
    folder = Path(settings.SEAL_FOLDER)
    with _alone(folder):
        if not (text := _read(folder / KEY)):
            text = f"{SigningKey.generate(f'{settings.AUTHORITY}/log/{log.head().log_id}')}\n"
            _write(folder / KEY, text)
    return Signer(notes.parse_signing_key(text), folder)


def _sign(signer: Signer, *, at: datetime) -> None:
    with _alone(signer.folder):
        size, before = seal.size(), _last(signer)
        if size == 0:
            return
        subtree = seal.subtrees()
        found = Checkpoint(signer.key.name, size, merkle.root(size, subtree))
        if before:
            _check_continues(before, found, subtree)
        note = notes.write(found.text(), [signer.key.sign(found.text())])
        if before is None or before.size < size:
            _write(signer.folder / LAST, note)
    made = SealedCheckpoint(size=size, note=note, key=str(signer.key.verifier), signed_at=at)
    SealedCheckpoint.objects.bulk_create([made], ignore_conflicts=True)


def _last(signer: Signer) -> Checkpoint | None:
    """The last checkpoint that this host signed.

    :raises NotSealed: the file is damaged, or of another log.
    """
    path = signer.folder / LAST
    if not (text := _read(path)):
        return None
    try:
        note = notes.parse(text)
        ours = notes.verify(note, [signer.key.verifier])
        last = checkpoints.parse(note.text)
    except Refused as problem:
        raise NotSealed(f"{path} is damaged: {problem}") from None
    if not ours or last.origin != signer.key.name:
        raise NotSealed(f"{path} is of {last.origin}, not of {signer.key.name}")
    return last


def _check_continues(before: Checkpoint, found: Checkpoint, subtree: merkle.Subtree) -> None:
    """
    :raises NotSealed: the tree does not begin with the one that was signed.
    """
    if found.size < before.size:
        raise NotSealed(
            f"the log has {found.size} sealed events, but a checkpoint of {before.size} was signed:"
            " a backup was restored, or its end was cut"
        )
    try:
        proof = merkle.prove_consistency(before.size, found.size, subtree)
        merkle.verify_consistency(before.size, found.size, proof, before.root, found.root)
    except Refused as problem:
        raise NotSealed(
            f"the log is not the one whose first {before.size} events were signed ({problem})"
        ) from None


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let one process of this host at a time use the folder."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / LOCK).open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _read(path: Path) -> str:
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
