"""Timestamps of checkpoints by an outside authority (RFC 3161)."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils import timezone

from tracker.domain.proofs import notes
from tracker.models.seals import SealedCheckpoint, SealTimestamp

# How far the clock of an authority may be off.
MOST_SKEW = timedelta(minutes=5)


class Timestamp(NamedTuple):
    """The checkpoint of `size` existed at `stamped_at`, says `authority`."""

    size: int
    stamped_at: datetime
    authority: str


def last() -> Timestamp | None:
    """The last timestamp; None before the first. One with a time to come is not counted: somebody
    made it up."""
    known = SealTimestamp.objects.filter(stamped_at__lte=timezone.now() + MOST_SKEW)
    row = known.order_by("-size").defer("answer").first()
    return Timestamp(row.size, row.stamped_at, row.authority) if row else None


def answer(size: int) -> bytes | None:
    """What the authority answered about the checkpoint of a size, as `openssl ts` reads it."""
    row = SealTimestamp.objects.filter(size=size).first()
    return bytes(row.answer) if row else None


def stamped_text(size: int) -> str | None:
    """The text of a checkpoint that has a timestamp: the note without its signatures."""
    if not SealTimestamp.objects.filter(size=size).exists():
        return None
    row = SealedCheckpoint.objects.filter(size=size).first()
    return text_of(row.note) if row else None


def text_of(note: str) -> str:
    """What an authority is asked about. Witnesses add signatures to a note, so these are left
    out."""
    return notes.parse(note).text
