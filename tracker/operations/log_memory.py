"""The end of the log that this host has seen, kept outside the database.

Each host that seals keeps it, with a key or without. So a log that was restored from an older
backup, or whose end was cut, is noticed, also where no checkpoint was signed yet.
"""

import json
from typing import NamedTuple
from uuid import UUID

from tracker import log
from tracker.operations import seal_folder
from tracker.operations.seal_keys import NotSealed
from tracker.queries import log_history

SEEN = "seen"


class WentBack(NotSealed):
    """The log is not the one that it was: events are missing, or others are in their place."""


class _Seen(NamedTuple):
    """An event that was the last one."""

    log: str
    incarnation: str
    position: int
    leaf: str


def check() -> None:
    """
    :raises WentBack: the log no longer has the event that this host has seen last, and was not
        reopened since.
    """
    seen, head = _read(), log.head()
    if seen is None or seen.log != str(head.log_id) or _is_explained(seen):
        return
    if head.position < seen.position:
        raise WentBack(
            f"the log ends at position {head.position}, but this host has seen event"
            f" {seen.position}: a backup was restored, or its end was cut"
        )
    if _leaf(seen.position) != seen.leaf:
        raise WentBack(
            f"event {seen.position} is not the one that this host has seen: a backup was restored,"
            " or the log was changed"
        )


def remember() -> None:
    """Keep the end of the log, which must have passed `check`."""
    head = log.head()
    if head.position == 0:
        return
    seen, incarnation = _read(), str(log.incarnation())
    if seen and (seen.incarnation, seen.position) == (incarnation, head.position):
        return
    # The database could lose what it has not written to disk yet.
    log.flush()
    now = _Seen(str(head.log_id), incarnation, head.position, _leaf(head.position))
    with seal_folder.alone():
        seal_folder.write(SEEN, json.dumps(now._asdict()))


def _read() -> _Seen | None:
    """What this host has seen; None if nothing is kept, or it cannot be read."""
    try:
        return _Seen(**json.loads(seal_folder.read(SEEN)))
    except (ValueError, TypeError):
        return None


def _is_explained(seen: _Seen) -> bool:
    """Whether the log was reopened since, and says that the event was lost."""
    last = log_history.reopened()
    if last is None or last.event.incarnation == UUID(seen.incarnation):
        return False
    now = log.incarnation() == last.event.incarnation
    return now and last.event.lost_from is not None and last.event.lost_from <= seen.position


def _leaf(position: int) -> str:
    event = log.at(position)
    return event.leaf_hash.hex() if event else ""
