"""Problems of the domain in the words of the desk: names and titles in place of ids."""

import re
from uuid import UUID

from tracker.admin.fields import Directories
from tracker.domain.disclosure import Reader
from tracker.queries.claims import listing

_ID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_NOUN_AND_ID = re.compile(rf"(?:there is no (?P<noun>[a-z]+) )?(?P<id>{_ID})")
_NAMED = ("actor", "source", "document", "collection")


def in_words(detail: str, directories: Directories | None = None) -> str:
    """A message with the name of each record, and the title of each claim, in place of its id."""
    known = directories or Directories()

    def named(found: re.Match[str]) -> str:
        if found["noun"]:
            return f"there is no such {found['noun']}"
        return _name(UUID(found["id"]), known) or "an unknown record"

    return _NOUN_AND_ID.sub(named, detail)


def _name(identifier: UUID, directories: Directories) -> str:
    """The name of a record or the title of a claim; empty if there is none."""
    for noun in _NAMED:
        if identifier in directories.of(noun):
            return re.sub(rf" \[{_ID}\]$", "", directories.of(noun).label(identifier))
    title = listing.titles([identifier], reader=Reader.DESK).get(identifier)
    return f"“{title}”" if title else ""
