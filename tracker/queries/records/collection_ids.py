"""Finds the ids of collections that a request names."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache, cached_property
from typing import Any
from uuid import UUID

from tracker.domain import fields
from tracker.domain.lenses import View
from tracker.domain.problems import Problem, below
from tracker.queries.records.names import Directory, NoSuchName, directory

# The fields of bodies that hold the id of a collection, or several.
KEYS = ("collection", "collections")
_ID = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
# Stands for a collection that is not on record, so that the rest of a body can be checked.
_NONE = str(UUID(int=0))
# Stands for the place of each record in a list.
_EACH = "*"
# Longer lists, of collections and of records, are refused for their length.
_MOST, _MOST_RECORDS = fields.limit(View, "collections").entries, 1_000


class CollectionIds:
    """Finds collections by name. The names on record are read once, when the first is looked up."""

    @cached_property
    def _directory(self) -> Directory:
        return directory("collection")

    def find(self, text: str) -> UUID:
        """The id of the collection with a name. A text in the form of an id is that id, whether or
        not it is on record.

        :raises NoSuchName: if no collection has the name, or several have it.
        """
        return UUID(text) if _ID.fullmatch(text) else self._directory.find(text).id

    def in_body(self, shape: Any, sent: Any) -> tuple[Any, list[Problem]]:
        """A body of a class as it was sent, with the ids of collections in the place of their
        names; and the problems of names. Values that are no text stay."""
        problems: list[Problem] = []

        def replaced(value: Any, pointer: str) -> Any:
            if isinstance(value, list) and len(value) <= _MOST:
                return [replaced(one, f"{pointer}/{place}") for place, one in enumerate(value)]
            if not isinstance(value, str) or not value.strip():
                return value
            try:
                return str(self.find(value))
            except NoSuchName as problem:
                detail = str(problem)
                problems.append(Problem(pointer=pointer, code="unknown_reference", detail=detail))
                return _NONE

        for path in _paths(shape):
            sent = _with_replaced(sent, path, "", replaced)
        return sent, problems


@cache
def _paths(shape: Any) -> Sequence[Sequence[str]]:
    """The keys that lead to the collections in a body of a class; `_EACH` for each of a list."""
    paths: list[Sequence[str]] = []
    for field in fields.of(shape):
        if field.key in KEYS:
            paths.append((field.key,))
        elif field.type.is_record:
            paths += [(field.key, *path) for path in _paths(field.type.of)]
        elif field.type.item and field.type.item.is_record:
            paths += [(field.key, _EACH, *path) for path in _paths(field.type.item.of)]
    return paths


def _with_replaced(
    sent: Any, path: Sequence[str], pointer: str, replaced: Callable[[Any, str], Any]
) -> Any:
    key, *rest = path
    if key == _EACH:
        records = sent if isinstance(sent, list) and len(sent) <= _MOST_RECORDS else []
        changed = [
            _with_replaced(one, rest, f"{pointer}/{place}", replaced)
            for place, one in enumerate(records)
        ]
        return changed or sent
    if not isinstance(sent, Mapping) or key not in sent:
        return sent
    place = below(pointer, key)
    value = _with_replaced(sent[key], rest, place, replaced) if rest else replaced(sent[key], place)
    return sent if value is sent[key] else {**sent, key: value}
