"""Messages of the domain in the words of the desk: names and titles in place of ids."""

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from uuid import UUID

from tracker.domain.disclosure import Reader
from tracker.queries.claims import listing
from tracker.queries.records import states

_ID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
# A reference to what is not on record, a missing thing, or any other id.
_FOUND = re.compile(
    rf"(?P<missing>{_ID}) is [\w ]+ on record; expected an? (?P<expected>\w+): record it first"
    rf"|there is no (?P<noun>[a-z]+) {_ID}"
    rf"|(?P<id>{_ID})"
)
NO_NAMES: Mapping[UUID, str] = MappingProxyType({})


def in_words(detail: str, new: Mapping[UUID, str] = NO_NAMES) -> str:
    """A message with the name of each record, and the title of each claim, in place of its id.
    `new` has the names of what is not on record."""
    return all_in_words([detail], new)[0]


def all_in_words(details: Iterable[str], new: Mapping[UUID, str] = NO_NAMES) -> list[str]:
    """Messages as `in_words` gives them, with one look-up for all."""
    given = list(details)
    ids = {UUID(found) for detail in given for found in re.findall(_ID, detail)}
    names = {str(key): name for key, name in (_names(ids) | dict(new)).items() if name}

    def named(found: re.Match[str]) -> str:
        if noun := found["expected"]:
            name = names.get(found["missing"], "what was chosen")
            return f"{name} is no {noun} on record: choose another"
        if found["noun"]:
            return f"there is no such {found['noun']}"
        return names.get(found["id"], "an unknown record")

    return [_FOUND.sub(named, detail) for detail in given]


def _names(ids: set[UUID]) -> dict[UUID, str]:
    """The names of records, and the titles of claims in quotes."""
    if not ids:
        return {}
    records = states.records(ids, at=None)
    filed = {key: states.filed_under(state) for key, state in records.items()}
    printed = {key: name for key, name in states.names(records, at=None).items() if name}
    titles = listing.titles(ids - records.keys(), reader=Reader.DESK)
    return {**filed, **printed, **{key: f"“{title}”" for key, title in titles.items()}}
