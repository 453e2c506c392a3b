"""The log of events: the only door to the table that is the truth.

Positions have no holes and commit in order, since the head row is locked last and until commit;
so a reader that remembers a position never misses an event.
"""

from tracker.log.appending import LogBusy, VersionConflict, append, appended, delete_text, hold_head
from tracker.log.hashes import damage
from tracker.log.messages import Statement
from tracker.log.reading import at, head, history, read, streams
from tracker.log.records import Draft, Head, Pending, Recorded, wordless
from tracker.log.settling import TooSoon, position_at
from tracker.log.stored import Stored, stored

__all__ = [
    "Draft",
    "Head",
    "LogBusy",
    "Pending",
    "Recorded",
    "Statement",
    "Stored",
    "TooSoon",
    "VersionConflict",
    "append",
    "appended",
    "at",
    "damage",
    "delete_text",
    "head",
    "history",
    "hold_head",
    "position_at",
    "read",
    "stored",
    "streams",
    "wordless",
]
