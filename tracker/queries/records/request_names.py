"""Finds the ids of collections that a request names, and of actors by their codes."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache, cached_property, partial
from typing import Any
from uuid import UUID

from tracker.domain import fields
from tracker.domain.lenses import View
from tracker.domain.problems import Problem, below
from tracker.domain.records import Actor
from tracker.queries.records import states
from tracker.queries.records.names import Directory, NoSuchName, directory

# The fields of bodies that hold the id of a collection, or several.
COLLECTIONS = ("collection", "collections")
# Those that hold the id of an actor, or several; `parties` are records in a claim.
ACTORS = ("actor", "country", "denied_by", "members", "parties")
_CODE = re.compile(r"[A-Za-z0-9]+([.-][A-Za-z0-9]+)*")
_LONGEST_CODE = 20
_ID = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
# Stands for a record that is not there, so that the rest of a body can be checked.
_NONE = str(UUID(int=0))
# Stands for the place of each record in a list.
_EACH = "*"
# Longer lists, of ids and of records, are refused for their length.
_MOST = fields.limit(View, "collections").entries
_MOST_ACTORS, _MOST_RECORDS = fields.limit(Actor, "members").entries, 1_000


class RequestNames:
    """Finds collections by name and actors by code. The names of collections are read once, when
    the first is looked up, and each code once."""

    def __init__(self) -> None:
        self._actors: dict[str, UUID] = {}

    @cached_property
    def _directory(self) -> Directory:
        return directory("collection")

    def find(self, text: str) -> UUID:
        """The id of the collection with a name. A text in the form of an id is that id, whether or
        not it is on record.

        :raises NoSuchName: if no collection has the name, or several have it.
        """
        return UUID(text) if _ID.fullmatch(text) else self._directory.find(text).id

    def find_actor(self, text: str) -> UUID:
        """The id of the actor with a code, such as KAZ, in any case. A text in the form of an id is
        that id.

        :raises NoSuchName: if no actor has the code.
        """
        if _ID.fullmatch(text):
            return UUID(text)
        code = text.upper()
        if code not in self._actors:
            found = states.actors_by_code([code]).get(code) if _may_name_actor(code) else None
            if found is None:
                raise NoSuchName(
                    f"no actor on record has the code {code[:40]}: send a code or an id"
                )
            self._actors[code] = found.id
        return self._actors[code]

    def in_body(self, shape: Any, sent: Any) -> tuple[Any, list[Problem]]:
        """A body of a class as it was sent, with ids in the place of names of collections and codes
        of actors; and the problems of these. Values that cannot be one stay."""
        problems: list[Problem] = []

        def replaced(find: Callable[[str], UUID], value: Any, pointer: str) -> Any:
            most = _MOST if find == self.find else _MOST_ACTORS
            if isinstance(value, list) and len(value) <= most:
                return [
                    replaced(find, one, f"{pointer}/{place}") for place, one in enumerate(value)
                ]
            if not isinstance(value, str) or not value.strip():
                return value
            if find == self.find_actor and not _may_name_actor(value):
                return value
            try:
                return str(find(value))
            except NoSuchName as problem:
                detail = str(problem)
                problems.append(Problem(pointer=pointer, code="unknown_reference", detail=detail))
                return _NONE

        for path in _paths(shape):
            find = self.find if path[-1] in COLLECTIONS else self.find_actor
            sent = _with_replaced(sent, path, "", partial(replaced, find))
        return sent, problems


def _may_name_actor(text: str) -> bool:
    return bool(_ID.fullmatch(text)) or (len(text) <= _LONGEST_CODE and bool(_CODE.fullmatch(text)))


def names_actor(field: fields.Field) -> bool:
    """Whether a field of a body holds the id of an actor, or several."""
    return field.key in ACTORS and UUID in (field.type.of, getattr(field.type.item, "of", None))


@cache
def _paths(shape: Any) -> Sequence[Sequence[str]]:
    """The keys that lead to collections and actors in a body of a class; `_EACH` for each of a
    list."""
    paths: list[Sequence[str]] = []
    for field in fields.of(shape):
        if field.key in COLLECTIONS or names_actor(field):
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
