"""How far the tree of the log went when this host last saw it, kept outside the database.

Each host that seals keeps it, with a key or without. So a log that was restored from an older
backup, or whose end was cut, is noticed, also where no checkpoint was signed yet.
"""

import json
from typing import NamedTuple

from django.db.models import Max

from tracker import log
from tracker.log import seal
from tracker.models.seals import SealedCheckpoint
from tracker.operations import seal_folder
from tracker.operations.seal_keys import NotSealed
from tracker.queries import seals

SEEN = "seen"


class WentBack(NotSealed):
    """The log is not the one that it was: events are missing, or others are in their place."""


class _Seen(NamedTuple):
    """How far the tree went, its root there, and the size of the last checkpoint; `reopened` is the
    incarnation of the log when it was last reopened, or empty."""

    log: str
    reopened: str
    position: int
    root: str
    signed: int = 0


def check() -> None:
    """
    :raises WentBack: the tree no longer begins with the events that this host has seen, and the log
        was not reopened since.
    :raises NotSealed: the database no longer has the checkpoint that this host has seen last.
    :raises Refused: the tree is not whole.
    """
    seen = _read()
    if seen is None or seen.log != str(log.head().log_id) or _is_explained(seen):
        return
    if seal.size() < seen.position:
        raise WentBack(
            f"the log has {seal.size()} sealed events, but this host has seen event"
            f" {seen.position}: a backup was restored, or its end was cut"
        )
    if seal.root_at(seen.position).hex() != seen.root:
        raise WentBack(
            f"the first {seen.position} events are not those that this host has seen: a backup was"
            " restored, or the log was changed"
        )
    if seen.signed and not SealedCheckpoint.objects.filter(size=seen.signed).exists():
        raise NotSealed(
            f"the checkpoint of {seen.signed} events is missing in the database: somebody deleted"
            " it, and perhaps others"
        )


def remember(*, anew: bool = False) -> None:
    """Keep how far the tree goes, which must have passed `check`. With `anew` also if this host has
    seen more checkpoints."""
    size, last = seal.size(), seals.reopened()
    signed = SealedCheckpoint.objects.aggregate(size=Max("size"))["size"] or 0
    now = (str(log.head().log_id), str(last.event.incarnation) if last else "", size)
    if size == 0 or (now, signed) == _place(_read()):
        return
    with seal_folder.alone():
        before = _read()
        if before and before[:2] == now[:2] and not anew:
            # Another process of this host may have seen more.
            if (before.position, before.signed) >= (size, signed):
                return
            signed = max(signed, before.signed)
        seal_folder.write(SEEN, json.dumps(_Seen(*now, seal.root_at(size).hex(), signed)._asdict()))


def seen_position() -> int:
    """The last event that this host has seen of this log; 0 if none is kept."""
    seen = _read()
    return seen.position if seen and seen.log == str(log.head().log_id) else 0


def _place(seen: _Seen | None) -> tuple[tuple[str, str, int], int] | None:
    return (seen[:3], seen.signed) if seen else None


def _read() -> _Seen | None:
    """What this host has seen; None if nothing is kept, or it cannot be read."""
    try:
        return _Seen(**json.loads(seal_folder.read(SEEN)))
    except (ValueError, TypeError):
        return None


def _is_explained(seen: _Seen) -> bool:
    """Whether the log was reopened since, and says that the event was lost."""
    since = seals.log_history().reopenings
    if seen.reopened:
        known = [str(one.event.incarnation) for one in since]
        if seen.reopened not in known:
            return False
        since = since[known.index(seen.reopened) + 1 :]
    return any(one.event.lost_from and one.event.lost_from <= seen.position for one in since)
