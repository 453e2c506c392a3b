"""The seal of the log: how far it goes, its last checkpoint, and proofs; what witnesses and an
authority of timestamps say of it; when the log was reopened, or its key changed."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import reduce
from operator import and_
from typing import NamedTuple

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from tracker import log
from tracker.domain.disclosure import Reader
from tracker.domain.events import LOG_STREAM, LogReopened, SealKeyRotated
from tracker.domain.proofs import merkle, notes, witnessing
from tracker.domain.proofs.witnessing import BadWitnesses, Witness
from tracker.log import Recorded, seal
from tracker.log.seal import NotWhole
from tracker.models.seals import SealedCheckpoint, SealHead, SealTimestamp, SealWitness
from tracker.queries.claims import disclosure

# A checkpoint as a signed note. Its `key` verifies its signature by the log.
type SignedCheckpoint = SealedCheckpoint
# How long a checkpoint waits for the signatures of witnesses before readers get it.
WAITS_FOR_WITNESSES = timedelta(minutes=1)


class SealState(NamedTuple):
    """The tree has the events up to position `sealed_through`. `alarm` says why no more are sealed
    or signed; empty if all is well."""

    sealed_through: int
    alarm: str
    alarmed_at: datetime | None


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
    return SealedCheckpoint.objects.order_by("-size").first()


def published_checkpoint() -> SignedCheckpoint | None:
    """The checkpoint for readers, who may ask for the signatures of witnesses: the last one that
    all of them signed, or that waited a minute for them. So it never goes back. What a witness
    refuses within that minute does not become it."""
    newest = _ours()
    if names := witness_names():
        refused = [one.refused_at for one in witness_states() if one.refused_at]
        waited = Q(signed_at__lte=min([timezone.now(), *refused]) - WAITS_FOR_WITNESSES)
        by_all = reduce(and_, (Q(note__contains=_line_of(name)) for name in names))
        newest = newest.filter(waited | by_all)
    return newest.first()


def _ours() -> QuerySet[SealedCheckpoint]:
    """The checkpoints, the last first, without those of events that were lost or replaced before
    the log was last reopened."""
    rows, last = SealedCheckpoint.objects.order_by("-size"), reopened()
    if last is None or last.event.lost_from is None:
        return rows
    return rows.filter(Q(size__gte=last.position) | Q(size__lt=last.event.lost_from))


def count_witnesses(checkpoint: SignedCheckpoint) -> int:
    """How many of the witnesses that the settings name signed a checkpoint."""
    return sum(_line_of(name) in checkpoint.note for name in witness_names())


def _line_of(witness: str) -> str:
    """How the line of a witness begins in a note."""
    return f"\n— {witness} "


def stamp() -> str:
    """What the responses about the seal depend on."""
    now, last, shown = state(), last_checkpoint(), published_checkpoint()
    signed = [(one.size, one.signed_at, len(one.note)) for one in (last, shown) if one]
    asked = [one._replace(signed_at=None) for one in witness_states()]
    return f"seal {now} {signed} {asked} {last_timestamp()}"


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


class WitnessState(NamedTuple):
    """A witness signed the first `size` events at `signed_at`. `error` says why it has not signed
    since `failing_since`, `refused` that it refuses this log as another than the one that it
    signed."""

    name: str
    size: int = 0
    signed_at: datetime | None = None
    error: str = ""
    failing_since: datetime | None = None
    refused: str = ""
    refused_at: datetime | None = None


def named_witnesses() -> list[Witness]:
    """The witnesses that the settings name.

    :raises BadWitnesses:
    """
    return witnessing.parse_witnesses(settings.WITNESSES)


def witness_names() -> list[str]:
    """The names of the witnesses; none if the setting cannot be read, which is an alarm of its
    own."""
    try:
        return [one.key.name for one in named_witnesses()]
    except BadWitnesses:
        return []


def witness_states() -> list[WitnessState]:
    """What the witnesses said of the log, since it was last reopened."""
    asked = witness_names()
    if not asked:
        return []
    last = SealedCheckpoint.objects.filter(size__gte=reopened_at()).order_by("-size")
    notes = last.values_list("note", flat=True)[:1]
    return [one for note in notes for one in _said(asked, origin=note.partition("\n")[0])]


def refusal(*, origin: str) -> str:
    """What the first witness says that refuses the log of this name; empty if none does.

    :raises BadWitnesses:
    """
    asked = [one.key.name for one in named_witnesses()]
    return next((one.refused for one in _said(asked, origin=origin) if one.refused), "")


def _said(asked: list[str], *, origin: str) -> list[WitnessState]:
    rows = SealWitness.objects.filter(origin=origin, name__in=asked) if asked else []
    known = {
        row.name: WitnessState(*(getattr(row, field) for field in WitnessState._fields))
        for row in rows
    }
    return [known.get(name, WitnessState(name)) for name in asked]


# How far the clock of an authority may be off.
MOST_SKEW = timedelta(minutes=5)


class Timestamp(NamedTuple):
    """The checkpoint of `size` existed at `stamped_at`, says `authority`."""

    size: int
    stamped_at: datetime
    authority: str


def last_timestamp() -> Timestamp | None:
    """The last timestamp; None before the first. One with a time to come is not counted: somebody
    made it up."""
    known = SealTimestamp.objects.filter(stamped_at__lte=timezone.now() + MOST_SKEW)
    row = known.order_by("-size").defer("answer").first()
    return Timestamp(row.size, row.stamped_at, row.authority) if row else None


def timestamp_answer(size: int) -> bytes | None:
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


class Reopening(NamedTuple):
    """Where the log was reopened, and how."""

    position: int
    event: LogReopened


class Rotation(NamedTuple):
    """Where and when the key of the log was changed, and how."""

    position: int
    recorded_at: datetime
    event: SealKeyRotated


class LogHistory(NamedTuple):
    """What happened to the log, in order."""

    reopenings: list[Reopening]
    rotations: list[Rotation]


def log_history() -> LogHistory:
    found = LogHistory([], [])
    for one in log.history([LOG_STREAM]):
        match one.decoded():
            case LogReopened() as event:
                found.reopenings.append(Reopening(one.position, event))
            case SealKeyRotated() as event:
                found.rotations.append(Rotation(one.position, one.recorded_at, event))
    return found


def reopened() -> Reopening | None:
    """The last time that the log was reopened; None if it never was."""
    return next(reversed(log_history().reopenings), None)


def reopened_at() -> int:
    """The position at which the log was last reopened; 0 if it never was."""
    last = reopened()
    return last.position if last else 0


def may_have_changed(position: int) -> bool:
    """Whether another event may have had a position, or one before it, until the log was reopened
    after a loss."""
    return any(
        one.event.lost_from and one.event.lost_from <= position for one in log_history().reopenings
    )


def names_of_positions() -> Callable[[int], str]:
    """Return a function that names a position. The name differs from that of another event which
    had the position before the log was reopened."""
    lost = [
        (one.event.lost_from, one.event.incarnation.hex[:8])
        for one in reversed(log_history().reopenings)
        if one.event.lost_from
    ]

    def name(position: int) -> str:
        found = (f"{position}-{given}" for first, given in lost if first <= position)
        return next(found, str(position))

    return name
