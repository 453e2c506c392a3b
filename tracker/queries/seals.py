"""The seal of the log: how far it goes, its last checkpoint, and proofs."""

from datetime import datetime, timedelta
from functools import reduce
from operator import and_
from typing import NamedTuple

from django.db.models import Q, QuerySet
from django.utils import timezone

from tracker.domain.disclosure import Reader
from tracker.domain.proofs import merkle
from tracker.log import Recorded, seal
from tracker.log.seal import NotWhole
from tracker.models.seals import SealedCheckpoint, SealHead
from tracker.queries import log_history, timestamps, witnesses
from tracker.queries.claims import disclosure

# How long a checkpoint waits for the signatures of witnesses before readers get it.
WAITS_FOR_WITNESSES = timedelta(minutes=1)


class SealState(NamedTuple):
    """The tree has the events up to position `sealed_through`. `alarm` says why no more are sealed
    or signed; empty if all is well."""

    sealed_through: int
    alarm: str
    alarmed_at: datetime | None


class SignedCheckpoint(NamedTuple):
    """A checkpoint as a signed note. `key` verifies its signature by the log."""

    size: int
    note: str
    key: str
    signed_at: datetime


class Inclusion(NamedTuple):
    """What shows that an event is in the tree of a size. Without `nonce` the reader may not read
    the event, or it is erased."""

    nonce: bytes | None
    proof: list[bytes]


class NotInTree(ValueError):
    """The tree does not go so far."""


def state() -> SealState:
    row = SealHead.objects.filter(id=1).first()
    if row is None:
        return SealState(0, seal.NO_HEAD, None)
    return SealState(row.size, row.alarm, row.alarmed_at)


def last_checkpoint() -> SignedCheckpoint | None:
    """The last checkpoint; None before the first, or without a key. Readers get
    `published_checkpoint`."""
    row = SealedCheckpoint.objects.order_by("-size").first()
    return _signed(row) if row else None


def _signed(row: SealedCheckpoint) -> SignedCheckpoint:
    return SignedCheckpoint(row.size, row.note, row.key, row.signed_at)


def published_checkpoint() -> SignedCheckpoint | None:
    """The checkpoint for readers, who may ask for the signatures of witnesses: the last one that
    all of them signed, or that waited a minute for them. So it never goes back. What a witness
    refuses within that minute does not become it."""
    newest = _ours()
    if names := witnesses.names():
        refused = [one.refused_at for one in witnesses.states() if one.refused_at]
        waited = Q(signed_at__lte=min([timezone.now(), *refused]) - WAITS_FOR_WITNESSES)
        by_all = reduce(and_, (Q(note__contains=_line_of(name)) for name in names))
        newest = newest.filter(waited | by_all)
    row = newest.first()
    return _signed(row) if row else None


def _ours() -> QuerySet[SealedCheckpoint]:
    """The checkpoints, the last first, without those of events that were lost or replaced before
    the log was last reopened."""
    rows, last = SealedCheckpoint.objects.order_by("-size"), log_history.reopened()
    if last is None or last.event.lost_from is None:
        return rows
    return rows.filter(Q(size__gte=last.position) | Q(size__lt=last.event.lost_from))


def count_witnesses(checkpoint: SignedCheckpoint) -> int:
    """How many of the witnesses that the settings name signed a checkpoint."""
    return sum(_line_of(name) in checkpoint.note for name in witnesses.names())


def _line_of(witness: str) -> str:
    """How the line of a witness begins in a note."""
    return f"\n— {witness} "


def stamp() -> str:
    """What the responses about the seal depend on."""
    now, last, shown = state(), last_checkpoint(), published_checkpoint()
    signed = [(one.size, one.signed_at, len(one.note)) for one in (last, shown) if one]
    asked = [one._replace(signed_at=None) for one in witnesses.states()]
    return f"seal {now} {signed} {asked} {timestamps.last()}"


def inclusion(event: Recorded, *, size: int, reader: Reader) -> Inclusion:
    """Prove that an event is in the tree of a size.

    :raises NotInTree:
    :raises NotWhole: the tree is damaged; also `Refused`.
    """
    if event.position > size:
        says = f"event {event.position} is not among the first {size}; ask again soon"
        raise NotInTree(says)
    masked = disclosure.masked_positions([event], at=None, reader=reader)
    leaf = seal.leaves(after=event.position - 1, until=event.position).get(event.position)
    if leaf is None:
        raise NotWhole(f"the tree does not have event {event.position}")
    return Inclusion(
        nonce=None if masked or event.erased else leaf.nonce,
        proof=merkle.prove_inclusion(event.position - 1, size, seal.subtrees()),
    )


def signed_through() -> int:
    """How many events may be shown in the tree: those of the last checkpoint, or without one all
    that are sealed."""
    last = last_checkpoint()
    return last.size if last else seal.size()
