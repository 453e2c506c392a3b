"""The six classes of what happens between two countries, by which it moves their level."""

from functools import lru_cache
from typing import Literal, get_args

from tracker.domain import codebooks

Class = Literal[
    "cooperation in words",
    "cooperation in deeds",
    "conflict in words",
    "conflict in deeds",
    "violence",
]
CLASSES: tuple[Class, ...] = get_args(Class)

# By PLOVER's events, to which the codes of other schemes are mapped.
_EVENTS: dict[Class, tuple[str, ...]] = {
    "cooperation in words": ("AGREE", "CONSULT", "SUPPORT", "CONCEDE"),
    "cooperation in deeds": ("COOPERATE", "AID", "RETREAT"),
    "conflict in words": ("REQUEST", "ACCUSE", "REJECT", "THREATEN"),
    "conflict in deeds": ("PROTEST", "SANCTION", "MOBILIZE", "COERCE"),
    "violence": ("ASSAULT",),
}
_BY_EVENT: dict[str, Class] = {event: one for one, events in _EVENTS.items() for event in events}


@lru_cache(maxsize=4_096)
def class_of(code: str) -> Class | None:
    """Return the class of a code; None if acts with it move no level.

    Contacts on the sidelines are news and no change of the relation. Nor is a request of which the
    scheme says that it is friendly (an appeal for help), since somebody who asks has given nothing.
    """
    try:
        found = codebooks.find(code)
    except codebooks.UnknownCode:
        return None
    if found.sideline or (found.event == "REQUEST" and (found.value or 0.0) >= 0):
        return None
    return _BY_EVENT.get(found.event)
