"""The log of events: the only access to the tables that are the truth.

Positions have no holes and commit in order, since the head row is locked last and until commit. A
reader that remembers a position never misses an event.
"""

from tracker.log.appending import (
    AppendedSpan,
    Rows,
    append,
    append_bulk,
    appended,
    delete_text,
    hold_head,
)
from tracker.log.integrity import damage
from tracker.log.messages import Statement, flush
from tracker.log.reading import (
    END,
    ENDED_BY,
    LOG,
    RECORDED_BY,
    Draft,
    First,
    Head,
    Pending,
    Recorded,
    Sealed,
    Stored,
    Written,
    at,
    at_all,
    find_texts,
    firsts,
    head,
    history,
    new_streams,
    read,
    stored,
    streams,
    wordless,
)
from tracker.log.settling import TooSoon, position_at
from tracker.log.versions import LogBusy, VersionConflict

__all__ = [
    "END",
    "ENDED_BY",
    "LOG",
    "RECORDED_BY",
    "AppendedSpan",
    "Draft",
    "First",
    "Head",
    "LogBusy",
    "Pending",
    "Recorded",
    "Rows",
    "Sealed",
    "Statement",
    "Stored",
    "TooSoon",
    "VersionConflict",
    "Written",
    "append",
    "append_bulk",
    "appended",
    "at",
    "at_all",
    "damage",
    "delete_text",
    "find_texts",
    "firsts",
    "flush",
    "head",
    "history",
    "hold_head",
    "new_streams",
    "position_at",
    "read",
    "stored",
    "streams",
    "wordless",
]
